"""What the events of a store say happened."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from guanjia.projections.source import Source

from .law import moment


class Fact(NamedTuple):
    """What an event says happened."""

    case: str
    position: int
    topic: str
    at: datetime
    recorded_at: datetime
    data: dict[str, Any]


def read(source: Source) -> list[Fact]:
    """Return every event of the store without the rows of standing."""
    facts = []
    for row in source.read(0, 10**9):
        data = json.loads(row.state)
        for carried in ("case", "rounds", "clocks"):
            data.pop(carried, None)
        kind, _, case = row.originator_id.partition(":")
        if kind in ("complaint", "policy"):
            at, recorded_at = moment(data["at"]), moment(data["recorded_at"])
            facts.append(Fact(case, row.position, row.topic, at, recorded_at, data))
    return facts
