"""Clear values on a page: asked for with a purpose, recorded, then shown until they are closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

from nicegui import ui

from ..api.disclosures import Limiter
from ..api.errors import ApiError
from ..domain.disclosure.commands import Ask
from ..domain.disclosure.seen import Denied
from ..domain.errors import Rejected
from ..domain.matrix import PersonalField, Purpose
from .frame import refused
from .pieces.buttons import act
from .pieces.tags import Tag, section
from .visit import Visit, threaded


@dataclass
class _Wanted:
    """What the visitor has chosen so far."""

    purpose: str | None = None
    fields: dict[str, bool] = field(default_factory=dict[str, bool])


@dataclass(frozen=True, slots=True)
class _Clear:
    """Clear values by field, and the position of the event that recorded their disclosure."""

    position: int
    values: list[tuple[str, str]] = field(repr=False)


def put_disclosure(visit: Visit, kind: str, id: str) -> None:
    """Put the form that asks for the clear values of a home, case, renovation, parcel or key."""
    words, wanted = visit.words, _Wanted()

    async def disclose() -> None:
        result.clear()
        with result:
            await _answer(visit, kind, id, wanted)

    with section(words("disclose")):
        Tag("p", words("disclose_why"), style="moment")
        with Tag("div", role="group", aria_label=words("which_fields"), style="fields"):
            for name in get_args(PersonalField):
                box = ui.checkbox(words.code("personal_field", name))
                box.bind_value_to(wanted.fields, name)
        purposes = {one: words.code("purpose", one) for one in get_args(Purpose)}
        ui.select(purposes, label=words("what_for")).bind_value_to(wanted, "purpose").classes(
            "purpose"
        )
        act(words("disclose"), disclose)
        result = Tag("div", role="status")


async def _answer(visit: Visit, kind: str, id: str, wanted: _Wanted) -> None:
    """Ask the gateway with the rights of now, and show what it answers."""
    fields = [name for name, chosen in wanted.fields.items() if chosen]
    if not fields or wanted.purpose is None:
        Tag("p", visit.words("choose_first"), style="refused")
        return
    about = {"about": [{"kind": kind, "id": id}], "asked": fields, "purpose": wanted.purpose}
    ask = Ask.model_validate({**about, "origin": "page"})
    try:
        now = await visit.again()
        limiter: Limiter = now.request.app.state.limiter
        limiter.count(now.caller.account)
        _show(visit, await threaded(_disclosed, now, ask))
    except Denied as denial:
        reason = visit.words.code("denial", denial.why)
        said = visit.words("denied_at", reason=reason, position=denial.position)
        Tag("p", said, style="refused")
    except (ApiError, Rejected) as refusal:
        refused(visit.words, refusal.code)


def _disclosed(visit: Visit, ask: Ask) -> _Clear:
    with visit.office.gateway.disclose(ask, by=visit.caller.account) as seen:
        values = [(value.name, value.clear) for name in ask.asked for value in seen.of(name)]
        return _Clear(seen.position, values)


def _show(visit: Visit, clear: _Clear) -> None:
    """Show the values in a dialog that forgets them when it is closed."""
    words = visit.words
    with ui.dialog() as dialog, ui.card().classes("clear"):
        Tag("h2", words("disclosed_at", position=clear.position))
        if not clear.values:
            Tag("p", words("nothing_sealed"))
        for name, value in clear.values:
            Tag("h3", words.code("personal_field", name))
            Tag("p", value, style="value")
        Tag("button", words("close"), type="button", style="act").on("click", dialog.close)
    dialog.on("hide", dialog.clear)
    dialog.open()
