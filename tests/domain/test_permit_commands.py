"""Every command of a renovation: what it produces, what it refuses, and what it must not do."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError

from guanjia.domain import posts
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.permit.commands import PermitCommand
from guanjia.domain.permit.events import PermitEvent
from tests import permits as p
from tests import scenarios as s
from tests.spec import Line, World, given, line, moment

AT = p.AT
PASS = {"pass": "W-1"}


class Produces(NamedTuple):
    history: list[Line]
    command: Line
    topic: str
    facts: dict[str, Any]


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
    Produces(p.ISSUED, p.do("issue_pass", **PASS), "permit.pass_issued.1", {"number": "W-1"}),
    Produces(
        p.WITH_PASS,
        p.do("return_pass", **PASS, lost=True),
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


@pytest.mark.parametrize("case", PRODUCES, ids=lambda case: case.topic)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside and every word behind a reference."""
    outcome = given(case.history).when(case.command)
    outcome.then((case.topic, case.facts))
    event = outcome.events[0]
    assert event.at == event.recorded_at == moment(case.command["at"])
    for name in ("plan", "contractor", "reason"):
        if case.command.get(name):
            assert outcome.world.store.vault.reveal(getattr(event, name)) == case.command[name]


def test_every_command_of_a_renovation_is_produced_here() -> None:
    """No command lacks its test."""
    ours = {case.command["do"] for case in PRODUCES}
    assert ours == {name for name, cls in COMMANDS.items() if issubclass(cls, PermitCommand)}


