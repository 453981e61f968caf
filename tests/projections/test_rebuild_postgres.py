"""A store on PostgreSQL is read by DuckDB itself too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from eventsourcing.persistence import StoredEvent

from guanjia.projections import PUBLIC_VIEWS, Warehouse, rebuild
from guanjia.projections.errors import RebuildFailed
from guanjia.projections.extension import reader_of
from guanjia.storage import SqlStore

from .. import postgres
from .histories import player, seeded
from .register import PRESENT, SHANGHAI, in_memory, moment


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """Yield a store on a real server with a history, of which one event's bytes are no text."""
    register = in_memory()
    with register.office:
        player(register, 1).play(seeded(7, 12))
        rows = register.store.read(0, 10_000)
    events = [StoredEvent(r.originator_id, r.originator_version, r.topic, r.state) for r in rows]
    events.append(StoredEvent("complaint:BAD", 1, "complaint.received.1", b"\xff"))
    with SqlStore.create(postgres.new_url(), tmp_path / "master.key") as store:
        store.append(events)
        yield store


def test_a_process_of_its_own_reads_the_server(
    tmp_path: Path, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and parked streams are those that the driver brings."""
    inside = Warehouse(store, SHANGHAI)
    monkeypatch.setattr(rebuild, "WORTH_A_PROCESS", 1)
    monkeypatch.delattr(rebuild, "_by_driver")
    views = Warehouse(store, SHANGHAI, tmp_path / "views.duckdb")
    assert [parked.stream for parked in views.parked()] == ["complaint:BAD"]
    assert views.parked() == inside.parked()
    for name in PUBLIC_VIEWS:
        one, other = (each.query(name, moment(PRESENT)) for each in (views, inside))
        assert one.rows() == other.rows()
    for each in (views, inside):
        each.close()


def test_a_server_that_refuses_is_named_without_its_password(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What DuckDB says repeats the address, so nobody is told it."""
    reached = rebuild.Reached(1, "")
    address = "postgresql+psycopg://guanjia:hunter2@127.0.0.1:1/nothing"
    reader = reader_of(address)
    assert reader
    plan = rebuild.planned(reader, address, SHANGHAI, reached)
    with pytest.raises(RebuildFailed) as caught:
        rebuild._by_process(tmp_path / "views.duckdb", plan, reached, None)
    assert "hunter2" not in str(caught.value) + "".join(capfd.readouterr())
