"""Plain HTML elements whose content is always text."""

from __future__ import annotations

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement


class Tag(TextElement):
    """An element with text, or with others inside; ``attributes`` are set as they are."""

    def __init__(self, name: str, text: str = "", /, *, style: str = "", **attributes: str) -> None:
        super().__init__(tag=name, text=text)
        self.classes(style)
        for attribute, value in attributes.items():
            self.props[attribute.strip("_").replace("_", "-")] = value


def link(text: str, href: str, *, style: str = "", current: bool = False) -> Tag:
    """Put a link; ``current`` marks the page one is on."""
    made = Tag("a", text, href=href, style=style)
    if current:
        made.props["aria-current"] = "page"
    return made


def section(title: str, *, style: str = "") -> ui.element:
    """Put a section with its heading, to be filled."""
    made = Tag("section", style=f"section {style}")
    with made:
        Tag("h2", title)
    return made
