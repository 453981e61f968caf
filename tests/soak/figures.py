"""What a long run came to: a row of ``benchmarks/soak.json`` for each."""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).parents[2] / "benchmarks" / "soak.json"


@dataclass
class Figures:
    """One long run: how often it was tried, how often killed, how long it took, what failed."""

    name: str
    runs: int = 0
    kills: int = 0
    seconds: float = 0.0
    failures: int = 0


@contextmanager
def recorded(name: str) -> Generator[Figures, None, None]:
    """Yield figures to count in; they are written however the run ends."""
    figures = Figures(name)
    started = time.monotonic()
    try:
        yield figures
    except BaseException:
        figures.failures += 1
        raise
    finally:
        figures.seconds = round(time.monotonic() - started, 1)
        _write(figures)


def _write(figures: Figures) -> None:
    known = json.loads(FILE.read_text("utf-8")) if FILE.exists() else []
    others = [row for row in known if row["name"] != figures.name]
    rows = sorted([*others, asdict(figures)], key=lambda row: row["name"])
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
