"""Transactions, receipts, reading, and the opening of stores."""

import sqlite3
import stat
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError

from guanjia.domain.ports import Receipt, Secret
from guanjia.storage import SqlStore, errors

from .conftest import Place
from .events import event

RECEIPT = Receipt("desk1", "digest", '{"position":1}')
SECRET = Secret("0" * 32, "complaint:N-1", "text", "楼上装修噪音")


class Interrupted(Exception):
    """What a test raises in the middle of a transaction."""


def _write_everything(store: SqlStore) -> None:
    store.recorder.insert_events([event()])
    store.remember("key", RECEIPT)
    store.vault.seal([SECRET])


def _holds_nothing(store: SqlStore) -> bool:
    with pytest.raises(KeyError):
        store.vault.reveal(SECRET.ref)
    return store.last_position() == 0 and store.read(0, 9) == [] and store.recall("key") is None


def test_a_transaction_commits_everything_together(store: SqlStore) -> None:
    """Events, receipts and sealed values written inside one transaction are all there after."""
    with store.transaction():
        _write_everything(store)
    assert store.last_position() == 1
    assert store.recall("key") == RECEIPT
    assert store.vault.reveal(SECRET.ref) == SECRET.value


def test_a_transaction_that_fails_leaves_nothing(store: SqlStore) -> None:
    """An exception undoes events, receipts and sealed values, and the keys made for them."""
    with pytest.raises(Interrupted), store.transaction():
        _write_everything(store)
        raise Interrupted
    assert _holds_nothing(store)
    _write_everything(store)
    assert store.vault.reveal(SECRET.ref) == SECRET.value


def test_the_writer_sees_its_own_writes_and_others_do_not(lasting: Place) -> None:
    """Inside a transaction its thread reads what it wrote; other threads read what is committed."""
    seen: list[int] = []
    with lasting.create() as store, store.transaction():
        _write_everything(store)
        reader = threading.Thread(target=lambda: seen.append(store.last_position()))
        reader.start()
        reader.join()
        assert store.last_position() == 1
        assert store.recall("key") == RECEIPT
        assert store.vault.reveal(SECRET.ref) == SECRET.value
    assert seen == [0]


def test_a_nested_transaction_joins_the_outer(store: SqlStore) -> None:
    """What an inner transaction committed goes when the outer one fails."""
    with pytest.raises(Interrupted), store.transaction():
        with store.transaction():
            _write_everything(store)
        raise Interrupted
    assert _holds_nothing(store)


def test_a_nested_transaction_that_fails_is_undone_alone(store: SqlStore) -> None:
    """The outer transaction may go on without what the inner one tried."""
    with store.transaction():
        store.recorder.insert_events([event("N-1")])
        with pytest.raises(Interrupted), store.transaction():
            store.recorder.insert_events([event("N-2")])
            raise Interrupted
        store.recorder.insert_events([event("N-3")])
    assert [(row.position, row.originator_id) for row in store.read(0, 9)] == [
        (1, "N-1"),
        (2, "N-3"),
    ]


def test_a_write_that_fails_spoils_the_transaction_around_it(store: SqlStore) -> None:
    """A store's own append takes no savepoint: once it failed, all must be undone."""
    with pytest.raises(errors.TransactionLost), store.transaction():
        store.append([event(version=1)])
        with pytest.raises(IntegrityError):
            store.append([event(version=2), event(version=1)])
    assert store.last_position() == 0
    with store.transaction():
        store.append([event("N-1")])
        with pytest.raises(IntegrityError), store.transaction():
            store.append([event("N-1")])
        assert store.append([event("N-2")]) == 2
    assert store.append([event("N-2", 2)]) == 3


def test_a_conflict_inside_a_transaction_leaves_no_half(store: SqlStore) -> None:
    """Of a batch with a taken version nothing is written, and the transaction goes on."""
    with store.transaction():
        store.recorder.insert_events([event(version=1)])
        with pytest.raises(IntegrityError):
            store.recorder.insert_events([event(version=2), event(version=1)])
        store.recorder.insert_events([event(version=2)])
    assert [row.originator_version for row in store.read(0, 9)] == [1, 2]


