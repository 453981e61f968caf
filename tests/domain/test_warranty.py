"""Defects: reported, told to the builder in writing, put right, accepted or sent back."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from guanjia.domain import posts
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.streams import UNIT
from guanjia.domain.unit.commands import DefectKind
from guanjia.domain.unit.events import UnitEvent
from guanjia.domain.unit.standing import DefectRow
from guanjia.domain.warranty_report import WarrantyExplained
from tests import defects as d
from tests import scenarios as s
from tests.spec import Line, World, given, line, moment, only

from .cases import Produces, Refuses, each, only_these_may

AT = "2025-11-06 12:00"
SOUTH = [s.receive("2025-11-03 08:00", complaint="S-1", centre="south", by="desk2")]
OURS = {"report_defect", "notify_builder", "finish_defect", "verify_defect", "explain_warranty"}
DESIGN: dict[str, Any] = {"design": True, "evidence": "现场照片三张"}

PRODUCES = [
    Produces(
        [*d.HOME, s.receive("2025-11-03 08:00", category="repair")],
        d.report(AT, complaint="N-1"),
        "unit.defect_reported.1",
        {
            "defect": "D1",
            "kind": "plumbing",
            "where": "inside",
            "design": False,
            "evidence": None,
            "complaint": "N-1",
            "by": "desk1",
            "person": "p-desk1",
        },
    ),
    Produces(
        d.HOME,
        d.report(AT, **DESIGN),
        "unit.defect_reported.1",
        {"kind": "plumbing", "design": True},
    ),
    Produces(d.REPORTED, d.notify(AT), "unit.builder_notified.1", {"letter": "BX-7"}),
    Produces(
        d.SENT_BACK, d.notify(AT, letter="BX-8"), "unit.builder_notified.1", {"letter": "BX-8"}
    ),
    Produces(d.NOTIFIED, d.finish(AT), "unit.defect_finished.1", {"defect": "D1", "by": "tech1"}),
    Produces(d.OUTSIDE, d.finish(AT), "unit.defect_finished.1", {"defect": "D1"}),
    Produces(d.SENT_BACK, d.finish(AT), "unit.defect_finished.1", {"defect": "D1"}),
    Produces(d.FINISHED, d.verify(AT), "unit.defect_verified.1", {"accepted": True}),
    Produces(
        d.FINISHED, d.verify(AT, accepted=False), "unit.defect_verified.1", {"accepted": False}
    ),
    Produces(
        d.HOME,
        d.explain(kind="civil"),
        "centre.warranty_explained.1",
        {
            "centre": "north",
            "period": "week",
            "period_from": date(2025, 11, 3),
            "kind": "civil",
            "by": "head1",
        },
    ),
    Produces(
        d.HOME,
        d.explain("2025-11-01 00:00", "2025-11-01", period="month", by="super1"),
        "centre.warranty_explained.1",
        {"period": "month", "period_from": date(2025, 11, 1), "kind": None},
    ),
]

REFUSES = [
    Refuses(s.STAFFED, d.report(AT), "unknown_unit"),
    Refuses(d.REPORTED, d.report(AT), "duplicate_defect"),
    Refuses(d.HOME, d.report(AT, design=True), "evidence_missing"),
    Refuses(d.HOME, d.report("2025-09-01 08:59:59"), "out_of_order"),
    Refuses(d.HOME, d.report(AT, by="guard1"), "wrong_post"),
    Refuses(d.HOME, d.report(AT, by="desk2"), "other_centre"),
    Refuses(d.HOME, d.report(AT, complaint="N-9"), "unknown_complaint"),
    Refuses([*d.HOME, *SOUTH], d.report(AT, complaint="S-1"), "other_centre"),
    Refuses(d.REPORTED, d.notify(AT, defect="D9"), "unknown_defect"),
    Refuses(d.REPORTED, d.notify("2025-11-03 08:59:59"), "out_of_order"),
    Refuses(d.SENT_BACK, d.notify("2025-11-05 09:59:59"), "out_of_order"),
    Refuses(d.FINISHED, d.notify(AT), "defect_finished_already"),
    Refuses(d.VERIFIED, d.notify(AT), "defect_finished_already"),
    Refuses(d.REPORTED, d.notify(AT, by="tech1"), "wrong_post"),
    Refuses(d.REPORTED, d.finish(AT), "builder_not_notified"),
    Refuses(d.HOME, d.finish(AT), "unknown_defect"),
    Refuses(d.NOTIFIED, d.finish("2025-11-03 09:59:59"), "out_of_order"),
    Refuses(d.OUTSIDE, d.finish("2025-11-03 08:59:59"), "out_of_order"),
    Refuses(d.SENT_BACK, d.finish("2025-11-05 09:59:59"), "out_of_order"),
    Refuses(d.FINISHED, d.finish(AT), "defect_finished_already"),
    Refuses(d.VERIFIED, d.finish(AT), "defect_finished_already"),
    Refuses(d.NOTIFIED, d.finish(AT, by="guard1"), "wrong_post"),
    Refuses(d.NOTIFIED, d.finish(AT, by="tech3"), "other_centre"),
    Refuses(d.NOTIFIED, d.verify(AT), "defect_not_finished"),
    Refuses(d.SENT_BACK, d.verify(AT), "defect_not_finished"),
    Refuses(d.VERIFIED, d.verify(AT), "defect_not_finished"),
    Refuses(d.FINISHED, d.verify(AT, defect="D9"), "unknown_defect"),
    Refuses(d.FINISHED, d.verify("2025-11-04 14:59:59"), "out_of_order"),
    Refuses(d.FINISHED, d.verify(AT, by="tech1"), "wrong_post"),
    Refuses(d.HOME, d.explain(centre="moon"), "unknown_centre"),
    Refuses(d.HOME, d.explain(by="desk1"), "wrong_post"),
    Refuses(d.HOME, d.explain(by="quality1"), "wrong_post"),
    Refuses(d.HOME, d.explain(by="head2"), "other_centre"),
    Refuses(d.HOME, d.explain(first="2025-11-04"), "period_invalid"),
    Refuses(d.HOME, d.explain(first="2025-11-03", period="month"), "period_invalid"),
    Refuses(d.HOME, d.explain("2025-11-09 23:59:59", "2025-11-10"), "period_not_begun"),
]


def defect(world: World, name: str = "D1") -> DefectRow:
    """Return a defect as decisions see it."""
    unit = world.app._streams.state(UNIT, "U1")
    assert unit
    return unit.defects[name]


@each(PRODUCES)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside."""
    outcome = given(case.history).when(case.command).then((case.topic, case.facts))
    assert outcome.events[0].at == moment(case.command["at"])


