"""The commands about defects: what each leaves, what each refuses, and who may give it."""

from __future__ import annotations

from datetime import date

import pytest

from guanjia.domain import posts
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.unit.events import UnitEvent
from tests import defects as d
from tests import scenarios as s
from tests.spec import Line, given, only

from .cases import Produces, Refuses, each, only_these_may, produced

SOUTH = [s.receive("2025-11-03 08:00", complaint="S-1", centre="south", by="desk2")]
OURS = {"report_defect", "notify_builder", "finish_defect", "verify_defect", "explain_warranty"}

PRODUCES = [
    Produces(
        [*d.HOME, s.receive("2025-11-03 08:00", category="repair")],
        d.report(d.AT, complaint="N-1"),
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
        d.report(d.AT, **d.DESIGN),
        "unit.defect_reported.1",
        {"kind": "plumbing", "design": True},
    ),
    Produces(d.REPORTED, d.notify(d.AT), "unit.builder_notified.1", {"letter": "BX-7"}),
    Produces(
        d.SENT_BACK, d.notify(d.AT, letter="BX-8"), "unit.builder_notified.1", {"letter": "BX-8"}
    ),
    Produces(d.NOTIFIED, d.finish(d.AT), "unit.defect_finished.1", {"defect": "D1", "by": "tech1"}),
    Produces(d.OUTSIDE, d.finish(d.AT), "unit.defect_finished.1", {"defect": "D1"}),
    Produces(d.SENT_BACK, d.finish(d.AT), "unit.defect_finished.1", {"defect": "D1"}),
    Produces(d.FINISHED, d.verify(d.AT), "unit.defect_verified.1", {"accepted": True}),
    Produces(
        d.FINISHED, d.verify(d.AT, accepted=False), "unit.defect_verified.1", {"accepted": False}
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
    Refuses(s.STAFFED, d.report(d.AT), "unknown_unit"),
    Refuses(d.REPORTED, d.report(d.AT), "duplicate_defect"),
    Refuses(d.HOME, d.report(d.AT, design=True), "evidence_missing"),
    Refuses(d.HOME, d.report("2025-09-01 08:59:59"), "out_of_order"),
    Refuses(d.HOME, d.report(d.AT, by="guard1"), "wrong_post"),
    Refuses(d.HOME, d.report(d.AT, by="desk2"), "other_centre"),
    Refuses(d.HOME, d.report(d.AT, complaint="N-9"), "unknown_complaint"),
    Refuses([*d.HOME, *SOUTH], d.report(d.AT, complaint="S-1"), "other_centre"),
    Refuses(d.REPORTED, d.notify(d.AT, defect="D9"), "unknown_defect"),
    Refuses(d.REPORTED, d.notify("2025-11-03 08:59:59"), "out_of_order"),
    Refuses(d.SENT_BACK, d.notify("2025-11-05 09:59:59"), "out_of_order"),
    Refuses(d.FINISHED, d.notify(d.AT), "defect_finished_already"),
    Refuses(d.VERIFIED, d.notify(d.AT), "defect_finished_already"),
    Refuses(d.REPORTED, d.notify(d.AT, by="tech1"), "wrong_post"),
    Refuses(d.REPORTED, d.finish(d.AT), "builder_not_notified"),
    Refuses(d.HOME, d.finish(d.AT), "unknown_defect"),
    Refuses(d.NOTIFIED, d.finish("2025-11-03 09:59:59"), "out_of_order"),
    Refuses(d.OUTSIDE, d.finish("2025-11-03 08:59:59"), "out_of_order"),
    Refuses(d.SENT_BACK, d.finish("2025-11-05 09:59:59"), "out_of_order"),
    Refuses(d.FINISHED, d.finish(d.AT), "defect_finished_already"),
    Refuses(d.VERIFIED, d.finish(d.AT), "defect_finished_already"),
    Refuses(d.NOTIFIED, d.finish(d.AT, by="guard1"), "wrong_post"),
    Refuses(d.NOTIFIED, d.finish(d.AT, by="tech3"), "other_centre"),
    Refuses(d.NOTIFIED, d.verify(d.AT), "defect_not_finished"),
    Refuses(d.SENT_BACK, d.verify(d.AT), "defect_not_finished"),
    Refuses(d.VERIFIED, d.verify(d.AT), "defect_not_finished"),
    Refuses(d.FINISHED, d.verify(d.AT, defect="D9"), "unknown_defect"),
    Refuses(d.FINISHED, d.verify("2025-11-04 14:59:59"), "out_of_order"),
    Refuses(d.FINISHED, d.verify(d.AT, by="tech1"), "wrong_post"),
    Refuses(d.HOME, d.explain(centre="moon"), "unknown_centre"),
    Refuses(d.HOME, d.explain(by="desk1"), "wrong_post"),
    Refuses(d.HOME, d.explain(by="quality1"), "wrong_post"),
    Refuses(d.HOME, d.explain(by="head2"), "other_centre"),
    Refuses(d.HOME, d.explain(first="2025-11-04"), "period_invalid"),
    Refuses(d.HOME, d.explain(first="2025-11-03", period="month"), "period_invalid"),
    Refuses(d.HOME, d.explain("2025-11-09 23:59:59", "2025-11-10"), "period_not_begun"),
]


@each(PRODUCES)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside."""
    produced(case)


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
    "report_defect": (d.HOME, d.report(d.AT), posts.OFFICE | {"technician"}),
    "notify_builder": (d.REPORTED, d.notify(d.AT), posts.OFFICE),
    "finish_defect": (d.NOTIFIED, d.finish(d.AT), posts.OFFICE | {"technician"}),
    "verify_defect": (d.FINISHED, d.verify(d.AT), posts.OFFICE),
    "explain_warranty": (d.HOME, d.explain(d.AT), frozenset({"supervisor", "department_head"})),
}


@pytest.mark.parametrize("do", WHO)
def test_who_may(do: str) -> None:
    """Every post in its turn: those who follow repairs, and nobody else."""
    history, command, may = WHO[do]
    only_these_may(history, command, may)


QUIET = [
    (d.HOME, d.report(d.AT)),
    (d.REPORTED, d.notify(d.AT)),
    (d.NOTIFIED, d.finish(d.AT)),
    (d.FINISHED, d.verify(d.AT)),
    (d.FINISHED, d.verify(d.AT, accepted=False)),
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
    world.when(d.explain(d.AT)).then("centre.warranty_explained.1")
    after = world.standing()
    assert after["centres"] == before["centres"]
    assert after["position"] == before["position"] + 1
