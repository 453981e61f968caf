"""Killed at any moment, the views are those of a position, whole."""

import signal
from pathlib import Path
from typing import Any

import pytest

from guanjia.projections import Warehouse
from guanjia.storage import SqlStore

from .on_disk import follow, rows, steps
from .register import SHANGHAI


@pytest.mark.parametrize("batches", [1, 3, 8])
def test_killed_while_following_nothing_is_lost_or_doubled(
    folder: Path, path: Path, store: SqlStore, right: dict[str, Any], batches: int
) -> None:
    """After kill -9 the views go on where they were, and come to what a rebuild says."""
    with follow(folder, 7, "catch_up") as child:
        steps(child, batches)
        child.send_signal(signal.SIGKILL)
    views = Warehouse(store, SHANGHAI, path, batch=7)
    assert 0 < views.position() < store.last_position()
    views.catch_up()
    assert rows(views) == right
    views.close()


@pytest.mark.parametrize("more", [(), ("a process of its own",)])
def test_a_rebuild_killed_in_the_middle_leaves_the_old_views(
    folder: Path, store: SqlStore, right: dict[str, Any], more: tuple[str, ...]
) -> None:
    """The old file stays in service, with its position; the next rebuild ends well."""
    path = folder / "views.duckdb"
    views = Warehouse(store, SHANGHAI, path)
    views.catch_up()
    views.close()
    with follow(folder, 7, "rebuild", *more) as child:
        steps(child, 1 if more else 3)
        child.send_signal(signal.SIGKILL)
    assert path.with_suffix(".new").exists()
    views = Warehouse(store, SHANGHAI, path)
    assert views.position() == store.last_position()
    assert rows(views) == right
    views.rebuild()
    assert rows(views) == right
    assert not path.with_suffix(".new").exists()
    views.close()
