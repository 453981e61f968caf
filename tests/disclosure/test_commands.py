"""Given, when, then: breaking the glass, erasure, legal holds, looking a caller up."""

from __future__ import annotations

from typing import Any

import pytest

from guanjia.domain.disclosure.caller import LOOK_UPS_AN_HOUR
from guanjia.domain.disclosure.events import DataDenied, PhoneLookedUp
from guanjia.domain.disclosure.seen import Denied
from guanjia.domain.streams import GLASS
from tests import units as u
from tests.spec import Line, judge, line, moment

from . import places as p
from .places import Community, about_data, community


def breaks(glass: str = "G-1", by: str = "guard1", at: str = "2025-11-10 10:00") -> Line:
    """Return the breaking of a glass for U1."""
    return line("break_glass", by, at, glass=glass, about=p.HOME, reason="漏水")


def reviews(by: str = "keeper1", at: str = "2025-11-10 12:00", **more: Any) -> Line:  # noqa: ANN401
    """Return the review of the glass G-1."""
    return line("review_glass", by, at, **{"glass": "G-1", "justified": True, **more})


KEEPER2 = line(
    "post_staff", None, "2020-01-01 00:00",
    staff="keeper2", person="p-keeper2", post="data_custodian", centre="north",
)  # fmt: skip


def outcome(world: Community, as_of: str) -> str:
    """Return how the review of G-1 stands."""
    glass = world.app._streams.state(GLASS, "G-1")
    assert glass is not None
    (clock,) = glass.clocks.values()
    assert clock.commitment == "glass_review"
    return judge(clock, as_of)


def test_breaking_the_glass_starts_the_clock_of_its_review() -> None:
    """It lasts fifteen minutes, its reason is sealed, and its review is due in 24 hours."""
    world = community()
    done = world.when(breaks())
    until = moment("2025-11-10 10:15")
    done.then(("glass.broken.1", {"until": until, "policy": "1", "person": "p-guard1"}))
    assert b"\xe6\xbc\x8f\xe6\xb0\xb4" not in done.events[0].to_bytes()
    assert outcome(world, "2025-11-11 10:00") == "open"
    assert outcome(world, "2025-11-11 10:01") == "missed"


def test_a_review_stops_the_clock() -> None:
    """The custodian of the centre judges it, with words of their own or without."""
    world = community(breaks())
    world.when(reviews(justified=False, note="无紧急情况")).then(
        ("glass.reviewed.1", {"justified": False})
    )
    assert outcome(world, "2025-11-30 00:00") == "met"


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([], breaks(by="audit1"), "wrong_post"),
        ([], breaks(by="tech3"), "other_centre"),
        ([], line("break_glass", "guard1", "2025-11-10 10:00", glass="G", reason="x",
                  about={"kind": "unit", "id": "U9"}), "unknown_unit"),
        ([breaks()], breaks(), "duplicate_glass"),
        ([], reviews(), "unknown_glass"),
        ([breaks()], reviews("head1"), "wrong_post"),
        ([breaks()], reviews(at="2025-11-10 09:00"), "out_of_order"),
        ([breaks(), reviews()], reviews(at="2025-11-10 13:00"), "glass_reviewed"),
        ([breaks(by="keeper1")], reviews(), "own_glass"),
        ([], about_data("request_erasure", "head1"), "wrong_post"),
        ([], about_data("request_erasure", "keeper1", unit="U9"), "unknown_unit"),
        ([], about_data("request_erasure", "keeper1", resident="R9"), "unknown_resident"),
        ([], about_data("request_erasure", "keeper1", complaints=["N-9"]), "unknown_complaint"),
        ([], about_data("request_erasure", "keeper1", complaints=["S-1"]), "case_of_other_unit"),
        ([p.REQUESTED], p.REQUESTED, "erasure_requested_already"),
        ([], p.ERASED, "erasure_not_requested"),
        ([p.REQUESTED], {**p.ERASED, "by": "keeper1"}, "wrong_post"),
        ([p.REQUESTED], {**p.ERASED, "by": "head2"}, "other_centre"),
        ([], {**p.HELD, "by": "desk1"}, "wrong_post"),
        ([p.HELD], p.HELD, "held_already"),
        ([], p.LIFTED, "not_held"),
        ([p.HELD], {**p.LIFTED, "by": "keeper1"}, "wrong_post"),
    ],
)  # fmt: skip
def test_what_is_refused(history: list[Line], command: Line, code: str) -> None:
    """Nothing is recorded, and the code says why."""
    community(*history).when(command).then_refused(code)


