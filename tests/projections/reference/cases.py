"""The cases that the facts tell of, and their rounds."""

# ruff: noqa: C901, PLR0912, PLR0915 - each kind of event has its line

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .facts import Fact
from .law import HANDLED, LIMITS, WEB, moment

Policies = dict[str, dict[str, int]]


@dataclass
class Round:
    number: int
    start: datetime
    reopened: bool = False
    settled: bool = False
    left: datetime | None = None
    finish: datetime | None = None
    handler: str | None = None
    on_the_spot: bool = False
    ended: list[datetime] = field(default_factory=list)
    revisit: str | None = None
    revisited: datetime | None = None
    attempts: int = 0
    voids: int = 0


@dataclass
class Case:
    id: str
    facts: dict[str, Any]
    received: datetime
    policy: dict[str, int]
    rounds: list[Round]
    changes: list[tuple[datetime, str]] = field(default_factory=list)
    triages: list[tuple[datetime, str, int]] = field(default_factory=list)
    consults: list[datetime] = field(default_factory=list)
    replies: list[datetime] = field(default_factory=list)
    approved: list[datetime] = field(default_factory=list)
    reports: list[datetime] = field(default_factory=list)
    starts: list[datetime] = field(default_factory=list)
    windows: list[list[Any]] = field(default_factory=list)
    closings: list[tuple[datetime, str, int]] = field(default_factory=list)
    closed: datetime | None = None
    forced: bool = False
    sensitive: tuple[datetime, int] | None = None
    merged: datetime | None = None
    absorptions: dict[str, tuple[datetime, datetime, dict[str, int]]] = field(default_factory=dict)
    voided: datetime | None = None
    escalated: datetime | None = None
    rung: str = "handler"

    @property
    def web(self) -> bool:
        return self.facts["channel"] in WEB

    @property
    def category(self) -> str:
        return str(self.facts["category"])

    @property
    def validity(self) -> str | None:
        return self.changes[-1][1] if self.changes else None

    def duty(self, round: Round, at: datetime | None = None) -> str:
        """Say whether the round's customer is owed a revisit, or why not; as judged at a time."""
        judged = [validity for when, validity in self.changes if at is None or when <= at]
        if round.settled:
            return "settled"
        if self.category not in HANDLED:
            return "not_owing"
        if self.category == "complaint" and judged[-1:] == ["invalid"]:
            return "invalid"
        if round.on_the_spot or self.facts["reach"] != "path":
            return "exempt"
        if self.sensitive and round.number >= self.sensitive[1]:
            return "exempt"
        return "owed"


def told(facts: Iterable[Fact], as_of: datetime) -> dict[str, Case]:
    """Return the cases as far as they were recorded by a moment."""
    policies: Policies = {"1": LIMITS}
    cases: dict[str, Case] = {}
    for fact in facts:
        if fact.topic == "policy.adopted.1":
            policies[fact.data["version"]] = fact.data["values"]
        elif fact.recorded_at <= as_of:
            _take(cases, policies, fact)
    return cases


def _take(cases: dict[str, Case], policies: Policies, fact: Fact) -> None:
    data, at = fact.data, fact.at
    if fact.topic == "complaint.received.1":
        policy = policies[data["policy"]]
        cases[fact.case] = Case(fact.case, data, at, policy, [Round(1, at)])
        return
    case = cases[fact.case]
    if case.voided:  # only irregular history goes on
        return
    round = case.rounds[-1]
    match fact.topic.split(".")[1]:
        case "triaged":
            case.triages.append((at, data["urgency"], round.number))
        case "classified" | "classification_signed":
            if data.get("in_force", True):
                case.changes.append((at, data["validity"]))
                case.changes.sort(key=lambda change: change[0])
            if data.get("topic_code"):
                case.facts = case.facts | {"topic_code": data["topic_code"]}
        case "answered":
            case.replies.append(at)
            _close(case, at, "answer")
        case "consulted":
            case.consults.append(at)
        case "replied":
            case.replies.append(at)
            if data.get("approved"):
                case.approved.append(at)
        case "progress_reported":
            case.reports.append(at)
        case "handling_started":
            case.starts.append(at)
        case "appointment_agreed":
            case.windows.append([round.number, at, moment(data["ends"]), None, None])
        case "appointment_moved":
            if case.windows:
                case.windows[-1][3:] = [at, data["asked_by"]]
            case.windows.append([round.number, at, moment(data["ends"]), None, None])
        case "finished":
            _finish(case.rounds[data["round"] - 1], at, data)
        case "revisited":
            _revisit(case, case.rounds[data["round"] - 1], at, data)
        case "round_opened":
            _next(case, at)
        case "reopened":
            case.closed, case.forced = None, False
            _next(case, at, reopened=True)
        case "marked_sensitive":
            case.sensitive = (at, data["from_round"])
        case "closed":
            _close(case, at, "close")
        case "force_closed":
            _close(case, at, "force_close")
        case "merged":
            case.merged = min(at, case.merged or at)
        case "absorbed":
            policy = policies[data["policy"]]
            joined, *_ = case.absorptions.get(data["member"], (at,))
            received_at = moment(data["received_at"])
            case.absorptions[data["member"]] = (joined, received_at, policy)
        case "voided":
            case.voided = at
        case "escalated":
            case.escalated = max(at, case.escalated or at)
            case.rung = data["rung"]
        case "corrected":
            _correct(case, data)


def _finish(round: Round, at: datetime, data: dict[str, Any]) -> None:
    if round.finish is None:
        round.finish = at
        round.handler = data.get("person")
        round.on_the_spot = data.get("on_the_spot_satisfied", False)
        round.ended.append(at)


def _revisit(case: Case, round: Round, at: datetime, data: dict[str, Any]) -> None:
    if data.get("void"):
        round.voids += 1
    elif data["outcome"] == "unreachable":
        round.attempts += 1
    elif round.revisit is None:
        round.revisit, round.revisited = data["outcome"], at
        if data["outcome"] == "unsatisfied" and round is case.rounds[-1] and round.finish:
            _next(case, at)


def _next(case: Case, at: datetime, *, reopened: bool = False) -> None:
    last = case.rounds[-1]
    last.left = at
    settled = not reopened and (last.revisit == "satisfied" or last.settled)
    case.rounds.append(Round(last.number + 1, at, reopened=reopened, settled=settled))


def _close(case: Case, at: datetime, how: str) -> None:
    round = case.rounds[-1]
    round.ended.append(at)
    case.closings.append((at, how, round.number))
    case.closed = case.closed or at
    case.forced = how == "force_close"


def _correct(case: Case, data: dict[str, Any]) -> None:
    fact = data["fact"]
    if fact == "at":
        case.received = moment(data["new"])
        case.rounds[0].start = case.received
    elif fact == "contact":
        case.facts = case.facts | {"reach": data["reach"]}
    else:
        name = {"topic": "topic_code"}.get(fact, fact)
        case.facts = case.facts | {name: data.get("new")}
