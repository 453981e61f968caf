"""The history import killed at random moments, over and over."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from guanjia.domain.application import Application
from guanjia.history import import_ndjson, run
from guanjia.projections import PUBLIC_VIEWS, Warehouse
from guanjia.storage import SqlStore

from ..projections.register import PRESENT, SHANGHAI, moment
from .children import IMPORT, kill, reached, start, store_url, timed
from .figures import Figures, recorded
from .generated import history

FILES = ((1, 250), (2, 300), (3, 350), (4, 300))
KILLS = 16
BATCH = 60
SEALED = ("text", "contact", "result", "reason")

pytestmark = pytest.mark.soak

Event = tuple[str, int, str, str]


class Whole:
    """What an unkilled import of a file leaves: events, batch ends, rejects, views."""

    def __init__(self, lines: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run, "BATCH", BATCH)
        self.lines = lines
        self.ends = {0}
        with made(folder, lines) as store:
            application = Application(store, SHANGHAI)
            self.summary = import_ndjson(
                application,
                folder / "history.ndjson",
                progress=lambda _done, _total: self.ends.add(store.last_position()),
            )
            self.events = events(store)
            self.views = views(store)
        self.rejects = (folder / "history.ndjson.rejects.ndjson").read_text("utf-8")
        assert self.summary.imported > 1000
        assert self.summary.rejected > 100


def made(folder: Path, lines: list[str]) -> SqlStore:
    """Make a store and the history file in a new folder."""
    folder.mkdir()
    (folder / "history.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return SqlStore.create(store_url(folder), folder / "master.key")


def events(store: SqlStore) -> list[Event]:
    """Return every event, without what differs from store to store; positions have no gap."""
    rows = store.read(0, 1_000_000)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    return [(r.originator_id, r.originator_version, r.topic, _facts(r.state)) for r in rows]


def _facts(state: bytes) -> str:
    facts: dict[str, Any] = json.loads(state)
    return json.dumps({name: value for name, value in facts.items() if name not in SEALED})


def views(store: SqlStore) -> dict[str, list[dict[str, Any]]]:
    """Return every view of a store at the present."""
    warehouse = Warehouse(store, SHANGHAI)
    found = {name: warehouse.query(name, moment(PRESENT)).rows() for name in PUBLIC_VIEWS}
    warehouse.close()
    return found


@pytest.mark.parametrize(("seed", "cases"), FILES)
def test_an_import_killed_at_random_moments_ends_as_an_unkilled_one(
    seed: int, cases: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every acknowledged batch is there, no batch is half, nothing twice, and so are the views."""
    with recorded(f"import killed at random moments, file {seed}") as figures:
        lines = history(seed, cases)
        whole = Whole(lines, tmp_path / "whole", monkeypatch)
        random = Random(seed)  # noqa: S311 - chance is only chance
        made(tmp_path / "timed", lines).close()
        seconds = timed(IMPORT, tmp_path / "timed", BATCH)
        while figures.kills < KILLS:
            figures.runs += 1
            folder = tmp_path / f"killed-{figures.runs}"
            made(folder, lines).close()
            _kill_until_done(folder, whole, random, seconds, figures)


def _kill_until_done(
    folder: Path, whole: Whole, random: Random, seconds: float, figures: Figures
) -> None:
    """Kill and resume one import until it ends by itself; every time all must be right."""
    acknowledged = 0
    printed: list[str] = []
    while printed[-1:] != ["done"]:
        child = start(IMPORT, folder, BATCH)
        printed = kill(child, random.uniform(0, seconds / 2))
        figures.kills += child.returncode != 0
        acknowledged = max(acknowledged, reached(printed))
        with SqlStore.open(store_url(folder), folder / "master.key") as store:
            found = events(store)
            assert found == whole.events[: len(found)]
            assert len(found) >= acknowledged
            assert len(found) in whole.ends
    with SqlStore.open(store_url(folder), folder / "master.key") as store:
        again = import_ndjson(Application(store, SHANGHAI), folder / "history.ndjson")
        assert (again.imported, again.already) == (0, whole.summary.imported)
        assert events(store) == whole.events
        assert views(store) == whole.views
        _reveal_all(store)
    assert (folder / "history.ndjson.rejects.ndjson").read_text("utf-8") == whole.rejects


def _reveal_all(store: SqlStore) -> None:
    """Every sealed text is there and opens."""
    for row in store.read(0, 1_000_000):
        ref = json.loads(row.state).get("text")
        assert ref is None or store.vault.reveal(ref)
