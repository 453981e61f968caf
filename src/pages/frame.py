"""What every page has around it: the way to the others, who is signed in, the other language."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from fastapi import Request
from nicegui import ui

from ..api.codes import codes
from .pieces.tags import Tag, link
from .visit import Visit, address
from .words import LOCALES, Tongue, Words

MENU = ("board", "quality", "operations", "reports", "audit", "projector")
"""The pages that the menu leads to; each name is also that of the phrase for it."""

LANGUAGES: dict[Tongue, str] = {"zh": "中文", "en": "English"}


def head(root: str) -> None:
    """Put into the document's head what every page needs."""
    ui.add_head_html(f'<link rel="stylesheet" href="{root}/style.css">')


@contextmanager
def framed(visit: Visit, page: str) -> Generator[None, None, None]:
    """Put the frame of a page around what is put inside."""
    head(visit.request.scope.get("root_path", ""))
    with ui.header(fixed=False, bordered=True).classes("top"):
        Tag("a", visit.words("skip"), href="#content", style="skip")
        _menu(visit, page)
        _visitor(visit)
    with Tag("div", id="content", tabindex="-1", style="content"):
        yield


def _menu(visit: Visit, page: str) -> None:
    Tag("span", visit.words("product"), style="product")
    with Tag("nav", aria_label=visit.words("pages"), style="menu"):
        for name in MENU:
            link(visit.words(name), visit.here(name), current=name == page)


def _visitor(visit: Visit) -> None:
    words, caller = visit.words, visit.caller
    with Tag("div", style="visitor"):
        Tag("span", f"{caller.account} · {words.code('posts', caller.post)}")
        languages(visit.request, words.tongue)
        with Tag("form", method="post", action=f"{visit.request.scope.get('root_path', '')}/out"):
            Tag("input", type="hidden", name="tongue", value=words.tongue)
            Tag("button", words("sign_out"), type="submit", style="quiet")


def languages(request: Request, tongue: Tongue) -> None:
    """Put the links to the same page in the other languages."""
    _, _, page = request.scope["path"].partition(f"/{tongue}/")
    for other, locale in LOCALES.items():
        if other != tongue:
            href = address(request, other, page, **dict(request.query_params))
            Tag("a", LANGUAGES[other], href=href, lang=locale)


def meaning(words: Words, code: str) -> str:
    """Return what a refusal's code means."""
    known = codes()[code]
    return known.zh if words.tongue == "zh" else known.en


def refused(words: Words, code: str) -> None:
    """Say on a page why it cannot be shown, or what was not done."""
    with Tag("p", role="alert", style="refused"):
        Tag("span", meaning(words, code))
        Tag("code", code)
