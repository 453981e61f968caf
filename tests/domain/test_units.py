"""Homes: the register, the people, the handover with its keys, visits and areas."""

from __future__ import annotations

import pytest

from guanjia.domain.streams import CENTRE, KEY, PERMIT
from tests import permits as p
from tests import scenarios as s
from tests import units as u
from tests.spec import Line, World, given, line, moment

from .kept import Refuses, receive_key
from .kept import register as register_parcel
from .test_commands import Produces

AT = u.AT
TENANTED = [*u.OWNED, u.resident("2025-10-03 09:00", "T1", "tenant")]
FAMILY = [*u.OWNED, u.resident("2025-10-03 09:00", "F1", "family")]
GONE = [*u.LET, u.do("end_residence", "2025-11-02 09:00", resident="T1")]
SOUTH = [*u.REGISTERED, u.register(by="desk2", unit="S1", centre="south")]
LENT = [
    *u.READY,
    s.receive("2025-10-06 09:00"),
    line(
        "lend_key",
        "desk1",
        "2025-10-06 10:00",
        key="C2",
        to="tech1",
        complaint="N-1",
        due_back="2025-10-07T18:00:00+08:00",
    ),
]

PRODUCES = [
    Produces(
        s.STAFFED,
        u.register(AT),
        "unit.registered.1",
        {"centre": "north", "building": "1", "area": "A", "policy": "1", "by": "desk1"},
    ),
    Produces(
        u.REGISTERED,
        u.resident(AT, "R1", id_number="440301199001011234"),
        "unit.resident_registered.1",
        {"resident": "R1", "role": "owner", "family_of": None},
    ),
    Produces(
        u.OWNED, u.resident(AT, "F1", "family"), "unit.resident_registered.1", {"family_of": "R1"}
    ),
    Produces(
        u.OWNED,
        u.change_owner(AT, contact=u.TENANT),
        "unit.owner_changed.1",
        {"resident": "R2", "former": "R1"},
    ),
    Produces(
        u.LET,
        u.do("end_residence", AT, resident="T1"),
        "unit.residence_ended.1",
        {"resident": "T1"},
    ),
    Produces(
        u.OWNED,
        u.do("update_contact", AT, resident="R1", contact={"phone": "13700137000"}),
        "unit.contact_updated.1",
        {"resident": "R1"},
    ),
    Produces(
        u.OWNED,
        u.do("assign_parking", AT, space="B-12", resident="R1", vehicle="粤B12345"),
        "unit.parking_assigned.1",
        {"space": "B-12", "resident": "R1"},
    ),
    Produces(u.PARKED, u.do("end_parking", AT, space="B-12"), "unit.parking_ended.1", {}),
    Produces(u.OWNED, u.notice(), "unit.handover_noticed.1", {}),
    Produces(u.NOTICED, u.inspect(), "unit.inspected.1", {"water": "12.3", "electricity": "45"}),
    Produces(u.HANDED_OVER, u.visit(), "unit.visited.1", {"kind": "regular", "by": "stew1"}),
    Produces(
        u.OWNED,
        u.area(AT, "U1", "U1"),
        "centre.area_assigned.1",
        {"centre": "north", "staff": "stew1", "holder": "p-stew1", "units": ("U1",)},
    ),
]

