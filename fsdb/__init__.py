"""FunSearch as a database: program search whose every event is a row, and whose state is SQL."""

__version__ = "0.1.0"
