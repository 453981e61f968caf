"""The public views: the documented SQL contract for analysts."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import UnknownView


@dataclass(frozen=True, slots=True)
class View:
    """A view's name outside, what its rows are, and the columns a narrow table shows first.

    ``order`` names the columns its rows are ordered by; no two rows are equal in all of them.
    """

    name: str
    grain: str
    title_zh: str
    title_en: str
    order: str
    brief: tuple[str, ...] = ()

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
)

DOCUMENTS_BRIEF = (
    "document",
    "centre",
    "unit",
    "kind",
    "status",
    "since",
    "holder",
    "signed_by",
    "due_back",
    "overdue",
)
PAPER_COPIES_BRIEF = (
    "copy",
    "centre",
    "unit",
    "status",
    "holder",
    "post",
    "issued_at",
    "updated_at",
    "recalled_at",
)
UNITS_BRIEF = (
    "unit",
    "centre",
    "building",
    "area",
    "status",
    "owner",
    "residents",
    "steward",
    "handover_on",
    "handed_over_at",
    "irregular",
)
DEFECTS_BRIEF = (
    "defect",
    "centre",
    "unit",
    "kind",
    "warranty",
    "contradicts",
    "design",
    "status",
    "turn",
    "reported_at",
    "notified_at",
    "finished_at",
    "verified_at",
    "days",
)
WARRANTY_BRIEF = (
    "centre",
    "period",
    "period_start",
    "kind",
    "reported",
    "notified",
    "finished",
    "verified",
    "open",
    "completion_rate",
    "below_target",
    "explained",
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
        ),
        View(
            "revisits",
            "one row per centre, month and scope",
            "回访率",
            "Revisits",
            "centre, month, scope",
        ),
        View(
            "volume",
            "one row per centre and month",
            "受理量",
            "Volume",
            "centre, month",
        ),
        View(
            "unescalated",
            "one row per missed promise",
            "未升级",
            "Missed, not escalated",
            "missed_at, complaint, commitment, round, started_at, seq",
        ),
        View(
            "cases",
            "one row per case",
            "诉求登记",
            "Cases",
            "centre, number",
            CASES_BRIEF,
        ),
        View(
            "exemptions",
            "one row per handler and reason",
            "免回访",
            "Revisit exemptions",
            "centre, month, person, reason",
        ),
        View(
            "patrol-coverage",
            "one row per renovation whose permit was issued",
            "装修巡查覆盖率",
            "Patrol coverage",
            "centre, permit",
        ),
        View(
            "violations",
            "one row per violation",
            "装修违章",
            "Violations",
            "centre, permit, found_at, violation",
        ),
        View(
            "defects",
            "one row per defect of a home",
            "缺陷反馈",
            "Defects",
            "centre, unit, reported_at, defect",
            DEFECTS_BRIEF,
        ),
        View(
            "warranty",
            "one row per centre, week or month, and kind of defect",
            "保修周报、月报",
            "Warranty repairs",
            "centre, period, period_start, kind",
            WARRANTY_BRIEF,
        ),
        View(
            "long-open-repairs",
            "one row per repair or defect open for too long",
            "长期未完成维修",
            "Repairs open for long",
            "centre, opened_at, kind, unit, subject",
        ),
        View(
            "keys-out",
            "one row per key lent out",
            "借出钥匙",
            "Keys out",
            "centre, due_back, key",
            KEYS_OUT_BRIEF,
        ),
        View(
            "parcels-waiting",
            "one row per parcel, letter or fax kept",
            "待领邮件",
            "Parcels waiting",
            "centre, due_at, parcel",
            PARCELS_WAITING_BRIEF,
        ),
        View(
            "documents",
            "one row per document of a household's file",
            "业主档案",
            "Documents",
            "centre, unit, document",
            DOCUMENTS_BRIEF,
        ),
        View(
            "paper-copies",
            "one row per numbered paper copy, out or recalled",
            "受控纸质资料",
            "Paper copies",
            "centre, copy",
            PAPER_COPIES_BRIEF,
        ),
        View(
            "holdings",
            "one row per thing somebody has",
            "在手事项",
            "Holdings",
            "centre, kind, unit, thing",
        ),
        View(
            "leavers",
            "one row per thing somebody has still who left or moved since",
            "离岗调岗未清事项",
            "Left or moved, not settled",
            "moved_at, account, kind, centre, unit, thing",
        ),
        View("units", "one row per home", "房屋登记", "Homes", "centre, unit", UNITS_BRIEF),
        View(
            "handovers",
            "one row per centre and month in which something of a handover happened",
            "交房数据",
            "Handovers",
            "centre, month",
        ),
        View(
            "visit-quotas",
            "one row per centre, person and month in which the person owed visits",
            "走访指标",
            "Visit quotas",
            "centre, month, person",
        ),
        View(
            "uncovered-homes",
            "one row per home of an area that its steward has not visited in the quarter",
            "本季未走访户",
            "Homes not visited in the quarter",
            "centre, person, unit",
        ),
        View(
            "unrenovated-homes",
            "one row per home handed over for which no renovation permit was issued",
            "未装修户",
            "Homes not yet renovated",
            "centre, handed_over_at, unit",
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
