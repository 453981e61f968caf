"""The statement for an owner or another resident, to be printed and signed."""

from __future__ import annotations

from ..api.rights import TRAIL_READERS, require_reader
from ..statement import STATED, stated
from .pieces.picker import Entry, picker
from .pieces.rows import put_rows
from .pieces.tags import Tag
from .visit import Visit, threaded


async def build(visit: Visit) -> None:
    """Build the page; raises ``NotForThisPost``."""
    words = visit.words
    Tag("h1", words("statement"))
    require_reader(visit.caller, TRAIL_READERS)
    picker(visit, "audit/statement", Entry("unit"), Entry("resident"), Entry.moment())
    unit, resident = visit.asked("unit"), visit.asked("resident")
    if unit and resident:
        await _put(visit, unit, resident)


async def _put(visit: Visit, unit: str, resident: str) -> None:
    words = visit.words
    home = await threaded(visit.office.application.home, unit)
    if home is None or resident not in home.residents or not visit.caller.sees(home.centre):
        Tag("p", words("unknown_resident"), role="alert", style="refused")
        return
    answer = await visit.rows("access", {"unit": unit})
    rows = stated(answer.rows(), home, resident)
    Tag("p", words("statement_of", unit=unit, resident=resident))
    said = words("moment", at=answer.as_of, position=answer.position)
    Tag("p", f"{words('answers', number=len(rows))} · {said}", style="moment")
    put_rows(visit, rows, STATED, "access")
    Tag("p", words("custodian_signs"), style="signature")
    Tag("button", words("print"), type="button", style="act").on(
        "click", js_handler="() => window.print()"
    )