@each(REFUSES)
def test_refuses(case: Refuses) -> None:
    """The refusal has its code, and nothing was written."""
    given(case.history).when(case.command).then_refused(case.code)


def test_every_command_is_tested_here() -> None:
    """No command of the warranty lacks what it produces and what it refuses."""
    assert set(COMMANDS) >= OURS
    assert {one.command["do"] for one in PRODUCES} == OURS
    assert {one.command["do"] for one in REFUSES} == OURS


WHO: dict[str, tuple[list[Line], Line, frozenset[str]]] = {
    "report_defect": (d.HOME, d.report(AT), posts.OFFICE | {"technician"}),
    "notify_builder": (d.REPORTED, d.notify(AT), posts.OFFICE),
    "finish_defect": (d.NOTIFIED, d.finish(AT), posts.OFFICE | {"technician"}),
    "verify_defect": (d.FINISHED, d.verify(AT), posts.OFFICE),
    "explain_warranty": (d.HOME, d.explain(AT), frozenset({"supervisor", "department_head"})),
}


@pytest.mark.parametrize("do", WHO)
def test_who_may(do: str) -> None:
    """Every post in its turn: those who follow repairs, and nobody else."""
    history, command, may = WHO[do]
    only_these_may(history, command, may)


QUIET = [
    (d.HOME, d.report(AT)),
    (d.REPORTED, d.notify(AT)),
    (d.NOTIFIED, d.finish(AT)),
    (d.FINISHED, d.verify(AT)),
    (d.FINISHED, d.verify(AT, accepted=False)),
]


