"""Rules that a mutation of the clocks or of the overseers' decisions would break unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guanjia.domain.promises import (
    Clock,
    End,
    Step,
    changed,
    fixed,
    merged,
    open_at,
    promise,
)
from guanjia.domain.workdays import Due
from tests import scenarios as s
from tests.spec import Line, given, line, moment

START = moment("2025-11-03 09:00")
DUE = moment("2025-11-03 10:00")
SECOND = timedelta(seconds=1)


def judged(*, stops: tuple[Step, ...] = (), ends: tuple[End, ...] = ()) -> Clock:
    """Return an hour's promise that was stopped or ended."""
    return promise("respond", 1, START, fixed("60 min", DUE), "1")(stops, ends)


def test_what_is_past_due_is_not_superseded() -> None:
    """An end after the due time leaves no trace on the clock; one at the due time does."""
    late = judged(ends=(End(DUE + SECOND, "superseded", "close"),))
    assert (late.ended, late.ended_at, late.cause) == (None, None, None)
    in_time = judged(ends=(End(DUE, "superseded", "close"),))
    assert (in_time.ended, in_time.ended_at, in_time.cause) == ("superseded", DUE, "close")


def test_a_duty_that_ceased_after_the_due_time_is_void_all_the_same() -> None:
    """Only superseding has to come in time."""
    void = judged(ends=(End(DUE + SECOND, "void", "invalid"),))
    assert (void.ended, void.ended_at, void.cause) == ("void", DUE + SECOND, "invalid")


def test_a_provisional_due_time_does_not_keep_an_end_out() -> None:
    """Nobody knows yet whether it came too late."""
    limit = fixed("1 WD", DUE)._replace(due=Due(DUE, "expected-2027", provisional=True))
    clock = promise("control", 1, START, limit, "1")([], [End(DUE + SECOND, "superseded", "close")])
    assert (clock.ended, clock.ended_at) == ("superseded", DUE + SECOND)


def test_a_clock_is_open_through_its_due_time() -> None:
    """At the due time it still runs, a second later no more."""
    assert open_at(judged(), DUE)
    assert not open_at(judged(), DUE + SECOND)


def test_a_clock_is_not_open_at_the_moment_it_was_stopped_or_ended() -> None:
    """Until a second before it was."""
    at = START + timedelta(minutes=5)
    stopped = judged(stops=(Step(at, "reply"),))
    ended = judged(ends=(End(at, "superseded", "close"),))
    for clock in (stopped, ended):
        assert open_at(clock, at - SECOND)
        assert not open_at(clock, at)


def test_a_finish_that_did_not_satisfy_on_the_spot_is_no_reply() -> None:
    """The customer is still to be told."""
    assert given(s.REPAIRED).clock("reply").stopped_at is None


def test_a_superseded_revisit_says_what_superseded_it() -> None:
    """The next round, or the way in which the round was closed."""
    reopened = given(s.FORCED, s.reopen("2025-11-05 09:00"))
    assert reopened.clock("revisit").cause == "next round"


def test_a_revisit_given_up_says_how_its_case_was_closed() -> None:
    """Three attempts in vain on two days, and the head closed."""
    attempts = [
        s.revisit(at, "unreachable")
        for at in ("2025-11-04 16:00", "2025-11-04 18:00", "2025-11-05 09:00")
    ]
    world = given(s.REPAIRED, attempts, s.close("2025-11-05 10:00", by="head1"))
    clock = world.clock("revisit")
    assert (clock.ended, clock.cause) == ("superseded", world.case().closings[-1].how)


def test_satisfied_on_the_spot_the_customer_was_told_by_the_finish() -> None:
    """The reply clock names it as what stopped it."""
    spot = s.finish("2025-11-04 15:00", on_the_spot_satisfied=True, evidence="签字")
    assert given(s.REPAIR, spot).clock("reply").cause == "finish"


def test_a_promised_reply_is_limited_as_promised() -> None:
    """That is what the explanation of the clock shows."""
    promised = s.receive(promised_reply_at=s.accept("2025-11-03 18:00")["at"])
    assert given(s.STAFFED, promised).clock("promised_reply").limit == "as promised"


def test_a_consultation_at_the_very_receipt_shortens_the_response() -> None:
    """It is of this clock from its first second on."""
    at = "2025-11-03 09:00"
    world = given(s.STAFFED, s.receive(at), s.dispatch(at), s.consult(at))
    assert world.clock("respond").due_at == moment("2025-11-03 09:15")


def test_a_clock_that_never_should_have_been_is_carried_as_withdrawn_and_forgotten() -> None:
    """The event tells when; the state keeps nothing of it."""
    clock = judged()
    (withdrawn,) = changed({clock.key: clock}, {}, DUE)
    assert (withdrawn.ended, withdrawn.ended_at) == ("withdrawn", DUE)
    assert merged({clock.key: clock}, [withdrawn]) == {}


def test_turned_invalid_at_its_finish_a_complaint_never_owed_a_revisit() -> None:
    """What was decided by the finish counts from it: there is no clock, not even a void one."""
    world = given(
        s.VALID,
        s.approve("2025-11-03 11:00"),
        s.classify("2025-11-04 14:00", "invalid"),
        s.finish("2025-11-04 15:00"),
        s.sign("2025-11-04 15:00"),
    )
    assert [clock for clock in world.clocks() if clock.commitment == "revisit"] == []


