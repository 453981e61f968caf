"""A store as a whole: checked, backed up, restored, copied to another database."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from guanjia.domain.application import Application
from guanjia.storage import SqlStore, check, copy, errors, restore
from guanjia.storage.schema import Statement, metadata

from .. import postgres
from .. import scenarios as s
from ..spec import SHANGHAI, World
from .conftest import Place, on_disk, on_server

Change = Callable[[sqlite3.Connection], object]


def lived_in(place: Place) -> SqlStore:
    """Return a store with a complaint's whole life, receipts included."""
    store = place.create()
    world = World()
    world.store, world.app = store, Application(store, SHANGHAI)
    world.run(s.CLOSED)
    world.execute(s.receive(complaint="N-2"), key="once")
    return store


def contents(store: SqlStore) -> dict[str, set[tuple[object, ...]]]:
    """Return every row of every table."""
    found = {}
    with store.database.reading() as cursor:
        for table in metadata.sorted_tables:
            rows = Statement(select(table), store.database.dialect).run(cursor).fetchall()
            found[table.name] = {tuple(row) for row in rows}
    return found


def test_a_sound_store_has_no_findings(lasting: Place) -> None:
    """Nothing is wrong with what the application wrote."""
    with lived_in(lasting) as store:
        assert list(check(store)) == []


def tampered(place: Place, change: Change) -> list[tuple[str, int]]:
    """Change a lived-in store behind its triggers; return what the check then finds."""
    lived_in(place).close()
    with closing(sqlite3.connect(place.db, isolation_level=None)) as raw:
        for name in ("not_updated", "not_deleted"):
            raw.execute(f"drop trigger events_are_{name}")
        change(raw)
    with place.open() as store:
        return [(finding.code, finding.position) for finding in check(store)]


def test_a_missing_position_is_found(place: Place) -> None:
    """What was deleted is missing in its place, and its stream misses a version."""
    found = tampered(place, lambda raw: raw.execute("delete from events where position = 10"))
    assert ("position_gap", 11) in found
    assert "version_gap" in dict(found)


def test_bytes_that_are_no_event_are_found(place: Place) -> None:
    """Altered bytes and an unknown topic are named by position, not by content."""

    def change(raw: sqlite3.Connection) -> None:
        raw.execute("update events set state = x'7b' where position = 9")
        raw.execute("update events set topic = 'no.such.1' where position = 10")

    assert tampered(place, change) == [("event_unreadable", 9), ("event_unreadable", 10)]


def test_a_value_that_is_gone_is_found(place: Place) -> None:
    """An event whose text the vault does not hold any more is named by its reference."""
    found = tampered(place, lambda raw: raw.execute("delete from vault_values"))
    assert {code for code, _ in found} == {"value_missing"}
    assert len(found) > 5


def test_damage_to_the_file_is_found(place: Place) -> None:
    """A page overwritten with rubbish is reported, never an exception."""
    lived_in(place).close()
    with closing(sqlite3.connect(place.db)) as raw:
        roots = raw.execute(
            "select rootpage from sqlite_master where tbl_name in ('events', 'vault_values')"
        ).fetchall()
    content = bytearray(place.db.read_bytes())
    for (page,) in roots:
        content[(page - 1) * 4096 : (page - 1) * 4096 + 64] = b"\xff" * 64
    place.db.write_bytes(content)
    with place.open() as store:
        assert {finding.code for finding in check(store)} == {"database_damaged"}


def test_a_backup_is_made_while_somebody_writes(place: Place, tmp_path: Path) -> None:
    """The copy is of one moment, for its owner alone, and overwrites nothing."""
    backup = tmp_path / "backup.db"
    with lived_in(place) as store:
        before = contents(store)
        with place.open() as other, other.transaction():
            other.recorder.insert_events([])
            store.database.back_up(backup)
        with pytest.raises(errors.StoreExists):
            store.database.back_up(backup)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with SqlStore.open(f"sqlite:///{backup}", place.key) as copied:
        assert contents(copied) == before
        assert list(check(copied)) == []


