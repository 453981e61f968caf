"""What the tests of a case's commands share: lines about N-1, and histories built on them."""

from __future__ import annotations

from typing import Any

from tests import scenarios as s
from tests.spec import Line, line

AT = "2025-11-03 12:00"
AFTER = "2025-11-04 15:30"
LATER = "2025-11-05 18:00"
WORDS: dict[str, Any] = {"reason": "说明"}


def do(name: str, by: str, at: str = AT, **fields: Any) -> Line:  # noqa: ANN401 - a line's values
    """Return a line about N-1."""
    return line(name, by, at, **fields)


def window(name: str, by: str = "tech1", at: str = AT, **more: str) -> Line:
    """Return a line with an appointment's window."""
    times = {"from": "2025-11-04T09:00:00+08:00", "to": "2025-11-04T11:00:00+08:00"}
    return line(name, by, at, **times, **more)


SENSITIVE = [*s.FINISHED, do("mark_sensitive", "head1", AFTER, **WORDS)]
MAJOR = [*s.REPAIRED, do("mark_major", "head1", AFTER, **WORDS)]
COMPANY = [
    *s.STAFFED,
    s.receive(category="repair", level="company"),
    s.dispatch("2025-11-03 09:05"),
    s.finish("2025-11-04 15:00"),
    s.revisit("2025-11-05 10:00"),
]
PENDING = [*s.RECEIVED, s.classify("2025-11-03 09:15", "invalid")]
APPROVED_REPLY = [*s.WEB, do("approve_reply", "head1", "2025-11-03 10:00", text="草稿")]
AGREED = [*s.REPAIR, window("agree_appointment", at="2025-11-03 10:00")]
VOIDED = [*s.RECEIVED, do("void_complaint", "super1", "2025-11-03 10:00", **WORDS)]
PRAISE = [*s.STAFFED, s.receive(category="praise")]
