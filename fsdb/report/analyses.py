"""The analyses of queries/analyses as table macros: `from operators(by := 'model')`."""

from __future__ import annotations

import duckdb

from fsdb.queries.catalogue import analyses


def define(con: duckdb.DuckDBPyConnection) -> None:
    """Make a table macro of each analysis, in a connection of fsdb.state.database; parameters go by name.

    Those across runs are left out where the tables that they read are not there.
    """
    for analysis in analyses().values():
        if analysis.group != "across":
            con.execute(analysis.macro)
