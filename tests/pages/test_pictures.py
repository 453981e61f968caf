"""Pictures of the main pages; ``make pictures`` keeps them in docs/images."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from .conftest import Come

KEPT = "GUANJIA_PICTURES"
"""The environment variable that names the folder to keep the pictures in."""
PICTURES = {
    "board": "board",
    "quality": "quality",
    "operations": "operations?about=keys",
    "audit": "audit",
    "projector": "projector",
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_page_can_be_pictured(come: Come, name: str, tmp_path: Path) -> None:
    """A picture shows more than an empty page: it does not compress to nothing."""
    page = come().open(f"/zh/{PICTURES[name]}")
    drawn = page.evaluate("performance.now()") / 1000
    sys.stdout.write(f"{name}: drawn after {drawn:.2f} s\n")
    page.wait_for_load_state("networkidle")
    picture = Path(os.environ.get(KEPT, tmp_path)) / f"pages-{name}.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 10_000


def test_a_case_can_be_pictured(come: Come, tmp_path: Path) -> None:
    """With its clocks and the days that were counted."""
    page = come().open("/zh/board?centre=river&standing=overdue")
    page.locator("table").nth(1).locator("a[href*='/complaint/']").first.click()
    page.wait_for_selector(".days .counted")
    picture = Path(os.environ.get(KEPT, tmp_path)) / "pages-case.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 10_000