def test_a_backup_is_restored_where_nothing_is(place: Place, tmp_path: Path) -> None:
    """What is restored is what was backed up; a store that is there stays."""
    backup = tmp_path / "backup.db"
    with lived_in(place) as store:
        before = contents(store)
        store.database.back_up(backup)
    with pytest.raises(errors.StoreExists):
        restore(backup, place.db, place.key)
    place.db.unlink()
    assert restore(backup, place.db, place.key) == len(before["events"])
    with place.open() as store:
        assert contents(store) == before
        assert stat.S_IMODE(place.db.stat().st_mode) == 0o600


def test_a_damaged_backup_is_not_restored(place: Place, tmp_path: Path) -> None:
    """A backup that the check finds fault with leaves nothing in the store's place."""
    backup = tmp_path / "backup.db"
    with lived_in(place) as store:
        store.database.back_up(backup)
    with closing(sqlite3.connect(backup)) as raw, raw:
        raw.execute("delete from vault_values")
    place.db.unlink()
    with pytest.raises(errors.StoreDamaged, match="value_missing"):
        restore(backup, place.db, place.key)
    assert not place.db.exists()


def test_a_server_is_backed_up_with_its_own_tools(tmp_path: Path) -> None:
    """The command says so instead of making half a backup."""
    with on_server(tmp_path).create() as store, pytest.raises(errors.StoreUnsupported):
        store.database.back_up(tmp_path / "backup.db")


@pytest.mark.parametrize("there", [on_disk, on_server])
@pytest.mark.parametrize("back", [on_disk, on_server])
def test_a_store_is_copied_there_and_back_unchanged(
    there: Callable[[Path], Place], back: Callable[[Path], Place], tmp_path: Path
) -> None:
    """Events with positions and times, receipts, vault and keys are the same after two moves."""
    key = tmp_path / "master.key"
    first = on_disk(tmp_path)
    folders = [tmp_path / name for name in ("there", "back")]
    for folder in folders:
        folder.mkdir()
    with lived_in(first) as store:
        before = contents(store)
        second = Place(there(folders[0]).url, key)
        assert copy(store, second.url, key) == store.last_position()
    with second.open() as store:
        third = Place(back(folders[1]).url, key)
        copy(store, third.url, key)
    with third.open() as store:
        assert contents(store) == before
        assert list(check(store)) == []
        again = World()
        again.store, again.app = store, Application(store, SHANGHAI)
        assert again.execute(s.receive(complaint="N-2"), key="once").number == 2
        assert again.execute(s.receive(complaint="N-3")).number == 3


def test_a_copy_that_differs_is_undone(place: Place, tmp_path: Path) -> None:
    """When what arrived is not what was sent, the new place is left as it was found."""
    there = on_server(tmp_path)
    lived_in(place).close()
    with psycopg.connect(there.url, autocommit=True) as raw:
        raw.execute(
            "create function cut() returns event_trigger language plpgsql as $$ begin"
            f" if current_schema() = '{there.url.rpartition('%3D')[2]}' then"
            "  execute 'create or replace rule cut as on insert to receipts do instead nothing';"
            " end if; end $$;"
            "create event trigger cutting on ddl_command_end when tag in ('CREATE TRIGGER')"
            " execute function cut()"
        )
    try:
        with place.open() as store, pytest.raises(errors.CopyDiffers):
            copy(store, there.url, place.key)
        assert postgres.run(f"select to_regclass('{there.url.rpartition('%3D')[2]}.events')") == [
            (None,)
        ]
    finally:
        postgres.run("drop event trigger cutting")


def test_a_copy_overwrites_nothing(place: Place, tmp_path: Path) -> None:
    """A place with a store in it is refused, and so is one that would be gone at once."""
    other = Place(f"sqlite:///{tmp_path}/other.db", tmp_path / "other.key")
    other.create().close()
    with lived_in(place) as store:
        with pytest.raises(errors.StoreExists):
            copy(store, other.url, place.key)
        with pytest.raises(errors.StoreUnsupported):
            copy(store, "sqlite://", place.key)