@pytest.mark.parametrize(
    ("history", "command"), QUIET, ids=[f"{n}-{c[1]['do']}" for n, c in enumerate(QUIET)]
)
def test_a_defect_touches_nothing_but_itself(history: list[Line], command: Line) -> None:
    """One row changes; no clock, no resident, no paper and not the home."""
    event = only(given(history).when(command).events, UnitEvent)
    assert [row.defect for row in event.defects] == ["D1"]
    others = ("unit", "residents", "parking", "documents", "copies", "clocks")
    assert not any(getattr(event, name) for name in others)


def test_an_explanation_changes_no_figure() -> None:
    """It stands in the centre's register beside the figures."""
    world = given(d.REPORTED, s.receive("2025-11-03 08:00"))
    before = world.standing()
    world.when(d.explain(AT)).then("centre.warranty_explained.1")
    after = world.standing()
    assert after["centres"] == before["centres"]
    assert after["position"] == before["position"] + 1


@pytest.mark.parametrize("kind", get_args(DefectKind))
def test_each_kind_has_the_last_day_of_its_own_warranty(kind: str) -> None:
    """What the register knows stands beside what the person said, whether or not they agree."""
    row = defect(given(d.HOME, d.report(AT, kind=kind)))
    until = d.WARRANTY_UNTIL.get(kind)
    assert (row.kind, row.where) == (kind, "inside")
    assert row.warranty_until == (date.fromisoformat(until) if until else None)


def test_words_and_evidence_are_sealed() -> None:
    """The events carry references, the vault the words; the row says that there is evidence."""
    world = given(d.HOME, d.report(AT, **DESIGN), d.explain(AT))
    _, reported = world.stream("unit:U1")
    explained = only(world.stream("centre:north"), WarrantyExplained)
    told = {"text": "卫生间渗水", "evidence": "现场照片三张"}
    for name, value in told.items():
        assert world.store.vault.reveal(getattr(reported, name)) == value
    assert world.store.vault.reveal(explained.text) == "施工单位缺料"
    stored = b"".join(row.state for row in world.store.read(0, 1000)).decode()
    assert not [word for word in (*told.values(), "施工单位缺料") if word in stored]
    assert defect(world).evidenced


def test_a_repair_that_is_not_accepted_is_open_again() -> None:
    """The next turn begins; the letter of the first one still stands."""
    row = defect(given(d.SENT_BACK))
    assert (row.status, row.turn, row.letter, row.finished_at) == ("notified", 2, "BX-7", None)
    assert row.sent_back_at == moment("2025-11-05 10:00")
    again = given(d.SENT_BACK, d.notify("2025-11-05 11:00", letter="BX-8"), d.finish(AT))
    row = defect(again.run(d.verify("2025-11-07 09:00")))
    assert (row.status, row.turn, row.letter) == ("verified", 2, "BX-8")
    assert (row.finished_at, row.verified_at) == (moment(AT), moment("2025-11-07 09:00"))


def test_outside_the_warranty_a_repair_sent_back_is_reported_again() -> None:
    """No builder was told, and none needs to be."""
    world = given(d.OUTSIDE, d.finish(), d.verify(accepted=False))
    assert (defect(world).status, defect(world).turn) == ("reported", 2)
    world.when(d.finish(AT)).then("unit.defect_finished.1")


