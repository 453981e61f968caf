"""What holds of every page: both languages, a phone, a keyboard, everybody's eyes."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import PHONE, Come

PATHS = (
    "board",
    "quality",
    "quality/cases?month=2026-09&dimension=commitment&value=control",
    "operations?about=renovation",
    "operations?about=keys",
    "operations?about=parcels",
    "operations?about=visits",
    "operations?about=warranty",
    "audit",
    "audit/statement",
    "projector",
    "complaint/X-1",
    "sign-in",
)
SERIOUS = {"serious", "critical"}


@pytest.mark.parametrize("tongue", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_loads_and_has_no_serious_fault(come: Come, path: str, tongue: str) -> None:
    """No browser complains, axe-core finds nothing serious, the title is in its language."""
    visitor = come()
    page = visitor.open(f"/{tongue}/{path}")
    assert page.title().endswith("管家" if tongue == "zh" else "guanjia")
    assert page.get_attribute("html", "lang") == {"zh": "zh-CN", "en": "en-US"}[tongue]
    found = Axe().run(page).response["violations"]
    serious = [
        (fault["id"], node["html"][:200])
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]
    assert serious == []


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_on_a_phone(come: Come, path: str) -> None:
    """Nothing has to be moved sideways."""
    page = come(size=PHONE).open(f"/zh/{path}")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0]