UNPAID = [*p.APPROVED, p.sign(fees_paid=False)]
UNTESTED = [*p.APPROVED, p.sign(water_test_ok=False)]
EXTENDED = [*p.ISSUED, p.extend(AT, "2026-01-20")]
PASS_BACK = [*p.WITH_PASS, p.do("return_pass", **PASS)]
RESUMED = [*p.STOPPED, p.do("resume_work", "2025-10-22 09:00")]
REFUSES: list[tuple[list[Line], Line, str]] = [
    (p.APPLIED, p.apply(), "duplicate_permit"),
    (s.STAFFED, p.apply(centre="moon"), "unknown_centre"),
    (s.STAFFED, p.apply(by="quality1"), "centre_missing"),
    (s.STAFFED, p.apply(centre="south"), "other_centre"),
    (s.STAFFED, p.apply(applicant="tenant"), "consent_missing"),
    (s.STAFFED, p.review(), "unknown_permit"),
    (p.APPLIED, p.review("2025-10-13 08:59:59"), "out_of_order"),
    (p.APPLIED, {**p.review(), "outcome": "rejected"}, "reason_missing"),
    (p.APPROVED, p.review(), "already_reviewed"),
    (p.REJECTED, p.review(), "already_reviewed"),
    (p.APPLIED, p.sign(), "permit_not_approved"),
    (p.REJECTED, p.sign(), "permit_not_approved"),
    (p.APPROVED, p.sign("2025-10-14 08:59:59"), "out_of_order"),
    (p.ISSUED, p.sign(AT), "already_issued"),
    (p.APPLIED, p.issue(), "permit_not_approved"),
    (p.APPROVED, p.issue(), "agreement_missing"),
    (UNPAID, p.issue(), "fees_unpaid"),
    (UNTESTED, p.issue(), "water_test_failed"),
    (p.AGREED, p.issue("2025-10-15 08:59:59"), "out_of_order"),
    (p.AGREED, p.issue(first="2025-12-21"), "validity_invalid"),
    (p.AGREED, p.issue(first="2025-10-01", last="2025-10-19"), "validity_invalid"),
    (p.ISSUED, p.issue(AT), "already_issued"),
    (p.AGREED, p.extend(AT, "2026-01-20"), "permit_not_issued"),
    (p.ISSUED, p.extend(AT, "2025-12-20"), "extension_not_later"),
    (p.ISSUED, p.extend("2025-12-30 09:00", "2025-12-29"), "validity_invalid"),
    (EXTENDED, p.extend("2025-10-22 09:59:59", "2026-02-20"), "out_of_order"),
    (p.COMPLETED, p.extend("2025-10-24 17:00:01", "2026-01-20"), "work_done"),
    (p.AGREED, p.do("issue_pass", **PASS), "permit_not_issued"),
    (p.WITH_PASS, p.do("issue_pass", **PASS), "pass_out"),
    (PASS_BACK, p.do("issue_pass", "2025-10-22 09:59:59", **PASS), "out_of_order"),
    (p.COMPLETED, p.do("issue_pass", "2025-10-24 17:00:01", **PASS), "work_done"),
    (p.ISSUED, p.do("return_pass", **PASS), "pass_not_out"),
    (PASS_BACK, p.do("return_pass", "2025-10-23 09:00", **PASS), "pass_not_out"),
    (p.WITH_PASS, p.do("return_pass", "2025-10-20 08:59:59", **PASS), "out_of_order"),
    (p.AGREED, p.patrol(), "permit_not_issued"),
    (p.ISSUED, p.patrol("2025-10-20 08:59:59"), "out_of_order"),
    (p.COMPLETED, p.patrol("2025-10-25 00:00"), "work_done"),
    (p.CORRECTED, p.patrol(violation="V-1"), "violation_corrected"),
    (p.ACCEPTED, p.patrol("2025-10-24 18:00", violation="V-1"), "already_accepted"),
    (p.FOUND, p.patrol("2025-10-21 09:59:59", violation="V-1"), "out_of_order"),
    (p.AGREED, p.violation(AT, "found"), "permit_not_issued"),
    (p.ISSUED, p.violation(AT, "dissuaded"), "step_skipped"),
    (p.ISSUED, p.violation(AT, "corrected"), "step_skipped"),
    (p.FOUND, p.violation(AT, "notice"), "step_skipped"),
    (p.FOUND, p.violation("2025-10-21 09:59:59", "dissuaded"), "out_of_order"),
    (p.CORRECTED, p.violation(AT, "found"), "violation_corrected"),
    (p.CORRECTED, p.violation(AT, "corrected"), "violation_corrected"),
    (p.ACCEPTED, p.violation("2025-10-28 09:00", "found"), "already_accepted"),
    (p.AGREED, p.stop(), "permit_not_issued"),
    (p.STOPPED, p.stop(), "work_halted"),
    (RESUMED, p.stop("2025-10-22 08:59:59"), "out_of_order"),
    (p.COMPLETED, p.stop(), "work_done"),
    (p.ISSUED, p.do("resume_work"), "work_not_halted"),
    (p.STOPPED, p.do("resume_work", "2025-10-21 09:59:59"), "out_of_order"),
    (p.AGREED, p.complete(), "permit_not_issued"),
    (p.STOPPED, p.complete("2025-10-21 09:59:59"), "out_of_order"),
    (p.COMPLETED, p.complete(), "work_done"),
    (p.ISSUED, p.complete("2025-10-20 08:59:59"), "out_of_order"),
    (p.FAILED, p.complete("2025-10-27 08:59:59"), "out_of_order"),
    (p.ISSUED, p.accept(), "work_not_done"),
    (p.FAILED, p.accept("2025-10-28 09:00"), "work_not_done"),
    (p.COMPLETED, p.accept("2025-10-24 16:59:59"), "out_of_order"),
    ([*p.FOUND, p.complete()], p.accept(), "violation_open"),
    (
        [*p.FOUND, p.complete(), p.violation("2025-10-27 10:00", "corrected")],
        p.accept("2025-10-27 09:59:59"),
        "out_of_order",
    ),
    (p.ACCEPTED, p.accept("2025-10-28 09:00"), "already_accepted"),
    (p.COMPLETED, p.settle(), "not_accepted"),
    (p.ACCEPTED, p.settle(refunded="1999.99"), "deposit_differs"),
    (p.ACCEPTED, p.settle(refunded="1500", withheld="500"), "reason_missing"),
    (p.ACCEPTED, p.settle("2025-10-27 08:59:59"), "out_of_order"),
    (p.SETTLED, p.settle("2025-10-29 09:00"), "already_settled"),
    (p.ACCEPTED, p.archive(), "deposit_not_settled"),
    (p.APPROVED, p.archive(), "deposit_not_settled"),
    (p.SETTLED, p.archive("2025-10-28 08:59:59"), "out_of_order"),
    ([*p.WITH_PASS, p.complete(), p.accept(), p.settle()], p.archive(), "pass_out"),
    (p.ARCHIVED, p.archive("2025-10-30 09:00"), "already_archived"),
]


