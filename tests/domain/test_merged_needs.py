"""What a merged case needs before its end is asked of the one it was merged into."""

from __future__ import annotations

import pytest

from tests import scenarios as s
from tests.spec import Line, given, line


def test_a_valid_member_is_not_finished_without_an_approval() -> None:
    """Merging a valid complaint into a repair does not spare it the head's two signatures."""
    valid = [s.receive("2025-11-03 10:00", **s.N2), s.classify("2025-11-03 10:30", **s.N2)]
    world = given(s.REPAIR, valid, s.merge("2025-11-03 11:00"))
    world.when(s.finish("2025-11-04 15:00")).then_refused("not_approved")
    world.run(s.approve("2025-11-04 14:00"), s.finish("2025-11-04 15:00"))
    world.run(s.revisit("2025-11-05 09:00"), s.revisit("2025-11-05 09:30", **s.N2))
    world.when(s.close("2025-11-05 10:00")).then_refused("not_confirmed")
    world.run(s.confirm("2025-11-05 11:00"))
    world.when(s.close("2025-11-05 12:00")).then("complaint.closed.1", "complaint.closed.1")


def test_what_was_approved_before_the_merging_stays_approved() -> None:
    """The member's own approval serves as the survivor's does, but neither serves in advance."""
    valid = [s.receive("2025-11-03 10:00", **s.N2), s.classify("2025-11-03 10:30", **s.N2)]
    approved = s.approve("2025-11-03 10:40", **s.N2)
    world = given(s.REPAIR, valid, approved, s.merge("2025-11-03 11:00"))
    world.when(s.finish("2025-11-03 10:39")).then_refused("out_of_order")
    world.when(s.finish("2025-11-04 15:00")).then("complaint.finished.1", "complaint.finished.1")


def test_a_valid_complaint_joins_a_finished_matter_once_approved() -> None:
    """Joining finishes it, so what a finish needs is needed for joining."""
    valid = [s.receive("2025-11-04 16:00", **s.N2), s.classify("2025-11-04 16:10", **s.N2)]
    world = given(s.REPAIRED, valid)
    world.when(s.merge("2025-11-04 17:00")).then_refused("not_approved")
    world.run(s.approve("2025-11-04 16:30", **s.N2))
    world.when(s.merge("2025-11-04 17:00")).then(
        "complaint.merged.1", "complaint.finished.1", "complaint.absorbed.1"
    )


@pytest.mark.parametrize(
    "of_the_company",
    [{"level": "company"}, {"channel": "web", "posted_at": "2025-11-03T09:50:00+08:00"}],
)
def test_a_member_of_the_companys_is_verified_with_the_survivor(
    of_the_company: dict[str, str],
) -> None:
    """Merging it into a case of the department's does not end it behind the commissioner's back."""
    second = s.receive("2025-11-03 10:00", category="repair", **s.N2, **of_the_company)
    world = given(s.REPAIR, second, s.merge("2025-11-03 11:00"))
    verify = line("verify_closure", "comm1", "2025-11-05 11:00")
    world.when(verify).then_refused("not_finished")
    world.run(s.finish("2025-11-04 15:00"))
    world.run(s.revisit("2025-11-05 09:00"), s.revisit("2025-11-05 09:30", **s.N2))
    world.when(s.close("2025-11-05 10:00")).then_refused("not_verified")
    world.run(verify)
    world.when(s.close("2025-11-05 12:00")).then("complaint.closed.1", "complaint.closed.1")


@pytest.mark.parametrize(
    ("category", "end"),
    [
        ("suggestion", s.close("2025-11-03 12:00")),
        ("inquiry", line("answer_complaint", "desk1", "2025-11-03 12:00", text="周六开放")),
    ],
)
def test_a_repair_is_not_ended_by_the_reply_to_another_case(category: str, end: Line) -> None:
    """What must be finished and revisited is, whatever it was merged into."""
    world = given(
        s.STAFFED,
        s.receive(category=category),
        s.receive("2025-11-03 10:00", category="repair", **s.N2),
        s.merge("2025-11-03 11:00"),
        s.reply("2025-11-03 11:30"),
        s.dispatch("2025-11-03 11:35"),
    )
    world.when(end).then_refused("not_finished")
    world.run(s.finish("2025-11-03 11:50"))
    world.when(end).then_refused("not_revisited")
    world.run(s.revisit("2025-11-03 11:55", **s.N2))
    world.run(end)
    assert world.row("N-2").status == "closed"
