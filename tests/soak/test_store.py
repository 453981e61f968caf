"""The event store tortured: many writers, a live subscriber, aborts, refusals, kills."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from ..storage import trials
from ..storage.conftest import Place, on_disk, on_server
from .figures import recorded

WRITERS = 8
EVENTS = 64_000
RUNS = 20
KILLS = 100
PROCESSES = 4

pytestmark = pytest.mark.soak

both = pytest.mark.parametrize(
    ("made", "database"), [(on_disk, "SQLite"), (on_server, "PostgreSQL")]
)


@pytest.mark.parametrize(
    ("made", "name"),
    [(on_disk, "threads on SQLite"), (on_server, "processes on PostgreSQL")],
)
def test_a_live_subscriber_misses_nothing(
    made: Callable[[Path], Place], name: str, tmp_path: Path
) -> None:
    """Eight writers with random aborts: each position is seen once, in order, none missing."""
    with recorded(f"{WRITERS} writing {name}, {EVENTS:,} events, a live subscriber") as figures:
        for number in range(RUNS):
            figures.runs += 1
            place = made(_folder(tmp_path, number))
            each = EVENTS // WRITERS
            trials.followed(place, WRITERS, each, number, processes=made is on_server)


@both
def test_a_killed_writer_leaves_what_it_acknowledged(
    made: Callable[[Path], Place], database: str, tmp_path: Path
) -> None:
    """A program of eight threads killed at random, over and over, on the same growing store."""
    random = Random(database)  # noqa: S311 - chance is only chance
    with recorded(f"writer killed at random moments ({database})") as figures:
        place = made(tmp_path)
        trials.staffed(place)
        while figures.kills < KILLS:
            figures.runs += 1
            figures.kills += trials.killed(place, f"K{figures.runs}", random, 0.4)


@both
def test_numbers_are_continuous_over_processes(
    made: Callable[[Path], Place], database: str, tmp_path: Path
) -> None:
    """Four processes of eight threads receive for one centre; one command in five is refused."""
    name = f"{PROCESSES} processes of 8 threads receiving for one centre ({database})"
    with recorded(name) as figures:
        for number in range(3):
            figures.runs += 1
            trials.received(made(_folder(tmp_path, number)), PROCESSES, 50)


@both
def test_a_crowd_on_one_case_loses_nothing(
    made: Callable[[Path], Place], database: str, tmp_path: Path
) -> None:
    """Thirty-two threads on one aggregate: no lost update, and everyone gets through."""
    with recorded(f"32 threads on one case ({database})") as figures:
        for number in range(3):
            figures.runs += 1
            trials.crowded(made(_folder(tmp_path, number)), 32, 100)


def _folder(parent: Path, number: int) -> Path:
    folder = parent / f"run-{number}"
    folder.mkdir()
    return folder
