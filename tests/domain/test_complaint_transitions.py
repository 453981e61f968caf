"""The table of a case's transitions in the documentation, tried cell by cell.

``python -m tests.domain.test_complaint_transitions`` writes
docs/reference/transitions-complaint.md.
"""

from __future__ import annotations

from pathlib import Path

from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.complaint.commands import CaseCommand
from guanjia.domain.complaint.state import Case
from guanjia.domain.streams import COMPLAINT
from tests import scenarios as s
from tests import work_orders as w
from tests.spec import Line, World, given

from .complaints import WORDS, do, window
from .test_permit_transitions import table

PAGE = Path(__file__).parents[2] / "docs/reference/transitions-complaint.md"
AT = "2025-11-10 09:00"
APPOINTED = window("agree_appointment", at="2025-11-03 10:00")

BEFORE = [*s.STAFFED, s.receive("2025-11-03 08:00", category="repair", complaint="N-2")]
RECEIVED = [*BEFORE, s.receive(category="repair"), s.classify("2025-11-03 09:01")]
DISPATCHED = [*RECEIVED, s.dispatch("2025-11-03 09:05")]
ACCEPTED = [*DISPATCHED, s.accept("2025-11-03 09:10"), APPOINTED]
STARTED = [*ACCEPTED, s.start("2025-11-04 09:00")]
FINISHED = [*STARTED, s.finish("2025-11-04 10:00")]
REVISITED = [*FINISHED, s.revisit("2025-11-05 10:00")]
PHASES: dict[str, list[Line]] = {
    "–": BEFORE,
    "received": RECEIVED,
    "dispatched": DISPATCHED,
    "accepted": ACCEPTED,
    "started": STARTED,
    "finished": FINISHED,
    "revisited": REVISITED,
    "again": [*FINISHED, s.revisit("2025-11-05 10:00", "unsatisfied")],
    "closed": [*REVISITED, s.close("2025-11-05 17:00")],
    "forced": [*FINISHED, s.force_close("2025-11-04 16:00")],
    "merged": [*RECEIVED, s.merge("2025-11-03 11:00", "N-2", complaint="N-1")],
    "voided": [*RECEIVED, do("void_complaint", "super1", "2025-11-03 10:00", **WORDS)],
}

ATTEMPTS: dict[str, Line] = {
    "receive_complaint": s.receive(AT, category="repair"),
    "triage_complaint": s.triage(AT),
    "classify_complaint": s.classify(AT),
    "sign_classification": s.sign(AT, "valid"),
    "answer_complaint": do("answer_complaint", "desk1", AT, text="好"),
    "dispatch_complaint": s.dispatch(AT),
    "transfer_complaint": do("transfer_complaint", "super1", AT, department="d", handler="tech1"),
    "accept_complaint": s.accept(AT),
    "consult_on_complaint": s.consult(AT),
    "approve_reply": do("approve_reply", "head1", AT),
    "reply_to_complaint": s.reply(AT),
    "start_handling": s.start(AT),
    "agree_appointment": s.agree(AT, "2025-11-11 09:00", "2025-11-11 11:00", by="desk1"),
    "move_appointment": s.move(
        AT, "2025-11-11 09:00", "2025-11-11 11:00", asked_by="customer", by="desk1"
    ),
    "report_progress": do("report_progress", "desk1", AT, text="等配件"),
    "approve_remedy": s.approve(AT),
    "finish_handling": s.finish(AT),
    "confirm_result": s.confirm(AT),
    "revisit_complaint: satisfied": s.revisit(AT),
    "revisit_complaint: unsatisfied": s.revisit(AT, "unsatisfied"),
    "revisit_complaint: unreachable": s.revisit(AT, "unreachable"),
    "escalate_complaint": do("escalate_complaint", "desk1", AT, reason="missed"),
    "alert_head": do("alert_head", "desk1", AT),
    "mark_sensitive": do("mark_sensitive", "head1", AT, **WORDS),
    "mark_major": do("mark_major", "head1", AT, **WORDS),
    "verify_closure": do("verify_closure", "comm1", AT),
    "close_complaint": s.close(AT),
    "force_close_complaint": s.force_close(AT),
    "reopen_complaint": s.reopen(AT),
    "merge_complaint": s.merge(AT, "N-2", complaint="N-1"),
    "correct_complaint": s.correct(AT, "topic", "noise", "leak"),
    "void_complaint": do("void_complaint", "super1", AT, **WORDS),
    "open_work_order": w.open_order(AT),
}
ORDER_ATTEMPTS: dict[str, Line] = {
    "return_work_order": w.bring_back(AT, number=1),
    "verify_work_order: accepted": w.verify(AT, number=1),
    "verify_work_order: not accepted": w.verify(AT, ok=False, number=1),
    "void_work_order": w.spoil(AT, number=1),
    "void_complaint": ATTEMPTS["void_complaint"],
}

