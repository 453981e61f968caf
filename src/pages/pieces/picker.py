"""A form whose choices go into the address, so that what is shown can be sent to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..visit import Visit, threaded
from .tags import Tag


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice among codes; the empty code, if there is one, means all."""

    name: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to type in: ``kind`` is the type of an HTML input."""

    name: str
    kind: str = "text"

    @classmethod
    def moment(cls) -> Entry:
        """Return the entry of the moment to answer from."""
        return cls("as_of", "datetime-local")


async def centre_choice(visit: Visit) -> Choice:
    """Return the choice of a centre: a centre's post has only its own."""
    own = visit.caller.centre
    if own:
        return Choice("centre", {own: own})
    roster = await threaded(visit.office.application.roster)
    every = {"": visit.words("all")}
    return Choice("centre", every | {centre: centre for centre in sorted(roster.centres)})


def picker(
    visit: Visit, page: str, *fields: Choice | Entry, chosen: Mapping[str, str] | None = None
) -> None:
    """Put the form of a page; ``chosen`` are values that hold where the address says nothing."""
    with Tag("form", method="get", action=visit.here(page), style="picker"):
        for field in fields:
            value = visit.asked(field.name) or (chosen or {}).get(field.name, "")
            with Tag("label"):
                Tag("span", visit.words.column(field.name))
                _put(field, value)
        Tag("button", visit.words("show"), type="submit")


def _put(field: Choice | Entry, value: str) -> None:
    if isinstance(field, Entry):
        Tag("input", type=field.kind, name=field.name, value=value)
        return
    with Tag("select", name=field.name):
        for code, text in field.options.items():
            option = Tag("option", text, value=code)
            if code == value:
                option.props["selected"] = True
