"""What the tests of keys and parcels share: lines, clocks and rows of one aggregate."""

# ruff: noqa: ANN401 - the fields of a line are as loose as in a history file

from __future__ import annotations

from datetime import datetime
from typing import Any

from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.promises import Clock, merged
from tests import scenarios as s
from tests.spec import Line, World, judge, line, moment

LATER = "2030-01-01 00:00"


def key_line(do: str, at: str, *, by: str = "desk1", **fields: Any) -> Line:
    """Return a line about the key K1; it is moved for nothing unless something is named."""
    nothing = {"complaint": None} if "complaint" in COMMANDS[do].model_fields else {}
    return line(do, by, at, **{"key": "K1", **nothing, **fields})


def receive_key(at: str = "2025-11-03 09:00", **changes: Any) -> Line:
    """Return the receipt of a door key from the builder."""
    fields = {"centre": "north", "unit": "U1", "kind": "door", "record": "YJ-1"}
    return key_line("receive_key", at, **{**fields, "signed_by_both": True, **changes})


def lend(at: str, due_back: str = "2025-11-04 18:00", **changes: Any) -> Line:
    """Return a loan to the technician for the case N-1."""
    fields = {"to": "tech1", "complaint": "N-1", "due_back": _iso(due_back)}
    return key_line("lend_key", at, **{**fields, **changes})


def issue(at: str, **changes: Any) -> Line:
    """Return the issue to the resident R1."""
    return key_line("issue_key", at, **{"resident": "R1", "signature": "QS-1", **changes})


def entrust(at: str, until: str = "2025-12-31 18:00", **changes: Any) -> Line:
    """Return the resident's entrusting."""
    fields = {"resident": "R1", "purpose": "repair", "until": _iso(until)}
    return key_line("entrust_key", at, **{**fields, **changes})


def return_key(at: str, **changes: Any) -> Line:
    """Return the coming back."""
    return key_line("return_key", at, **changes)


def surrender(at: str, **changes: Any) -> Line:
    """Return the resident's giving up of the key."""
    return key_line("surrender_key", at, **{"record": "YJ-2", "signed_by_both": True, **changes})


def lose(at: str, *, lock_changed: bool = False, by: str = "head1") -> Line:
    """Return the report of a loss."""
    return key_line("report_key_lost", at, by=by, lock_changed=lock_changed)


def destroy(at: str, *, by: str = "head1") -> Line:
    """Return the destruction."""
    return key_line("destroy_key", at, by=by, reason="锁已更换")


def count(at: str, *found: str, by: str = "desk1", centre: str = "north") -> Line:
    """Return a count of the cabinet."""
    return line("count_keys", by, at, centre=centre, found=list(found))


def register(at: str = "2025-11-03 09:00", **changes: Any) -> Line:
    """Return the registration of an EMS parcel for U1."""
    fields = {"centre": "north", "unit": "U1", "kind": "ems", "consent": True}
    more = {"condition": "intact", "addressee": s.CONTACT, **changes}
    return parcel_line("register_parcel", at, **{**fields, **more})


def parcel_line(do: str, at: str, *, by: str = "desk1", **fields: Any) -> Line:
    """Return a line about the parcel E1."""
    return line(do, by, at, **{"parcel": "E1", **fields})


def notify(at: str, **changes: Any) -> Line:
    """Return a notice by phone."""
    return parcel_line("notify_addressee", at, **{"channel": "phone", **changes})


def hand_out(at: str, **changes: Any) -> Line:
    """Return the handing out to the addressee."""
    fields = {"collector": None, "identity": "id_card", "signature": "张三"}
    return parcel_line("hand_out_parcel", at, **{**fields, **changes})


def send_back(at: str, reason: str = "refused", **changes: Any) -> Line:
    """Return the return to the carrier."""
    return parcel_line("return_parcel", at, reason=reason, **changes)


def miss(at: str, **changes: Any) -> Line:
    """Return the report that a parcel is lost."""
    return parcel_line("report_parcel_lost", at, reason="找不到", **changes)


def clocks(world: World, stream: str) -> list[Clock]:
    """Return the latest row of each clock of a stream."""
    found: dict[Any, Clock] = {}
    for event in world.stream(stream):
        found = merged(found, getattr(event, "clocks", ()))
    return list(found.values())


def clock(world: World, stream: str, commitment: str) -> Clock:
    """Return the only clock of a commitment."""
    (found,) = (one for one in clocks(world, stream) if one.commitment == commitment)
    return found


def outcomes(world: World, stream: str, as_of: str = LATER) -> dict[str, str]:
    """Return the outcome of each clock of a stream by commitment."""
    return {one.commitment: judge(one, as_of) for one in clocks(world, stream)}


def row(world: World, stream: str) -> Any:  # a key's or a parcel's
    """Return the latest row that rides on a stream's events."""
    kind = stream.partition(":")[0]
    rows = [getattr(event, kind) for event in world.stream(stream)]
    return [one for one in rows if one][-1]


def due(text: str) -> datetime:
    """Return a moment."""
    return moment(text)


def _iso(text: str) -> str:
    return moment(text).isoformat()


PERMIT = [
    line(
        do, "desk1", "2025-11-03 08:00",
        permit="P1", unit="U1", resident="R1", plan="隔墙", contractor="某某装饰", licence="ZZ-1",
    )
    for do in COMMANDS
    if do == "apply_for_permit"
]  # fmt: skip
"""The permit P1, where the register keeps permits; where it does not, any may be named."""

CASE = [*s.STAFFED, s.receive("2025-11-03 08:00", category="repair")]
IN_CABINET = [*CASE, receive_key()]
LENT = [*IN_CABINET, lend("2025-11-03 10:00")]
ISSUED = [*IN_CABINET, issue("2025-11-03 10:00")]
ENTRUSTED = [*ISSUED, entrust("2025-11-03 11:00")]
FOR_PERMIT = [
    *ISSUED,
    *PERMIT,
    entrust("2025-11-03 11:00", purpose="renovation", permit="P1"),
]
LENT_ENTRUSTED = [*ENTRUSTED, lend("2025-11-03 11:30")]
LOST = [*IN_CABINET, lose("2025-11-03 10:00")]
REPLACED = [*IN_CABINET, lose("2025-11-03 10:00", lock_changed=True)]
DESTROYED = [*IN_CABINET, destroy("2025-11-03 10:00")]

HELD = [*s.STAFFED, register()]
NOTIFIED = [*HELD, notify("2025-11-03 10:00")]
PENDING = [*s.STAFFED, register(unit=None, addressee=None, kind="fax", consent=False)]
BOXED = [*s.STAFFED, register(kind="ordinary", consent=False)]
HANDED_OUT = [*NOTIFIED, hand_out("2025-11-03 11:00")]
RETURNED = [*NOTIFIED, send_back("2025-11-03 11:00")]
GONE = [*NOTIFIED, miss("2025-11-03 11:00")]
