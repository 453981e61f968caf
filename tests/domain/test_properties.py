"""What holds for any history whatsoever: random commands by anybody, at any time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.domain.centre import NumberGiven, OrderNumberGiven
from guanjia.domain.errors import Rejected
from guanjia.domain.moments import parse
from guanjia.domain.promises import Clock
from tests import scenarios as s
from tests.spec import Line, World, moment

from .drawing import CASES, HISTORIES, three_cases
from .machine import CANARY

modest = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _when(one: Line) -> str:
    return str(one["at"])


def _world() -> World:
    return World().run(three_cases())


def _attempt(world: World, one: Line, *, keep_irregular: bool) -> Rejected | None:
    """Execute a line; require that a refusal wrote nothing, and leaves every state as it was."""
    before = world.position
    standing = world.standing()
    outcome = world.when(one, keep_irregular=keep_irregular)
    if outcome.refusal:
        assert world.standing() == standing
    else:
        assert len(outcome.events) == world.position - before > 0
    return outcome.refusal


@modest
@given(HISTORIES, st.booleans(), st.booleans())
def test_a_line_leaves_events_or_a_typed_refusal(
    history: list[Line], keep: bool, in_order: bool
) -> None:
    """Nothing else ever comes of a command; irregular history keeps all that it can keep."""
    world = _world()
    for one in sorted(history, key=_when) if in_order else history:
        refusal = _attempt(world, one, keep_irregular=keep)
        assert refusal is None or not keep or not refusal.keepable, refusal
    _check_replay(world)
    _check_time(world)
    _check_numbers(world)
    _check_canary(world)


def _check_replay(world: World) -> None:
    """The state folded from the stored bytes is the state decisions saw."""
    seen = world.standing()
    world.app._streams.forget()
    assert world.standing() == seen


def _check_time(world: World) -> None:
    """Within a case ``recorded_at`` never goes backwards, nor before what it records."""
    for name in CASES:
        events = world.events(name)
        recorded = [event.recorded_at for event in events]
        assert recorded == sorted(recorded)
        assert all(event.at <= event.recorded_at for event in events)


def _check_numbers(world: World) -> None:
    """A centre's two sequences have no gaps, whatever was refused between."""
    held = sorted(
        (case.centre, number) for case in map(world.case, CASES) for number in case.work_orders
    )
    given_out: list[tuple[str, int]] = []
    for centre in ("north", "south"):
        events = world.stream(f"centre:{centre}")
        cases = [event.number for event in events if isinstance(event, NumberGiven)]
        orders = [event.number for event in events if isinstance(event, OrderNumberGiven)]
        for numbers in (cases, orders):
            assert numbers == list(range(1, len(numbers) + 1))
        given_out += [(centre, number) for number in orders]
    assert held == given_out


def _check_canary(world: World) -> None:
    """No stored event holds a word or a contact of anybody."""
    for row in world.store.read(0, 100_000):
        text = json.dumps(json.loads(row.state), ensure_ascii=False)
        assert CANARY not in text
        assert "138001" not in text


@modest
@given(HISTORIES)
def test_what_was_promised_is_kept(history: list[Line]) -> None:
    """A clock keeps its due time, policy and calendar, unless it was provisional or corrected."""
    world = _world()
    for one in sorted(history, key=_when):
        before = {name: world.case(name).clocks for name in CASES}
        if one["do"] == "correct_complaint" or _attempt(world, one, keep_irregular=False):
            continue
        for name in CASES:
            after = world.case(name).clocks
            for key, clock in before[name].items():
                _check_promise(clock, after.get(key), one)


def _check_promise(clock: Clock, after: Clock | None, one: Line) -> None:
    if after is None:
        assert clock.commitment in ("respond", "revisit", "reply"), one
        return
    assert after.policy == clock.policy
    if one["do"] == "load_calendar" and clock.provisional:
        return
    capped = clock.commitment == "respond" and one["do"] == "consult_on_complaint"
    if not capped:
        assert (after.due_at, after.calendar, after.provisional) == (
            clock.due_at,
            clock.calendar,
            clock.provisional,
        ), one


AT = st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0).isoformat() + "+08:00"
)


@modest
@given(AT, st.sampled_from(["department", "company"]), st.sampled_from(["phone", "web"]))
def test_no_date_from_1990_to_2100_crashes(at: str, level: str, channel: str) -> None:
    """Every clock has a due time; what no official calendar covers is provisional."""
    world = World(now=moment("2101-01-01 00:00"))
    world.run(
        s.STAFFED,
        s.receive(at, level=level, channel=channel, category="repair"),
        s.dispatch(at),
        s.finish(at),
    )
    for clock in world.clocks():
        assert clock.due_at > clock.started_at
        if clock.calendar:
            assert clock.provisional == _unsure(clock)
    _check_replay(world)


def _unsure(clock: Clock) -> bool:
    """Whether a day counted lies outside 2004-2026, or where 2027's calendar can still move it."""
    first = clock.started_at + timedelta(days=1)
    sure = first >= parse("2004-01-01T00:00:00+08:00")
    return not (sure and clock.due_at < parse("2026-12-25T00:00:00+08:00"))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Pacific/Apia", "UTC"])
def test_a_replay_gives_the_same_state_in_any_zone(zone: str) -> None:
    """What is kept in mind and what is read back are equal, also while clocks change."""
    from zoneinfo import ZoneInfo

    world = World(zone=ZoneInfo(zone))
    world.run(s.STAFFED, s.receive("2025-10-26T00:30:00+00:00", category="repair"))
    world.run(
        s.dispatch("2025-10-26T00:40:00+00:00"),
        s.consult("2025-10-26T00:50:00+00:00"),
        s.finish("2025-10-26T01:10:00+00:00"),
        s.revisit("2025-10-26T01:20:00+00:00"),
    )
    _check_replay(world)
    assert world.outcomes("respond", "2025-10-27 00:00") == ["missed"]
