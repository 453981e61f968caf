"""The program of the process that makes views anew: it carries out the statements it is given.

It is started by its path and imports nothing of guanjia, so that a rebuild pays neither the time
nor the memory for that. Standard input says what to do, as ``rebuild`` writes it; the positions
reached are told on standard output. What DuckDB says of a failure may hold the password of a
store's address, so only its kind is told.
"""

from __future__ import annotations

import json
import os
import sys

import duckdb


def main() -> None:
    """Carry out the steps in a new file that nobody else may read."""
    asked = json.load(sys.stdin)
    os.umask(0o077)
    try:
        with duckdb.connect(asked["path"], config=asked["config"]) as connection:
            for ways, position in asked["steps"]:
                _carry_out(connection, ways)
                if position:
                    sys.stdout.write(f"{position}\n")
                    sys.stdout.flush()
    except duckdb.Error as error:
        sys.exit(type(error).__name__)


def _carry_out(connection: duckdb.DuckDBPyConnection, ways: list[str]) -> None:
    """Execute a statement, the next way it is said where one fails."""
    *others, last = ways
    for way in others:
        try:
            connection.execute(way)
        except duckdb.Error:
            continue
        return
    connection.execute(last)


if __name__ == "__main__":
    main()
