"""What holds of every page: both languages, a phone, a keyboard, everybody's eyes."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import PHONE, WIDE, Come, viewport

PATHS = (
    "board",
    "quality",
    "quality/cases?month=2026-09&dimension=commitment&value=control",
    "operations?about=renovation",
    "operations?about=keys",
    "operations?about=parcels",
    "operations?about=visits",
    "operations?about=warranty",
    "reports",
    "audit",
    "audit/statement",
    "projector",
    "complaint/X-1",
    "sign-in",
)
LANGUAGES = {"zh": ("zh-CN", "管家"), "en": ("en-US", "guanjia")}
AXE = Axe()
VIOLATIONS = {"resultTypes": ["violations"]}
SERIOUS = {"serious", "critical"}


@pytest.mark.parametrize("path", PATHS)
def test_a_page_loads_in_both_languages_for_everybody(come: Come, path: str) -> None:
    """No browser complains, axe-core finds nothing serious, and nothing is too wide for a phone."""
    visitor = come()
    for prefix, (language, name) in LANGUAGES.items():
        visitor.page.set_viewport_size(viewport(WIDE))
        page = visitor.open(f"/{prefix}/{path}")
        assert page.title().endswith(name)
        assert page.get_attribute("html", "lang") == language
        assert serious_faults(page) == []
        page.set_viewport_size(viewport(PHONE))
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def serious_faults(page: Page) -> list[tuple[str, str]]:
    """Return the rules of accessibility that a page breaks seriously, and where."""
    return [
        (fault["id"], node["html"][:200])
        for fault in AXE.run(page, options=VIOLATIONS).response["violations"]
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]
