"""Views made anew: beside those in service, compared, swapped, and taken back."""

from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pytest
from eventsourcing.persistence import StoredEvent

import guanjia as gj
from guanjia.projections import PUBLIC_VIEWS, Warehouse, rebuild, warehouse
from guanjia.projections.edition import Frozen
from guanjia.projections.errors import (
    NoFormerViews,
    RebuildFailed,
    ViewsClosed,
)
from guanjia.projections.verify import Compared, compare
from guanjia.storage import SqlStore, StoredRow

from .histories import player, seeded
from .on_disk import opened, rows
from .register import PRESENT, SHANGHAI, moment


@pytest.mark.parametrize("swapped", [False, True])
def test_a_swap_that_fails_is_mended_by_the_next_event(
    folder: Path,
    store: SqlStore,
    right: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    swapped: bool,
) -> None:
    """Until then questions are refused by name; whichever file is there is opened again."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    views.catch_up()

    def full(*_: object) -> None:
        raise OSError

    where, what = (warehouse, "connect") if swapped else (Path, "replace")
    with monkeypatch.context() as patch:
        patch.setattr(where, what, full)
        with pytest.raises(OSError):  # noqa: PT011 - any will do
            views.rebuild()
        with pytest.raises(ViewsClosed):
            views.query("sla", moment(PRESENT))
        with pytest.raises(ViewsClosed):
            views.parked()
    assert views.catch_up() == store.last_position()
    assert rows(views) == right
    views.rebuild()
    views.close()


def test_a_comparison_that_fails_leaves_nothing_open(
    folder: Path, store: SqlStore, right: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old views stay in service, and the next rebuild begins anew."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    views.catch_up()

    def failing(*_: object) -> None:
        raise duckdb.Error

    with monkeypatch.context() as patch:
        patch.setattr(warehouse, "compare", failing)
        with pytest.raises(duckdb.Error):
            views.rebuild()
    assert rows(views) == right
    assert views.rebuild().differing == ()
    views.close()


def _once_more(store: SqlStore) -> tuple[StoredRow, StoredEvent]:
    """Return the last event, and another one like it that can come after."""
    (last,) = store.read(store.last_position() - 1, 1)
    version = last.originator_version + 1
    return last, StoredEvent(last.originator_id, version, last.topic, last.state)


def test_a_snapshot_waits_until_a_comparison_has_ended(folder: Path, store: SqlStore) -> None:
    """DuckDB makes no checkpoint past what looks at the rows before; that is no fault."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    snapshot = folder / "views.snapshot"
    with views._edition.frozen():
        store.recorder.insert_events([_once_more(store)[1]])
        views.catch_up()
        before = snapshot.stat().st_ino
        views.publish()
        assert snapshot.stat().st_ino == before
    views.publish()
    assert snapshot.stat().st_ino != before
    views.close()