def test_another_custodian_reviews_a_custodians_glass() -> None:
    """Nobody reviews their own, whichever account they use."""
    world = community(KEEPER2, breaks(by="keeper1"))
    world.when(reviews()).then_refused("own_glass")
    world.when(reviews("keeper2")).then("glass.reviewed.1")


def test_two_persons_erase() -> None:
    """The person who asked does not approve, whichever account they use."""
    twin = line(
        "post_staff", None, "2020-01-01 00:00",
        staff="head9", person="p-keeper1", post="department_head", centre="north",
    )  # fmt: skip
    community(twin, p.REQUESTED).when({**p.ERASED, "by": "head9"}).then_refused("one_approver")


def erased_of(world: Community) -> set[str]:
    """Return whose keys were destroyed."""
    rows = world.store.read(0, 1_000_000)
    return {row.originator_id for row in rows if row.topic == "privacy.erased.1"}


def test_an_erasure_takes_the_person_and_the_words_of_their_cases() -> None:
    """Named cases, and those of the home with their number; nobody else's."""
    world = community(
        p.case("N-6", contact=u.OWNER), p.case("N-7", unit="U2", contact=u.OWNER), p.REQUESTED
    )
    world.execute(p.ERASED)
    assert erased_of(world) == {
        "privacy:resident:U1/R1", "privacy:complaint:N-3", "privacy:complaint:N-6",
    }  # fmt: skip
    assert world.ask("name", "callback", "super1", unit="U1").name == "李四"
    assert world.ask("text", "callback", "super1", complaint="N-3").texts == []
    assert world.ask("text", "callback", "super1", complaint="N-7").texts == ["楼上装修噪音"]
    assert world.gateway.mask("unit", "U1", "id_number") is None


def test_who_comes_back_after_an_erasure_has_a_key_of_their_own() -> None:
    """The data given anew is shown, the old stays gone."""
    world = community(p.REQUESTED, p.ERASED)
    world.run(u.do("update_contact", "2025-11-20 09:00", resident="R1", contact={"name": "新名"}))
    assert world.ask("name", "callback", "super1", unit="U1").name == "新名"
    assert world.ask("id_number", "legal", "head1", unit="U1").id_number is None


def test_a_legal_hold_restricts_instead() -> None:
    """Under a hold nothing is destroyed; what is kept is shown for legal purposes alone."""
    world = community(p.REQUESTED, p.HELD)
    assert world.why("name", "callback", "super1", unit="U1") == "disclosed"
    world.execute(p.ERASED)
    assert erased_of(world) == set()
    assert world.why("name", "callback", "super1", unit="U1") == "restricted"
    assert world.why("text", "repair", "super1", complaint="N-3") == "restricted"
    assert world.ask("name", "legal", "keeper1", unit="U1").name == "张三"
    world.run(p.LIFTED)
    world.execute({**p.ERASED, "at": "2025-11-10T13:00:00+08:00"})
    assert "privacy:resident:U1/R1" in erased_of(world)
    world.later(minutes=2)
    assert world.why("name", "callback", "super1", unit="U1") == "disclosed"


def test_a_glass_does_not_open_what_is_restricted() -> None:
    """The hold is stronger than the emergency of one person."""
    world = community(p.REQUESTED, p.HELD, p.ERASED)
    world.run(breaks(by="super1", at=p.NOW))
    assert world.why("name", "emergency", "super1", unit="U1", glass="G-1") == "restricted"


