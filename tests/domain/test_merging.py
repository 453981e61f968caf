"""Several reporters of one matter: merging, and what each of them is still owed."""

from __future__ import annotations

from tests import scenarios as s
from tests.spec import given, line, moment

LATER = "2025-12-01 00:00"


def test_merging_writes_what_happened_on_both_sides() -> None:
    """The member says where it goes on, the survivor whom it answers for."""
    given(s.TWO).when(s.merge("2025-11-03 11:00")).then(
        ("complaint.merged.1", {"into": "N-1"}),
        ("complaint.absorbed.1", {"member": "N-2", "received_at": moment("2025-11-03 10:00")}),
    )


def test_the_survivors_finish_finishes_all() -> None:
    """One finish, an event in each case, and each keeps its own revisit."""
    world = given(s.MERGED)
    world.when(s.finish("2025-11-04 15:00")).then(
        ("complaint.finished.1", {"through": None}),
        ("complaint.finished.1", {"through": "N-1", "round": 1}),
    )
    for name in ("N-1", "N-2"):
        assert world.clock("revisit", name).due_at == moment("2025-11-06 23:59:59")


def test_a_merged_case_is_not_handled_on_its_own() -> None:
    """What belongs to the matter is done on the survivor."""
    world = given(s.MERGED)
    for refused in (
        s.dispatch("2025-11-03 12:00", **s.N2),
        s.triage("2025-11-03 12:00", **s.N2),
        s.close("2025-11-03 12:00", **s.N2),
        s.force_close("2025-11-03 12:00", **s.N2),
        s.merge("2025-11-03 12:00"),
    ):
        world.when(refused).then_refused("case_merged")


def test_a_merged_case_is_still_replied_to_and_escalated() -> None:
    """Each reporter is told, alerted about and marked on their own."""
    world = given(s.MERGED)
    world.run(
        s.reply("2025-11-03 12:00", **s.N2),
        line("escalate_complaint", "desk1", "2025-11-03 12:00", reason="missed", **s.N2),
        line("alert_head", "guard1", "2025-11-03 12:00", **s.N2),
        line("mark_major", "head1", "2025-11-03 12:00", **s.N2),
    )
    assert (world.row("N-2").rung, world.row("N-2").major) == ("supervisor", True)


def test_the_merged_cases_clocks_are_superseded() -> None:
    """Respond, reply and control of the member end with the merging; missed ones stay missed."""
    world = given(s.MERGED)
    for commitment, outcome in (
        ("respond", "missed"),
        ("reply", "superseded"),
        ("control", "superseded"),
    ):
        assert world.outcomes(commitment, LATER, "N-2") == [outcome]


def test_a_promise_to_one_reporter_and_a_window_stay_their_own() -> None:
    """What was promised to the member personally does not go away by merging."""
    world = given(
        s.STAFFED,
        s.receive(category="repair"),
        s.dispatch("2025-11-03 09:05"),
        s.receive("2025-11-03 10:00", promised_reply_at="2025-11-03T18:00:00+08:00", **s.N2),
        s.agree("2025-11-03 10:10", "2025-11-04 09:00", "2025-11-04 16:00", by="desk1", **s.N2),
        s.merge("2025-11-03 11:00"),
        s.reply("2025-11-03 17:00", **s.N2),
        s.finish("2025-11-04 15:00"),
    )
    assert world.outcomes("promised_reply", LATER, "N-2") == ["met"]
    assert world.outcomes("appointment", LATER, "N-2") == ["met"]


