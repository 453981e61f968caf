"""Every command of a renovation: what it produces, what it must not do, and who may."""

from __future__ import annotations

from datetime import date

import pytest

from guanjia.domain import posts
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.permit.commands import PermitCommand
from guanjia.domain.permit.events import PermitEvent
from tests import permits as p
from tests import scenarios as s
from tests.permits import AT
from tests.spec import Line, given

from .cases import Produces, each, produced

PRODUCES = [
    Produces(
        s.STAFFED,
        p.apply(applicant="tenant", owner_consent="WT-1"),
        "permit.applied.1",
        {
            "policy": "1",
            "centre": "north",
            "unit": "U1",
            "resident": "R1",
            "applicant": "tenant",
            "owner_consent": "WT-1",
            "licence": "建装-0017",
            "by": "stew1",
            "post": "steward",
        },
    ),
    Produces(
        s.STAFFED,
        p.apply(by="quality1", centre="south"),
        "permit.applied.1",
        {"centre": "south", "applicant": None, "owner_consent": None},
    ),
    Produces(p.APPLIED, p.review(), "permit.reviewed.1", {"outcome": "approved", "reason": None}),
    Produces(p.APPLIED, p.review(outcome="rejected"), "permit.reviewed.1", {"outcome": "rejected"}),
    Produces(
        p.APPROVED,
        p.sign(deposit="2000.50"),
        "permit.agreement_signed.1",
        {"agreement": "XY-1", "deposit": "2000.50", "fees_paid": True, "water_test_ok": True},
    ),
    Produces(p.AGREED, p.sign("2025-10-16 09:00"), "permit.agreement_signed.1", {}),
    Produces(
        p.AGREED,
        p.issue(),
        "permit.issued.1",
        {"valid_from": date(2025, 10, 21), "valid_to": date(2025, 12, 20)},
    ),
    Produces(
        p.ISSUED,
        p.extend(AT, "2026-01-20"),
        "permit.extended.1",
        {"valid_to": date(2026, 1, 20)},
    ),
    Produces(p.ISSUED, p.extend("2025-12-30 09:00", "2025-12-30"), "permit.extended.1", {}),
    Produces(p.ISSUED, p.do("issue_pass", **p.PASS), "permit.pass_issued.1", {"number": "W-1"}),
    Produces(
        p.WITH_PASS,
        p.do("return_pass", **p.PASS, lost=True),
        "permit.pass_returned.1",
        {"number": "W-1", "lost": True},
    ),
    Produces(
        p.ISSUED,
        p.patrol(site=False),
        "permit.patrolled.1",
        {"fire_safety": True, "passes": True, "site": False, "violation": None},
    ),
    Produces(
        p.ISSUED,
        p.violation(AT, "found"),
        "permit.violation_recorded.1",
        {"violation": "V-1", "step": "found"},
    ),
    Produces(p.ISSUED, p.stop(), "permit.work_stopped.1", {}),
    Produces(p.STOPPED, p.do("resume_work"), "permit.work_resumed.1", {}),
    Produces(p.ISSUED, p.complete(), "permit.completed.1", {}),
    Produces(p.COMPLETED, p.accept(), "permit.accepted.1", {}),
    Produces(
        p.COMPLETED,
        p.accept(water=False),
        "permit.acceptance_failed.1",
        {"water_test_ok": False, "structure_ok": True},
    ),
    Produces(
        p.ACCEPTED,
        p.settle(refunded="1500.50", withheld="499.5", reason="公区损坏"),
        "permit.deposit_settled.1",
        {"refunded": "1500.50", "withheld": "499.5"},
    ),
    Produces(p.SETTLED, p.archive(), "permit.archived.1", {}),
    Produces(p.REJECTED, p.archive(), "permit.archived.1", {}),
]


@each(PRODUCES)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside and every word behind a reference."""
    outcome = produced(case)
    event = outcome.events[0]
    assert event.recorded_at == event.at
    for name in ("plan", "contractor", "reason"):
        if case.command.get(name):
            assert outcome.world.store.vault.reveal(getattr(event, name)) == case.command[name]


def test_every_command_of_a_renovation_is_produced_here() -> None:
    """No command lacks its test."""
    ours = {case.command["do"] for case in PRODUCES}
    assert ours == {name for name, cls in COMMANDS.items() if issubclass(cls, PermitCommand)}


QUIET: list[tuple[list[Line], Line]] = [
    (p.AGREED, p.sign("2025-10-16 09:00", fees_paid=False)),
    (p.ISSUED, p.do("issue_pass", **p.PASS)),
    (p.WITH_PASS, p.do("return_pass", **p.PASS)),
    (p.ISSUED, p.patrol()),
    (p.STOPPED, p.patrol()),
    (p.COMPLETED, p.patrol("2025-10-24 23:59:59")),
    (p.ARCHIVED[:-1], p.patrol("2025-10-21 09:00")),
    (p.FOUND, p.patrol(violation="V-1")),
    (p.FOUND, p.violation(AT, "found")),
]


@pytest.mark.parametrize(("history", "command"), QUIET, ids=[command["do"] for _, command in QUIET])
def test_stays_quiet(history: list[Line], command: Line) -> None:
    """What is no step of a promise moves no row and no clock."""
    outcome = given(history).when(command)
    assert outcome.refusal is None
    for event in outcome.events:
        assert isinstance(event, PermitEvent)
        assert (event.permit, event.works, event.violations, event.clocks) == (None, (), (), ())


MAY: list[tuple[list[Line], Line, frozenset[str]]] = [
    (s.STAFFED, p.apply(centre="north"), posts.OFFICE),
    (p.APPLIED, p.review(), posts.OFFICE),
    (p.APPROVED, p.sign(), posts.OFFICE),
    (p.AGREED, p.issue(), posts.OFFICE),
    (p.ISSUED, p.extend(AT, "2026-01-20"), posts.OFFICE),
    (p.ISSUED, p.do("issue_pass", **p.PASS), posts.OFFICE),
    (p.WITH_PASS, p.do("return_pass", **p.PASS), posts.OFFICE),
    (p.ISSUED, p.patrol(), posts.ANY),
    (p.FOUND, p.violation(AT, "dissuaded"), posts.ANY),
    (
        [*p.FOUND, p.violation(AT, "dissuaded"), p.violation(AT, "notice")],
        p.violation(AT, "reported"),
        posts.OFFICE,
    ),
    (p.ISSUED, p.stop(), posts.OFFICE),
    (p.STOPPED, p.do("resume_work"), posts.OFFICE),
    (p.ISSUED, p.complete(), posts.OFFICE),
    (p.COMPLETED, p.accept(), posts.OFFICE),
    (p.ACCEPTED, p.settle(), posts.OFFICE),
    (p.SETTLED, p.archive(), posts.OFFICE),
]


@pytest.mark.parametrize(("history", "command", "may"), MAY, ids=[c["do"] for _, c, _ in MAY])
def test_who_may(history: list[Line], command: Line, may: frozenset[str]) -> None:
    """Post by post; a centre's posts act in their own centre."""
    world = given(history)
    for post in {*s.NORTH} - may:
        world.when({**command, "by": s.NORTH[post]}).then_refused("wrong_post")
    world.when({**command, "by": "system"}).then_refused("wrong_post")
    world.when({**command, "by": "head2"}).then_refused("other_centre")
    for post in may:
        given(history).run({**command, "by": s.NORTH[post]})
