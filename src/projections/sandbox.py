"""SQL from outside, run where it can reach nothing but the rows of the views it names.

A process of its own, with an empty environment, gets those rows as they are now. Before it looks
at the statement it locks DuckDB down and gives up the right to write files; it takes one SELECT
and no other statement, and is ended when that takes too much time or memory.
"""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from subprocess import PIPE
from threading import Timer
from typing import IO, Any, cast

import duckdb
import pyarrow as pa

from .connection import LOCKED_DOWN, silence
from .errors import ProjectionError, SqlFailed, SqlRefused, SqlTooBig, SqlTooLong
from .views import PUBLIC_VIEWS

CHILD = "from guanjia.projections.sandbox import child; child()"
WORD = re.compile(r"\w+")
ADDRESS_SPACE = 4 << 30
START = 30.0
"""How many seconds the process may take besides the statement."""

MEGABYTE = 10**6
FRAME = 1 << 20
"""How many bytes an answer may take besides its values."""
BATCH = 1_000
LONGEST_SAID = 1_000

OUTCOMES: dict[int, type[ProjectionError]] = {
    3: SqlRefused,
    4: SqlFailed,
    5: SqlTooLong,
    6: SqlTooBig,
}
FAULTS: dict[type[Exception], type[ProjectionError]] = {
    duckdb.PermissionException: SqlRefused,
    duckdb.InterruptException: SqlTooLong,
    duckdb.OutOfMemoryException: SqlTooBig,
    MemoryError: SqlTooBig,
    duckdb.Error: SqlFailed,
}
MAKERS_OF_ROWS = {"range", "generate_series", "unnest"}
"""The table functions that reach nothing and change nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one statement may use: seconds, rows of its answer, megabytes."""

    seconds: float = 10.0
    rows: int = 10_000
    megabytes: int = 512


def run(
    statement: str, zone: str, rows_of: Callable[[str], pa.Table], limits: Limits | None = None
) -> pa.Table:
    """Return the answer to one SELECT over public views, at most ``limits.rows`` rows of it.

    ``rows_of`` returns the rows of a view. In the statement a view has ``_`` for the ``-`` of its
    name. Raises ``SqlRefused``, ``SqlFailed``, ``SqlTooLong`` or ``SqlTooBig``.
    """
    limits = limits or Limits()
    words = {word.lower() for word in WORD.findall(statement)}
    named = [view for view in PUBLIC_VIEWS.values() if view.relation in words]
    sent = io.BytesIO()
    asked = {
        "sql": statement,
        "zone": zone,
        "seconds": limits.seconds,
        "rows": limits.rows,
        "megabytes": limits.megabytes,
        "views": [view.relation for view in named],
    }
    _write(sent, pa.Table.from_pylist([asked]))
    for view in named:
        _write(sent, rows_of(view.name))
    return _answer(sent.getvalue(), limits)


def _answer(sent: bytes, limits: Limits) -> pa.Table:
    largest = limits.megabytes * MEGABYTE + FRAME
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own program
        [sys.executable, "-I", "-c", CHILD], stdin=PIPE, stdout=PIPE, stderr=PIPE, env={}
    ) as process:
        timer = Timer(limits.seconds + START, process.kill)
        timer.start()
        try:
            answered, said = _exchanged(process, sent, largest)
            late = not timer.is_alive()
        finally:
            timer.cancel()
            process.kill()
    if late:
        raise SqlTooLong
    if process.returncode in OUTCOMES:
        raise OUTCOMES[process.returncode](said or OUTCOMES[process.returncode].code)
    if process.returncode or len(answered) > largest:
        raise SqlTooBig
    return pa.ipc.open_stream(answered).read_all()


def _exchanged(process: subprocess.Popen[bytes], sent: bytes, largest: int) -> tuple[bytes, str]:
    """Return what the process answers, a byte more than the largest at most, and what it says."""
    standard_input, answers, errors = (
        cast("IO[bytes]", pipe) for pipe in (process.stdin, process.stdout, process.stderr)
    )
    with suppress(BrokenPipeError), standard_input:  # it reads everything before it answers
        standard_input.write(sent)
    answered = answers.read(largest + 1)
    if len(answered) > largest:
        process.kill()
    process.wait()
    return answered, errors.readline(LONGEST_SAID).decode(errors="replace").strip()


