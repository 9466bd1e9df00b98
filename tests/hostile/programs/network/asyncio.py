# Tries: to connect by an event loop
# Ends in: runtime_error
# Unprotected: sent
def priority(x):
    import asyncio
    asyncio.run(asyncio.open_connection("127.0.0.1", TCP))
    return 1