REFUSES = [
    Refuses(u.REGISTERED, u.register(AT), "duplicate_unit"),
    Refuses(s.STAFFED, u.register(centre="moon"), "unknown_centre"),
    Refuses(s.STAFFED, u.register(by="desk2"), "other_centre"),
    Refuses(s.STAFFED, u.register(by="tech1"), "wrong_post"),
    Refuses(s.STAFFED, u.resident(AT, "R1"), "unknown_unit"),
    Refuses(u.OWNED, u.resident(AT, "R1"), "duplicate_resident"),
    Refuses(u.OWNED, u.resident(AT, "R2"), "owner_registered"),
    Refuses(u.REGISTERED, u.resident("2025-09-30 09:00", "R1"), "out_of_order"),
    Refuses(u.OWNED, u.resident(AT, "T1", "tenant", family_of="R1"), "not_family"),
    Refuses(u.OWNED, u.resident(AT, "F1", "family", family_of="R9"), "unknown_resident"),
    Refuses(FAMILY, u.resident(AT, "F2", "family", family_of="F1"), "not_family"),
    Refuses(GONE, u.resident(AT, "F2", "family", family_of="T1"), "resident_gone"),
    Refuses(GONE, u.resident("2025-11-01 12:00", "T1", "tenant"), "out_of_order"),
    Refuses(u.OWNED, u.resident(AT, "T1", "tenant", by="guard1"), "wrong_post"),
    Refuses(u.REGISTERED, u.change_owner(), "owner_missing"),
    Refuses(u.OWNED, u.change_owner(AT, "R1"), "same_owner"),
    Refuses(u.OWNED, u.change_owner("2025-10-01 12:00"), "out_of_order"),
    Refuses(TENANTED, u.change_owner("2025-10-02 12:00", "T1"), "out_of_order"),
    Refuses(u.OWNED, u.do("end_residence", AT, resident="R1"), "owner_stays"),
    Refuses(u.OWNED, u.do("end_residence", AT, resident="R9"), "unknown_resident"),
    Refuses(GONE, u.do("end_residence", AT, resident="T1"), "resident_gone"),
    Refuses(GONE, u.do("update_contact", AT, resident="T1", contact={}), "resident_gone"),
    Refuses(u.PARKED, u.do("assign_parking", AT, space="B-12", resident="R1"), "space_taken"),
    Refuses(u.OWNED, u.do("end_parking", AT, space="B-12"), "unknown_space"),
    Refuses(
        [*u.PARKED, u.do("end_parking", "2025-10-30 09:00", space="B-12")],
        u.do("end_parking", AT, space="B-12"),
        "space_given_up",
    ),
    Refuses(u.OWNED, u.notice("2025-10-21 09:00"), "handover_day_passed"),
    Refuses(u.HANDED_OVER, u.notice(AT, "2025-12-01"), "already_handed_over"),
    Refuses(u.OWNED, u.notice(by="tech1"), "wrong_post"),
    Refuses(u.OWNED, u.inspect(), "notice_missing"),
    Refuses(u.NOTICED, u.inspect("2025-10-08 08:59:59"), "out_of_order"),
    Refuses(u.HANDED_OVER, u.inspect(AT), "already_handed_over"),
    Refuses(u.INSPECTED, u.inspect("2025-10-19 11:00"), "duplicate_defect"),
    Refuses(u.NOTICED, u.inspect(by="guard1"), "wrong_post"),
    Refuses([*u.REGISTERED, *u.KEYS], u.hand_over(), "nobody_to_hand_over"),
    Refuses([*u.OWNED, *u.KEYS], u.hand_over(), "notice_missing"),
    Refuses([*u.NOTICED, *u.KEYS], u.hand_over(), "not_inspected"),
    Refuses(u.READY, u.hand_over("2025-10-19 09:59:59"), "out_of_order"),
    Refuses(u.READY, u.hand_over(fees_paid=False), "fees_unpaid"),
    Refuses(u.READY, u.hand_over(cards=[]), "cards_missing"),
    Refuses(u.READY, u.hand_over(cards=["C1", "C1"]), "cards_missing"),
    Refuses(u.READY, u.hand_over(by="tech1"), "wrong_post"),
    Refuses(u.READY, u.hand_over(by="desk2"), "other_centre"),
    Refuses(u.READY, u.hand_over(keys=["K9"]), "unknown_key"),
    Refuses(u.READY, u.hand_over(keys=["C1"]), "key_kind_differs"),
    Refuses(u.READY, u.hand_over(keys=["C1", "K1"]), "key_kind_differs"),
    Refuses(
        [*u.READY, u.key("2025-10-05 09:00", "K2", "door", unit="U2")],
        u.hand_over(keys=["K1", "K2"]),
        "key_of_other_unit",
    ),
    Refuses(LENT, u.hand_over(), "key_not_in_cabinet"),
    Refuses(u.HANDED_OVER, u.hand_over(AT), "already_handed_over"),
    Refuses(u.OWNED, u.visit("2025-09-30 09:00"), "out_of_order"),
    Refuses(u.OWNED, u.visit(by="audit1"), "wrong_post"),
    Refuses(u.OWNED, u.visit(by="desk2"), "other_centre"),
    Refuses(u.OWNED, u.area(AT, "U9"), "unknown_unit"),
    Refuses(SOUTH, u.area(AT, "S1"), "other_centre"),
    Refuses(u.OWNED, u.area(AT, "U1", centre="moon"), "unknown_centre"),
    Refuses(u.OWNED, u.area(AT, "U1", staff="tech1"), "wrong_post"),
    Refuses(u.OWNED, u.area(AT, "U1", by="guard1"), "wrong_post"),
]


