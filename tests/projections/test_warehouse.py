"""What follows the store and answers: batches, waiting, parts, refusals, the locked door."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

import guanjia as gj
from guanjia.office import Office
from guanjia.projections import Part, UnknownView, Warehouse
from guanjia.projections.errors import (
    UnknownFilter,
)
from guanjia.projections.source import NoEvents, StoredRow
from guanjia.storage import SqlStore

from .on_disk import opened
from .register import PRESENT, SHANGHAI, moment


def test_a_batch_is_taken_whole_or_not_at_all(path: Path, store: SqlStore) -> None:
    """When it fails on its way, nothing of a batch is there, and it is asked for again."""

    class Failing(NoEvents):
        def last_position(self) -> int:
            return store.last_position()

        def read(self, after: int, limit: int) -> list[StoredRow]:
            return [*store.read(after, limit)]

        def read_streams(self, originator_ids: Sequence[str], upto: int) -> list[StoredRow]:
            if self.failing and upto > 20:
                raise OSError
            return [*store.read_streams(originator_ids, upto)]

        failing = True

    source = Failing()
    views = Warehouse(source, SHANGHAI, path, batch=10)
    with pytest.raises(OSError):  # noqa: PT011 - any will do
        views.catch_up()
    assert views.position() == 20
    source.failing = False
    assert views.catch_up() == store.last_position()
    views.close()


def test_the_projector_follows_and_wakes_who_waits(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for a position is woken by it; a failure is tried again."""
    register = opened(folder)
    with register.office as office:
        position = register.receive("W-1", "2025-10-08 10:00").position
        office.wait(position, timeout=60)
        assert office.views.position() >= position
        follow = office.views._edition.catch_up
        failing = True

        def fails(*arguments: Any) -> int:  # noqa: ANN401 - passed on
            if failing:
                raise OSError
            return follow(*arguments)

        monkeypatch.setattr(office.views._edition, "catch_up", fails)
        position = register.receive("W-2", "2025-10-08 10:00").position
        with pytest.raises(TimeoutError):
            office.wait(position, timeout=0.1)
        failing = False
        office.wait(position, timeout=60)


def test_parts_of_an_answer_make_up_the_whole(folder: Path) -> None:
    """Rows have one order, so they can be asked for some at a time."""
    with opened(folder).office as office:
        whole = office.query("sla").rows()
        ask = partial(office.views.query, "sla", moment(PRESENT))
        parts = [ask(part=Part(start, 7)).rows() for start in range(0, len(whole) + 7, 7)]
    assert len(whole) > 7
    assert [row for part in parts for row in part] == whole
    assert parts[-1] == []


def test_nothing_is_drawn_on_standard_output(folder: Path) -> None:
    """DuckDB would show the progress of a long statement amid what is printed there."""
    setting = "select current_setting('enable_progress_bar')"
    with opened(folder).office as office:
        views = office.views._edition._opened
        for connection in (views.writer, views.reader):
            assert connection.execute(setting).fetchall() == [(False,)]
        assert office.sql(f"{setting} as drawn").rows() == [{"drawn": False}]


def test_names_that_are_not_there_are_refused(folder: Path) -> None:
    """Views and columns come from the contract; nothing else reaches the SQL."""
    with opened(folder).office as office:
        with pytest.raises(UnknownView):
            office.query("clocks")
        with pytest.raises(UnknownFilter):
            office.views.query("volume", moment(PRESENT), filters={"centre = 'x' or 1": "1"})
        assert office.query("volume", centre="x' or '1'='1").rows() == []


@pytest.fixture
def office() -> Iterator[Office]:
    """Yield an office in memory."""
    with gj.open_in_memory() as office:
        yield office


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy (select 1) to '/srv/guanjia-out.csv'",
        "copy meta from '/etc/passwd'",
        "attach '/srv/guanjia-other.duckdb' as other",
        "export database '/srv/guanjia-out'",
        "install httpfs",
        "load sqlite",
        "select * from sqlite_scan('/srv/x.db', 'y')",
        "select * from outside",
        "set enable_external_access = true",
        "set python_enable_replacements = true",
        "set lock_configuration = false",
        "reset lock_configuration",
        "pragma profiling_output = '/srv/guanjia-profile.json'",
    ],
)
def test_the_connection_is_locked_down(office: Office, statement: str) -> None:
    """No file, no extension, no other database, no Python variable, and no way to unlock it."""
    outside = duckdb.sql("select 1 as secret").to_arrow_table()
    assert outside.num_rows == 1
    with pytest.raises(duckdb.Error):
        office.views._edition._opened.reader.execute(statement)
