"""Reading, receipts, and the making and opening of stores."""

import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from guanjia.domain.ports import Receipt
from guanjia.storage import SqlStore, errors

from .conftest import Place
from .events import RECEIPT, event, holds_everything, write_everything


def test_rows_are_read_with_the_time_they_were_stored(store: SqlStore) -> None:
    """``read`` pages by position; ``stored_at`` is in microseconds and the store's own."""
    before = time.time_ns() // 1000
    store.recorder.insert_events([event(version=number) for number in range(1, 6)])
    after = time.time_ns() // 1000
    rows = store.read(after=2, limit=2)
    assert [row.position for row in rows] == [3, 4]
    assert rows[0][1:5] == ("N-1", 3, "complaint.received.1", b"{}")
    assert before <= rows[0].stored_at <= after


def test_scan_finds_originators_by_topic_and_bytes(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each originator comes once, whatever the page size; other topics and bytes do not count."""
    monkeypatch.setattr(SqlStore, "SCAN_PAGE", 2)
    hit, miss = b'{"provisional":true}', b'{"provisional":false}'
    store.recorder.insert_events(
        [
            event("N-1", 1, state=hit),
            event("N-1", 2, state=hit),
            event("N-2", 1, state=miss),
            event("U-1", 1, "unit.registered.1", hit),
            event("N-3", 1, state=hit),
            event("N-1", 3, state=hit),
        ]
    )
    assert list(store.scan("complaint.", b'"provisional":true')) == ["N-1", "N-3"]
    assert list(store.scan("complaint.", b"nowhere")) == []


def test_a_receipt_is_kept_once(store: SqlStore) -> None:
    """A second receipt under the same key is refused, and the first stays."""
    store.remember("key", RECEIPT)
    with pytest.raises(errors.ReceiptExists):
        store.remember("key", Receipt("desk2", "other", "{}"))
    assert store.recall("key") == RECEIPT
    assert store.recall("another") is None


def test_the_files_are_the_owners_alone(place: Place) -> None:
    """Database, write-ahead log, shared memory and key have mode 0600 under any umask."""
    with place.create() as store:
        store.recorder.insert_events([event()])
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.db.parent.iterdir()}
    assert modes == dict.fromkeys(
        ["events.db", "events.db-wal", "events.db-shm", "master.key", "master.key.lock"], 0o600
    )


def test_the_store_is_durable_by_its_pragmas(place: Place) -> None:
    """Every connection writes ahead, syncs fully and overwrites what it deletes."""
    with place.create() as store:
        for connection in (store._database.transaction, store._database.reading):
            with connection() as cursor:
                found = {}
                for pragma in ("journal_mode", "synchronous", "secure_delete"):
                    cursor.execute(f"PRAGMA {pragma}")
                    found[pragma] = cursor.fetchall()[0][0]
            assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_a_store_is_opened_again(lasting: Place) -> None:
    """What was stored is there in the next process, sealed values included."""
    with lasting.create() as store:
        write_everything(store)
    with lasting.open() as store:
        assert holds_everything(store)


def test_create_overwrites_nothing(place: Place) -> None:
    """An existing store or key file is refused, and a refusal leaves nothing new behind."""
    place.key.write_text("mine")
    with pytest.raises(errors.KeyFileExists):
        place.create()
    assert not place.db.exists()
    place.key.unlink()
    place.create().close()
    with pytest.raises(errors.StoreExists):
        SqlStore.create(place.url, place.key.with_name("other.key"))
    assert sorted(path.name for path in place.db.parent.iterdir()) == [
        "events.db",
        "master.key",
        "master.key.lock",
    ]


def test_create_on_disk_needs_a_key_file(place: Place) -> None:
    """A store on disk whose key would be lost at once is not made."""
    with pytest.raises(errors.KeyFileMissing):
        SqlStore.create(place.url)
    assert not place.db.exists()


def test_open_tells_what_is_wrong(place: Place, tmp_path: Path) -> None:
    """A missing store, a foreign database and another store's key are told apart."""
    other = Place(f"sqlite:///{tmp_path}/other.db", tmp_path / "other.key")
    place.create().close()
    other.create().close()
    with pytest.raises(errors.WrongKey):
        SqlStore.open(place.url, other.key)
    other.db.unlink()
    with pytest.raises(errors.StoreMissing):
        other.open()
    with closing(sqlite3.connect(other.db)) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(errors.SchemaMismatch):
        other.open()
    other.db.write_bytes(b"no database at all" * 100)
    with pytest.raises(errors.SchemaMismatch):
        other.open()


@pytest.mark.parametrize("url", ["mysql://u:hunter2@localhost/x", "hunter2", "a://b:hunter2"])
def test_other_databases_are_refused_without_their_passwords(url: str, place: Place) -> None:
    """An address of a database that is not spoken here is refused by name only."""
    with pytest.raises(errors.StoreUnsupported) as caught:
        SqlStore.create(url, place.key)
    assert "hunter2" not in str(caught.value)


def test_a_closed_store_says_so(store: SqlStore) -> None:
    """Reading and writing after close raise StoreClosed; closing again does not."""
    store.close()
    store.close()
    with pytest.raises(errors.StoreClosed):
        store.last_position()
    with pytest.raises(errors.StoreClosed):
        store.recorder.insert_events([event()])