def test_an_unsatisfied_member_sends_the_survivor_on() -> None:
    """The matter goes to the next round; satisfied reporters owe nothing more."""
    world = given(s.MERGED_FINISHED, s.revisit("2025-11-05 09:00"))
    world.when(s.revisit("2025-11-05 10:00", "unsatisfied", **s.N2)).then(
        "complaint.revisited.1", ("complaint.round_opened.1", {"because_of": "N-2"})
    )
    world.when(s.finish("2025-11-06 10:00")).then("complaint.finished.1", "complaint.finished.1")
    assert (world.round(2).duty, world.round(2, "N-2").duty) == ("settled", "owed")
    assert world.outcomes("revisit", "2025-11-06 12:00") == ["met"]
    assert world.outcomes("revisit", "2025-11-06 12:00", "N-2") == ["met", "open"]
    world.when(s.close("2025-11-06 13:00")).then_refused("not_revisited")
    world.run(s.revisit("2025-11-06 14:00", **s.N2))
    world.when(s.close("2025-11-06 15:00")).then("complaint.closed.1", "complaint.closed.1")


def test_an_unsatisfied_survivor_leaves_satisfied_members_alone() -> None:
    """A satisfied member stays in its round; one who was not asked yet goes along."""
    third = [
        s.receive("2025-11-03 10:30", category="repair", complaint="N-3"),
        s.merge("2025-11-03 11:00", complaint="N-3"),
    ]
    world = given(s.MERGED, third, s.finish("2025-11-04 15:00"))
    world.run(s.revisit("2025-11-05 09:00", **s.N2))
    world.when(s.revisit("2025-11-05 10:00", "unsatisfied")).then(
        "complaint.revisited.1", "complaint.round_opened.1"
    )
    assert [len(world.case(name).rounds) for name in ("N-1", "N-2", "N-3")] == [2, 1, 2]
    assert world.outcomes("revisit", LATER, "N-3") == ["superseded"]


def test_closing_waits_for_every_members_revisit_and_closes_all() -> None:
    """Each reporter is asked; then the matter closes once, for all of them."""
    world = given(s.MERGED_FINISHED, s.revisit("2025-11-05 09:00"))
    world.when(s.close("2025-11-05 10:00")).then_refused("not_revisited")
    world.run(s.revisit("2025-11-05 11:00", **s.N2))
    world.when(s.close("2025-11-05 10:59")).then_refused("out_of_order")
    world.when(s.close("2025-11-05 12:00")).then(
        ("complaint.closed.1", {"through": None}), ("complaint.closed.1", {"through": "N-1"})
    )
    assert world.row("N-2").status == "closed"


def test_a_handler_of_any_member_cannot_revisit_any_of_them() -> None:
    """Whoever handled one reporter's case is a handler of the matter."""
    world = given(
        s.TWO,
        s.dispatch("2025-11-03 10:05", "tech2", **s.N2),
        s.accept("2025-11-03 10:10", by="tech2", **s.N2),
        s.merge("2025-11-03 11:00"),
        s.finish("2025-11-04 15:00"),
    )
    second = line(
        "post_staff",
        None,
        "2020-01-01 00:00",
        staff="desk8",
        person="p-tech2",
        post="front_desk",
        centre="north",
    )
    world.run(second, s.revisit("2025-11-05 09:00", by="desk8"))
    world.run(s.revisit("2025-11-05 10:00", by="desk9", **s.N2))
    assert (world.round(1).voids, world.round(1, "N-2").voids) == (1, 1)


def test_whoever_merges_becomes_no_handler() -> None:
    """A case that joins a finished matter is finished with it, by the one who did the work."""
    world = given(s.TWO, s.finish("2025-11-03 10:30"), s.merge("2025-11-03 11:00"))
    assert world.round(1, "N-2").handler == "p-tech1"
    assert world.round(1, "N-2").finished_at == moment("2025-11-03 11:00")
    world.run(s.revisit("2025-11-04 09:00", by="super1", **s.N2))
    assert world.round(1, "N-2").revisit == "satisfied"


def test_a_finish_typed_in_late_does_not_finish_a_member_before_it_joined() -> None:
    """The member's round ends when it was merged, not before it was received."""
    world = given(
        s.REPAIR,
        s.receive("2025-11-04 16:00", category="repair", **s.N2),
        s.merge("2025-11-04 17:00"),
        s.finish("2025-11-04 15:00"),
    )
    assert world.round(1).finished_at == moment("2025-11-04 15:00")
    assert world.round(1, "N-2").finished_at == moment("2025-11-04 17:00")