def child() -> None:
    """Answer the statement on standard input; the exit status says what went wrong."""
    received = io.BytesIO(sys.stdin.buffer.read())
    asked = pa.ipc.open_stream(received).read_all().to_pylist()[0]
    tables = {name: pa.ipc.open_stream(received).read_all() for name in asked["views"]}
    _give_up_rights(asked["seconds"])
    try:
        answered = answer(asked, tables)
    except ProjectionError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(next(status for status, kind in OUTCOMES.items() if isinstance(error, kind)))
    _write(sys.stdout.buffer, answered)


def answer(asked: dict[str, Any], tables: dict[str, pa.Table]) -> pa.Table:
    """Return the answer to a statement over some tables, on a database of its own, locked down."""
    try:
        with _locked(asked, tables) as connection:
            return _ask(connection, asked)
    except (duckdb.Error, MemoryError) as error:
        kind = next(FAULTS[kind] for kind in FAULTS if isinstance(error, kind))
        raise kind(str(error).partition("\n")[0] or kind.code) from None


def _give_up_rights(seconds: float) -> None:
    cpu = int(seconds * 4 + START)
    for limit, value in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _locked(asked: dict[str, Any], tables: dict[str, pa.Table]) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that holds the tables and can reach nothing else."""
    connection = duckdb.connect(":memory:", config=LOCKED_DOWN)
    connection.execute(f"set memory_limit = '{asked['megabytes']:d}MB'")
    connection.execute("set max_temp_directory_size = '0B'")
    connection.execute(f"set TimeZone = '{asked['zone']}'")
    silence(connection)
    for name, table in tables.items():
        connection.register("received", table)
        connection.execute(f"create table {name} as from received")
        connection.unregister("received")
    connection.execute("set lock_configuration = true")
    return connection


def _ask(connection: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> pa.Table:
    statements = connection.extract_statements(asked["sql"])
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        msg = "one SELECT is taken, and no other statement"
        raise SqlRefused(msg)
    _check(connection, asked["sql"])
    timer = Timer(asked["seconds"], connection.interrupt)
    timer.start()
    try:
        reader = connection.execute(statements[0]).to_arrow_reader(min(asked["rows"], BATCH))
        return _first(reader, asked["rows"], asked["megabytes"] * MEGABYTE)
    finally:
        timer.cancel()


def _first(reader: pa.RecordBatchReader, rows: int, largest: int) -> pa.Table:
    """Return the first rows of an answer; raises ``SqlTooBig`` when they are more bytes."""
    taken: list[pa.RecordBatch] = []
    for batch in reader:
        taken.append(batch.slice(0, rows))
        rows -= batch.num_rows
        largest -= taken[-1].nbytes
        if largest < 0:
            msg = "the answer has more bytes than it may"
            raise SqlTooBig(msg)
        if rows <= 0:
            break
    return pa.Table.from_batches(taken, reader.schema)


def _check(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse table functions: some read files, and some change settings within a SELECT."""
    row = connection.execute("select json_serialize_sql(?::varchar)", [sql]).fetchone()
    for function in _functions(json.loads(row[0]) if row else {}):
        if function not in MAKERS_OF_ROWS:
            msg = f"the table function {function} is not for statements from outside"
            raise SqlRefused(msg)


def _functions(node: object) -> Iterator[str]:
    """Yield the names of the table functions anywhere in a parsed statement."""
    if isinstance(node, dict):
        if node.get("type") == "TABLE_FUNCTION":
            yield str(node["function"].get("function_name")).lower()
        yield from chain.from_iterable(map(_functions, node.values()))
    elif isinstance(node, list):
        yield from chain.from_iterable(map(_functions, node))


def _write(target: IO[bytes], table: pa.Table) -> None:
    with pa.ipc.new_stream(target, table.schema) as writer:
        writer.write_table(table)
