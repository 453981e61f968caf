"""The page of transitions: every step of a key and a parcel, tried out on an office in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from guanjia import open_in_memory
from guanjia.domain import errors, roster
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.complaint import commands
from guanjia.office import Office

from .words import beginning

Steps = dict[str, dict[str, Any]]  # a command, and what is said in it
Paths = dict[str, tuple[str, ...]]  # the steps that lead to a state

CASE = {
    "complaint": "N-1", "centre": "north", "channel": "phone", "category": "repair",
    "topic": "leak", "text": "-",
}  # fmt: skip
LOAN = {"to": "desk1", "complaint": "N-1", "due_back": "2026-01-05T18:00:00+08:00"}
KEY_STEPS: Steps = {
    "receive_key": {
        "centre": "north", "unit": "U1", "kind": "door", "record": "YJ-1", "signed_by_both": True,
    },
    "issue_key": {"resident": "R1", "signature": "QS-1"},
    "entrust_key": {
        "resident": "R1", "purpose": "repair", "until": "2026-02-01T18:00:00+08:00",
    },
    "lend_key": LOAN,
    "return_key": {},
    "surrender_key": {"record": "YJ-2", "signed_by_both": True},
    "report_key_lost": {},
    "report_key_lost, lock changed": {"lock_changed": True},
    "destroy_key": {"reason": "-"},
}  # fmt: skip
KEY_PATHS: Paths = {
    "cabinet": (),
    "owner": ("issue_key",),
    "entrusted": ("issue_key", "entrust_key"),
    "lent": ("lend_key",),
    "lent, entrusted before": ("issue_key", "entrust_key", "lend_key"),
    "lost": ("report_key_lost",),
    "replaced": ("report_key_lost, lock changed",),
    "destroyed": ("destroy_key",),
}
HELD = {"centre": "north", "kind": "ems", "unit": "U1", "consent": True, "condition": "intact"}
PARCEL_STEPS: Steps = {
    "register_parcel": HELD,
    "register_parcel, of a fax without addressee": HELD | {"kind": "fax", "addressee": None},
    "register_parcel, of ordinary mail": HELD | {"kind": "ordinary"},
    "notify_addressee": {"channel": "phone"},
    "hand_out_parcel": {"identity": "known", "signature": "-"},
    "return_parcel": {"reason": "refused"},
    "return_parcel, overdue": {"reason": "overdue"},
    "report_parcel_lost": {"reason": "-"},
}
PARCEL_PATHS: Paths = {
    "held": (),
    "pending": ("register_parcel, of a fax without addressee",),
    "letter_box": ("register_parcel, of ordinary mail",),
    "handed_out": ("hand_out_parcel",),
    "returned": ("return_parcel",),
    "lost": ("report_parcel_lost",),
}


def page() -> str:
    """Return what each command does to a key and a parcel in each place, as tried out."""
    text = beginning("transitions")
    with open_in_memory(clock=lambda: datetime(2026, 1, 5, 1, tzinfo=UTC)) as office:
        for staff, post in (("desk1", "front_desk"), ("head1", "department_head")):
            place = {"centre": "north", "department": "service"}
            office.execute(roster.PostStaff(staff=staff, person=staff, post=post, **place))
        office.execute(commands.ReceiveComplaint.model_validate(CASE), by="desk1")
        text += "## Key 钥匙\n\n" + _tried(office, "key", "place", KEY_STEPS, KEY_PATHS)
        text += "## Parcel 邮件\n\n" + _tried(
            office, "parcel", "status", PARCEL_STEPS, PARCEL_PATHS
        )
    return text.rstrip() + "\n"


def _tried(office: Office, kind: str, column: str, steps: Steps, paths: Paths) -> str:
    begin, *others = (step for step in steps if not step.startswith("register_parcel, "))
    text = f"| {column} | {' | '.join(f'`{step}`' for step in others)} |\n"
    text += f"|{'---|' * (len(others) + 1)}\n"
    for number, (state_, path) in enumerate(paths.items()):
        cells: list[str] = []
        for step in others:
            id = f"{number}-{len(cells)}"
            start = () if path and path[0].startswith("register") else (begin,)
            for before in (*start, *path):
                _try(office, kind, id, before, steps[before])
            cells.append(_try(office, kind, id, step, steps[step]))
        text += f"| **{state_}** | {' | '.join(cells)} |\n"
    return text + "\n"


def _try(office: Office, kind: str, id: str, step: str, fields: dict[str, Any]) -> str:
    """Return where a step brought the key or parcel, or the code of its refusal."""
    do = step.partition(",")[0]
    by = "head1" if do == "destroy_key" else "desk1"
    try:
        done = office.execute(COMMANDS[do].model_validate({kind: id, **fields}), by=by)
    except errors.Rejected as refusal:
        return f"*[{refusal.code}](refusals.md#{refusal.code})*"
    row = getattr(done.events[0], kind)
    return str(row.place if kind == "key" else row.status)