def test_a_rebuild_that_compares_stops_nobody(
    folder: Path, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile the views take events and answer; what came last is in the new ones, too."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    views.catch_up()
    last, again = _once_more(store)
    answered = []

    def meanwhile() -> None:
        store.recorder.insert_events([again])
        views.catch_up()
        views.publish()
        answered.append(views.query("sla", moment(PRESENT)).position)

    def slow(serving: Frozen, fresh: Frozen) -> list[Compared]:
        other = Thread(target=meanwhile)
        other.start()
        other.join(60)
        return compare(serving, fresh)

    monkeypatch.setattr(warehouse, "compare", slow)
    assert views.rebuild() == (last.position + 1, ())
    assert answered == [last.position + 1]
    views.close()


def test_views_of_another_definition_are_rebuilt(
    folder: Path, store: SqlStore, right: dict[str, Any]
) -> None:
    """A release that takes facts otherwise takes them anew."""
    path = folder / "views.duckdb"
    views = Warehouse(store, SHANGHAI, path)
    views.catch_up()
    views.close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("update meta set definition = 'older'")
        connection.execute("drop table contact_facts")
    views = Warehouse(store, SHANGHAI, path)
    assert rows(views) == right
    views.close()


@pytest.mark.parametrize("bursts", [3, 40])
def test_views_of_another_store_are_rebuilt(
    tmp_path: Path, store: SqlStore, right: dict[str, Any], bursts: int
) -> None:
    """Whether that store was shorter or longer than this one."""
    other = tmp_path / "other"
    gj.init(other, rehearsal=True)
    register = opened(other)
    with register.office as office:
        register.staff()
        register.receive("X-1", "2025-01-01 10:00")
        player(register, 2, prefix="X").play(seeded(9, bursts))
        shorter = office.views.catch_up() < store.last_position()
    assert shorter == (bursts == 3)
    views = Warehouse(store, SHANGHAI, other / "views.duckdb")
    assert rows(views) == right
    views.close()


def test_a_failed_rebuild_leaves_the_old_views(
    folder: Path, store: SqlStore, right: dict[str, Any]
) -> None:
    """An interrupted rebuild can be tried again in the same process."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb", batch=10)
    views.catch_up()

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        views.rebuild(interrupt)
    assert rows(views) == right
    views.rebuild()
    assert rows(views) == right
    views.close()


def test_a_process_of_its_own_rebuilds_the_same(
    folder: Path, store: SqlStore, right: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB reads the store itself there; the rows are the same, and a check says so."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    monkeypatch.setattr(rebuild, "WORTH_A_PROCESS", 1)
    seen: list[tuple[int, int]] = []
    last = store.last_position()
    assert views.rebuild(lambda *reached: seen.append(reached)) == (last, ())
    assert seen == [(last, last)]
    assert rows(views) == right
    assert {one.name for one in views.verify() if one.same} == set(PUBLIC_VIEWS)
    assert not (folder / "views.check").exists()
    views.close()


DEAF = "raise SystemExit(1)"
LISTENING = "import sys; sys.stdin.read(); raise SystemExit(1)"


@pytest.mark.parametrize("program", [DEAF, LISTENING])
def test_a_process_that_fails_leaves_the_old_views(
    folder: Path,
    store: SqlStore,
    right: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    program: str,
) -> None:
    """It is said, and the old views serve on, whether or not it listened."""
    failing = folder / "program.py"
    failing.write_text(program)
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    monkeypatch.setattr(rebuild, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(rebuild, "PROGRAM", failing)
    with pytest.raises(RebuildFailed):
        views.rebuild()
    assert rows(views) == right
    views.close()


def test_a_rebuild_says_which_views_had_other_rows(folder: Path, store: SqlStore) -> None:
    """And verifying said so before."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    views._edition._opened.writer.execute("update kept_cases set urgency = 'emergency'")
    assert [one.name for one in views.verify() if not one.same] == ["cases"]
    assert views.rebuild().differing == ("cases",)
    assert views.rebuild().differing == ()
    views.close()


def test_a_rebuild_can_be_taken_back(folder: Path) -> None:
    """The former views come back once, follow by themselves, and are for their owner alone."""
    register = opened(folder)
    with register.office as office:
        views = office.views
        views.catch_up()
        with pytest.raises(NoFormerViews):
            views.roll_back()
        views._edition._opened.writer.execute("update kept_cases set urgency = 'emergency'")
        assert views.rebuild().differing == ("cases",)
        assert (folder / "views.old").stat().st_mode & 0o777 == 0o600
        position = register.receive("C-7", "2025-10-08 10:00").position
        assert views.roll_back() == position
        (before,) = office.query("cases", complaint="C-1").rows()
        assert before["urgency"] == "emergency"
        assert office.query("cases", complaint="C-7").rows()
        with pytest.raises(NoFormerViews):
            views.roll_back()
        assert views.rebuild().differing == ("cases",)
        assert views.rebuild().differing == ()
    with duckdb.connect(folder / "views.old") as connection:
        connection.execute("update meta set definition = 'older'")
    with opened(folder).office as office:
        (right,) = office.query("cases", complaint="C-1").rows()
        with pytest.raises(NoFormerViews):
            office.views.roll_back()
        assert office.query("cases", complaint="C-1").rows() == [right]
