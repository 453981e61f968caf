"""The projector and the rebuild killed at random moments, over and over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from .children import Followers, reached
from .figures import recorded
from .generated import history
from .test_import_kills import made

CASES = 200
BATCH = 50
KILLS = 105
LOOKED_AT = 6
"""So many views, by chance, are compared after each kill, and all of them at the ends."""
PLACES = 12
"""At so many positions at least the projector must have been cut off."""

pytestmark = pytest.mark.soak

Rows = dict[str, Any]


def rows(
    views: Warehouse, position: int | None = None, names: Iterable[str] = PUBLIC_VIEWS
) -> Rows:
    """Return the rows of views, of every one unless some are named, as far as a position."""
    return {name: views.query(name, moment(PRESENT), position).arrow() for name in names}


@pytest.fixture
def followers(folder: Path) -> Iterator[Followers]:
    """Yield what works on the folder's views in processes of their own."""
    followers = Followers(folder, BATCH)
    yield followers
    followers.close()


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


def test_a_projector_killed_at_random_moments_loses_and_doubles_nothing(
    folder: Path, followers: Followers
) -> None:
    """After each kill the views are those of their position; in the end those of a rebuild."""
    path = folder / "views.duckdb"
    random = Random(1)  # noqa: S311 - chance is only chance
    with recorded("projector killed at random moments") as figures, opened(folder) as store:
        places: set[int] = set()
        right = Warehouse(store, SHANGHAI)
        right.catch_up()
        _empty(path)
        seconds = followers.timed("catch_up") / 4
        while figures.kills < KILLS or len(places) < PLACES:
            figures.runs += 1
            path.unlink()
            _empty(path)
            acknowledged = 0
            printed: list[str] = []
            while printed[-1:] != ["done"]:
                printed, killed = followers.run("catch_up", random.uniform(0, seconds))
                figures.kills += killed
                # Long enough for some batches, on however busy a machine.
                seconds *= 0.9 if reached(printed) > acknowledged else 1.1
                acknowledged = max(acknowledged, reached(printed))
                views = Warehouse(store, SHANGHAI, path)
                assert acknowledged <= views.position() <= store.last_position()
                places.add(views.position())
                some = random.sample([*PUBLIC_VIEWS], LOOKED_AT)
                assert rows(views, names=some) == rows(right, views.position(), some)
                views.close()
            _live_is_rebuilt(store, path, rows(right))
        right.close()


def test_a_rebuild_killed_at_random_moments_leaves_whole_views(
    folder: Path, followers: Followers
) -> None:
    """The old file or the new one is in service, whole; half of the kills come near the end."""
    path = folder / "views.duckdb"
    random = Random(2)  # noqa: S311 - chance is only chance
    with recorded("rebuild killed at random moments") as figures, opened(folder) as store:
        followers.timed("catch_up")
        right = Warehouse(store, SHANGHAI)
        right.catch_up()
        expected = rows(right)
        right.close()
        seconds = followers.timed("rebuild")
        while figures.kills < KILLS:
            figures.runs += 1
            near = random.random() < 0.5
            after = random.uniform(seconds * 0.9 if near else 0, seconds)
            _, killed = followers.run("rebuild", after)
            figures.kills += killed
            # The machine may be busier or idler than when it was timed.
            seconds *= 1.02 if killed else 0.9
            views = Warehouse(store, SHANGHAI, path)
            assert views.position() == store.last_position()
            some = random.sample([*PUBLIC_VIEWS], LOOKED_AT)
            assert rows(views, names=some) == {name: expected[name] for name in some}
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
