"""Named histories, each built from an earlier one; the case is N-1 of the centre north.

The plain case: a valid complaint by phone on Monday 2025-11-03 at 09:00, finished on Tuesday at
15:00, revisited on Wednesday at 10:00 and closed at 17:00.
"""

from __future__ import annotations

from typing import Any

from .spec import Line, line

N2: dict[str, Any] = {"complaint": "N-2"}
CONTACT = {"name": "张三", "phone": "13800138000"}

STAFF: dict[str, tuple[str, str, str | None, str | None]] = {
    "desk1": ("p-desk1", "front_desk", "north", "service"),
    "duty1": ("p-duty1", "duty", "north", "service"),
    "stew1": ("p-stew1", "steward", "north", "service"),
    "tech1": ("p-tech1", "technician", "north", "engineering"),
    "tech2": ("p-tech2", "technician", "north", "engineering"),
    "guard1": ("p-guard1", "security", "north", "security"),
    "super1": ("p-super1", "supervisor", "north", "engineering"),
    "head1": ("p-head1", "department_head", "north", "service"),
    "keeper1": ("p-keeper1", "data_custodian", "north", "service"),
    "cash1": ("p-cash1", "finance", "north", "finance"),
    "desk9": ("p-tech1", "front_desk", "north", "service"),
    "desk2": ("p-desk2", "front_desk", "south", "service"),
    "tech3": ("p-tech3", "technician", "south", "engineering"),
    "super2": ("p-super2", "supervisor", "south", "engineering"),
    "head2": ("p-head2", "department_head", "south", "service"),
    "quality1": ("p-quality1", "quality", None, None),
    "comm1": ("p-comm1", "complaint_commissioner", None, None),
    "rep1": ("p-rep1", "management_representative", None, None),
    "gm1": ("p-gm1", "general_manager", None, None),
    "audit1": ("p-audit1", "auditor", None, None),
}
"""Account → person, post, centre, department; tech1 and desk9 are one person's accounts."""

NORTH = {
    "front_desk": "desk1",
    "duty": "duty1",
    "steward": "stew1",
    "technician": "tech2",
    "security": "guard1",
    "supervisor": "super1",
    "department_head": "head1",
    "data_custodian": "keeper1",
    "finance": "cash1",
    "quality": "quality1",
    "complaint_commissioner": "comm1",
    "management_representative": "rep1",
    "general_manager": "gm1",
    "auditor": "audit1",
}
"""One account of each post that may act in north, none of them a handler of N-1."""


def post(staff: str) -> Line:
    """Return the line that posts a member of staff."""
    person, held, centre, department = STAFF[staff]
    place = {"centre": centre, "department": department} if centre else {}
    return line(
        "post_staff", None, "2020-01-01 00:00", staff=staff, person=person, post=held, **place
    )


STAFFED = [post(staff) for staff in STAFF]


def receive(at: str = "2025-11-03 09:00", *, by: str = "desk1", **changes: object) -> Line:
    """Return the receipt of a complaint by phone, with changes."""
    fields: dict[str, object] = {
        "complaint": "N-1",
        "centre": "north",
        "channel": "phone",
        "category": "complaint",
        "urgency": "normal",
        "level": "department",
        "topic": "noise",
        "text": "楼上装修噪音",
        "contact": CONTACT,
        "read_back": True,
    }
    return line("receive_complaint", by, at, **{**fields, **changes})


def classify(at: str, validity: str = "valid", *, by: str = "desk1", **more: object) -> Line:
    """Return a classification."""
    return line("classify_complaint", by, at, validity=validity, **more)


def sign(at: str, validity: str = "invalid", *, by: str = "head1", **more: object) -> Line:
    """Return the head's signature under a classification."""
    return line("sign_classification", by, at, validity=validity, **more)


def dispatch(at: str, handler: str = "tech1", *, by: str = "desk1", **more: object) -> Line:
    """Return a dispatch to a handler."""
    return line("dispatch_complaint", by, at, department="engineering", handler=handler, **more)


def accept(at: str, *, by: str = "tech1", **more: object) -> Line:
    """Return an acceptance."""
    return line("accept_complaint", by, at, **more)


def consult(at: str, *, by: str = "tech1", **more: object) -> Line:
    """Return a consultation."""
    return line("consult_on_complaint", by, at, **more)


def reply(at: str, *, by: str = "desk1", **more: object) -> Line:
    """Return a reply."""
    return line("reply_to_complaint", by, at, channel="phone", text="正在处理", **more)


def start(at: str, *, by: str = "tech1", **more: object) -> Line:
    """Return a start on site."""
    return line("start_handling", by, at, **more)