@pytest.mark.parametrize(
    ("history", "command", "code"),
    REFUSES,
    ids=[f"{command['do']}-{code}-{n}" for n, (_, command, code) in enumerate(REFUSES)],
)
def test_refuses(history: list[Line], command: Line, code: str) -> None:
    """The refusal has its code, and nothing was written."""
    given(history).when(command).then_refused(code)


QUIET: list[tuple[list[Line], Line]] = [
    (p.AGREED, p.sign("2025-10-16 09:00", fees_paid=False)),
    (p.ISSUED, p.do("issue_pass", **PASS)),
    (p.WITH_PASS, p.do("return_pass", **PASS)),
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
    (p.ISSUED, p.do("issue_pass", **PASS), posts.OFFICE),
    (p.WITH_PASS, p.do("return_pass", **PASS), posts.OFFICE),
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


def test_a_patrol_finds_the_violation_it_names() -> None:
    """Named by nobody before, it stands on its first step from then on."""
    outcome = given(p.ISSUED).when(p.patrol(violation="V-1"))
    outcome.then(
        ("permit.patrolled.1", {"violation": "V-1"}),
        ("permit.violation_recorded.1", {"violation": "V-1", "step": "found"}),
    )
    found = p.permit(outcome.world).violations["V-1"]
    assert (found.step, found.found_at) == ("found", moment(AT))
    outcome.world.run(p.violation(AT, "dissuaded"))


def test_the_whole_ladder_is_climbed_and_left_at_any_rung() -> None:
    """Found, dissuaded, notice, reported, legal; corrected from each."""
    world = given(p.ISSUED)
    for step in ("found", "dissuaded", "notice", "reported", "legal"):
        world.run(p.violation(AT, step))
        other = given(p.ISSUED)
        for below in ("found", "dissuaded", "notice", "reported", "legal"):
            other.run(p.violation(AT, below))
            if below == step:
                break
        other.run(p.violation(AT, "corrected"))
        assert p.permit(other).open_violations == []
    assert p.permit(world).open_violations == ["V-1"]


def test_stopped_work_can_be_completed() -> None:
    """Nobody need let it go on first; then it is neither stopped nor resumed."""
    outcome = given(p.STOPPED).when(p.complete())
    outcome.then("permit.completed.1")
    assert p.permit(outcome.world).status == "completed"
    outcome.world.when(p.do("resume_work", p.COMPLETED_AT)).then_refused("work_not_halted")


def test_the_same_violation_is_corrected_before_the_acceptance() -> None:
    """Corrected after the completion is early enough."""
    given(p.FOUND, p.complete(), p.violation("2025-10-27 08:00", "corrected"), p.accept())


def test_a_failed_acceptance_is_recorded_in_spite_of_an_open_violation() -> None:
    """It accepts nothing."""
    given(p.FOUND, p.complete()).when(p.accept(water=False)).then("permit.acceptance_failed.1")


def test_a_failed_acceptance_sends_the_work_back() -> None:
    """Work goes on in its next turn, is completed again and then accepted."""
    world = given(p.FAILED)
    assert (p.permit(world).status, len(p.permit(world).works)) == ("issued", 2)
    world.run(p.patrol("2025-10-28 09:00"), p.stop("2025-10-28 10:00"))
    world.run(p.do("resume_work", "2025-10-28 11:00"), p.complete("2025-10-29 17:00"))
    world.run(p.accept("2025-10-30 09:00"))
    assert p.permit(world).status == "accepted"


def validities(world: World) -> list[tuple[Any, ...]]:
    """Return what tells the validity clocks apart."""
    return [
        (c.round, c.started_at, c.due_at, c.stopped_at, c.ended, c.cause)
        for c in p.permit(world).clocks.values()
    ]


BEGUN = moment("2025-10-21 00:00")
DUE = moment("2025-12-20 23:59:59")


@pytest.mark.parametrize(
    ("issued", "first", "start"),
    [
        ("2025-10-20 09:00", "2025-10-21", "2025-10-21 00:00"),
        ("2025-10-20 09:00", "2025-10-20", "2025-10-20 09:00"),
        ("2025-10-22 09:00", "2025-10-21", "2025-10-22 09:00"),
    ],
)
def test_a_validity_begins_with_its_first_day_or_the_issue(
    issued: str, first: str, start: str
) -> None:
    """The later of both; it is due at the end of its last day."""
    world = given(p.AGREED, p.issue(issued, first))
    assert validities(world) == [(1, moment(start), DUE, None, None, None)]


def test_an_extension_in_time_supersedes_the_validity() -> None:
    """The new one begins with it, and the completion keeps it."""
    extended, done = moment("2025-12-20 23:59:59"), moment("2026-01-05 10:00")
    later = moment("2026-01-20 23:59:59")
    world = given(p.ISSUED, p.extend("2025-12-20 23:59:59", "2026-01-20"))
    world.run(p.complete("2026-01-05 10:00"))
    assert validities(world) == [
        (1, BEGUN, DUE, None, "superseded", "extension"),
        (1, extended, later, done, None, "completion"),
    ]


def test_an_extension_too_late_leaves_the_miss() -> None:
    """The lateness ends with it, the miss does not."""
    extended, later = moment("2025-12-21 00:00"), moment("2026-01-20 23:59:59")
    world = given(p.ISSUED, p.extend("2025-12-21 00:00", "2026-01-20"))
    assert validities(world) == [
        (1, BEGUN, DUE, extended, None, "late extension"),
        (1, extended, later, None, None, None),
    ]


def test_an_extension_before_the_first_day_begins_with_it() -> None:
    """Two promises of one start are told apart by their number."""
    world = given(p.ISSUED, p.extend("2025-10-20 10:00", "2026-01-20"))
    assert [key[2:] for key in p.permit(world).clocks] == [(BEGUN, 0), (BEGUN, 1)]


@pytest.mark.parametrize(
    ("failed", "due"),
    [
        ("2025-10-27 09:00", "2025-12-20 23:59:59"),
        ("2025-12-29 09:00", "2025-12-29 23:59:59"),
    ],
)
def test_work_sent_back_has_a_validity_of_its_own(failed: str, due: str) -> None:
    """Due as before, at the earliest at the end of the day on which the acceptance failed."""
    world = given(p.COMPLETED, p.accept(failed, water=False))
    done = moment(p.COMPLETED_AT)
    assert validities(world) == [
        (1, BEGUN, DUE, done, None, "completion"),
        (2, moment(failed), moment(due), None, None, None),
    ]


@pytest.mark.parametrize("money", ["-1", "1.234", "1e3", "01", "", "一百", "1,000", 2000, 2000.0])
def test_money_is_decimal_text(money: object) -> None:
    """Neither a number nor anything that is no amount."""
    with pytest.raises(ValidationError):
        given(p.APPROVED).execute(p.sign(deposit=money))


def test_a_deposit_is_settled_by_value() -> None:
    """2000.00 is 2000, and cents add up exactly."""
    world = given(p.APPROVED, p.sign(deposit="0.30"), p.issue(), p.complete(), p.accept())
    world.when(p.settle(refunded="0.1", withheld="0.20", reason="欠费")).then(
        "permit.deposit_settled.1"
    )
    given(p.ACCEPTED).run(p.settle(refunded="2000.00", withheld="0.00"))


def test_a_pass_goes_out_again_once_it_is_back() -> None:
    """The number is the pass's, not the worker's."""
    world = given(PASS_BACK, p.do("issue_pass", "2025-10-23 09:00", **PASS))
    assert p.permit(world).passes_out == ["W-1"]


def test_late_entries_stand_where_they_belong() -> None:
    """A pass and an extension typed in after the completion happened before it."""
    world = given(p.COMPLETED, p.do("issue_pass", **PASS), p.extend(AT, "2026-01-20"))
    world.run(p.patrol("2025-10-20 09:00"))
    assert validities(world)[-1][3:] == (moment(p.COMPLETED_AT), None, "completion")


def test_who_left_does_nothing() -> None:
    """An account whose holder left acts no more."""
    left = line("staff_leaves", None, "2025-10-20 12:00", staff="guard1")
    given(p.ISSUED, left).when(p.patrol()).then_refused("staff_left")


IRREGULAR: list[tuple[list[Line], Line, str, str]] = [
    (p.APPLIED, p.issue(), "permit_not_approved", "issued"),
    (p.APPLIED, p.complete(), "permit_not_issued", "applied"),
    (p.ISSUED, p.accept(), "work_not_done", "accepted"),
    (p.APPLIED, p.accept(water=False), "permit_not_issued", "applied"),
    (p.ISSUED, p.settle(), "not_accepted", "settled"),
    (p.ISSUED, p.archive(), "deposit_not_settled", "archived"),
    (p.STOPPED, p.stop("2025-10-22 09:00"), "work_halted", "stopped"),
    (p.COMPLETED, p.complete("2025-10-25 09:00"), "work_done", "completed"),
    (p.APPLIED, p.extend(AT, "2026-01-20"), "permit_not_issued", "applied"),
    (p.ISSUED, p.issue(AT, last="2026-01-20"), "already_issued", "issued"),
    (p.ISSUED, p.violation(AT, "legal"), "step_skipped", "issued"),
    (p.CORRECTED, p.violation(AT, "found"), "violation_corrected", "issued"),
    (p.APPLIED, p.do("return_pass", **PASS), "permit_not_issued", "applied"),
    (p.ISSUED, p.do("return_pass", **PASS), "pass_not_out", "issued"),
    (p.ACCEPTED, p.accept("2025-10-28 09:00", water=False), "already_accepted", "issued"),
    (p.AGREED, p.issue(last="2025-10-01"), "validity_invalid", "issued"),
    (p.CORRECTED, p.patrol(violation="V-1"), "violation_corrected", "issued"),
]


@pytest.mark.parametrize(
    ("history", "command", "code", "status"),
    IRREGULAR,
    ids=[f"{command['do']}-{code}" for _, command, code, _ in IRREGULAR],
)
def test_irregular_history_is_kept(
    history: list[Line], command: Line, code: str, status: str
) -> None:
    """It is applied as it happened, with the refusal's code on the event and on the row."""
    outcome = given(history).when(command, keep_irregular=True)
    assert outcome.refusal is None
    assert code in outcome.events[0].irregular
    renovation = p.permit(outcome.world)
    assert renovation.status == status
    assert renovation.row is not None
    assert renovation.row.irregular is not None
    assert code in renovation.row.irregular.split(",")
    outcome.world.app._streams.forget()
    assert p.permit(outcome.world) == renovation


def test_a_stream_must_begin_with_an_application() -> None:
    """A state is not folded out of the middle of a renovation."""
    from guanjia.domain.permit.evolve import evolve

    events = given(p.APPROVED).stream("permit:P-1")
    with pytest.raises(ValueError, match="P-1"):
        evolve(None, events[1], "P-1")
