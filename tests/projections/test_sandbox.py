"""SQL from outside: what it may ask, and that it gets nowhere else."""

import pyarrow as pa
import pytest

from guanjia.projections import sandbox
from guanjia.projections.errors import SqlFailed, SqlRefused, SqlTooBig, SqlTooLong

VOLUME = pa.table({"centre": ["north", "south"], "received": [3, 4]})

ESCAPES = (
    "select * from read_csv('/etc/passwd')",
    "select * from read_csv_auto('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from read_json('/etc/passwd')",
    "select * from read_parquet('/etc/passwd')",
    "select * from parquet_metadata('/etc/passwd')",
    "select * from sniff_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from 'https://localhost/x.parquet'",
    "select * from read_text('http://127.0.0.1:1/x')",
    "select * from glob('/etc/*')",
    "select * from sqlite_scan('events.db', 'events')",
    "copy (select 1) to '/srv/guanjia-out.csv'",
    "copy volume from '/etc/passwd'",
    "export database '/srv/guanjia-out'",
    "import database '/srv/guanjia-out'",
    "attach '/srv/guanjia-other.duckdb' as other",
    "attach ':memory:' as other",
    "install httpfs",
    "load sqlite_scanner",
    "load '/srv/evil.duckdb_extension'",
    "select getenv('HOME')",
    "select * from secret_of_python",
    "select * from pandas_scan(0)",
    "select * from arrow_scan(0, 0, 0)",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set variable a = 1",
    "pragma enable_profiling",
    "pragma profiling_output = '/srv/guanjia-profile.json'",
    "call enable_logging(storage = 'file', storage_config = {'path': '/srv/guanjia-log'})",
    "select * from enable_logging(storage = 'file', storage_config = {'path': '/srv/gj-log'})",
    "create table mine as select 1",
    "create secret mine (type s3, key_id 'a', secret 'b')",
    "insert into volume values ('x', 1)",
    "update volume set received = 0",
    "delete from volume",
    "drop table volume",
    "checkpoint",
    "vacuum",
    "use main",
    "prepare p as select 1",
    "explain analyze select * from read_text('/etc/passwd')",
    "select 1; select 2",
    "select 1; copy volume to '/srv/guanjia-out.csv'",
    "select * from query('select * from read_text(''/etc/passwd'')')",
    "select * from query_table('/etc/passwd')",
    "with leak as (select * from read_text('/etc/passwd')) select * from leak",
    "select (select content from read_text('/etc/passwd'))",
    "",
)


SENT_OUT = (ESCAPES[0], ESCAPES[13], "select 1; select 2", "select * from nothing")


def ask(statement: str, limits: sandbox.Limits | None = None) -> pa.Table:
    """Ask a process of its own, with the rows of one view at hand."""
    return sandbox.run(statement, "Asia/Shanghai", lambda _: VOLUME, limits)


def ask_here(
    statement: str, *, seconds: float = 10, rows: int = 100, megabytes: int = 64
) -> pa.Table:
    """Ask in this process, as the other one does."""
    asked = {"sql": statement, "zone": "Asia/Shanghai", "seconds": seconds, "rows": rows}
    return sandbox.answer(asked | {"megabytes": megabytes}, {"volume": VOLUME})


def test_a_view_is_asked_by_its_name() -> None:
    """Joins, windows and aggregates over public views are answered."""
    answer = ask("select sum(received) as received, current_setting('TimeZone') as z from volume")
    assert answer.to_pylist() == [{"received": 7, "z": "Asia/Shanghai"}]


@pytest.mark.parametrize("statement", ESCAPES)
def test_escapes_are_refused(statement: str) -> None:
    """Files, network, other databases, extensions, settings, Python and writing: all refused."""
    secret_of_python = pa.table({"secret": [1]})
    assert secret_of_python.num_rows == 1
    with pytest.raises((SqlRefused, SqlFailed)) as refused:
        ask_here(statement)
    assert "root:" not in str(refused.value)


@pytest.mark.parametrize("statement", SENT_OUT)
def test_the_other_process_refuses_as_well(statement: str) -> None:
    """What went wrong there has the same type here."""
    with pytest.raises((SqlRefused, SqlFailed)) as refused:
        ask(statement)
    with pytest.raises(type(refused.value)) as refused_here:
        ask_here(statement)
    assert str(refused.value) == str(refused_here.value)


def test_a_bomb_is_stopped_by_time() -> None:
    """A cross join that would run for years ends with the time it may take."""
    bomb = "select count(*) from range(1000000000) a, range(1000000000) b where a.range > b.range"
    with pytest.raises(SqlTooLong):
        ask(bomb, sandbox.Limits(seconds=0.3))


def test_a_bomb_is_stopped_by_memory() -> None:
    """What does not fit into the memory it may use is refused."""
    with pytest.raises(SqlTooBig):
        ask("select list(range) from range(1000000000)", sandbox.Limits(megabytes=64, seconds=60))


def test_an_endless_answer_is_cut() -> None:
    """At most so many rows are answered, at once, however many there would be."""
    assert ask_here("select * from range(1000000000000)", rows=10).num_rows == 10


def test_an_answer_of_many_batches_is_whole() -> None:
    """All rows that are asked for, in their order; none where there are none."""
    assert ask("select * from range(2500)")["range"].to_pylist() == [*range(2500)]
    assert ask("select * from range(2500)", sandbox.Limits(rows=1200)).num_rows == 1200
    assert ask("select * from volume where received > 9").column_names == VOLUME.column_names


@pytest.mark.parametrize("rows", [40, 5000])
def test_an_answer_of_too_many_bytes_is_refused(rows: int) -> None:
    """However few rows it has: what may be used in memory is also what may be answered."""
    limits = sandbox.Limits(megabytes=32)
    with pytest.raises(SqlTooBig):
        ask(f"select repeat('x', {80_000_000 // rows}) as a from range({rows})", limits)


def test_a_process_that_answers_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own word for the size of its answer is not all that is relied on."""
    child = "import sys; sys.stdin.read(); [sys.stdout.write('x' * 65536) for _ in iter(int, 1)]"
    monkeypatch.setattr(sandbox, "CHILD", child)
    with pytest.raises(SqlTooBig):
        ask("select 1", sandbox.Limits(megabytes=16))


def test_a_process_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it takes the question or not."""
    monkeypatch.setattr(sandbox, "START", 0.0)
    # Were it not ended, it would end by itself.
    monkeypatch.setattr(sandbox, "CHILD", "import time; time.sleep(60)")
    with pytest.raises(SqlTooLong):
        ask("select 1", sandbox.Limits(seconds=0.2))
