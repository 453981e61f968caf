"""A register to write histories into and to ask the views about, as of any moment.

Times are short: ``2025-10-08 23:50`` or ``2025-10-08 23:50:01``, in Shanghai; ISO texts with
another offset are taken as they are.
"""

# ruff: noqa: ANN401 - the fields of a line are as loose as in a history file

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import guanjia as gj
from guanjia.domain.application import Done
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.messages import Envelope
from guanjia.office import Office
from guanjia.storage import SqlStore

Row = dict[str, Any]

SHANGHAI = ZoneInfo("Asia/Shanghai")
PRESENT = "2028-01-01 00:00"
CONTACT = {"name": "张三", "phone": "13800138000"}
STAFF = {
    "desk": ("front_desk", "service"),
    "tech": ("technician", "engineering"),
    "fitter": ("technician", "engineering"),
    "super": ("supervisor", "engineering"),
    "head": ("department_head", "service"),
}
COMPANY = {"hq": "quality", "commissioner": "complaint_commissioner", "gm": "general_manager"}


def moment(text: str | datetime) -> datetime:
    """Return the moment of a short or ISO text."""
    if isinstance(text, datetime):
        return text
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=SHANGHAI)


def short(value: datetime | None) -> str | None:
    """Return the short text of a moment, seconds included."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if value else None


class Register:
    """An office with the centres north (``desk1``, ``tech1``, …) and south (``desk2``, …)."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @property
    def store(self) -> SqlStore:
        """The event store behind the register."""
        store = self.office.application.store
        assert isinstance(store, SqlStore)
        return store

    def staff(self) -> None:
        """Post everyone; ``desk9`` is a second account of the person behind ``tech1``."""
        for number, centre in enumerate(("north", "south"), 1):
            for name, (post, department) in STAFF.items():
                self.post(f"{name}{number}", post, centre=centre, department=department)
        self.post("desk9", "front_desk", "p-tech1", centre="north", department="service")
        for name, post in COMPANY.items():
            self.post(name, post)

    def post(self, account: str, post: str, person: str | None = None, **place: Any) -> None:
        """Post one account."""
        fields: Row = {"staff": account, "person": person or f"p-{account}"}
        self.do("post_staff", "2020-01-01 00:00", **fields, post=post, **place)

    def do(
        self,
        do: str,
        at: str | datetime,
        by: str | None = None,
        *,
        recorded_at: str | datetime | None = None,
        keep_irregular: bool = False,
        **fields: Any,
    ) -> Done:
        """Execute one line of a history file."""
        envelope = Envelope(
            by=by,
            at=moment(at),
            recorded_at=moment(recorded_at) if recorded_at else None,
            imported=True,
            keep_irregular=keep_irregular,
        )
        return self.office.application.execute(COMMANDS[do].model_validate(fields), envelope)

    def receive(
        self,
        case: str,
        at: str | datetime,
        *,
        recorded_at: str | datetime | None = None,
        centre: str = "north",
        **changes: Any,
    ) -> Done:
        """Receive a normal complaint by phone, with changes."""
        fields = {
            "complaint": case,
            "centre": centre,
            "channel": "phone",
            "category": "complaint",
            "topic": "noise",
            "text": "楼上装修噪音",
            "contact": CONTACT,
        } | changes
        by = "desk1" if centre == "north" else "desk2"
        return self.do("receive_complaint", at, by, recorded_at=recorded_at, **fields)

    def dispatch(self, case: str, at: str, n: int = 1) -> None:
        """Send a case to the technician of the centre."""
        handler = f"tech{n}"
        self.do(
            "dispatch_complaint",
            at,
            f"desk{n}",
            complaint=case,
            department="engineering",
            handler=handler,
        )

    def classify(self, case: str, at: str, validity: str = "valid", n: int = 1) -> None:
        """Judge a case, signed by the head."""
        signed_by = f"head{n}" if validity == "invalid" else None
        self.do(
            "classify_complaint",
            at,
            f"desk{n}",
            complaint=case,
            validity=validity,
            signed_by=signed_by,
        )

    def finish(self, case: str, at: str, *, n: int = 1, **changes: Any) -> None:
        """Finish a case's round; dispatch it and approve the remedy first, at the same time."""
        self.dispatch(case, at, n)
        self.do("approve_remedy", at, f"head{n}", complaint=case)
        self.do(
            "finish_handling", at, f"tech{n}", complaint=case, **({"result": "修好了"} | changes)
        )

    def revisit(
        self, case: str, at: str, outcome: str = "satisfied", by: str = "desk1", **envelope: Any
    ) -> None:
        """Ask the customer."""
        self.do(
            "revisit_complaint",
            at,
            by,
            complaint=case,
            outcome=outcome,
            channel="phone",
            **envelope,
        )

    def reply(self, case: str, at: str, by: str = "desk1", **changes: Any) -> None:
        """Tell the customer what happens."""
        self.do("reply_to_complaint", at, by, complaint=case, channel="phone", text="好", **changes)

    def close(self, case: str, at: str, n: int = 1) -> None:
        """Confirm the result and close, both by the head."""
        self.do("confirm_result", at, f"head{n}", complaint=case)
        self.do("close_complaint", at, f"head{n}", complaint=case)

    def ask(self, view: str, as_of: str | datetime, **filters: str) -> list[Row]:
        """Return the rows of a view."""
        return self.office.query(view, as_of=moment(as_of), position=None, **filters).rows()

    def clocks(self, case: str, commitment: str, as_of: str | datetime) -> list[Row]:
        """Return the rows of one commitment of one case, by start."""
        return self.ask("sla", as_of, complaint=case, commitment=commitment)

    def clock(self, case: str, commitment: str, as_of: str | datetime) -> Row:
        """Return the only row of one commitment of one case."""
        (row,) = self.clocks(case, commitment, as_of)
        return row

    def month(
        self, view: str, month: str, as_of: str | datetime, centre: str = "north", **filters: str
    ) -> Row:
        """Return the only row of a month, in the scope ``all`` unless another is named."""
        if view == "revisits":
            filters = {"scope": "all"} | filters
        (row,) = self.ask(view, as_of, month=month, centre=centre, **filters)
        return row


def in_memory(now: str | datetime = PRESENT) -> Register:
    """Return a staffed register that is gone when closed."""
    present = moment(now)
    register = Register(gj.open_in_memory(clock=lambda: present))
    register.staff()
    return register


def picked(
    register: Register, view: str, as_of: str | datetime, *columns: str, **filters: str
) -> list[tuple[Any, ...]]:
    """Return the named columns of a view's rows."""
    return [pick(row, *columns) for row in register.ask(view, as_of, **filters)]


def pick(row: Row, *names: str) -> tuple[Any, ...]:
    """Return some columns of a row; moments as short texts."""
    values = (row[name] for name in names)
    return tuple(short(value) if isinstance(value, datetime) else value for value in values)
