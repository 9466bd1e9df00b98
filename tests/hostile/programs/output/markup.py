# Tries: to have an error read as markup
# Ends in: runtime_error
def priority(x):
    raise ValueError("[bold red]x[/] [link=http://127.0.0.1]y[/link] <script>z</script>")
