"""The public views: the documented SQL contract for analysts."""

from __future__ import annotations

from dataclasses import dataclass

from .composer import ANY
from .errors import UnknownView


@dataclass(frozen=True, slots=True)
class View:
    """A view's name outside, what its rows are, and the columns a narrow table shows first.

    ``order`` names the columns its rows are ordered by; no two rows are equal in all of them.
    ``of`` names the column that says whose row it is, as fact tables do: such a view has a column
    ``stale`` besides, with the error that its subject is parked for. ``source`` names the rules'
    source texts.
    """

    name: str
    grain: str
    title_zh: str
    title_en: str
    order: str
    brief: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    source: str = ""

    @property
    def relation(self) -> str:
        """The name of the SQL file."""
        return self.name.replace("-", "_")


SLA_BRIEF = (
    "subject",
    "centre",
    "department",
    "commitment",
    "round",
    "started_at",
    "due_at",
    "stopped_at",
    "outcome",
    "provisional",
    "late_seconds",
    "irregular",
    "stale",
)
CASES_BRIEF = (
    "number",
    "complaint",
    "centre",
    "department",
    "category",
    "topic",
    "urgency",
    "level",
    "validity",
    "rung",
    "status",
    "received_at",
    "closed_at",
    "irregular",
    "stale",
)

KEYS_OUT_BRIEF = (
    "key",
    "centre",
    "unit",
    "holder",
    "purpose",
    "permit",
    "complaint",
    "lent_at",
    "due_back",
    "overdue",
    "stale",
)
PARCELS_WAITING_BRIEF = (
    "parcel",
    "centre",
    "unit",
    "kind",
    "registered_at",
    "notified_at",
    "due_at",
    "overdue",
    "status",
    "stale",
)

PUBLIC_VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            "sla",
            "one row per promise",
            "服务承诺",
            "Promises kept and missed",
            "kind, subject, started_at, commitment, round, seq",
            SLA_BRIEF,
            of=ANY,
            source="[000] [002] [004]",
        ),
        View(
            "revisits",
            "one row per centre, month and scope",
            "回访率",
            "Revisits",
            "centre, month, scope",
            source="[000] [002]",
        ),
        View(
            "volume",
            "one row per centre and month",
            "受理量",
            "Volume",
            "centre, month",
            source="[002]",
        ),
        View(
            "unescalated",
            "one row per missed promise",
            "未升级",
            "Missed, not escalated",
            "missed_at, complaint, commitment, round, started_at, seq",
            of=("complaint",),
            source="[000] [002]",
        ),
        View(
            "cases",
            "one row per case",
            "诉求登记",
            "Cases",
            "centre, number",
            CASES_BRIEF,
            of=("complaint",),
            source="[000] [002]",
        ),
        View(
            "exemptions",
            "one row per handler and reason",
            "免回访",
            "Revisit exemptions",
            "centre, month, person, reason",
            source="[000] [002]",
        ),
        View(
            "patrol-coverage",
            "one row per renovation whose permit was issued",
            "装修巡查覆盖率",
            "Patrol coverage",
            "centre, permit",
            of=("permit",),
            source="[000]",
        ),
        View(
            "violations",
            "one row per violation",
            "装修违章",
            "Violations",
            "centre, permit, found_at, violation",
            of=("permit",),
            source="[000]",
        ),
        View(
            "keys-out",
            "one row per key lent out",
            "借出钥匙",
            "Keys out",
            "centre, due_back, key",
            KEYS_OUT_BRIEF,
            of=("key",),
            source="[000]",
        ),
        View(
            "parcels-waiting",
            "one row per parcel, letter or fax kept",
            "待领邮件",
            "Parcels waiting",
            "centre, due_at, parcel",
            PARCELS_WAITING_BRIEF,
            of=("parcel",),
            source="[000] [003]",
        ),
        View(
            "parked",
            "one row per aggregate with an event that this release cannot read",
            "停摆记录",
            "Parked",
            "position, kind, subject",
        ),
    )
}


def view(name: str) -> View:
    """Return a public view; raises ``UnknownView``."""
    found = PUBLIC_VIEWS.get(name)
    if found is None:
        msg = f"no view {name!r}; there are: {', '.join(PUBLIC_VIEWS)}"
        raise UnknownView(msg)
    return found
