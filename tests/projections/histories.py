"""Random histories: plausible and implausible lines; what the rules refuse is skipped.

The register learns of things as time goes on, some of them late; times within a case are mostly
in order.
"""

# ruff: noqa: ANN401, S311 - lines are loose as in a history file, and chance is only chance

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from guanjia.domain.errors import Rejected

from .register import CONTACT, Register, moment

STARTS = (
    "2025-09-24 08:00",
    "2025-10-30 22:00",
    "2025-12-26 16:00",
    "2026-01-29 09:00",
    "2026-02-10 11:00",
    "2026-12-18 10:00",
)
DELTAS = (
    *(timedelta(minutes=minutes) for minutes in (0, 1, 1, 4, 15, 50) * 3),
    timedelta(seconds=1),
    timedelta(minutes=14, seconds=59),
    *(timedelta(hours=hours) for hours in (2, 7, 14, 24, 44)),
)
WAITS = (timedelta(days=5), timedelta(days=14), timedelta(days=33))
LAGS = (timedelta(0),) * 8 + (
    timedelta(minutes=7),
    timedelta(hours=5),
    timedelta(days=2),
    timedelta(days=9),
)
CASES = 4


class Step(NamedTuple):
    """What is tried, on which case, how much later, how late typed in, and which variant of it."""

    do: str
    case: int
    delta: int
    lag: int
    variant: int


STEPS = {
    "triage": 2,
    "valid": 4,
    "invalid": 2,
    "sign": 1,
    "answer": 1,
    "dispatch": 2,
    "consult": 2,
    "reply": 7,
    "start": 4,
    "agree": 4,
    "move": 4,
    "report": 6,
    "finish": 14,
    "revisit": 16,
    "escalate": 2,
    "sensitive": 2,
    "close": 5,
    "force": 1,
    "reopen": 3,
    "merge": 4,
    "correct": 3,
    "wait": 2,
    "void": 1,
}
NAMES = [name for name, weight in STEPS.items() for _ in range(weight)]


def histories(*, bursts: int = 12) -> SearchStrategy[list[Step]]:
    """Return a strategy of histories: bursts of steps, each on one case."""
    step = st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(range(len(DELTAS))),
        st.sampled_from(range(len(LAGS))),
        st.integers(0, 2**20),
    )
    burst = st.tuples(st.integers(0, CASES - 1), st.lists(step, min_size=1, max_size=9))
    return st.lists(burst, min_size=2, max_size=bursts).map(_flat)


def seeded(seed: int, bursts: int) -> list[Step]:
    """Return a long history by its seed."""
    random = Random(seed)
    return _flat(
        [
            (random.randrange(CASES), [_drawn(random) for _ in range(random.randint(1, 9))])
            for _ in range(bursts)
        ]
    )


def _drawn(random: Random) -> tuple[str, int, int, int]:
    delta, lag = random.randrange(len(DELTAS)), random.randrange(len(LAGS))
    return random.choice(NAMES), delta, lag, random.randrange(2**20)


def _flat(bursts: list[tuple[int, list[tuple[str, int, int, int]]]]) -> list[Step]:
    return [
        Step(do, case, delta, lag, variant)
        for case, tries in bursts
        for do, delta, lag, variant in tries
    ]


