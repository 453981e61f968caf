"""Those who follow a store: when they are told, and when they stop waiting."""

import threading

import pytest

from guanjia.storage import SqlStore

from .conftest import Place
from .events import Interrupted, event


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
