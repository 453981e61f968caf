"""The duties that come round: monthly self-check, quarterly check, yearly training ([000]), weekly
review of cases and daily web check ([002]).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from . import errors, posts
from .centre import Duty, DutyRecorded, RecordDuty
from .context import Context

Once = Literal["glass_review", "erasure", "export_destruction", "recall"]
"""What does not come round but has to be brought to an end, and is listed with the duties."""

QUALITY = frozenset({"quality"})
RECORDERS: dict[Duty, frozenset[str]] = {
    "self_check": posts.HEAD,
    "quality_check": QUALITY,
    "case_review": posts.HEAD,
    "web_check": posts.DESK,
    "training": posts.HEAD | QUALITY | {"data_custodian"},
}
"""Who records which duty as done."""


def decide(command: RecordDuty, ctx: Context) -> DutyRecorded:
    """Record a duty as done for a period; raises ``Rejected``."""
    ctx.require_post(RECORDERS[command.duty], command.centre)
    now = period_of(command.duty, ctx.at)
    period = command.period or now
    ctx.require(_like(period) == _like(now) and period <= now, errors.PeriodOfAnother(period))
    without = command.duty == "quality_check" and command.circular is None
    ctx.require(not without, errors.CircularMissing())
    ctx.require(bool(command.trained) == (command.duty == "training"), errors.TrainedMissing())
    return DutyRecorded(
        centre=command.centre,
        duty=command.duty,
        period=period,
        circular=command.circular,
        trained=tuple(dict.fromkeys(str(ctx.named(one).person) for one in command.trained)),
        findings=ctx.refs.get("findings"),
        **ctx.facts,
    )


def period_of(duty: Duty, at: datetime) -> str:
    """Return the period of a duty that a moment of the organisation's zone falls into."""
    match duty:
        case "self_check":
            return f"{at:%Y-%m}"
        case "quality_check":
            return f"{at:%Y}-Q{(at.month + 2) // 3}"
        case "case_review":
            return f"{at:%G-W%V}"
        case "web_check":
            return f"{at:%Y-%m-%d}"
        case "training":
            return f"{at:%Y}"


def _like(period: str) -> str:
    """Return a period's form: its digits all made 0."""
    return "".join("0" if one.isdigit() else one for one in period)