@pytest.mark.parametrize("case", PRODUCES, ids=lambda case: case.topic)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside."""
    outcome = given(case.history).when(case.command).then((case.topic, case.facts))
    assert outcome.events[0].at == moment(case.command["at"])


@pytest.mark.parametrize(
    "case", REFUSES, ids=[f"{one.command['do']}-{one.code}-{n}" for n, one in enumerate(REFUSES)]
)
def test_refuses(case: Refuses) -> None:
    """The refusal has its code, and nothing was written."""
    given(case.history).when(case.command).then_refused(case.code)


# --- The people -----------------------------------------------------------------------------------


def present(world: World) -> dict[str, str]:
    """Return who is registered in the home now, with their roles."""
    residents = u.unit(world).residents.values()
    return {row.resident: row.role for row in residents if row.until is None}


def test_the_former_owner_leaves_with_the_family_and_the_tenant_stays() -> None:
    """A sale ends the owner's residence and that of the owner's family, not a tenancy."""
    history = [
        *TENANTED,
        u.resident("2025-10-04 09:00", "F1", "family"),
        u.resident("2025-10-04 09:00", "F2", "family", family_of="T1"),
    ]
    world = given(history, u.change_owner())
    assert present(world) == {"T1": "tenant", "F2": "family", "R2": "owner"}


def test_a_home_that_passes_within_the_family_keeps_it() -> None:
    """The new owner was one of the family: the others are the new owner's from then on."""
    world = given(FAMILY, u.resident("2025-10-04 09:00", "F2", "family"), u.change_owner(AT, "F1"))
    assert present(world) == {"F1": "owner", "F2": "family"}
    assert u.unit(world).residents["F2"].family_of == "F1"


def test_a_tenant_leaves_with_the_family() -> None:
    """Who moves out takes the family along."""
    history = [*u.LET, u.resident("2025-11-01 10:00", "F2", "family", family_of="T1")]
    world = given(history, u.do("end_residence", AT, resident="T1"))
    assert present(world) == {"R1": "owner"}


def test_somebody_comes_back() -> None:
    """Who moved out can be registered again; both stays are known."""
    world = given(GONE, u.resident(AT, "T1", "tenant"))
    home = u.unit(world)
    assert present(world) == {"R1": "owner", "T1": "tenant"}
    assert home.resident_on("T1", moment("2025-11-01 12:00"))
    assert home.resident_on("T1", moment("2025-11-02 12:00")) is None


def test_an_event_carries_the_rows_that_changed() -> None:
    """A change of owner carries both people's rows, and a visit none."""
    changed = given(u.OWNED).when(u.change_owner()).events[0]
    assert [row.resident for row in changed.residents] == ["R1", "R2"]  # type: ignore[attr-defined]
    visited = given(u.HANDED_OVER).when(u.visit()).events[0]
    assert (visited.unit, visited.residents, visited.clocks) == (None, (), ())  # type: ignore[attr-defined]


def test_an_owner_change_before_the_handover_hands_over_to_the_new_one() -> None:
    """The notice given to the former owner stands; the keys go to the present one."""
    history = [*u.READY, u.change_owner("2025-10-19 12:00")]
    outcome = given(history).when(u.hand_over())
    assert outcome.events[-1].owner == "R2"  # type: ignore[attr-defined]
    assert {event.resident for event in outcome.events[:-1]} == {"R2"}  # type: ignore[attr-defined]