@dataclass
class Player:
    """Plays steps into a register; ``now`` is what the register's clock shows meanwhile."""

    register: Register
    now: datetime
    prefix: str = "N"
    keep_irregular: bool = False
    received: dict[int, dict[str, Any]] = field(default_factory=dict)
    moments: list[datetime] = field(default_factory=list)

    def play(self, steps: list[Step]) -> Player:
        """Try every step; return self."""
        for step in steps:
            self.now += DELTAS[step.delta]
            if step.do == "wait":
                self.now += WAITS[step.variant % len(WAITS)]
            else:
                self._try(step)
        return self

    def _try(self, step: Step) -> None:
        random = Random(step.variant)
        try:
            if step.case not in self.received:
                self._receive(step, random)
            else:
                getattr(self, f"_{step.do}")(step.case, self.now - LAGS[step.lag], random)
            self.moments.append(self.now)
        except Rejected:
            return

    def _do(self, do: str, case: int, at: datetime, by: str, **fields: Any) -> None:
        centre = 1 + case % 2
        known = {"complaint": f"{self.prefix}-{case}"} | fields
        self.register.do(
            do,
            at,
            by.format(centre),
            recorded_at=self.now,
            keep_irregular=self.keep_irregular,
            **known,
        )

    def _receive(self, step: Step, random: Random) -> None:
        at = self.now - LAGS[step.lag]
        channel = random.choice(("phone", "phone", "visit", "web", "forum"))
        contacts = (CONTACT,) * 5 + ({"name": "李四"}, None)
        fields: dict[str, Any] = {
            "centre": ("north", "south")[step.case % 2],
            "channel": channel,
            "category": random.choice(
                ("complaint", "complaint", "repair", "special_service", "inquiry", "suggestion")
            ),
            "urgency": random.choice(("normal", "normal", "emergency")),
            "level": random.choice(("department", "department", "company")),
            "topic": random.choice(("noise", "noise", "water")),
            "contact": random.choice(contacts),
        }
        if channel in ("web", "forum"):
            posted = at - random.choice(DELTAS)
            forwarded = random.choice((None, posted, at, posted + (at - posted) // 2))
            fields["posted_at"] = posted.isoformat()
            fields["forwarded_at"] = forwarded and forwarded.replace(microsecond=0).isoformat()
        if random.random() < 0.3:
            fields["promised_reply_at"] = (at + random.choice(DELTAS)).isoformat()
        self._do("receive_complaint", step.case, at, "desk{}", text="楼上装修噪音", **fields)
        self.received[step.case] = fields | {"at": at.isoformat()}

    def _triage(self, case: int, at: datetime, random: Random) -> None:
        urgency = random.choice(("normal", "emergency"))
        self._do("triage_complaint", case, at, "desk{}", urgency=urgency)

    def _valid(self, case: int, at: datetime, random: Random) -> None:
        topic = random.choice((None, None, "water"))
        self._do("classify_complaint", case, at, "desk{}", validity="valid", topic=topic)

    def _invalid(self, case: int, at: datetime, random: Random) -> None:
        signed_by = random.choice((None, f"head{1 + case % 2}"))
        fields = {"validity": "invalid", "signed_by": signed_by}
        self._do("classify_complaint", case, at, "desk{}", **fields)

    def _sign(self, case: int, at: datetime, random: Random) -> None:
        validity = random.choice(("valid", "invalid"))
        self._do("sign_classification", case, at, "head{}", validity=validity)

    def _answer(self, case: int, at: datetime, _: Random) -> None:
        self._do("answer_complaint", case, at, "desk{}", text="好")

    def _dispatch(self, case: int, at: datetime, random: Random) -> None:
        handler = random.choice(("tech", "fitter")) + str(1 + case % 2)
        fields = {"department": "engineering", "handler": handler}
        self._do("dispatch_complaint", case, at, "desk{}", **fields)

    def _consult(self, case: int, at: datetime, random: Random) -> None:
        if random.random() < 0.5:
            self._dispatch(case, at, Random(0))
        by = random.choice(("tech{}", "fitter{}"))
        self._do("consult_on_complaint", case, at, by)

    def _reply(self, case: int, at: datetime, random: Random) -> None:
        approved_by = random.choice((None, f"head{1 + case % 2}"))
        if random.random() < 0.3:
            self._do("approve_reply", case, at, "head{}")
        fields = {"channel": "phone", "text": "好", "approved_by": approved_by}
        self._do("reply_to_complaint", case, at, "desk{}", **fields)

    def _start(self, case: int, at: datetime, random: Random) -> None:
        if random.random() < 0.5:
            self._dispatch(case, at, Random(0))
        self._do("start_handling", case, at, random.choice(("tech{}", "fitter{}")))

    def _window(self, at: datetime, random: Random) -> dict[str, str]:
        begins = at + random.choice(DELTAS)
        return {"from": begins.isoformat(), "to": (begins + random.choice(DELTAS)).isoformat()}

    def _agree(self, case: int, at: datetime, random: Random) -> None:
        self._do("agree_appointment", case, at, "desk{}", **self._window(at, random))

    def _move(self, case: int, at: datetime, random: Random) -> None:
        asked_by = random.choice(("customer", "company"))
        window = self._window(at, random)
        self._do("move_appointment", case, at, "desk{}", asked_by=asked_by, **window)

    def _report(self, case: int, at: datetime, random: Random) -> None:
        times = (at, at + timedelta(seconds=1)) if at < self.now else (at,)
        for one in times[: random.choice((1, 2))]:
            self._do("report_progress", case, one, "desk{}", text="还在修")

    def _finish(self, case: int, at: datetime, random: Random) -> None:
        self._dispatch(case, at, Random(random.randrange(2)))
        self._do("approve_remedy", case, at, "head{}")
        spot: dict[str, Any] = {}
        if random.random() < 0.1:
            spot = {"on_the_spot_satisfied": True, "evidence": "签字"}
        by = random.choice(("tech{}", "tech{}", "fitter{}"))
        self._do("finish_handling", case, at, by, result="修好了", **spot)

    def _revisit(self, case: int, at: datetime, random: Random) -> None:
        outcome = random.choice(("satisfied", "unsatisfied", "unreachable"))
        by = random.choice(("desk{}",) * 5 + ("hq", "desk9"))
        self._do("revisit_complaint", case, at, by, outcome=outcome, channel="phone")

    def _escalate(self, case: int, at: datetime, _: Random) -> None:
        self._do("escalate_complaint", case, at, "desk{}", reason="missed")

    def _sensitive(self, case: int, at: datetime, _: Random) -> None:
        self._do("mark_sensitive", case, at, "head{}", reason="丧事")

    def _close(self, case: int, at: datetime, random: Random) -> None:
        for do, by in (("confirm_result", "head{}"), ("verify_closure", "commissioner")):
            if random.random() < 0.9:
                self._may(do, case, at, by)
        self._do("close_complaint", case, at, "head{}")

    def _may(self, do: str, case: int, at: datetime, by: str) -> None:
        try:
            self._do(do, case, at, by)
        except Rejected:
            return

    def _force(self, case: int, at: datetime, _: Random) -> None:
        self._do("force_close_complaint", case, at, "head{}", reason="无法联系")

    def _reopen(self, case: int, at: datetime, _: Random) -> None:
        self._do("reopen_complaint", case, at, "super{}", reason="又坏了")

    def _merge(self, case: int, at: datetime, random: Random) -> None:
        into = random.choice(range(case % 2, CASES, 2))
        self._do("merge_complaint", case, at, "super{}", into=f"{self.prefix}-{into}")

    def _correct(self, case: int, at: datetime, random: Random) -> None:
        known = self.received[case]
        fact, new = random.choice(
            (
                ("at", (moment(known["at"]) - random.choice(DELTAS)).isoformat()),
                ("level", random.choice(("department", "company"))),
                ("urgency", random.choice(("normal", "emergency"))),
                ("category", random.choice(("complaint", "repair", "suggestion"))),
                ("topic", random.choice(("noise", "water"))),
                ("contact", random.choice((None, CONTACT, {"name": "王五"}))),
            )
        )
        old = None if fact == "contact" else known[fact]
        fields = {"fact": fact, "old": old, "new": new, "reason": "打错了"}
        self._do("correct_complaint", case, at, "super{}", **fields)
        known[fact] = new

    def _void(self, case: int, at: datetime, _: Random) -> None:
        self._do("void_complaint", case, at, "super{}", reason="打错了")


def player(register: Register, start: int, **changes: Any) -> Player:
    """Return a player that begins at one of the starts."""
    return Player(register, moment(STARTS[start % len(STARTS)]), **changes)
