"""The register of homes: what each command produces, refuses, and an import keeps all the same."""

from __future__ import annotations

import pytest

from tests import scenarios as s
from tests import units as u
from tests.spec import Line, given
from tests.units import AT

from .cases import Produces, Refuses, each, produced

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
    Refuses(u.FAMILY, u.resident(AT, "F2", "family", family_of="F1"), "not_family"),
    Refuses(u.GONE, u.resident(AT, "F2", "family", family_of="T1"), "resident_gone"),
    Refuses(u.GONE, u.resident("2025-11-01 12:00", "T1", "tenant"), "out_of_order"),
    Refuses(u.OWNED, u.resident(AT, "T1", "tenant", by="guard1"), "wrong_post"),
    Refuses(u.REGISTERED, u.change_owner(), "owner_missing"),
    Refuses(u.OWNED, u.change_owner(AT, "R1"), "same_owner"),
    Refuses(u.OWNED, u.change_owner("2025-10-01 12:00"), "out_of_order"),
    Refuses(u.TENANTED, u.change_owner("2025-10-02 12:00", "T1"), "out_of_order"),
    Refuses(u.OWNED, u.do("end_residence", AT, resident="R1"), "owner_stays"),
    Refuses(u.OWNED, u.do("end_residence", AT, resident="R9"), "unknown_resident"),
    Refuses(u.GONE, u.do("end_residence", AT, resident="T1"), "resident_gone"),
    Refuses(u.GONE, u.do("update_contact", AT, resident="T1", contact={}), "resident_gone"),
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
    Refuses(u.LENT, u.hand_over(), "key_not_in_cabinet"),
    Refuses(u.HANDED_OVER, u.hand_over(AT), "already_handed_over"),
    Refuses(u.OWNED, u.visit("2025-09-30 09:00"), "out_of_order"),
    Refuses(u.OWNED, u.visit(by="audit1"), "wrong_post"),
    Refuses(u.OWNED, u.visit(by="desk2"), "other_centre"),
    Refuses(u.OWNED, u.area(AT, "U9"), "unknown_unit"),
    Refuses(u.OF_SOUTH, u.area(AT, "S1"), "other_centre"),
    Refuses(u.OWNED, u.area(AT, "U1", centre="moon"), "unknown_centre"),
    Refuses(u.OWNED, u.area(AT, "U1", staff="tech1"), "wrong_post"),
    Refuses(u.OWNED, u.area(AT, "U1", by="guard1"), "wrong_post"),
]


@each(PRODUCES)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside."""
    produced(case)


@each(REFUSES)
def test_refuses(case: Refuses) -> None:
    """The refusal has its code, and nothing was written."""
    given(case.history).when(case.command).then_refused(case.code)


IRREGULAR = [
    (u.OWNED, u.resident(AT, "R2"), "owner_registered"),
    (u.REGISTERED, u.change_owner(), "owner_missing"),
    (u.OWNED, u.change_owner(AT, "R1"), "same_owner"),
    (u.OWNED, u.do("end_residence", AT, resident="R1"), "owner_stays"),
    (u.GONE, u.do("end_residence", AT, resident="T1"), "resident_gone"),
    (u.OWNED, u.notice("2025-10-21 09:00"), "handover_day_passed"),
    (u.OWNED, u.inspect(), "notice_missing"),
    ([*u.NOTICED, *u.KEYS], u.hand_over(), "not_inspected"),
    (u.READY, u.hand_over(fees_paid=False), "fees_unpaid"),
    (u.READY, u.hand_over(cards=[]), "cards_missing"),
    (u.READY, u.hand_over(by="guard1"), "wrong_post"),
    (u.LENT, u.hand_over(), "key_not_in_cabinet"),
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
