"""Named histories of a defect, each built from an earlier one; it is D1, of home U1 in north.

The plain one: the home was registered on 2025-09-01; a leak is reported on Monday 2025-11-03 at
09:00 as inside the warranty, the builder told at 10:00, the repair finished on Tuesday at 15:00 and
accepted on Wednesday at 10:00.
"""

from __future__ import annotations

from typing import Any

from .scenarios import STAFFED
from .spec import Line, line

AT = "2025-11-06 12:00"
DESIGN: dict[str, Any] = {"design": True, "evidence": "现场照片三张"}
WARRANTY_UNTIL = {"plumbing": "2027-10-01", "civil": "2025-10-31"}


def home(at: str = "2025-09-01 09:00", unit: str = "U1", **changes: object) -> Line:
    """Return the registration of a home."""
    fields = {"centre": "north", "building": "1", "warranty_until": WARRANTY_UNTIL, **changes}
    return line("register_unit", "desk1", at, unit=unit, **fields)


def do(name: str, at: str, *, by: str = "desk1", **fields: object) -> Line:
    """Return a line about U1 and, unless it is about something else, D1."""
    return line(name, by, at, **{"unit": "U1", "defect": "D1", **fields})


def report(at: str = "2025-11-03 09:00", *, by: str = "desk1", **changes: object) -> Line:
    """Return the report of a leak inside the warranty, with changes."""
    fields = {"kind": "plumbing", "where": "inside", "text": "卫生间渗水", "complaint": None}
    return do("report_defect", at, by=by, **{**fields, **changes})


def notify(at: str = "2025-11-03 10:00", *, by: str = "desk1", **changes: object) -> Line:
    """Return the letter to the builder."""
    return do("notify_builder", at, by=by, **{"letter": "BX-7", **changes})


def finish(at: str = "2025-11-04 15:00", *, by: str = "tech1", **changes: object) -> Line:
    """Return the repair."""
    return do("finish_defect", at, by=by, **changes)


def verify(
    at: str = "2025-11-05 10:00", *, accepted: bool = True, by: str = "desk1", **changes: object
) -> Line:
    """Return the verification."""
    return do("verify_defect", at, by=by, accepted=accepted, **changes)


def explain(
    at: str = "2025-11-10 10:00", first: str = "2025-11-03", *, by: str = "head1", **changes: object
) -> Line:
    """Return the explanation of a week."""
    fields = {"centre": "north", "period": "week", "period_from": first, "text": "施工单位缺料"}
    return line("explain_warranty", by, at, **{**fields, **changes})


HOME = [*STAFFED, home()]
REPORTED = [*HOME, report()]
NOTIFIED = [*REPORTED, notify()]
FINISHED = [*NOTIFIED, finish()]
VERIFIED = [*FINISHED, verify()]
SENT_BACK = [*FINISHED, verify(accepted=False)]
OUTSIDE = [*HOME, report(where="outside")]
