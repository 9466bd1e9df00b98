"""`python -m fsdb` is the `fsdb` command."""

from fsdb.cli.main import main

if __name__ == "__main__":
    main()
