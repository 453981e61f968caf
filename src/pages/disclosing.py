"""Clear values on a page: asked for with a purpose, recorded, then shown until they are closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

from nicegui import ui
from nicegui.events import GenericEventArguments
from pydantic import ValidationError

from ..api.errors import ApiError
from ..api.limiting import limiter_of
from ..domain.disclosure.commands import Ask
from ..domain.disclosure.seen import Denied
from ..domain.errors import Malformed, Rejected
from ..domain.matrix import PersonalField, Purpose
from .frame import refused
from .pieces.tags import Tag, section
from .visit import Visit, threaded
from .words import Words

CHOSEN = "(event) => emit([...new FormData(event.currentTarget.form)])"
"""Sends what is chosen in the form around the button, as pairs of a name and a value."""


@dataclass(frozen=True, slots=True)
class _Clear:
    """Clear values by field, and the position of the event that recorded their disclosure."""

    position: int
    values: list[tuple[str, str]] = field(repr=False)


def put_disclosure(visit: Visit, kind: str, id: str) -> None:
    """Put the form that asks for the clear values of a home, case, renovation, parcel or key."""
    words = visit.words

    async def disclose(given: GenericEventArguments) -> None:
        result.clear()
        with result:
            await _answer(visit, kind, id, given.args)

    with section(words("disclose")):
        Tag("p", words("disclose_why"), style="moment")
        with Tag("form", style="picker"):
            _put_choices(words)
            ask = Tag("button", words("disclose"), type="button")
            ask.on("click", disclose, js_handler=CHOSEN)
        result = Tag("div", role="status")


def _put_choices(words: Words) -> None:
    with Tag("fieldset", style="fields"):
        Tag("legend", words("which_fields"))
        for name in get_args(PersonalField):
            with Tag("label"):
                Tag("input", type="checkbox", name="field", value=name)
                Tag("span", words.code("personal_field", name))
    with Tag("label"):
        Tag("span", words("what_for"))
        with Tag("select", name="purpose"):
            Tag("option", "", value="")
            for purpose in get_args(Purpose):
                Tag("option", words.code("purpose", purpose), value=purpose)


async def _answer(visit: Visit, kind: str, id: str, given: list[list[str]]) -> None:
    """Ask the gateway with the rights of now, and show what it answers."""
    fields = [value for name, value in given if name == "field"]
    purpose = "".join(value for name, value in given if name == "purpose")
    if not fields or not purpose:
        Tag("p", visit.words("choose_first"), style="refused")
        return
    try:
        now = await visit.again()
        limiter_of(now.request).count("disclosures", now.caller.account)
        _show(visit, await threaded(_disclosed, now, _ask(kind, id, fields, purpose)))
    except Denied as denial:
        reason = visit.words.code("denial", denial.why)
        said = visit.words("denied_at", reason=reason, position=denial.position)
        Tag("p", said, style="refused")
    except (ApiError, Rejected) as refusal:
        refused(visit.words, refusal.code)


def _ask(kind: str, id: str, fields: list[str], purpose: str) -> Ask:
    about = [{"kind": kind, "id": id}]
    asked = {"about": about, "asked": fields, "purpose": purpose, "origin": "page"}
    try:
        return Ask.model_validate(asked)
    except ValidationError:
        detail = "purpose, fields"
        raise Malformed(detail) from None


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
