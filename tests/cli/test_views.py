"""The commands about the views, and SQL over them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb

import guanjia as gj
from guanjia.cli.output import advancing, progress_bar

from .conftest import LATER, Run, refused, rows


def spoil(folder: Path, topic: str) -> None:
    """Give the case's event another topic, behind the back of the store."""
    with closing(sqlite3.connect(folder / "events.db")) as connection:
        connection.execute("drop trigger if exists events_are_not_updated")
        query = "update events set topic = ? where originator_id = 'complaint:N-1'"
        connection.execute(query, [topic])
        connection.commit()


def test_the_views_say_how_far_they_are(folder: Path, run: Run) -> None:
    """After an import the views have followed the store."""
    (status,) = rows(run, "views", "status", "--data", folder)
    assert (status["position"], status["lag_events"]) == (4, 0)


def test_a_rebuild_gives_the_same_rows(folder: Path, run: Run) -> None:
    """Made anew from the store, every figure is what it was."""
    ask = ("query", "sla", "--data", folder, "--as-of", LATER)
    before = rows(run, *ask)
    assert run("views", "rebuild", "--data", folder).stdout == "rebuilt to position 4\n"
    assert rows(run, *ask) == before


def test_broken_views_are_made_anew_by_a_rebuild(folder: Path, run: Run) -> None:
    """A views file that cannot be read is said to be broken; the store has everything still."""
    (folder / "views.duckdb").write_bytes(b"not a database" * 1000)
    refused(run("query", "sla", "--data", folder), "views_broken")
    assert run("views", "rebuild", "--data", folder).exit_code == 0
    assert len(rows(run, "query", "cases", "--data", folder)) == 1


def test_the_bar_shows_how_far_a_rebuild_is(folder: Path) -> None:
    """It ends at the store's last event; nothing is drawn where there is no terminal."""
    with gj.open(folder) as office, progress_bar() as bar:
        position, _ = office.views.rebuild(advancing(bar, "rebuild"))
        (task,) = bar.tasks
        assert (task.completed, task.total) == (position, position)
        assert bar.disable


def test_verifying_says_that_every_view_is_right(folder: Path, run: Run) -> None:
    """One row a view, with its checksum and that of one made anew."""
    compared = rows(run, "views", "verify", "--data", folder)
    assert {one["name"] for one in compared} >= {"sla", "revisits", "parked"}
    assert all(one["same"] and one["checksum"] == one["checksum_anew"] for one in compared)


def test_without_former_views_there_is_no_way_back(folder: Path, run: Run) -> None:
    """They are kept only where a rebuild found other rows; then they are put in service again."""
    refused(run("views", "rollback", "--data", folder), "no_former_views")
    with duckdb.connect(folder / "views.duckdb") as connection:
        connection.execute("update kept_cases set urgency = 'emergency'")
    run("views", "rebuild", "--data", folder)
    done = run("views", "rollback", "--data", folder)
    assert (done.exit_code, done.stdout[:11]) == (0, "rolled back")


def test_verifying_finds_a_view_that_is_wrong(folder: Path, run: Run) -> None:
    """It is named on standard error, and the status is 1 until a rebuild has mended it."""
    with duckdb.connect(folder / "views.duckdb") as connection:
        connection.execute("update kept_cases set urgency = 'emergency'")
    found = run("views", "verify", "--data", folder)
    assert found.exit_code == 1
    assert found.stderr.startswith("view_differs: cases;")
    rebuilt = run("views", "rebuild", "--data", folder)
    assert rebuilt.exit_code == 0
    assert rebuilt.stderr == "view_differed: cases had other rows before\n"
    assert run("views", "verify", "--data", folder).exit_code == 0


def test_parked_streams_are_listed_and_tried_again(folder: Path, run: Run) -> None:
    """What this release cannot read is parked; once it can, a retry or the next start reads it."""
    spoil(folder, "complaint.received.99")
    assert run("views", "rebuild", "--data", folder).exit_code == 0
    (parked,) = rows(run, "views", "parked", "--data", folder)
    assert (parked["stream"], parked["error"]) == ("complaint:N-1", "unknown_topic")
    assert rows(run, "views", "retry", "--data", folder, status=1) == [parked]
    (status,) = rows(run, "views", "status", "--data", folder)
    assert (status["parked"], status["lag_events"]) == (1, 0)
    assert rows(run, "query", "cases", "--data", folder) == []
    spoil(folder, "complaint.received.1")
    assert rows(run, "views", "retry", "--data", folder) == []
    assert [row["stale"] for row in rows(run, "query", "cases", "--data", folder)] == [None]


def test_the_views_are_asked_in_sql(folder: Path, run: Run) -> None:
    """One SELECT over the views, as of any moment; anything else is refused in one line."""
    asked = "select complaint, count(*) as promises from sla group by all"
    (row,) = rows(run, "sql", asked, "--data", folder)
    assert row["complaint"] == "N-1"
    assert rows(run, "sql", asked, "--data", folder, "--as-of", "2025-01-02T00:00:00+08:00") == []
    done = run("sql", "copy sla to 'x.csv'", "--data", folder)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "sql_refused: one SELECT is taken, and no other statement\n"
