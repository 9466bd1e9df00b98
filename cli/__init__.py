"""The `fsdb` command line: each module parses, calls the library once, and prints."""
