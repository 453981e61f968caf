"""Named histories of a renovation, each built from an earlier one; it is P-1 of unit U1 in north.

The plain one: applied for on Monday 2025-10-13, approved on Tuesday, signed on Wednesday, issued on
Monday 2025-10-20 at 09:00 for 10-21 to 12-20, completed on Friday 10-24 at 17:00, accepted on
Monday 10-27, the deposit settled on 10-28 and the papers archived on 10-29.
"""

from __future__ import annotations

from guanjia.domain.permit.state import Permit
from guanjia.domain.streams import PERMIT

from .scenarios import STAFFED
from .spec import Line, World, line

ISSUED_AT = "2025-10-20 09:00"
AT = "2025-10-22 10:00"
COMPLETED_AT = "2025-10-24 17:00"
PASS = {"pass": "W-1"}


def do(name: str, at: str = AT, by: str = "stew1", /, **fields: object) -> Line:
    """Return a line about P-1."""
    return line(name, by, at, **{"permit": "P-1", **fields})


def apply(at: str = "2025-10-13 09:00", *, by: str = "stew1", **changes: object) -> Line:
    """Return the application of an owner, with changes."""
    fields: dict[str, object] = {
        "unit": "U1",
        "resident": "R1",
        "owner_consent": None,
        "plan": "客厅和卫生间改造",
        "contractor": "李四装饰",
        "licence": "建装-0017",
    }
    return do("apply_for_permit", at, by, **{**fields, **changes})


def review(
    at: str = "2025-10-14 09:00", outcome: str = "approved", *, by: str = "super1", **more: object
) -> Line:
    """Return a review; a rejection says why."""
    reason = {"reason": "拆改承重墙"} if outcome == "rejected" else {}
    return do("review_permit", at, by, **{"outcome": outcome, **reason, **more})


def sign(at: str = "2025-10-15 09:00", *, by: str = "stew1", **changes: object) -> Line:
    """Return the three-party agreement, with changes."""
    fields: dict[str, object] = {
        "agreement": "XY-1",
        "deposit": "2000",
        "fees_paid": True,
        "water_test_ok": True,
        "meters": {"water": "12.3", "electricity": "45", "gas": "6"},
    }
    return do("sign_agreement", at, by, **{**fields, **changes})


def issue(
    at: str = ISSUED_AT,
    first: str = "2025-10-21",
    last: str = "2025-12-20",
    *,
    by: str = "stew1",
    **more: object,
) -> Line:
    """Return the issue of the permit."""
    return do("issue_permit", at, by, valid_from=first, valid_to=last, **more)


def extend(at: str, last: str, *, by: str = "super1", **more: object) -> Line:
    """Return an extension."""
    return do("extend_permit", at, by, valid_to=last, **more)


def patrol(at: str = AT, *, by: str = "guard1", **changes: object) -> Line:
    """Return a patrol that found all in order, with changes."""
    fields: dict[str, object] = {"fire_safety": True, "passes": True, "site": True}
    return do("patrol_renovation", at, by, **{**fields, **changes})


def violation(at: str, step: str, *, by: str = "super1", **more: object) -> Line:
    """Return a step against the violation V-1."""
    return do("record_violation", at, by, **{"violation": "V-1", "step": step, **more})


def stop(at: str = AT, *, by: str = "stew1", **more: object) -> Line:
    """Return a stop of the work."""
    return do("stop_work", at, by, **{"reason": "动火无证", **more})


def complete(at: str = COMPLETED_AT, *, by: str = "stew1", **more: object) -> Line:
    """Return a completion."""
    return do("complete_renovation", at, by, **more)


def accept(
    at: str = "2025-10-27 09:00", *, by: str = "super1", water: bool = True, structure: bool = True
) -> Line:
    """Return an acceptance, or one that failed."""
    return do("accept_renovation", at, by, water_test_ok=water, structure_ok=structure)


def settle(at: str = "2025-10-28 09:00", *, by: str = "head1", **changes: object) -> Line:
    """Return the refund of the whole deposit, with changes."""
    return do("settle_deposit", at, by, **{"refunded": "2000", "withheld": "0", **changes})


def archive(at: str = "2025-10-29 09:00", *, by: str = "stew1", **more: object) -> Line:
    """Return the archiving."""
    return do("archive_permit", at, by, **more)


APPLIED = [*STAFFED, apply()]
REJECTED = [*APPLIED, review(outcome="rejected")]
APPROVED = [*APPLIED, review()]
AGREED = [*APPROVED, sign()]
ISSUED = [*AGREED, issue()]
WITH_PASS = [*ISSUED, do("issue_pass", ISSUED_AT, **PASS)]
PASS_BACK = [*WITH_PASS, do("return_pass", **PASS)]
FOUND = [*ISSUED, violation("2025-10-21 10:00", "found")]
CORRECTED = [*FOUND, violation("2025-10-21 16:00", "corrected")]
STOPPED = [*ISSUED, stop("2025-10-21 10:00")]
COMPLETED = [*ISSUED, complete()]
FAILED = [*COMPLETED, accept(structure=False)]
ACCEPTED = [*COMPLETED, accept()]
SETTLED = [*ACCEPTED, settle()]
ARCHIVED = [*SETTLED, archive()]

STATUSES: dict[str, list[Line]] = {
    "applied": APPLIED,
    "rejected": REJECTED,
    "approved": APPROVED,
    "agreed": AGREED,
    "issued": ISSUED,
    "stopped": STOPPED,
    "completed": COMPLETED,
    "accepted": ACCEPTED,
    "settled": SETTLED,
    "archived": ARCHIVED,
}
"""A history that ends in each status."""


def state(world: World, name: str = "P-1") -> Permit | None:
    """Return the renovation as decisions see it, None before its application."""
    return world.app._streams.state(PERMIT, name)


def permit(world: World, name: str = "P-1") -> Permit:
    """Return the renovation as decisions see it."""
    found = state(world, name)
    assert found is not None
    return found