def agree(at: str, from_: str, to: str, *, by: str = "tech1", **more: object) -> Line:
    """Return an agreed window."""
    window = {"from": _time(from_), "to": _time(to)}
    return line("agree_appointment", by, at, **window, **more)


def move(at: str, from_: str, to: str, *, asked_by: str, by: str = "tech1", **more: object) -> Line:
    """Return a moved window."""
    window = {"from": _time(from_), "to": _time(to)}
    return line("move_appointment", by, at, asked_by=asked_by, **window, **more)


def approve(at: str, *, by: str = "head1", **more: object) -> Line:
    """Return the approval of the remedy."""
    return line("approve_remedy", by, at, **more)


def finish(at: str, *, by: str = "tech1", **more: object) -> Line:
    """Return a finish."""
    fields: dict[str, object] = {"result": "已修复", **more}
    return line("finish_handling", by, at, **fields)


def confirm(at: str, *, by: str = "head1", **more: object) -> Line:
    """Return the confirmation of the result."""
    return line("confirm_result", by, at, **more)


def revisit(at: str, outcome: str = "satisfied", *, by: str = "desk1", **more: object) -> Line:
    """Return a revisit."""
    good = outcome == "satisfied"
    answers: dict[str, object] = {"timely": good, "result_ok": good, "attitude_ok": good}
    fields: dict[str, object] = {"outcome": outcome, "channel": "phone"}
    fields |= {} if outcome == "unreachable" else answers
    return line("revisit_complaint", by, at, **{**fields, **more})


def close(at: str, *, by: str = "desk1", **more: object) -> Line:
    """Return a closing."""
    return line("close_complaint", by, at, **more)


def force_close(at: str, *, by: str = "head1", **more: object) -> Line:
    """Return a forced closing."""
    return line("force_close_complaint", by, at, reason="无法达成一致", **more)


def reopen(at: str, *, by: str = "super1", **more: object) -> Line:
    """Return a reopening."""
    return line("reopen_complaint", by, at, reason="问题复发", **more)


def triage(at: str, urgency: str = "emergency", *, by: str = "desk1", **more: object) -> Line:
    """Return a triage."""
    return line("triage_complaint", by, at, urgency=urgency, **more)


def merge(at: str, into: str = "N-1", *, complaint: str = "N-2", by: str = "super1") -> Line:
    """Return the merging of N-2 into N-1."""
    return line("merge_complaint", by, at, complaint=complaint, into=into)


def correct(
    at: str, fact: str, old: object, new: object, *, by: str = "super1", **more: object
) -> Line:
    """Return a correction."""
    values = {"fact": fact, "old": old, "new": new}
    return line("correct_complaint", by, at, reason="录入错误", **values, **more)


def simple(do: str, at: str, *, by: str, **more: object) -> Line:
    """Return a line that has nothing but its case."""
    return line(do, by, at, **more)


def _time(text: str) -> str:
    return str(line("accept_complaint", "tech1", text)["at"])


RECEIVED = [*STAFFED, receive()]
DISPATCHED = [*RECEIVED, dispatch("2025-11-03 09:05")]
ACCEPTED = [*DISPATCHED, accept("2025-11-03 09:10")]
VALID = [*ACCEPTED, classify("2025-11-03 09:15")]
APPROVED = [*VALID, reply("2025-11-03 09:20"), approve("2025-11-03 11:00")]
FINISHED = [*APPROVED, finish("2025-11-04 15:00")]
CONFIRMED = [*FINISHED, confirm("2025-11-04 16:00")]
REVISITED = [*CONFIRMED, revisit("2025-11-05 10:00")]
CLOSED = [*REVISITED, close("2025-11-05 17:00")]

REPAIR = [*STAFFED, receive(category="repair"), dispatch("2025-11-03 09:05")]
REPAIRED = [*REPAIR, finish("2025-11-04 15:00")]
UNSATISFIED = [*REPAIRED, revisit("2025-11-05 10:00", "unsatisfied")]
INQUIRY = [*STAFFED, receive(category="inquiry")]
WEB = [
    *STAFFED,
    receive(
        "2025-11-03 09:00",
        channel="web",
        posted_at="2025-11-02T20:00:00+08:00",
        forwarded_at="2025-11-03T08:30:00+08:00",
    ),
    dispatch("2025-11-03 09:05"),
]
TWO = [*REPAIR, receive("2025-11-03 10:00", category="repair", complaint="N-2")]
MERGED = [*TWO, merge("2025-11-03 11:00")]
MERGED_FINISHED = [*MERGED, finish("2025-11-04 15:00")]
FORCED = [*REPAIRED, force_close("2025-11-04 16:00")]
