"""The figures of domain section 3 once more: slow, plain, and written from the law alone.

It reads what events say happened (who, ``at``, outcome, round) and never the rows of standing that
they carry; working days are counted here, from the State Council's notices. Where it differs from
the views, one of the two misreads the law.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..register import SHANGHAI
from .cases import told
from .facts import Fact, read
from .figures import FIGURES, Figures
from .promises import Key, Promise, promises

__all__ = ["FIGURES", "Fact", "Reference", "read"]


class Reference:
    """Every figure as of a moment, from the facts recorded by then."""

    def __init__(self, facts: Iterable[Fact], as_of: datetime) -> None:
        self.as_of = as_of.astimezone(SHANGHAI)
        self.cases = told(facts, self.as_of)
        self._figures = Figures([*self.cases.values()], self.as_of)

    def sla(self) -> list[Promise]:
        """Return every promise of every case, judged."""
        return [one for case in self.cases.values() for one in promises(case, self.as_of)]

    def volume(self) -> dict[Key, Key]:
        """Return (received, finished, closed, backlog) by centre and month."""
        return self._figures.volume()

    def revisits(self) -> dict[Key, dict[str, Any]]:
        """Return the figures by centre, month and scope."""
        return self._figures.revisits()

    def unescalated(self) -> list[Key]:
        """Return (case, commitment, missed at, rung) of misses later than the last escalation."""
        found = []
        for promise in self.sla():
            case = self.cases[promise.case]
            if promise.missed and case.rung != "company":
                later = case.escalated is None or promise.missed > case.escalated
                if later:
                    found.append((case.id, promise.commitment, promise.missed, case.rung))
        return found
