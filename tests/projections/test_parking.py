"""A bad event parks its stream; everything else goes on, the same live and after a rebuild."""

import json

# ruff: noqa: ANN401 - what is spoilt may be anything
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from guanjia.domain import messages
from guanjia.projections import PUBLIC_VIEWS, Warehouse, rebuild
from guanjia.projections.source import NoEvents, StoredRow
from guanjia.storage import SqlStore

from .histories import player, seeded
from .register import PRESENT, SHANGHAI, Register, in_memory, moment

BAD = "complaint:A-1"


class Spoilt(NoEvents):
    """A store in which an event of one stream, the ``version``-th, cannot be taken."""

    def __init__(self, store: SqlStore, version: int, **changes: Any) -> None:
        self.store, self.version, self.changes = store, version, changes

    def last_position(self) -> int:
        return self.store.last_position()

    def read(self, after: int, limit: int) -> Sequence[StoredRow]:
        return [self._spoilt(row) for row in self.store.read(after, limit)]

    def read_streams(self, originator_ids: Sequence[str], upto: int) -> Sequence[StoredRow]:
        return [self._spoilt(row) for row in self.store.read_streams(originator_ids, upto)]

    def _spoilt(self, row: Any) -> Any:
        is_bad = (row.originator_id, row.originator_version) == (BAD, self.version)
        return row._replace(**self.changes) if is_bad else row


@pytest.fixture
def register() -> Iterator[Register]:
    """Yield a register with a case A-1 of several steps, and others."""
    register = in_memory()
    with register.office:
        register.receive("A-1", "2025-10-08 10:00")
        register.dispatch("A-1", "2025-10-08 10:05")
        register.reply("A-1", "2025-10-08 10:10")
        register.finish("A-1", "2025-10-08 12:00")
        player(register, 1, prefix="B").play(seeded(5, 6))
        yield register


def without_keys(row: Any) -> bytes:
    """Return an event's bytes with the round's number taken out of its rows."""
    fields = json.loads(row.state)
    for kept in fields["rounds"]:
        del kept["round"]
    return json.dumps(fields).encode()


def answers(views: Warehouse) -> dict[str, Any]:
    """Return every view's rows."""
    return {name: views.query(name, moment(PRESENT)).rows() for name in PUBLIC_VIEWS}


GOOD = "2025-10-08T10:00:00+08:00"
FAULTS: dict[str, dict[str, Any]] = {
    "undecodable": {"state": b"{broken"},
    "unknown_topic": {"topic": "complaint.replied.99"},
    "unknown_shape": {"state": b'{"at": "2025-10-08T10:00:00+08:00"}'},
}


def test_a_value_that_cannot_be_read_stops_its_stream_alone(register: Register) -> None:
    """A time that is none is no reason to follow nothing any more."""
    state = json.dumps({"at": "garbage", "recorded_at": GOOD}).encode()
    views = Warehouse(Spoilt(register.store, 3, state=state), SHANGHAI)
    assert [(one.stream, one.error) for one in views.parked()] == [(BAD, "unknown_shape")]
    assert answers(views)["cases"]
    views.close()


@pytest.mark.parametrize("error", FAULTS)
@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_a_bad_event_parks_its_stream(register: Register, error: str, batch: int) -> None:
    """Its rows stay as they were and are stale; every other row is as if nothing had happened."""
    source = Spoilt(register.store, 3, **FAULTS[error])
    views = Warehouse(NoEvents(), SHANGHAI)
    views.source = views._edition._source = views._edition._intake._source = source
    assert views.position() == 0
    views._batch = batch
    assert views.catch_up() == register.store.last_position()
    (parked,) = views.query("parked", moment(PRESENT)).rows()
    assert (parked["subject"], parked["version"], parked["error"]) == ("A-1", 3, error)
    stale = {row["complaint"]: row["stale"] for row in views.query("cases", moment(PRESENT)).rows()}
    assert stale.pop("A-1") == error
    assert set(stale.values()) == {None}
    healthy = register.office.query("sla", as_of=moment(PRESENT)).rows()
    others = [row for row in views.query("sla", moment(PRESENT)).rows() if row["subject"] != "A-1"]
    assert others == [row for row in healthy if row["subject"] != "A-1"]
    assert views.status().parked == 1
    rebuilt = Warehouse(source, SHANGHAI)
    assert answers(rebuilt) == answers(views)
    assert rebuilt.parked() == views.parked()
    source.version = 0
    assert views.retry() == []
    assert answers(views) == {
        name: register.office.query(name, as_of=moment(PRESENT)).rows() for name in PUBLIC_VIEWS
    }
    for each in (views, rebuilt):
        each.close()


def test_what_still_cannot_be_read_stays_parked(register: Register) -> None:
    """Another try changes nothing then."""
    views = Warehouse(Spoilt(register.store, 3, state=b"\xff"), SHANGHAI)
    before = answers(views), views.parked()
    assert views.retry() == before[1]
    assert (answers(views), views.parked()) == before
    views.close()


def test_a_row_that_lacks_its_key_parks_its_stream(register: Register) -> None:
    """No row without its key is ever taken, live or rebuilt."""
    rows = register.store.read_streams([BAD], register.store.last_position())
    bad = next(row for row in rows[1:] if b'"rounds":' in row.state)
    source = Spoilt(register.store, bad.originator_version, state=without_keys(bad))
    rebuilt = Warehouse(source, SHANGHAI)
    followed = Warehouse(NoEvents(), SHANGHAI)
    followed.source = followed._edition._source = followed._edition._intake._source = source
    followed.catch_up()
    assert [parked.error for parked in rebuilt.parked()] == ["unknown_shape"]
    assert followed.parked() == rebuilt.parked()
    assert answers(followed) == answers(rebuilt)
    for each in (followed, rebuilt):
        each.close()


def test_a_release_that_knows_the_event_reads_it_at_its_start(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer kind of event parks its stream until a release knows it; then nobody need ask."""
    path = tmp_path / "views.duckdb"
    with monkeypatch.context() as older:
        older.delitem(messages.TOPICS, "complaint.replied.1")
        views = Warehouse(register.store, SHANGHAI, path)
        assert "complaint:A-1" in {parked.stream for parked in views.parked()}
        views.close()
    views = Warehouse(register.store, SHANGHAI, path)
    assert views.parked() == []
    views.close()


def test_a_store_read_by_another_process_parks_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that rebuilds takes bytes that are no text for what they are."""
    import sqlite3
    from contextlib import closing

    import guanjia as gj

    folder = tmp_path / "data"
    gj.init(folder, rehearsal=True)
    register = Register(gj.open(folder, clock=lambda: moment(PRESENT)))
    with register.office:
        register.staff()
        register.receive("A-1", "2025-10-08 10:00")
        register.receive("A-2", "2025-10-08 10:00")
    with closing(sqlite3.connect(folder / "events.db")) as connection:
        connection.execute("drop trigger events_are_not_updated")
        connection.execute("update events set state = x'ff' where originator_id = ?", [BAD])
        connection.commit()
    monkeypatch.setattr(rebuild, "WORTH_A_PROCESS", 1)
    with SqlStore.open(f"sqlite:///{folder}/events.db", folder / "master.key") as store:
        views = Warehouse(store, SHANGHAI, tmp_path / "views.duckdb")
        inside = Warehouse(store, SHANGHAI)
        assert [parked.error for parked in views.parked()] == ["undecodable"]
        assert answers(views) == answers(inside)
        assert all(one.same for one in views.verify())
        for each in (views, inside):
            each.close()