# --- The notice -----------------------------------------------------------------------------------


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


# --- The inspection and the handover --------------------------------------------------------------


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
    outcome = given(LENT).when(u.hand_over()).then_refused("key_not_in_cabinet")
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


# --- Greetings and visits -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moved_in", "due_at"),
    [
        ("2025-10-20 10:00", "2025-11-20 23:59:59"),
        ("2026-01-31 10:00", "2026-02-28 23:59:59"),
        ("2028-01-31 10:00", "2028-02-29 23:59:59"),
        ("2025-12-15 10:00", "2026-01-15 23:59:59"),
    ],
)
def test_a_greeting_is_due_a_month_after_moving_in(moved_in: str, due_at: str) -> None:
    """To the end of the same day of the next month, or of its last."""
    world = given(u.READY, u.hand_over(moved_in))
    assert u.dues(world, "greeting") == [moment(due_at)]


@pytest.mark.parametrize(
    ("kind", "at", "outcome"),
    [
        ("greeting", "2025-10-20 10:00", "met"),
        ("greeting", "2025-11-20 23:59:59", "met"),
        ("greeting", "2025-11-21 00:00:00", "missed"),
        ("regular", "2025-10-25 10:00", "missed"),
        ("greeting", "2025-10-19 10:00", "missed"),
    ],
)
def test_a_greeting_keeps_the_promise(kind: str, at: str, outcome: str) -> None:
    """A visit of another kind, or before the moving in, does not."""
    world = given(u.HANDED_OVER, u.visit(at, kind))
    assert u.outcomes(world, "greeting", "2025-12-01 09:00") == [outcome]


def test_every_moving_in_is_greeted() -> None:
    """A tenant who follows is greeted in the owner's stead; the visit is the latest one's."""
    world = given(u.LET, u.visit("2025-11-05 10:00", "greeting"))
    assert u.outcomes(world, "greeting", "2025-12-31 09:00") == ["superseded", "met"]


def test_what_was_missed_before_the_next_moved_in_stays_missed() -> None:
    """Nobody greeted the owner within the month."""
    world = given(u.HANDED_OVER, u.resident("2025-12-01 09:00", "T1", "tenant"))
    assert u.outcomes(world, "greeting", "2026-02-01 09:00") == ["missed", "missed"]


def test_who_left_is_owed_no_greeting() -> None:
    """The duty ceases when the tenant moves out before it was due, and stays when after."""
    assert u.outcomes(given(GONE), "greeting", "2026-01-01 09:00") == ["superseded", "void"]
    late = [*u.LET, u.do("end_residence", "2025-12-02 09:00", resident="T1")]
    assert u.outcomes(given(late), "greeting", "2026-01-01 09:00") == ["superseded", "missed"]


def test_who_lives_there_already_does_not_move_in() -> None:
    """A tenant who buys the home is greeted once; a stranger who buys it is greeted."""
    greeted = [*u.LET, u.visit("2025-11-02 10:00", "greeting")]
    own = given(greeted, u.change_owner(AT, "T1"))
    assert u.outcomes(own, "greeting", "2026-01-01 09:00") == ["superseded", "met"]
    other = given(greeted, u.change_owner(AT, "R2"))
    assert u.outcomes(other, "greeting", "2026-01-01 09:00") == ["superseded", "met", "missed"]


def test_no_one_moves_in_before_the_handover() -> None:
    """A change of owner before it starts no greeting."""
    assert u.clocks(given(u.OWNED, u.change_owner("2025-10-05 09:00")), "greeting") == []


def test_a_greeting_typed_in_late_counts_by_when_it_was() -> None:
    """Its time decides, whatever was recorded in between."""
    late = u.visit("2025-10-25 10:00", "greeting", recorded_at="2025-12-05T09:00:00+08:00")
    world = given(u.HANDED_OVER, u.visit("2025-12-01 10:00"), late)
    assert u.outcomes(world, "greeting", "2025-12-06 09:00") == ["met"]