def test_a_caller_is_found_by_any_way_of_writing_the_number() -> None:
    """Masks of the residents and cases with this number; no digit stands in the record."""
    world = community()
    found = world.gateway.look_up("0086 138 0013 8000", by="desk1")
    assert [(one.about.kind, one.about.id, one.resident, one.name, one.phone) for one in found] == [
        ("complaint", "N-5", None, None, "+86****8000"),
        ("unit", "U1", "R1", "张**", "138****8000"),
    ]
    (event,) = world.trail()
    assert isinstance(event, PhoneLookedUp)
    assert b"8000" not in event.to_bytes()


def test_who_gave_no_number_is_not_the_same_as_others_who_gave_none() -> None:
    """``无`` in the place of a number finds nobody and makes no case one of a home's."""
    world = community(
        u.do("update_contact", "2025-11-20 09:00", resident="R1", contact={"phone": "无"}),
        p.case("N-6", unit=None, contact={"name": "王五", "phone": "无"}),
    )
    assert world.row("N-6").reach == "pathless"
    assert world.gateway.look_up("无", by="desk1") == []
    assert world.why("phone", "repair", "desk1", unit="U1", complaint="N-6") == "case_of_another"


def test_a_number_nobody_has_is_on_record_too() -> None:
    """The question is the event, whatever the answer."""
    world = community()
    assert world.gateway.look_up("13512345678", by="desk1") == []
    assert [event.topic for event in world.trail()] == ["access.looked_up.1"]


def test_only_those_the_post_may_see_are_found() -> None:
    """Another centre's people are not; the steward finds the area; a moved-out tenant is gone."""
    world = community(u.do("end_residence", "2025-11-30 09:00", resident="T1"))
    assert world.gateway.look_up("13800138000", by="desk2") == []
    assert [one.about.id for one in world.gateway.look_up("13800138000", by="stew1")] == ["U1"]
    tenant = world.gateway.look_up("13900139000", by="desk1")
    assert {one.about.kind for one in tenant} == {"complaint"}


@pytest.mark.parametrize(
    ("by", "reason"),
    [("guard1", "not_granted"), ("tech1", "not_granted"), ("audit1", "not_granted"),
     ("system", "not_granted"), ("tech2", "left")],
)  # fmt: skip
def test_others_look_nobody_up(by: str, reason: str) -> None:
    """The denial is an event."""
    world = community(line("staff_leaves", None, "2025-11-30 09:00", staff="tech2"))
    with pytest.raises(Denied) as denied:
        world.gateway.look_up("13800138000", by=by)
    assert denied.value.why == reason
    assert isinstance(world.trail()[0], DataDenied)


def test_numbers_are_not_tried_one_after_another() -> None:
    """After an hour's share the answer is a denial, counted like any other."""
    world = community()
    for number in range(LOOK_UPS_AN_HOUR):
        world.gateway.look_up(f"1380000{number:04}", by="desk1")
    for _ in range(3):
        with pytest.raises(Denied) as denied:
            world.gateway.look_up("13800138000", by="desk1")
        assert denied.value.why == "too_many"
    assert world.trail()[-1].topic == "access.denied.1"
    world.later(hours=1, minutes=1)
    assert world.gateway.look_up("13800138000", by="desk1")


def test_what_is_said_of_a_resident_is_sealed_under_their_key() -> None:
    """The home's own words and each resident's data have keys apart."""
    world = community()
    with world.store._database.reading() as cursor:
        cursor.execute("SELECT DISTINCT subject FROM vault_values ORDER BY subject")
        subjects = [row[0] for row in cursor.fetchall()]
    assert {"resident:U1/R1", "resident:U1/T1", "resident:U1/F1", "complaint:N-1"} <= {*subjects}
    assert "unit:U1" not in subjects


def test_an_irregular_review_is_kept() -> None:
    """An old register in which somebody reviewed their own says so."""
    world = community(breaks(by="keeper1"))
    done = world.when(reviews(), keep_irregular=True)
    assert [event.irregular for event in done.events] == [("own_glass",)]
