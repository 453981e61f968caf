"""Who writes the views: one process at a time; others answer from a copy, and take over."""

from pathlib import Path
from typing import Any

import pytest

from guanjia.projections import Warehouse, seat
from guanjia.projections.errors import (
    ViewsInUse,
)
from guanjia.projections.source import StoredRow
from guanjia.storage import SqlStore
from guanjia.storage.errors import StoreUnreachable

from .on_disk import follow, opened, rows, steps
from .register import SHANGHAI


def test_a_second_process_answers_from_a_copy_until_the_first_ends(
    folder: Path, store: SqlStore, right: dict[str, Any]
) -> None:
    """One process follows the file; another one follows a copy, and then takes the file over."""
    path = folder / "views.duckdb"
    with follow(folder, 1000, "catch_up") as child:
        steps(child, 2)
        second = Warehouse(store, SHANGHAI, path)
        second.catch_up()
        assert not second.status().elected
        assert rows(second) == right
        with pytest.raises(ViewsInUse):
            second.rebuild()
        child.kill()
    second.catch_up()
    assert second.status().elected
    assert rows(second) == right
    assert [*folder.glob(".views-*")] == []
    second.rebuild()
    second.close()


def test_a_take_over_that_fails_is_tried_again(
    folder: Path, store: SqlStore, right: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile the copy answers, and the seat is free for another process."""
    path = folder / "views.duckdb"
    with follow(folder, 1000, "catch_up") as child:
        steps(child, 2)
        second = Warehouse(store, SHANGHAI, path)
        second.catch_up()
        child.kill()

    def unreachable(*_: int) -> list[StoredRow]:
        raise StoreUnreachable

    with monkeypatch.context() as patch:
        patch.setattr(store, "read", unreachable)
        with pytest.raises(StoreUnreachable):
            second.catch_up()
    assert rows(second) == right
    assert not second.status().elected
    Warehouse(store, SHANGHAI, path).close()
    second.catch_up()
    assert second.status().elected
    assert rows(second) == right
    second.close()


def test_the_copies_of_killed_processes_are_removed(folder: Path, store: SqlStore) -> None:
    """By whoever opens the views next, once nobody alive has a copy."""
    path = folder / "views.duckdb"
    first = Warehouse(store, SHANGHAI, path)
    first.catch_up()
    with follow(folder, 1000, "catch_up") as child:
        steps(child, 1)
        (left,) = folder.glob(".views-*")
        Warehouse(store, SHANGHAI, path).close()
        assert [*folder.glob(".views-*")] == [left]
        child.kill()
    Warehouse(store, SHANGHAI, path).close()
    assert [*folder.glob(".views-*")] == []
    first.close()


def test_without_a_snapshot_a_second_process_is_told_to_wait(
    folder: Path, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for the file or for a snapshot of it, and no longer than it has patience."""
    monkeypatch.setattr(seat, "PATIENCE", 0.1)
    first = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    (folder / "views.snapshot").unlink()
    with pytest.raises(ViewsInUse):
        Warehouse(store, SHANGHAI, folder / "views.duckdb")
    first.close()


def test_a_snapshot_is_only_a_beginning(folder: Path) -> None:
    """Who works on a copy of an old snapshot answers from the newest events all the same."""
    register = opened(folder)
    with register.office:
        other = opened(folder)
        with other.office:
            assert not other.office.views.status().elected
            position = register.receive("C-9", "2025-10-08 10:00").position
            assert other.office.query("cases", complaint="C-9").position == position