@pytest.mark.parametrize("history", [u.LIFE])
def test_visits_change_no_rows(history: list[Line]) -> None:
    """A regular visit stays quiet: no row and no clock rides on it."""
    event = given(history).when(u.visit("2025-12-01 10:00")).events[0]
    assert (event.unit, event.clocks, event.residents) == (None, (), ())  # type: ignore[attr-defined]


# --- Areas ----------------------------------------------------------------------------------------

OTHER = line(
    "post_staff",
    None,
    "2020-01-01 00:00",
    staff="stew2",
    person="p-stew2",
    post="steward",
    centre="north",
    department="service",
)


def areas(world: World) -> dict[str, str]:
    """Return whose area each home is."""
    kept = world.app._streams.state(CENTRE, "north").areas
    return {unit: care.staff for unit, care in sorted(kept.items())}


def test_an_area_is_replaced_as_a_whole() -> None:
    """Homes left out are nobody's, and homes of another steward change hands."""
    homes = [u.register(unit=name) for name in ("U2", "U3")]
    world = given(u.REGISTERED, OTHER, homes, u.area("2025-10-05 09:00", "U1", "U2"))
    world.run(u.area("2025-10-06 09:00", "U2", "U3", staff="stew2"))
    assert areas(world) == {"U1": "stew1", "U2": "stew2", "U3": "stew2"}
    world.run(u.area("2025-10-07 09:00", "U2"))
    assert areas(world) == {"U2": "stew1", "U3": "stew2"}


def test_an_area_typed_in_late_undoes_no_later_one() -> None:
    """What was assigned since stands."""
    late = u.area("2025-10-04 09:00", "U1", staff="stew2", recorded_at="2025-10-09T09:00:00+08:00")
    world = given(u.REGISTERED, OTHER, u.area("2025-10-05 09:00", "U1"), late)
    assert areas(world) == {"U1": "stew1"}


def test_the_same_area_again_stays_quiet() -> None:
    """Nothing has changed hands."""
    world = given(u.REGISTERED, u.area("2025-10-05 09:00", "U1"))
    assert areas(world.run(u.area("2025-10-06 09:00", "U1"))) == {"U1": "stew1"}


# --- Irregular history ----------------------------------------------------------------------------


IRREGULAR = [
    (u.OWNED, u.resident(AT, "R2"), "owner_registered"),
    (u.REGISTERED, u.change_owner(), "owner_missing"),
    (u.OWNED, u.change_owner(AT, "R1"), "same_owner"),
    (u.OWNED, u.do("end_residence", AT, resident="R1"), "owner_stays"),
    (GONE, u.do("end_residence", AT, resident="T1"), "resident_gone"),
    (u.OWNED, u.notice("2025-10-21 09:00"), "handover_day_passed"),
    (u.OWNED, u.inspect(), "notice_missing"),
    ([*u.NOTICED, *u.KEYS], u.hand_over(), "not_inspected"),
    (u.READY, u.hand_over(fees_paid=False), "fees_unpaid"),
    (u.READY, u.hand_over(cards=[]), "cards_missing"),
    (u.READY, u.hand_over(by="guard1"), "wrong_post"),
    (LENT, u.hand_over(), "key_not_in_cabinet"),
    (u.HANDED_OVER, u.hand_over(AT), "already_handed_over"),
    (u.HANDED_OVER, u.inspect(AT, defects=[]), "already_handed_over"),
    (u.OWNED, u.visit("2025-09-30 09:00"), "out_of_order"),
]


@pytest.mark.parametrize(
    ("history", "command", "code"), IRREGULAR, ids=[f"{c['do']}-{k}" for _, c, k in IRREGULAR]
)
def test_an_import_keeps_what_a_rule_refuses(history: list[Line], command: Line, code: str) -> None:
    """It is recorded with the code, and the home's row shows it."""
    world = given(history)
    outcome = world.when(command, keep_irregular=True)
    assert outcome.refusal is None
    assert code in outcome.events[-1].irregular
    row = u.unit(world).row
    assert row is not None
    assert code in str(row.irregular)


