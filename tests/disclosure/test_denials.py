"""Denials: why, that each is on record, and how repeated ones are counted."""

from __future__ import annotations

import pytest

from guanjia.domain.disclosure.events import DataDenied, DenialsCounted
from guanjia.domain.disclosure.seen import Denied
from tests.spec import line

from .places import community, office


def test_a_denial_is_an_event_too_and_shows_nothing() -> None:
    """The refusal carries a code and where it was recorded."""
    world = community()
    with pytest.raises(Denied) as denied:
        world.ask("phone", "security", "guard1", unit="U1")
    (event,) = world.trail()
    assert isinstance(event, DataDenied)
    assert (denied.value.why, denied.value.position) == ("not_granted", world.position)
    assert (event.reason, event.refused) == ("not_granted", ("phone",))
    assert "138" not in str(denied.value)


def test_one_refused_field_denies_the_whole_request() -> None:
    """Nothing is shown in part."""
    world = community()
    assert world.why("name bank", "callback", "desk1", complaint="N-1") == "not_granted"


@pytest.mark.parametrize(
    ("asked", "about", "reason"),
    [
        (("phone", "callback", "desk1"), {"unit": "U1"}, "no_open_case"),
        (("phone", "callback", "desk1"), {"unit": "U2", "complaint": "N-1"}, "case_of_another"),
        (("phone", "callback", "desk1"), {"unit": "U2", "complaint": "N-5"}, "case_of_another"),
        (("phone", "callback", "desk2"), {"complaint": "N-1"}, "other_centre"),
        (("phone", "visit", "stew1"), {"unit": "U2"}, "not_own_area"),
        (("text", "legal", "gm1"), {"complaint": "N-1"}, "not_company_or_major"),
        (("phone", "callback", "audit1"), {"unit": "U1"}, "not_granted"),
        (("phone", "callback", "system"), {"unit": "U1"}, "not_granted"),
    ],
)
def test_each_denial_says_why(
    asked: tuple[str, str, str], about: dict[str, str], reason: str
) -> None:
    """The reason is a code in the record."""
    assert community().why(*asked, **about) == reason


def test_who_left_or_moved_is_denied_and_recorded() -> None:
    """Access ends at once; the attempt of somebody gone is a denial, not an error."""
    world = community(
        line("staff_leaves", None, "2025-11-30 09:00", staff="tech2"),
        line("transfer_staff", None, "2025-11-30 09:00", staff="super1", centre="south"),
    )
    assert world.why("phone", "repair", "tech2", complaint="N-1") == "left"
    assert world.why("phone", "repair", "super1", unit="U1") == "other_centre"
    assert [event.topic for event in world.trail()] == ["access.denied.1"] * 2


def test_repeated_denials_are_counted_and_never_dropped() -> None:
    """Within a minute the first is an event and the rest a count, recorded when it is over."""
    world = community()
    for _ in range(5):
        assert world.why("phone", "security", "guard1", unit="U1") == "not_granted"
        world.later(seconds=10)
    assert [event.topic for event in world.trail()] == ["access.denied.1"]
    world.later(seconds=30)
    assert world.why("phone", "security", "guard1", unit="U1") == "not_granted"
    _, counted, _ = world.trail()
    assert isinstance(counted, DenialsCounted)
    assert (counted.count, counted.reason, counted.by) == (4, "not_granted", "guard1")
    assert (counted.at - counted.first_at).total_seconds() == 40


def test_each_reason_person_and_question_is_counted_alone() -> None:
    """Another actor, home, field or purpose is another denial, with an event of its own."""
    world = community()
    for asked, unit in [
        (("phone", "security", "guard1"), "U1"),
        (("phone", "security", "guard1"), "U2"),
        (("phone", "fee", "guard1"), "U1"),
        (("phone", "security", "stew1"), "U1"),
        (("family", "security", "guard1"), "U1"),
    ]:
        world.why(*asked, unit=unit)
    assert [event.topic for event in world.trail()] == ["access.denied.1"] * 5


def test_a_denial_for_another_reason_is_an_event_again() -> None:
    """Who left meanwhile is denied for that, whatever was counted."""
    world = community()
    world.why("phone", "security", "guard1", unit="U1")
    world.run(line("staff_leaves", None, "2025-12-01 09:00", staff="guard1"))
    assert world.why("phone", "security", "guard1", unit="U1") == "left"
    assert [event.topic for event in world.trail()] == ["access.denied.1"] * 2


def test_counts_are_recorded_when_the_office_opens_or_closes() -> None:
    """What a killed process counted is recorded by the next one."""
    world = community()
    for _ in range(3):
        world.why("phone", "security", "guard1", unit="U1")
    office(world)
    assert isinstance(world.trail()[-1], DenialsCounted)
    assert world.store.tallies.all() == []
