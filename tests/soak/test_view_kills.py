"""The projector and the rebuild killed at random moments, over and over."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from guanjia.domain.application import Application
from guanjia.history import import_ndjson
from guanjia.projections import PUBLIC_VIEWS, Warehouse
from guanjia.projections.source import NoEvents
from guanjia.storage import SqlStore

from ..projections.register import PRESENT, SHANGHAI, moment
from .children import FOLLOW, kill, reached, start, timed
from .figures import recorded
from .generated import history
from .test_import_kills import made

CASES = 200
BATCH = 50
KILLS = 55
PLACES = 12
"""At so many positions at least the projector must have been cut off."""

pytestmark = pytest.mark.soak

Rows = dict[str, Any]


def rows(views: Warehouse, position: int | None = None) -> Rows:
    """Return every view's rows at the present, as far as a position."""
    return {name: views.query(name, moment(PRESENT), position).arrow() for name in PUBLIC_VIEWS}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a history of some thousand events and no views yet."""
    folder = tmp_path / "data"
    with made(folder, history(9, CASES)) as store:
        import_ndjson(Application(store, SHANGHAI), folder / "history.ndjson")
    return folder


def opened(folder: Path) -> SqlStore:
    """Open the folder's store."""
    return SqlStore.open(f"sqlite:///{folder}/events.db", folder / "master.key")


def test_a_projector_killed_at_random_moments_loses_and_doubles_nothing(folder: Path) -> None:
    """After each kill the views are those of their position; in the end those of a rebuild."""
    path = folder / "views.duckdb"
    random = Random(1)  # noqa: S311 - chance is only chance
    with recorded("projector killed at random moments") as figures, opened(folder) as store:
        places: set[int] = set()
        right = Warehouse(store, SHANGHAI)
        right.catch_up()
        _empty(path)
        seconds = timed(FOLLOW, folder, BATCH, "catch_up") / 4
        while figures.kills < KILLS or len(places) < PLACES:
            figures.runs += 1
            path.unlink()
            _empty(path)
            acknowledged = 0
            printed: list[str] = []
            while printed[-1:] != ["done"]:
                child = start(FOLLOW, folder, BATCH, "catch_up")
                printed = kill(child, random.uniform(0, seconds))
                figures.kills += child.returncode != 0
                # Long enough for some batches, on however busy a machine.
                seconds *= 0.9 if reached(printed) > acknowledged else 1.1
                acknowledged = max(acknowledged, reached(printed))
                views = Warehouse(store, SHANGHAI, path)
                assert acknowledged <= views.position() <= store.last_position()
                places.add(views.position())
                assert rows(views) == rows(right, views.position())
                views.close()
            _live_is_rebuilt(store, path, rows(right))
        right.close()


def test_a_rebuild_killed_at_random_moments_leaves_whole_views(folder: Path) -> None:
    """The old file or the new one is in service, whole; half of the kills come near the end."""
    path = folder / "views.duckdb"
    random = Random(2)  # noqa: S311 - chance is only chance
    with recorded("rebuild killed at random moments") as figures, opened(folder) as store:
        timed(FOLLOW, folder, BATCH, "catch_up")
        right = Warehouse(store, SHANGHAI)
        right.catch_up()
        expected = rows(right)
        right.close()
        seconds = timed(FOLLOW, folder, BATCH, "rebuild")
        while figures.kills < KILLS:
            figures.runs += 1
            child = start(FOLLOW, folder, BATCH, "rebuild")
            near = random.random() < 0.5
            kill(child, random.uniform(seconds * 0.9 if near else 0, seconds))
            figures.kills += child.returncode != 0
            # The machine may be busier or idler than when it was timed.
            seconds *= 1.02 if child.returncode else 0.9
            views = Warehouse(store, SHANGHAI, path)
            assert views.position() == store.last_position()
            assert rows(views) == expected
            views.close()
        _live_is_rebuilt(store, path, expected)


def _empty(path: Path) -> None:
    """Make views that have followed a store before its first event."""
    Warehouse(NoEvents(), SHANGHAI, path).close()


def _live_is_rebuilt(store: SqlStore, path: Path, expected: Rows) -> None:
    views = Warehouse(store, SHANGHAI, path)
    views.catch_up()
    assert rows(views) == expected
    views.rebuild()
    assert rows(views) == expected
    views.close()