@pytest.mark.parametrize("again", ["valid", "invalid"])
def test_the_same_validity_once_more_changes_no_revisit(again: str) -> None:
    """Signed again as it stood, the complaint keeps the clocks it had."""
    turned = [s.classify("2025-11-04 15:30", "invalid"), s.sign("2025-11-04 16:00")]
    world = given(s.FINISHED, turned if again == "invalid" else [])
    before = [clock for clock in world.clocks() if clock.commitment == "revisit"]
    world.run(s.sign("2025-11-04 17:00", again))
    after = [clock for clock in world.clocks() if clock.commitment == "revisit"]
    assert before == after
    assert [clock.ended for clock in after] == ["void" if again == "invalid" else None]


def test_a_handler_of_any_post_may_revisit_in_vain() -> None:
    """Who handled the case records a void revisit even where the post may not revisit."""
    outcome = given(s.ACCEPTED, s.APPROVED[len(s.ACCEPTED) :], s.finish("2025-11-04 15:00")).when(
        s.revisit("2025-11-05 10:00", by="tech1")
    )
    outcome.then(("complaint.revisited.1", {"void": True}))


def test_a_closed_case_can_be_escalated() -> None:
    """What was missed before the closing is still taken up."""
    outcome = given(s.CLOSED).when(
        line("escalate_complaint", "desk1", "2025-11-06 09:00", reason="missed")
    )
    outcome.then("complaint.escalated.1")


def test_a_case_at_the_top_stays_there_in_irregular_history() -> None:
    """Escalated once more it keeps the highest rung."""
    world = given(s.RECEIVED)
    up = line("escalate_complaint", "desk1", "2025-11-03 10:00", reason="missed")
    while not world.when(up).refusal:
        pass
    top = world.case().rung
    outcome = world.when(up, keep_irregular=True)
    outcome.then(("complaint.escalated.1", {"rung": top, "irregular": ("top_rung",)}))


def test_a_merged_case_can_be_marked_sensitive() -> None:
    """Its customer may be the one to be left alone."""
    mark = line("mark_sensitive", "head1", "2025-11-03 12:00", complaint="N-2", reason="当事人丧亲")
    given(s.MERGED).when(mark).then("complaint.marked_sensitive.1")


def test_the_reason_of_a_major_mark_is_kept() -> None:
    """As a reference to the vault, in the event."""
    outcome = given(s.RECEIVED).when(line("mark_major", "head1", "2025-11-03 10:00", reason="群诉"))
    assert outcome.refusal is None
    (event,) = outcome.events
    assert outcome.world.store.vault.reveal(event.model_dump()["reason"]) == "群诉"


REFUSED: dict[str, tuple[object, Line, str]] = {
    "confirm unfinished": (s.REPAIR, s.confirm("2025-11-04 16:00"), "not_finished"),
    "revisit unfinished": (s.REPAIR, s.revisit("2025-11-04 16:00"), "not_finished"),
    "answers without contact": (
        s.REPAIRED,
        s.revisit("2025-11-05 10:00", "unreachable", timely=True),
        "answers_without_contact",
    ),
    "revisit again": (
        [s.REPAIRED, s.revisit("2025-11-05 10:00")],
        s.revisit("2025-11-05 11:00"),
        "already_revisited",
    ),
    "sensitive again": (
        [s.REPAIR, line("mark_sensitive", "head1", "2025-11-03 10:00", reason="丧事")],
        line("mark_sensitive", "head1", "2025-11-03 11:00", reason="丧事"),
        "already_marked",
    ),
    "major again": (
        [s.REPAIR, line("mark_major", "head1", "2025-11-03 10:00", reason="群诉")],
        line("mark_major", "head1", "2025-11-03 11:00", reason="群诉"),
        "already_marked",
    ),
    "verify a department's": (
        s.REPAIRED,
        line("verify_closure", "comm1", "2025-11-05 10:00"),
        "verification_not_needed",
    ),
    "verify unfinished": (
        s.WEB,
        line("verify_closure", "comm1", "2025-11-05 10:00"),
        "not_finished",
    ),
}


@pytest.mark.parametrize(("history", "refused", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refusal_names_its_case(history: object, refused: Line, code: str) -> None:
    """Who imports thousands of lines must find the one."""
    refusal = given(history).when(refused).then_refused(code).refusal
    assert refusal is not None
    assert refusal.detail == "N-1"


def test_the_top_rung_is_refused_by_name() -> None:
    """With the case that stands on it."""
    world = given(s.RECEIVED)
    up = line("escalate_complaint", "desk1", "2025-11-03 10:00", reason="missed")
    while not (refusal := world.when(up).refusal):
        pass
    assert (refusal.code, refusal.detail) == ("top_rung", "N-1")


@pytest.mark.parametrize(
    ("version", "holidays", "code", "detail"),
    [
        ("cn-2025", [], "version_exists", "cn-2025"),
        ("cn-2027", ["2026-06-01"], "calendar_invalid", "2027"),
    ],
)
def test_a_refused_calendar_is_named(
    version: str, holidays: list[str], code: str, detail: str
) -> None:
    """By its version where that is taken, by its year where its dates cannot be."""
    load = line(
        "load_calendar", "quality1", "2026-11-20 09:00",
        version=version, year=2027, holidays=holidays, workdays=[],
    )  # fmt: skip
    refusal = given(s.STAFFED).when(load).then_refused(code).refusal
    assert refusal is not None
    assert refusal.detail == detail