INTRODUCTION = """\
<!-- Written by tests/domain/test_complaint_transitions.py, which tries every cell; do not edit. -->

# A case's transitions 诉求流程

What each command does in each phase: the **phase** after it, or the [refusal](refusals.md). The
case is a repair, reported by phone, of department level, judged valid and without a work order;
from `accepted` on an appointment was agreed, long past. The command comes later than all that led
to the phase, by a post that may do it. `again` is the next round, until it is finished.

Not in the table, because they depend on more than the phase:

- An inquiry is answered and closed at once; it, suggestions, praise and invalid complaints close
  once replied to, without a finish.
- A valid complaint is finished once its remedy is approved, and closed once its result is
  confirmed; company-level, web and forum cases are closed once the commissioner verified it.
- Web and forum cases are replied to with the head's approval only.
- What happened before a finish, a closing or a merging can be typed in after it, where it could
  happen then.
- A handler's revisit is recorded as void; a major case is forced closed by the company only.
- With a surviving case its members are finished, closed and sent to the next round; what the rules
  ask of a member before that is asked of the survivor.

"""
ORDERS_INTRODUCTION = """
## A work order's transitions 工作单流程

What each command does to the only order of a finished repair: the **status** after it, or the
refusal. An order is opened before the finish, and can come back after the closing.

"""


def phase(world: World) -> str:  # noqa: PLR0911 - a line per phase
    """Return the phase that N-1 is in."""
    case: Case | None = world.app._streams.state(COMPLAINT, "N-1")
    if case is None:
        return "–"
    if case.voided_at or case.merged_into:
        return "voided" if case.voided_at else "merged"
    if case.closed_at:
        return "forced" if case.closings[-1].how == "force_close" else "closed"
    if case.round.finished_at:
        return "revisited" if case.round.revisit else "finished"
    if case.round.number > 1:
        return "again"
    if case.handlers:
        return "started" if case.starts else "accepted"
    return "dispatched" if case.dispatched else "received"


def status(world: World) -> str:
    """Return where the only work order of N-1 stands."""
    return next((order.status for order in world.case().work_orders.values()), "–")


def phases() -> str:
    """Return the table of commands and phases."""
    rows = [["", *PHASES]]
    for name, command in ATTEMPTS.items():
        results = [given(history).when(command) for history in PHASES.values()]
        cells = [f"`{r.refusal.code}`" if r.refusal else f"**{phase(r.world)}**" for r in results]
        rows.append([name, *cells])
    return table(rows)


def orders() -> str:
    """Return the table of commands and a work order's statuses."""
    rows = [["", *w.ORDERS]]
    for name, command in ORDER_ATTEMPTS.items():
        results = [given(history).when(command) for history in w.ORDERS.values()]
        cells = [f"`{r.refusal.code}`" if r.refusal else f"**{status(r.world)}**" for r in results]
        rows.append([name, *cells])
    return table(rows)


def page() -> str:
    """Return the whole page."""
    return INTRODUCTION + phases() + ORDERS_INTRODUCTION + orders()


def test_the_tables_say_what_the_code_does() -> None:
    """Every cell of both tables is tried."""
    assert PAGE.read_text("utf-8") == page(), "python -m tests.domain.test_complaint_transitions"


def test_every_phase_and_status_is_reached() -> None:
    """The histories of the columns end where they say."""
    assert {name: phase(given(history)) for name, history in PHASES.items()} == {
        name: name for name in PHASES
    }
    assert {name: status(given(history)) for name, history in w.ORDERS.items()} == {
        name: name for name in w.ORDERS
    }


def test_every_command_of_a_case_is_tried() -> None:
    """No command is missing from the tables."""
    tried = {name.partition(":")[0] for name in (*ATTEMPTS, *ORDER_ATTEMPTS)}
    assert tried == {name for name, cls in COMMANDS.items() if issubclass(cls, CaseCommand)}


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