def test_what_the_inspection_found_is_followed_the_same_way() -> None:
    """A defect of the inspection has its kind's last day, and goes the same steps."""
    notice = line(
        "give_handover_notice", "desk1", "2025-10-01 09:00", unit="U1", handover_on="2025-10-20"
    )
    found = [
        {"defect": "D1", "kind": "civil", "text": "空鼓"},
        {"defect": "D2", "kind": "other", "where": "outside", "text": "划痕"},
    ]
    inspect = line(
        "inspect_unit", "tech1", "2025-10-19 10:00",
        unit="U1", water="12.3", electricity="45", defects=found,
    )  # fmt: skip
    world = given(d.HOME, notice, inspect)
    first = defect(world)
    assert (first.where, first.status, first.turn) == ("inside", "reported", 1)
    assert (first.warranty_until, first.reported_at) == (
        date(2025, 10, 31),
        moment("2025-10-19 10:00"),
    )
    world.when(d.report(AT, defect="D2")).then_refused("duplicate_defect")
    world.when(d.finish(AT)).then_refused("builder_not_notified")
    world.run(d.notify(), d.finish(), d.verify(), d.finish(AT, defect="D2"))
    assert (defect(world).status, defect(world, "D2").status) == ("verified", "finished")


def test_a_late_entry_keeps_its_own_time() -> None:
    """Typed in days later it counts when it happened, and stands after what it follows."""
    late = {**d.finish("2025-11-04 15:00"), "recorded_at": moment("2025-11-20 09:00").isoformat()}
    world = given(d.NOTIFIED)
    (event,) = world.when(late).events
    assert (event.at, event.recorded_at) == (moment("2025-11-04 15:00"), moment("2025-11-20 09:00"))
    assert defect(world).finished_at == moment("2025-11-04 15:00")


def kept(history: list[Line], command: Line) -> tuple[DefectRow, tuple[str, ...]]:
    """Return the defect after an irregular entry, and what was passed over."""
    world = given(history)
    (event,) = world.when(command, keep_irregular=True).events
    return defect(world), event.irregular


KEPT: list[tuple[list[Line], Line, str, dict[str, Any]]] = [
    (d.REPORTED, d.finish(AT), "builder_not_notified", {"status": "finished"}),
    (d.FINISHED, d.finish(AT), "defect_finished_already",
     {"finished_at": moment("2025-11-04 15:00")}),
    (d.VERIFIED, d.finish(AT), "defect_finished_already", {"status": "verified"}),
    (d.VERIFIED, d.notify(AT, letter="BX-9"), "defect_finished_already",
     {"status": "verified", "letter": "BX-9"}),
    (d.NOTIFIED, d.verify(AT), "defect_not_finished",
     {"status": "verified", "finished_at": moment(AT), "verified_at": moment(AT)}),
    (d.VERIFIED, d.verify(AT), "defect_not_finished", {"verified_at": moment("2025-11-05 10:00")}),
    (d.VERIFIED, d.verify(AT, accepted=False), "defect_not_finished",
     {"status": "notified", "turn": 2, "finished_at": None, "verified_at": None}),
    (d.HOME, d.report(AT, design=True), "evidence_missing", {"design": True, "evidenced": False}),
    (d.SENT_BACK, d.finish("2025-11-05 09:00"), "out_of_order", {"status": "finished", "turn": 2}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("history", "command", "code", "facts"), KEPT, ids=[f"{n}-{k[2]}" for n, k in enumerate(KEPT)]
)
def test_irregular_history_is_kept_as_it_happened(
    history: list[Line], command: Line, code: str, facts: dict[str, Any]
) -> None:
    """The code stands on the event; of two repairs of one turn the first stands."""
    row, passed_over = kept(history, command)
    assert passed_over == (code,)
    assert {name: getattr(row, name) for name in facts} == facts


@pytest.mark.parametrize(
    "command",
    [
        d.report(AT),
        d.notify(AT, defect="D9"),
        d.report(AT, defect="D2", complaint="N-9"),
        d.explain(first="2025-11-04"),
        d.explain(centre="moon"),
    ],
    ids=["twice", "no defect", "no case", "no Monday", "no centre"],
)
def test_the_impossible_is_not_kept(command: Line) -> None:
    """What cannot be is rejected even of an old register."""
    refusal = given(d.REPORTED).when(command, keep_irregular=True).refusal
    assert refusal
    assert not refusal.keepable
