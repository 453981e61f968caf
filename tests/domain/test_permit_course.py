"""The course of a renovation: violations, stops, acceptances, passes and the deposit."""

from __future__ import annotations

import pytest

from tests import permits as p
from tests.permits import AT
from tests.spec import given, moment


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


def test_a_deposit_is_settled_by_value() -> None:
    """2000.00 is 2000, and cents add up exactly."""
    world = given(p.APPROVED, p.sign(deposit="0.30"), p.issue(), p.complete(), p.accept())
    world.when(p.settle(refunded="0.1", withheld="0.20", reason="欠费")).then(
        "permit.deposit_settled.1"
    )
    given(p.ACCEPTED).run(p.settle(refunded="2000.00", withheld="0.00"))


def test_a_pass_goes_out_again_once_it_is_back() -> None:
    """The number is the pass's, not the worker's."""
    world = given(p.PASS_BACK, p.do("issue_pass", "2025-10-23 09:00", **p.PASS))
    assert p.permit(world).passes_out == ["W-1"]


def test_a_stream_must_begin_with_an_application() -> None:
    """A state is not folded out of the middle of a renovation."""
    from guanjia.domain.permit.evolve import evolve

    events = given(p.APPROVED).stream("permit:P-1")
    with pytest.raises(ValueError, match="P-1"):
        evolve(None, events[1], "P-1")
