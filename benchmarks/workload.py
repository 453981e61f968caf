"""The work that is measured: a year of three centres, as lines, as a store, and multiplied."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from guanjia.demo.build import plan
from guanjia.domain.application import Application
from guanjia.domain.catalogue import COMMANDS
from guanjia.history import import_ndjson
from guanjia.storage import SqlStore

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2024, 12, 1, tzinfo=ZONE)
END = datetime(2025, 12, 1, tzinfo=ZONE)

TRIGGERS = ("events_are_not_updated", "events_are_not_deleted", "events_are_appended")


def write_history(path: Path, size: int) -> int:
    """Write a year of three centres with ``size`` cases each, more or less; return the lines."""
    lines = []
    steps = [step for step in plan(START, END, 2026, size) if step.command.do in COMMANDS]
    for step in steps:
        line = step.command.model_dump(mode="json", by_alias=True, exclude_none=True)
        line |= {"by": step.by} if step.by else {}
        line["at"] = step.at.isoformat()
        if step.recorded_at:
            line["recorded_at"] = step.recorded_at.isoformat()
        lines.append(json.dumps(line, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def create(folder: Path) -> SqlStore:
    """Make a new store in a new folder."""
    folder.mkdir()
    return SqlStore.create(url(folder), folder / "master.key")


def open_store(folder: Path) -> SqlStore:
    """Open the store of a folder."""
    return SqlStore.open(url(folder), folder / "master.key")


def url(folder: Path) -> str:
    """Return the address of a folder's store."""
    return f"sqlite:///{folder / 'events.db'}"


def year(folder: Path, size: int) -> Path:
    """Make a store of a year by importing its history; return its folder."""
    with create(folder) as store:
        path = folder / "history.ndjson"
        write_history(path, size)
        import_ndjson(Application(store, ZONE), path)
    return folder


def multiplied(source: Path, folder: Path, events: int) -> tuple[Path, int, int]:
    """Copy a store and repeat its cases until it has so many events.

    Return the folder, how many events and how many cases it has. The copies' events are the same
    bytes under another case; only the append-only triggers are away while they are written.
    """
    shutil.copytree(source, folder)
    with closing(sqlite3.connect(folder / "events.db", isolation_level=None)) as connection:
        run = connection.execute
        known = run(
            "select originator_id, originator_version, topic, state, stored_at, leaf from events"
            " where originator_id like 'complaint:%' order by position"
        ).fetchall()
        (position,) = run("select max(position) from events").fetchone()
        kept = [
            run("select sql from sqlite_master where name = ?", [n]).fetchone() for n in TRIGGERS
        ]
        run("begin")
        for name in TRIGGERS:
            run(f"drop trigger {name}")
        copy = 0
        while position < events:
            copy += 1
            part = known[: events - position]
            connection.executemany(
                "insert into events values (?, ?, ?, ?, ?, ?, ?)",
                (
                    (position + place, f"{id}~{copy}", *rest)
                    for place, (id, *rest) in enumerate(part, 1)
                ),
            )
            position += len(part)
        for (sql,) in kept:
            run(sql)
        run("commit")
        (cases,) = run(
            "select count(*) from events where topic = 'complaint.received.1'"
        ).fetchone()
    return folder, position, cases
