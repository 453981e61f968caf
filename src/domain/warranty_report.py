"""Why a centre's warranty report fell short: explained in its register, a week or a month at a time
([001] 保修周报、月报: 未达到90%的须作原因说明).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from . import errors
from .context import Context
from .messages import Command, Event, FreeText, Id, Ref, stored_as
from .unit.commands import Day, DefectKind

Period = Literal["week", "month"]

EXPLAINERS = frozenset({"supervisor", "department_head"})


class ExplainWarranty(Command):
    """原因说明: say why the repairs of a period fell short, of one kind or of all kinds.

    ``period_from`` is the Monday of the week, or the first of the month.
    """

    do: Literal["explain_warranty"] = "explain_warranty"
    centre: Id
    period: Period
    period_from: Day
    kind: DefectKind | None = None
    text: FreeText


@stored_as("centre.warranty_explained.1")
class WarrantyExplained(Event):
    """原因说明: why the repairs of a period fell short; of all kinds when ``kind`` is null."""

    centre: str
    period: Period
    period_from: date
    kind: DefectKind | None = None
    text: Ref


def decide(command: ExplainWarranty, ctx: Context) -> WarrantyExplained:
    """Explain a period from its first day on; whether it must be is for the view to say."""
    ctx.require_post(EXPLAINERS, command.centre)
    first = command.period_from
    if (first.weekday() if command.period == "week" else first.day - 1) != 0:
        raise errors.PeriodInvalid
    day = ctx.at.astimezone(ctx.counting.zone).date()
    ctx.require(first <= day, errors.PeriodNotBegun())
    return WarrantyExplained(
        centre=command.centre,
        period=command.period,
        period_from=first,
        kind=command.kind,
        text=ctx.refs["text"],
        **ctx.facts,
    )
