"""The handover of a home: its notice, the inspection, the keys and cards."""

from __future__ import annotations

import pytest

from guanjia.domain.streams import KEY
from tests import units as u
from tests.spec import World, given, line, moment
from tests.units import AT


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ("2025-10-10 23:59:59", "met"),
        ("2025-10-11 00:00:00", "missed"),
        ("2025-10-20 09:00", "missed"),
    ],
)
def test_the_owner_hears_ten_days_before(told: str, outcome: str) -> None:
    """The tenth day before is in time to its end; a later notice is taken and shown missed."""
    world = given(u.OWNED, u.notice(told))
    assert u.outcomes(world, "handover_notice", "2025-10-21 09:00") == [outcome]
    assert u.dues(world, "handover_notice") == [moment("2025-10-10 23:59:59")]


def test_a_second_notice_moves_the_day() -> None:
    """Each notice is a promise of its own, and the latest says the day, typed in late or not."""
    world = given(u.OWNED, u.notice("2025-10-15 09:00", "2025-11-20"), u.notice("2025-10-12 09:00"))
    assert u.outcomes(world, "handover_notice", "2025-11-21 09:00") == ["missed", "met"]
    told = u.unit(world).notice
    assert told is not None
    assert str(told.handover_on) == "2025-11-20"


def test_the_policy_of_the_registration_binds() -> None:
    """A shorter notice adopted later does not make this one timely."""
    adopted = line(
        "adopt_policy",
        "gm1",
        "2025-10-01 12:00",
        version="2",
        effective_from="2025-10-01T12:00:00+08:00",
        handover_notice_days=2,
    )
    later = u.register("2025-10-01 13:00", unit="U2")
    told = [u.notice("2025-10-15 09:00", unit=name) for name in ("U1", "U2")]
    world = given(u.REGISTERED, adopted, later, told)
    outcomes = [world_outcomes(world, name) for name in ("U1", "U2")]
    assert outcomes == [["missed"], ["met"]]


def world_outcomes(world: World, name: str) -> list[str]:
    """Return the outcomes of a home's notices."""
    return [
        "met" if one.stopped_at and one.stopped_at <= one.due_at else "missed"
        for one in u.clocks(world, "handover_notice", name)
    ]


def test_a_second_inspection_adds_what_it_finds() -> None:
    """The defects of both are known, and the later one is the inspection."""
    again = u.inspect(
        "2025-10-19 16:00", defects=[{"defect": "D2", "kind": "civil", "text": "墙面空鼓"}]
    )
    home = u.unit(given(u.INSPECTED, again))
    assert sorted(home.defects) == ["D1", "D2"]
    assert (home.defects_found, home.inspected_at) == (2, moment("2025-10-19 16:00"))
    assert str(home.defects["D1"].warranty_until) == "2027-10-01"


def test_defects_of_one_inspection_have_names_of_their_own() -> None:
    """One name twice in a command is refused."""
    twice = [{"defect": "D1", "kind": "civil", "text": "-"}] * 2
    given(u.NOTICED).when(u.inspect(defects=twice)).then_refused("duplicate_defect")


def test_a_handover_issues_keys_and_cards_with_it() -> None:
    """One command: the home is handed over and each key is the owner's, under key rules."""
    outcome = given(u.READY).when(u.hand_over())
    outcome.then(
        ("key.issued.1", {"resident": "R1", "signature": "JF-1"}),
        "key.issued.1",
        "key.issued.1",
        ("unit.handed_over.1", {"owner": "R1", "keys": ("K1",), "cards": ("C1", "C2")}),
    )
    for name in ("K1", "C1", "C2"):
        known = outcome.world.app._streams.state(KEY, name)
        assert known is not None
        assert (known.now.place, known.now.resident) == ("owner", "R1")
    outcome.world.when(
        line("issue_key", "desk1", AT, key="K1", resident="R2", signature="Q")
    ).then_refused("key_not_in_cabinet")


def test_a_key_that_is_not_there_leaves_everything_as_it_was() -> None:
    """Neither the home nor any of the other keys has moved."""
    outcome = given(u.LENT).when(u.hand_over()).then_refused("key_not_in_cabinet")
    assert u.unit(outcome.world).handed_over is None
    known = outcome.world.app._streams.state(KEY, "K1")
    assert known is not None
    assert known.now.place == "cabinet"


def test_the_number_of_cards_is_the_policys_at_the_handover() -> None:
    """A company that hands out one card says so."""
    adopted = line(
        "adopt_policy",
        "gm1",
        "2025-10-02 12:00",
        version="2",
        effective_from="2025-10-03T00:00:00+08:00",
        handover_cards=1,
    )
    given(u.READY, adopted).when(u.hand_over(cards=["C1"])).then(
        "key.issued.1", "key.issued.1", "unit.handed_over.1"
    )


def test_the_first_handover_stands() -> None:
    """One recorded again changes neither when the home was handed over nor who moved in."""
    world = given(u.HANDED_OVER)
    world.when(u.hand_over(AT), keep_irregular=True)
    passed = u.unit(world).handed_over
    assert passed is not None
    assert passed.at == moment("2025-10-20 10:00")
    assert len(u.clocks(world, "greeting")) == 1


def test_an_owner_change_before_the_handover_hands_over_to_the_new_one() -> None:
    """The notice given to the former owner stands; the keys go to the present one."""
    history = [*u.READY, u.change_owner("2025-10-19 12:00")]
    issued = ("key.issued.1", {"resident": "R2"})
    outcome = given(history).when(u.hand_over())
    outcome.then(issued, issued, issued, ("unit.handed_over.1", {"owner": "R2"}))
