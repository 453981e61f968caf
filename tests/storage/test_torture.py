"""Writers at the same time, aborted, refused, killed: the short versions of the soak."""

from __future__ import annotations

import subprocess
from pathlib import Path
from random import Random

import pytest

from guanjia.storage import SqlStore

from . import trials
from .conftest import Place, on_server
from .torture import write


def test_a_subscriber_sees_what_threads_write_once_and_in_order(place: Place) -> None:
    """Eight threads with random aborts on SQLite."""
    trials.followed(place, 8, 100, 1, processes=False)


def test_a_subscriber_sees_what_processes_write_once_and_in_order(tmp_path: Path) -> None:
    """Four processes with random aborts on PostgreSQL."""
    trials.followed(on_server(tmp_path), 4, 100, 1, processes=True)


def test_numbers_are_continuous_over_processes_and_threads(lasting: Place) -> None:
    """Two processes of eight threads receive for one centre; one command in five is refused."""
    trials.received(lasting, 2, 10)


def test_what_was_acknowledged_is_there_after_a_kill(lasting: Place) -> None:
    """Killed in the middle of shared transactions, twice, and gone on with in between."""
    random = Random(1)  # noqa: S311 - chance is only chance
    trials.staffed(lasting)
    assert [trials.killed(lasting, name, random, 0.3) for name in ("A", "B")] == [True, True]


def test_threads_on_one_case_lose_nothing(lasting: Place) -> None:
    """Thirty-two threads each add to the same case: every version is taken, by everyone."""
    trials.crowded(lasting, 32, 5)


@pytest.mark.parametrize("kept", [0.25, 0.5, 0.85])
def test_a_torn_log_leaves_whole_transactions(place: Place, tmp_path: Path, kept: float) -> None:
    """What can be read of a write-ahead log that was cut off is a prefix of whole transactions.

    That acknowledged ones are missing only a checkpoint kept elsewhere can tell.
    """
    torn = Place(f"sqlite:///{tmp_path}/torn.db", place.key)
    with place.create() as store:
        # Another program copies: closing the files here would drop SQLite's own locks.
        subprocess.run(["/bin/cp", place.db, torn.db], check=True)
        write(store, "A", 300, 1)
        subprocess.run(["/bin/cp", f"{place.db}-wal", f"{torn.db}-wal"], check=True)
        whole = store.read(0, 1000)
    log = torn.db.with_name("torn.db-wal")
    log.write_bytes(log.read_bytes()[: int(log.stat().st_size * kept)])
    with SqlStore.open(torn.url, torn.key) as store:
        found = store.read(0, 1000)
        assert found == whole[: len(found)]
        assert 0 < len(found) < len(whole)
        assert store.recorder.insert_events([]) == []
        assert store.last_position() == len(found)
