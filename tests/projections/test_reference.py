"""The views against the reference: every figure of random histories, as of several moments."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .histories import Player, Step, histories, player, seeded
from .reference import FIGURES, Fact, Reference, read
from .register import Register, in_memory, moment

COUNTED = (*FIGURES, "rate")
PROMISE = (
    "subject",
    "commitment",
    "round",
    "started_at",
    "due_at",
    "provisional",
    "stopped_at",
    "outcome",
    "late_seconds",
)
SECOND = timedelta(seconds=1)

Answers = dict[str, Any]


def answered(register: Register, as_of: datetime) -> Answers:
    """Return what the views say."""
    ask = register.ask
    return {
        "sla": sorted((tuple(r[name] for name in PROMISE) for r in ask("sla", as_of)), key=str),
        "unescalated": sorted(
            (r["complaint"], r["commitment"], r["missed_at"], r["rung"])
            for r in ask("unescalated", as_of)
        ),
        "volume": {
            (r["centre"], r["month"]): (r["received"], r["finished"], r["closed"], r["backlog"])
            for r in ask("volume", as_of)
        },
        "revisits": {
            (r["centre"], r["month"], r["scope"]): {name: r[name] for name in COUNTED}
            for r in ask("revisits", as_of)
        },
    }


def expected(facts: list[Fact], as_of: datetime) -> Answers:
    """Return what the law says."""
    reference = Reference(facts, as_of)
    return {
        "sla": sorted((promise.key for promise in reference.sla()), key=str),
        "unescalated": sorted(reference.unescalated()),
        "volume": reference.volume(),
        "revisits": reference.revisits(),
    }


def moments(player: Player, facts: list[Fact], count: int) -> Iterator[datetime]:
    """Yield moments worth asking about: the end, after it, in between, and just at a deadline."""
    random = Random(len(facts))  # noqa: S311 - any will do
    dues = [promise.due for promise in Reference(facts, player.now).sla()]
    yield player.now
    yield player.now + timedelta(days=45)
    for _ in range(count if dues else 0):
        yield random.choice(player.moments) - random.choice((timedelta(0), SECOND))
        yield random.choice(dues) + random.choice((timedelta(0), SECOND))


def check(steps: list[Step], start: int, *, keep_irregular: bool, count: int) -> None:
    """Play a history and compare."""
    register = in_memory("2030-01-01 00:00")
    with register.office:
        played = player(register, start, keep_irregular=keep_irregular).play(steps)
        facts = read(register.store)
        for as_of in moments(played, facts, count):
            assert answered(register, as_of) == expected(facts, as_of)


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(histories(), st.integers(0, 5), st.booleans())
def test_the_views_say_what_the_law_says(
    steps: list[Step], start: int, keep_irregular: bool
) -> None:
    """Whatever happens to a few cases, every figure is the reference's at every moment."""
    check(steps, start, keep_irregular=keep_irregular, count=1)


@pytest.mark.parametrize("seed", range(8))
def test_the_views_say_what_the_law_says_of_long_histories(seed: int) -> None:
    """The same for histories of a hundred steps and more."""
    check(seeded(seed, 30), seed, keep_irregular=seed % 4 == 3, count=2)


def test_a_case_under_a_policy_of_its_own(register: Register) -> None:
    """Limits come from the policy that bound at the receipt, in the views and in the reference."""
    register.do(
        "adopt_policy",
        "2025-09-01 00:00",
        "hq",
        version="2",
        effective_from="2025-10-31T00:00:00+08:00",
        revisit_working_days=4,
        respond_normal_minutes=20,
        progress_contacts_per_week=3,
        implied_outcome_months=2,
    )
    played = player(register, 1).play(seeded(77, 40))
    facts = read(register.store)
    for as_of in (played.now, played.now + timedelta(days=70), moment("2025-12-01 00:00")):
        assert answered(register, as_of) == expected(facts, as_of)