def test_other_writers_wait_for_the_transaction(store: SqlStore) -> None:
    """A second thread's append gets the position after the first one's whole transaction."""
    begun = threading.Event()

    def other() -> None:
        begun.set()
        store.recorder.insert_events([event("N-2")])

    with store.transaction():
        thread = threading.Thread(target=other)
        thread.start()
        assert begun.wait(10)
        store.recorder.insert_events([event("N-1", 1)])
        store.recorder.insert_events([event("N-1", 2)])
    thread.join()
    assert [row.originator_id for row in store.read(0, 9)] == ["N-1", "N-1", "N-2"]


def test_listeners_are_told_after_the_commit_only(place: Place) -> None:
    """A subscription is not woken by what is still open, and is by the commit."""
    with place.create() as store:
        woken = threading.Event()
        store.recorder._database.listen(woken)
        with store.transaction():
            store.recorder.insert_events([event()])
            assert not woken.is_set()
        assert woken.is_set()
        woken.clear()
        with pytest.raises(Interrupted), store.transaction():
            raise Interrupted
        assert not woken.is_set()


def test_a_waiting_subscription_ends_with_the_store(store: SqlStore) -> None:
    """Closing the store ends an iteration that waits in another thread."""
    seen: list[int] = []
    subscription = store.recorder.subscribe(topics=["complaint.closed.1"])
    thread = threading.Thread(target=lambda: seen.extend(one.id for one in subscription))
    thread.start()
    store.recorder.insert_events([event(), event(version=2, topic="complaint.closed.1")])
    store.close()
    thread.join(10)
    assert not thread.is_alive()
    assert seen in ([], [2])


def test_a_waiting_subscription_is_woken_by_its_own_process(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit of this process is seen at once, not at the next look."""
    monkeypatch.setattr(type(store.database), "POLL", 3600.0)
    seen: list[int] = []
    with store.recorder.subscribe() as tail:
        thread = threading.Thread(target=lambda: seen.append(next(tail).id))
        thread.start()
        store.recorder.insert_events([event()])
        thread.join(60)
    assert seen == [1]


def test_a_subscription_sees_what_another_store_object_writes(lasting: Place) -> None:
    """Writes that this process is not told of are found all the same."""
    with lasting.create() as store, lasting.open() as other, store.recorder.subscribe() as tail:
        other.recorder.insert_events([event()])
        assert next(tail).id == 1


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


def test_a_full_database_reports_and_keeps_what_it_had(place: Place) -> None:
    """When the database cannot grow the append fails as a whole, and later reads still work."""
    with place.create() as store:
        store.recorder.insert_events([event()])
        with store._database.transaction() as cursor:
            cursor.execute("PRAGMA max_page_count=1")
        with pytest.raises(OperationalError):
            store.recorder.insert_events([event(version=2, state=bytes(1_000_000))])
        assert store.last_position() == 1


def test_a_lost_transaction_does_not_commit(place: Place) -> None:
    """Going on after the database itself rolled everything back is refused at the end."""
    with place.create() as store:
        with pytest.raises(errors.TransactionLost), store._database.transaction() as cursor:
            store.recorder.insert_events([event()])
            cursor.execute("ROLLBACK")
        assert store.last_position() == 0


def test_a_lost_transaction_takes_no_more(place: Place) -> None:
    """After the database rolled everything back nothing more is written under its name."""
    with place.create() as store:
        with pytest.raises(errors.TransactionLost), store._database.transaction() as cursor:
            cursor.execute("ROLLBACK")
            store.recorder.insert_events([event()])
        assert store.last_position() == 0


def test_a_store_that_stays_locked_is_busy(place: Place) -> None:
    """When another process keeps the write lock, writers are told so and readers go on."""
    with place.create() as store, place.open() as other, other.transaction():
        store._database._writer.cursor().execute("PRAGMA busy_timeout=0")
        with pytest.raises(errors.StoreBusy), store.transaction():
            pass
        with pytest.raises(OperationalError):
            store.recorder.insert_events([event()])
        assert store.last_position() == 0


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
        _write_everything(store)
    with lasting.open() as store:
        assert store.last_position() == 1
        assert store.recall("key") == RECEIPT
        assert store.vault.reveal(SECRET.ref) == SECRET.value


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
