"""The figures of a month: volumes, and revisits with their outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from ..register import SHANGHAI
from .cases import Case, Round
from .clocks import revisit_clocks
from .law import SECOND, add_months, day_end
from .promises import Key

FIGURES = (
    "finished",
    "not_owing",
    "exempt",
    "invalid",
    "pending",
    "due",
    "revisited",
    "on_time",
    "void",
    "unreachable",
    "forced",
    "first_pass_satisfied",
    "final_satisfied",
    "unsatisfied",
    "undetermined",
)


class Figures:
    """The figures of some cases as of a moment."""

    def __init__(self, cases: list[Case], as_of: datetime) -> None:
        self._cases = cases
        self._as_of = as_of

    def months(self) -> Iterator[tuple[str, str, datetime]]:
        """Yield (centre, month, the moment it is judged at) from each centre's first case on."""
        firsts: dict[str, datetime] = {}
        for case in self._cases:
            centre = case.facts["centre"]
            known = [case.received, *(at for r in case.rounds for at in r.ended)]
            firsts[centre] = min([*known, firsts.get(centre, case.received)])
        for centre, first in firsts.items():
            month = datetime(first.year, first.month, 1, tzinfo=SHANGHAI)
            while month <= self._as_of:
                following = add_months(month.date(), 1)
                end = datetime.combine(following, time(), SHANGHAI) - SECOND
                yield centre, f"{month:%Y-%m}", min(end, self._as_of)
                month = end + SECOND

    def volume(self) -> dict[Key, Key]:
        """Return (received, finished, closed, backlog) by centre and month."""
        return {
            (centre, month): self._volume(centre, month, judged)
            for centre, month, judged in self.months()
        }

    def _volume(self, centre: str, month: str, judged: datetime) -> Key:
        received = finished = closed = backlog = 0
        for case in self._counted(centre):
            finishes = [r.finish for r in case.rounds if r.finish]
            received += _in(month, case.received)
            finished += _in(month, max(finishes, default=None))
            closed += _in(month, case.closed)
            current = [r for r in case.rounds if r.start <= judged][-1:]
            backlog += bool(current) and not any(at <= judged for at in current[0].ended)
        return received, finished, closed, backlog

    def _counted(self, centre: str) -> Iterator[Case]:
        return (case for case in self._cases if not case.voided and case.facts["centre"] == centre)

    def revisits(self) -> dict[Key, dict[str, Any]]:
        """Return the figures by centre, month and scope."""
        return {
            (centre, month, scope): self._revisits(centre, month, scope)
            for centre, month, _ in self.months()
            for scope in ("all", "complaints")
        }

    def _revisits(self, centre: str, month: str, scope: str) -> dict[str, Any]:
        figures: dict[str, Any] = dict.fromkeys(FIGURES, 0)
        for case in self._counted(centre):
            rounds = [r for r in case.rounds if r.finish and not r.settled]
            valid = case.category == "complaint" and case.validity == "valid"
            if rounds and _in(month, rounds[-1].finish) and (scope == "all" or valid):
                self._tally(figures, case, rounds[-1])
        due = figures["due"]
        return figures | {"rate": figures["revisited"] / due if due else None}

    def _tally(self, figures: dict[str, Any], case: Case, round: Round) -> None:
        duty = case.duty(round)
        due = [c.due for c in revisit_clocks(case, round)][-1:]
        passed = bool(due) and not due[0].provisional and due[0].at < self._as_of
        is_due = duty == "owed" and (round.revisit is not None or passed)
        if duty == "owed":
            duty = "due" if is_due else "pending"
        on_time = bool(due and not due[0].provisional and round.revisited) and (
            round.revisited is not None and round.revisited <= due[0].at
        )
        result = round.revisit or self._implied(case, round)
        counts = {
            "finished": True,
            duty: True,
            "revisited": is_due and round.revisit,
            "on_time": is_due and on_time,
            "void": round.voids and not round.attempts and not round.revisit,
            "unreachable": is_due and not round.revisit and round.attempts,
            "forced": case.forced,
            "first_pass_satisfied": case.rounds[0].revisit == "satisfied",
            "final_satisfied": result == "satisfied",
            "unsatisfied": result == "unsatisfied",
            "undetermined": result == "undetermined" and not round.revisit,
        }
        for name, holds in counts.items():
            figures[name] += bool(holds)

    def _implied(self, case: Case, round: Round) -> str | None:
        if case.duty(round) != "exempt" or round.on_the_spot or case.facts["reach"] == "path":
            return None
        finish = round.finish or round.start
        months = case.policy["implied_outcome_months"]
        until = day_end(add_months(finish.date(), months))
        same = [
            other
            for other in self._counted(case.facts["centre"])
            if other is not case
            and other.facts["topic_code"] == case.facts["topic_code"]
            and finish < other.received <= until
        ]
        if same:
            return "unsatisfied"
        if self._as_of <= until:
            return "undetermined"
        if not case.web:
            return "neutral"
        return "satisfied" if any(at >= finish for at in case.approved) else "undetermined"


def _in(month: str, moment: datetime | None) -> bool:
    return moment is not None and f"{moment:%Y-%m}" == month
