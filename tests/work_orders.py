"""Named histories of one repair with its work order, each built from an earlier one.

N-1 is received on Monday 2025-11-03 at 09:00 and sent to tech1 at 09:05; its order is opened at
09:10, returned at 15:00 on Tuesday, after the finish, and verified at 16:00.
"""

from __future__ import annotations

from . import scenarios as s
from .spec import Line, line

OPENED_AT = "2025-11-03 09:10"
RETURNED_AT = "2025-11-04 15:00"
VERIFIED_AT = "2025-11-04 16:00"
AFTER = "2025-11-04 17:00"


def open_order(at: str = OPENED_AT, *, by: str = "desk1", **changes: object) -> Line:
    """Return the opening of a paid order whose cost was explained, with changes."""
    fields: dict[str, object] = {"charge": "paid", "explained": True}
    return line("open_work_order", by, at, **{**fields, **changes})


def bring_back(at: str = RETURNED_AT, *, by: str = "tech1", **more: object) -> Line:
    """Return the coming back of the case's order."""
    return line("return_work_order", by, at, **more)


def verify(at: str = VERIFIED_AT, *, by: str = "desk1", ok: bool = True, **more: object) -> Line:
    """Return a verification."""
    return line("verify_work_order", by, at, accepted=ok, **more)


def spoil(at: str = AFTER, *, by: str = "super1", **more: object) -> Line:
    """Return the setting aside of a spoiled order."""
    return line("void_work_order", by, at, reason="填写错误", **more)


OPENED = [*s.REPAIR, open_order()]
FINISHED = [*OPENED, s.finish("2025-11-04 14:00")]
RETURNED = [*FINISHED, bring_back()]
VERIFIED = [*RETURNED, verify()]
REJECTED = [*RETURNED, verify(ok=False)]
VOID = [*OPENED, spoil()]
ORDERS: dict[str, list[Line]] = {
    "–": [*s.REPAIR, s.finish("2025-11-04 14:00")],
    "opened": FINISHED,
    "returned": RETURNED,
    "verified": VERIFIED,
    "void": VOID,
}
"""The histories after which the case's only order stands where the name says."""
