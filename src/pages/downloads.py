"""The departments' reports, to be downloaded in every form they are written in."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from ..api.errors import NotForThisPost
from ..api.rights import may_have
from ..domain.errors import Rejected
from ..projections import ProjectionError
from ..reports import FORMATS, REPORTS, Question, Report, ReportError, document, forms_of
from .pieces.months import last_months, month_choice
from .pieces.picker import Entry, centre_choice, picker
from .pieces.tags import Tag, link
from .visit import Visit, threaded, visit
from .words import Tongue

ASKED = ("month", "week", "centre", "as_of")
"""What a report is asked for, by the parameters of the address."""
router = APIRouter(include_in_schema=False)


async def build(visit: Visit) -> None:
    """Build the page."""
    words = visit.words
    Tag("h1", words("reports"))
    months = last_months(visit)
    fields = (month_choice(["", *months]), Entry("week", "date"), await centre_choice(visit))
    picker(visit, "reports", *fields, Entry.moment())
    Tag("p", words("reports_of"), style="moment")
    with Tag("ul", style="reports"):
        for name, report in REPORTS.items():
            if not may_have(visit.caller, report):
                continue
            with Tag("li"):
                Tag("span", report.title(words.tongue))
                for ending in forms_of(report):
                    href = visit.here(f"reports/{name}{ending}", **_wanted(visit, report))
                    link(ending.removeprefix("."), href).props["download"] = ""


def _wanted(visit: Visit, report: Report) -> dict[str, str]:
    """Return what of the choices a report can be asked."""
    others = {"month" if report.period == "week" else "week", "" if report.by_centre else "centre"}
    return {name: visit.asked(name) for name in ASKED if name not in others}


@router.get("/{tongue}/reports/{file}")
async def download(request: Request, tongue: Tongue, file: str) -> Response:
    """Make a report anew and send it; a centre's post gets its own centre's."""
    came = await visit(request, tongue)
    name, dot, ending = file.rpartition(".")
    ending, report = dot + ending, REPORTS.get(name)
    if ending not in FORMATS or report is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    if not may_have(came.caller, report):
        raise HTTPException(HTTPStatus.FORBIDDEN, NotForThisPost.code)
    try:
        made = await threaded(document, came.office, _question(came, report), ending, tongue)
    except (ReportError, ProjectionError, Rejected) as refusal:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, refusal.code) from None
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=made.media, headers=headers)


def _question(visit: Visit, report: Report) -> Question:
    """Return what a report is asked; raises ``HTTPException`` for a month or day that is none."""
    month, week = visit.asked("month"), visit.asked("week")
    try:
        return Question(
            report,
            date.fromisoformat(f"{month}-01") if month else None,
            date.fromisoformat(week) if week else None,
            visit.caller.centre or visit.asked("centre") or None,
            visit.as_of,
        )
    except ValueError:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY) from None
