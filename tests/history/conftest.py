"""A centre with a few people, its history as lines, and what an import made of them."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

import pytest

from guanjia.domain.application import Application
from guanjia.history import Progress, Summary, import_csv, import_ndjson
from guanjia.storage import SqlStore

ZONE = ZoneInfo("Asia/Shanghai")
LOG = Path(__file__).parents[3] / "shared" / "data" / "helpdesk.csv"

# The real log lies beside the project, not in it; without it there is nothing to import.
collect_ignore = [] if LOG.exists() else ["test_helpdesk.py"]
Line = dict[str, Any] | str | bytes


class Options(TypedDict, total=False):
    """An import's options."""

    source: str
    keep_irregular: bool
    rejects: Path
    progress: Progress


def at(day: int, clock: str = "09:00:00") -> str:
    """Return a time in October 2025."""
    return f"2025-10-{day:02}T{clock}+08:00"


def line(
    do: str, day: int = 10, *, by: str = "desk1", clock: str = "09:00:00", **fields: object
) -> dict[str, Any]:
    """Return a line of October 2025."""
    return {"do": do, **fields, "by": by, "at": at(day, clock)}


def received(
    case: str, day: int = 10, *, by: str = "desk1", clock: str = "09:00:00", **fields: object
) -> dict[str, Any]:
    """Return the line of a pathless repair's receipt."""
    facts: dict[str, object] = {
        "centre": "north",
        "channel": "phone",
        "category": "repair",
        "topic": "noise",
        "text": "漏水",
        "contact": {"name": "张三"},
    }
    facts.update(fields)
    return line("receive_complaint", day, by=by, clock=clock, complaint=case, **facts)


def post(staff: str, post: str, department: str = "service") -> dict[str, Any]:
    """Return the line of a posting, which the local operator makes."""
    place = {"centre": "north", "department": department}
    fields = {"do": "post_staff", "staff": staff, "person": f"p-{staff}", "post": post}
    return {**fields, **place, "at": "2025-01-01T00:00:00+08:00"}


STAFF = [
    post("desk1", "front_desk"),
    post("tech1", "technician", "engineering"),
    post("head1", "department_head"),
]


def a_case(case: str, day: int = 10) -> list[dict[str, Any]]:
    """Return a repair from its receipt to its closing, within a day."""
    return [
        received(case, day),
        line(
            "dispatch_complaint",
            day,
            complaint=case,
            department="engineering",
            handler="tech1",
            clock="09:10:00",
        ),
        line("accept_complaint", day, complaint=case, by="tech1", clock="09:20:00"),
        line("finish_handling", day, complaint=case, result="修好", by="tech1", clock="11:00:00"),
        line("close_complaint", day, complaint=case, clock="12:00:00"),
    ]


@dataclass
class Desk:
    """An application over a store of its own, and a folder for files."""

    store: SqlStore
    application: Application
    folder: Path

    def write(self, *lines: Line, name: str = "history.ndjson") -> Path:
        """Write lines to a file; objects as JSON, text and bytes as they are."""
        path = self.folder / name
        path.write_bytes(b"\n".join(_bytes(each) for each in lines) + b"\n")
        return path

    def imported(self, *lines: Line, **options: Unpack[Options]) -> Summary:
        """Import lines as NDJSON."""
        return import_ndjson(self.application, self.write(*lines), **options)

    def imported_csv(self, log: str | bytes, mapping: str, **options: Unpack[Options]) -> Summary:
        """Import a CSV log by a mapping."""
        path = self.folder / "log.csv"
        path.write_bytes(log if isinstance(log, bytes) else log.encode())
        rules = self.folder / "log.toml"
        rules.write_text(mapping, encoding="utf-8")
        return import_csv(self.application, path, rules, **options)

    def events(self) -> dict[str, list[dict[str, Any]]]:
        """Return what is stored by stream, without what differs from store to store."""
        streams: dict[str, list[dict[str, Any]]] = {}
        for row in self.store.read(0, 1_000_000):
            facts = {"topic": row.topic, **json.loads(row.state)}
            for sealed in ("text", "contact", "result", "reason"):
                facts.pop(sealed, None)
            streams.setdefault(row.originator_id, []).append(facts)
        return streams

    def topics(self, stream: str) -> list[str]:
        """Return the topics of a stream's events, without aggregate and version."""
        return [event["topic"].split(".")[1] for event in self.events().get(stream, [])]


def _bytes(each: Line) -> bytes:
    if isinstance(each, bytes):
        return each
    return (each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)).encode()


def rejected(summary: Summary) -> list[tuple[int, str]]:
    """Return (line, code) of what the rejects file says."""
    return [(reject["line"], reject["code"]) for reject in rejects(summary)]


def rejects(summary: Summary) -> list[dict[str, Any]]:
    """Return what the rejects file says."""
    if summary.rejects is None:
        return []
    return [json.loads(text) for text in summary.rejects.read_text("utf-8").splitlines()]


def counts(summary: Summary) -> tuple[int, int, int, int, int]:
    """Return the five figures, which always add up."""
    parts = (summary.imported, summary.rejected, summary.already, summary.ignored)
    assert summary.read == sum(parts)
    assert Counter(reject["line"] for reject in rejects(summary)).total() == summary.rejected
    return (summary.read, *parts)


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    """Return a maker of desks on stores in memory."""
    stores: list[SqlStore] = []

    def make(name: str) -> Desk:
        folder = tmp_path / name
        folder.mkdir()
        stores.append(SqlStore.in_memory())
        return Desk(stores[-1], Application(stores[-1], ZONE), folder)

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def desk(new_desk: Callable[[str], Desk]) -> Desk:
    """Return a desk on a store in memory."""
    return new_desk("desk")
