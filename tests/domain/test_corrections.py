"""Facts typed wrong: corrected, with the clocks computed again under the policy that bound them."""

from __future__ import annotations

import pytest

from guanjia.domain.complaint.events import ComplaintCorrected
from tests import scenarios as s
from tests.spec import given, line, moment, only

LATER = "2025-12-01 00:00"
PATHLESS = {"name": "张三"}


def iso(text: str) -> str:
    """Return the time as a history file writes it."""
    return str(s.accept(text)["at"])


@pytest.mark.parametrize(
    ("fact", "old", "new", "commitment", "due"),
    [
        ("at", iso("2025-11-03 09:00"), iso("2025-10-31 09:00"), "respond", "2025-10-31 09:30"),
        ("at", iso("2025-11-03 09:00"), iso("2025-10-31 09:00"), "reply", "2025-11-03 23:59:59"),
        ("at", iso("2025-11-03 09:00"), iso("2025-10-31 09:00"), "control", "2025-11-05 23:59:59"),
        ("level", "department", "company", "control", "2025-11-12 23:59:59"),
        ("urgency", "normal", "emergency", "respond", "2025-11-03 09:15"),
    ],
)
def test_a_corrected_fact_moves_its_clocks(
    fact: str, old: str, new: str, commitment: str, due: str
) -> None:
    """The clock is what it would have been with the right value."""
    outcome = given(s.RECEIVED).when(s.correct("2025-11-03 12:00", fact, old, new))
    outcome.then(("complaint.corrected.1", {"fact": fact, "old": old, "new": new}))
    assert outcome.world.clock(commitment).due_at == moment(due)


def test_a_corrected_category_decides_whether_a_revisit_is_owed() -> None:
    """A repair typed in as an inquiry owes its revisit from the finish, and the other way round."""
    inquiry = given(s.INQUIRY, s.dispatch("2025-11-03 09:05"), s.finish("2025-11-04 15:00"))
    assert inquiry.outcomes("revisit", "2025-11-05 00:00") == []
    inquiry.run(s.correct("2025-11-05 09:00", "category", "inquiry", "repair"))
    assert inquiry.outcomes("revisit", "2025-11-05 09:00") == ["open"]
    assert inquiry.clock("revisit").due_at == moment("2025-11-06 23:59:59")
    inquiry.run(s.correct("2025-11-05 10:00", "category", "repair", "praise"))
    assert inquiry.outcomes("revisit", LATER) == []
    assert inquiry.round().duty == "not_owing"


def test_a_corrected_contact_gives_and_takes_the_duty_to_reply() -> None:
    """A contact found later makes the reply due from the receipt; a lost one takes it away."""
    world = given(s.STAFFED, s.receive(contact=None))
    assert world.outcomes("reply", LATER) == []
    world.when(s.correct("2025-11-03 12:00", "contact", None, s.CONTACT)).then(
        ("complaint.corrected.1", {"old": None, "new": None, "reach": "path"})
    )
    assert world.clock("reply").due_at == moment("2025-11-04 23:59:59")
    world.run(s.correct("2025-11-03 13:00", "contact", s.CONTACT, PATHLESS))
    assert world.outcomes("reply", LATER) == []
    assert world.row().reach == "pathless"
    world.run(s.correct("2025-11-03 14:00", "contact", PATHLESS, None))
    assert world.row().reach == "anonymous"


def test_a_corrected_posting_moves_the_reply() -> None:
    """24 hours count from the right forwarding, or from the posting if there was none."""
    world = given(s.WEB)
    right = iso("2025-11-03 07:00")
    world.run(s.correct("2025-11-03 12:00", "forwarded_at", iso("2025-11-03 08:30"), right))
    assert world.clock("reply").due_at == moment("2025-11-04 07:00")
    world.run(s.correct("2025-11-03 12:10", "forwarded_at", right, None))
    assert world.clock("reply").due_at == moment("2025-11-03 20:00")
    world.run(
        s.correct("2025-11-03 12:20", "posted_at", iso("2025-11-02 20:00"), iso("2025-11-02 21:00"))
    )
    assert world.clock("reply").due_at == moment("2025-11-03 21:00")


def test_a_corrected_topic_moves_no_clock() -> None:
    """The topic is no part of a promise."""
    outcome = given(s.RECEIVED).when(s.correct("2025-11-03 12:00", "topic", "noise", "leak"))
    assert only(outcome.events, ComplaintCorrected).clocks == ()
    assert outcome.world.row().topic == "leak"


