"""Transactions: all or nothing, one inside another, and what breaks them."""

import threading

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError

from guanjia.storage import SqlStore, errors

from .conftest import Place
from .events import SECRET, Interrupted, event, holds_everything, write_everything


def _holds_nothing(store: SqlStore) -> bool:
    with pytest.raises(KeyError):
        store.vault.reveal(SECRET.ref)
    return store.last_position() == 0 and store.read(0, 9) == [] and store.recall("key") is None


def test_a_transaction_commits_everything_together(store: SqlStore) -> None:
    """Events, receipts and sealed values written inside one transaction are all there after."""
    with store.transaction():
        write_everything(store)
    assert holds_everything(store)


def test_a_transaction_that_fails_leaves_nothing(store: SqlStore) -> None:
    """An exception undoes events, receipts and sealed values, and the keys made for them."""
    with pytest.raises(Interrupted), store.transaction():
        write_everything(store)
        raise Interrupted
    assert _holds_nothing(store)
    write_everything(store)
    assert store.vault.reveal(SECRET.ref) == SECRET.value


def test_the_writer_sees_its_own_writes_and_others_do_not(lasting: Place) -> None:
    """Inside a transaction its thread reads what it wrote; other threads read what is committed."""
    seen: list[int] = []
    with lasting.create() as store, store.transaction():
        write_everything(store)
        reader = threading.Thread(target=lambda: seen.append(store.last_position()))
        reader.start()
        reader.join()
        assert holds_everything(store)
    assert seen == [0]


def test_a_nested_transaction_joins_the_outer(store: SqlStore) -> None:
    """What an inner transaction committed goes when the outer one fails."""
    with pytest.raises(Interrupted), store.transaction():
        with store.transaction():
            write_everything(store)
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