def test_a_voided_member_does_not_hold_the_survivor_open() -> None:
    """Entered by mistake, it is owed nothing."""
    world = given(
        s.MERGED_FINISHED,
        line("void_complaint", "super1", "2025-11-04 16:00", reason="重复录入", **s.N2),
        s.revisit("2025-11-05 09:00"),
    )
    world.when(s.close("2025-11-05 10:00")).then("complaint.closed.1")
    assert world.row("N-2").status == "voided"


def test_a_reopened_survivor_closes_without_asking_closed_members_again() -> None:
    """Members closed with the first round stay closed."""
    attempts = [s.revisit(f"2025-11-05 {hour}:00", "unreachable", **s.N2) for hour in ("09", "10")]
    world = given(
        s.MERGED_FINISHED,
        attempts,
        s.revisit("2025-11-06 09:00", "unreachable", **s.N2),
        s.revisit("2025-11-05 11:00"),
        s.close("2025-11-06 10:00", by="head1"),
        s.reopen("2025-11-10 09:00"),
        s.finish("2025-11-10 10:00"),
        s.revisit("2025-11-10 11:00"),
    )
    world.when(s.close("2025-11-10 12:00")).then("complaint.closed.1")


def test_a_major_member_is_forced_by_the_company_only() -> None:
    """Merging a major case into another does not put it into the head's hands."""
    world = given(s.MERGED, line("mark_major", "head1", "2025-11-03 12:00", **s.N2))
    world.when(s.force_close("2025-11-03 13:00")).then_refused("major_case")
    world.when(s.force_close("2025-11-03 13:00", by="gm1")).then(
        "complaint.force_closed.1", "complaint.force_closed.1"
    )


def test_what_cannot_be_merged() -> None:
    """Not into itself, not into nothing, not over centres, not a survivor, not what is over."""
    world = given(s.TWO)
    world.when(s.merge("2025-11-03 11:00", "N-2")).then_refused("merged_into_itself")
    world.when(s.merge("2025-11-03 11:00", "N-9")).then_refused("unknown_complaint")
    world.when(s.merge("2025-11-03 11:00", complaint="N-9")).then_refused("unknown_complaint")
    world.run(
        s.receive("2025-11-03 10:00", by="desk2", centre="south", complaint="S-1"),
        s.receive("2025-11-03 10:00", complaint="N-3"),
        s.receive("2025-11-03 10:00", complaint="N-4", category="inquiry"),
        line("answer_complaint", "desk1", "2025-11-03 10:10", text="好", complaint="N-4"),
        s.merge("2025-11-03 11:00"),
    )
    world.when(s.merge("2025-11-03 12:00", "S-1", complaint="N-3")).then_refused(
        "other_centre_merge"
    )
    world.when(s.merge("2025-11-03 12:00", "N-3", complaint="N-1")).then_refused("merge_chain")
    world.when(s.merge("2025-11-03 12:00", "N-2", complaint="N-3")).then_refused("case_merged")
    world.when(s.merge("2025-11-03 12:00", "N-4", complaint="N-3")).then_refused("case_closed")
    world.when(s.merge("2025-11-03 12:00", complaint="N-4")).then_refused("case_closed")
    void = line("void_complaint", "super1", "2025-11-03 12:00", reason="误录")
    world.when(void).then_refused("has_members")


def test_an_answer_ends_every_inquiry_of_the_matter() -> None:
    """Two residents ask the same: answering the surviving case closes both."""
    second = s.receive("2025-11-03 09:30", category="inquiry", complaint="N-2")
    world = given(s.INQUIRY, second, s.merge("2025-11-03 10:00"))
    world.when(line("answer_complaint", "desk1", "2025-11-03 11:00", text="周六开放")).then(
        "complaint.answered.1", ("complaint.closed.1", {"through": "N-1"})
    )
    assert (world.row().status, world.row("N-2").status) == ("closed", "closed")