def test_the_first_handover_stands() -> None:
    """One recorded again changes neither when the home was handed over nor who moved in."""
    world = given(u.HANDED_OVER)
    world.when(u.hand_over(AT), keep_irregular=True)
    passed = u.unit(world).handed_over
    assert passed is not None
    assert passed.at == moment("2025-10-20 10:00")
    assert len(u.clocks(world, "greeting")) == 1


def test_who_left_twice_left_the_first_time() -> None:
    """A second moving out of irregular history does not move the first."""
    world = given(GONE)
    world.when(u.do("end_residence", AT, resident="T1"), keep_irregular=True)
    assert u.unit(world).residents["T1"].until == moment("2025-11-02 09:00")


# --- What others ask of the register --------------------------------------------------------------


def test_the_owner_applies_for_a_renovation() -> None:
    """The register says what the applicant is, whatever the application says."""
    outcome = given(u.OWNED).when(p.apply(applicant="tenant"))
    outcome.then(("permit.applied.1", {"applicant": "owner"}))


def test_a_tenant_applies_with_the_owners_consent() -> None:
    """A registered tenant needs it, and has it."""
    given(TENANTED).when(p.apply(resident="T1")).then_refused("consent_missing")
    given(TENANTED).when(p.apply(resident="T1", owner_consent="TY-1")).then(
        ("permit.applied.1", {"applicant": "tenant"})
    )


@pytest.mark.parametrize(
    ("history", "resident", "code"),
    [
        (u.OWNED, "R9", "not_owner_or_tenant"),
        (FAMILY, "F1", "not_owner_or_tenant"),
        ([*u.OWNED, u.change_owner("2025-10-12 09:00")], "R1", "not_owner_or_tenant"),
    ],
)
def test_only_an_owner_or_tenant_of_then_applies(
    history: list[Line], resident: str, code: str
) -> None:
    """Strangers, family and former owners do not; an import keeps what happened."""
    given(history).when(p.apply(resident=resident)).then_refused(code)
    kept = given(history).when(p.apply(resident=resident), keep_irregular=True)
    kept.then(("permit.applied.1", {"irregular": (code,)}))


def test_of_a_home_without_people_the_applicant_is_believed() -> None:
    """The register contradicts nobody then; a tenant needs consent all the same."""
    given(u.REGISTERED).when(p.apply()).then(("permit.applied.1", {"applicant": None}))
    given(u.REGISTERED).when(p.apply(applicant="tenant")).then_refused("consent_missing")


def test_a_company_post_applies_for_a_home_in_its_own_centre() -> None:
    """The register says which centre that is."""
    given(u.OWNED).when(p.apply(by="quality1")).then(("permit.applied.1", {"centre": "north"}))
    given(u.OWNED).when(p.apply(by="desk2")).then_refused("other_centre")


def test_an_application_typed_in_late_is_judged_by_when_it_was() -> None:
    """The owner of that day applied, though the home has passed on since."""
    world = given(u.OWNED, u.change_owner(AT)).run(p.apply())
    found = world.app._streams.state(PERMIT, "P-1")
    assert found is not None


NORTH_ONLY = [
    p.apply(unit="S1", centre="north"),
    receive_key("2025-11-03 09:00", unit="S1"),
    register_parcel("2025-11-03 09:00", unit="S1"),
    s.receive(unit="S1"),
]


@pytest.mark.parametrize("command", NORTH_ONLY, ids=lambda one: one["do"])
def test_a_home_of_another_centre_is_refused(command: Line) -> None:
    """A registered home belongs to one centre; one that is not registered yet is let pass."""
    given(SOUTH).when(command).then_refused("unit_of_other_centre")
    kept = given(SOUTH).when(command, keep_irregular=True)
    assert kept.refusal is None
    assert "unit_of_other_centre" in kept.events[0].irregular
    assert given(u.REGISTERED).when(command).refusal is None