def test_a_correction_keeps_the_old_policy() -> None:
    """Received earlier than it seemed, the case stays with the policy that bound it."""
    looser = line(
        "adopt_policy",
        None,
        "2025-10-01 09:00",
        version="2",
        effective_from=iso("2025-11-01 00:00"),
        control_department_working_days=5,
    )
    world = given(s.STAFFED, looser, s.receive())
    world.run(s.correct("2025-11-03 12:00", "at", iso("2025-11-03 09:00"), iso("2025-10-31 09:00")))
    assert (world.clock("control").policy, world.clock("control").due_at) == (
        "2",
        moment("2025-11-07 23:59:59"),
    )


@pytest.mark.parametrize(
    ("fact", "old", "new", "code"),
    [
        ("at", iso("2025-11-03 09:01"), iso("2025-11-03 08:00"), "old_value_differs"),
        ("level", "company", "department", "old_value_differs"),
        ("topic", "leak", "noise", "old_value_differs"),
        ("posted_at", iso("2025-11-03 09:01"), None, "old_value_differs"),
        ("at", iso("2025-11-03 09:00"), iso("2025-11-03 09:05:01"), "out_of_order"),
        ("at", iso("2025-11-03 09:00"), iso("2031-01-01 00:00:01"), "in_future"),
        ("at", iso("2025-11-03 09:00"), None, "missing_value"),
        ("at", iso("2025-11-03 09:00"), "gestern", "invalid_value"),
        ("at", iso("2025-11-03 09:00"), "2025-11-03T08:00:00", "invalid_value"),
        ("level", "department", "galaxy", "invalid_value"),
        ("contact", s.CONTACT, "张三", "invalid_value"),
        ("level", "department", s.CONTACT, "invalid_value"),
        ("posted_at", None, iso("2025-11-03 09:00:01"), "posted_after_receipt"),
        ("forwarded_at", None, iso("2025-11-03 09:00:01"), "posted_after_receipt"),
    ],
)
def test_corrections_that_are_refused(fact: str, old: object, new: object, code: str) -> None:
    """The old value must be the recorded one, and the new one must be possible."""
    given(s.DISPATCHED).when(s.correct("2025-11-03 12:00", fact, old, new)).then_refused(code)


def test_a_receipt_is_not_corrected_to_before_its_posting_nor_after_its_promise() -> None:
    """The corrected times keep the order that a receipt's times must have."""
    wrong = s.correct("2025-11-03 12:00", "at", iso("2025-11-03 09:00"), iso("2025-11-03 08:29"))
    given(s.WEB).when(wrong).then_refused("posted_after_receipt")
    promised = given(s.STAFFED, s.receive(promised_reply_at=iso("2025-11-03 10:00")))
    late = s.correct("2025-11-03 12:00", "at", iso("2025-11-03 09:00"), iso("2025-11-03 10:01"))
    promised.when(late).then_refused("promise_in_past")


def test_a_closed_case_is_corrected_too() -> None:
    """A wrong level shows in the figures whether the case is open or not."""
    world = given(s.CLOSED, s.correct("2025-11-10 09:00", "level", "department", "company"))
    assert world.clock("control").due_at == moment("2025-11-12 23:59:59")
    assert world.outcomes("control", LATER) == ["met"]


@pytest.mark.parametrize("history", [s.RECEIVED, s.FINISHED, s.CLOSED, s.FORCED, s.UNSATISFIED])
def test_a_voided_case_has_only_void_clocks(history: list[object]) -> None:
    """Entered by mistake: no statistics, every clock void, kept or missed or open."""
    world = given(history)
    world.when(line("void_complaint", "super1", "2025-11-20 09:00", reason="误录")).then(
        "complaint.voided.1"
    )
    assert {clock.ended for clock in world.clocks()} == {"void"}
    assert world.row().status == "voided"
    world.when(s.correct("2025-11-21 09:00", "topic", "noise", "leak")).then_refused("case_voided")


def test_the_number_of_a_voided_case_stays() -> None:
    """The next case gets the next number."""
    world = given(s.RECEIVED, line("void_complaint", "super1", "2025-11-03 10:00", reason="误录"))
    assert world.execute(s.receive("2025-11-03 11:00", complaint="N-2")).number == 2
    assert world.case().number == 1
