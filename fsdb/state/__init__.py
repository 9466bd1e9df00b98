"""The state of a run: SQL views over its log, their projections, and what is drawn and decided from them.

The SQL itself is in queries/; the modules here hand it to DuckDB and say clearly what is off.
"""
