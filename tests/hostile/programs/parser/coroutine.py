# Tries: to be a coroutine
# Ends in: syntax_error
async def priority(x):
    return 0
