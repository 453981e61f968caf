"""Clear values on a page: asked for with a purpose, recorded before they are shown."""

from __future__ import annotations

from playwright.sync_api import Page

from .conftest import Come
from .stories import PHONE, SCRIPT


def ask(page: Page, purpose: str, *fields: str) -> None:
    """Ask for clear values."""
    for field in fields:
        page.get_by_role("checkbox", name=field, exact=True).check()
    page.get_by_label("What for").select_option(purpose)
    page.get_by_role("button", name="See clear values").click()


def test_a_granted_disclosure_is_recorded_and_its_text_stays_text(come: Come) -> None:
    """Script in words and names is shown as it was written; the auditor finds who asked."""
    visitor = come("north.desk1")
    page = visitor.open("/en/complaint/X-1")
    assert PHONE not in page.content()
    assert page.locator("dd", has_text="138****8000").is_visible()
    ask(page, "callback", "name", "phone", "text")
    said = page.get_by_role("dialog").inner_text()
    assert PHONE in said
    assert f"张三{SCRIPT}" in said
    assert f"楼上装修噪音 {SCRIPT}" in said
    assert page.title() == "Record · guanjia"
    page.get_by_role("button", name="Close").click()
    page.get_by_role("dialog").wait_for(state="detached")
    assert PHONE not in page.content()
    audit = come("hq.auditor").open("/en/audit?complaint=X-1&person=P-north-desk1")
    assert audit.locator("tbody").first.locator("tr", has_text="disclosed").count() == 1


def test_a_denied_disclosure_is_recorded_too(come: Come) -> None:
    """An auditor sees ids only; asking anyway leaves its trace."""
    page = come("hq.auditor").open("/en/complaint/X-1")
    ask(page, "inspection", "text")
    page.get_by_text("Not shown: not granted. Recorded at position").wait_for()
    audit = come("hq.quality").open("/en/audit?complaint=X-1&outcome=denied")
    assert audit.locator("tbody").first.locator("tr", has_text="P-hq-auditor").count() == 1


def test_nothing_is_asked_without_a_purpose(come: Come) -> None:
    """Both the fields and the purpose are chosen first."""
    page = come("north.desk1").open("/en/complaint/X-1")
    page.get_by_role("checkbox", name="phone").check()
    page.get_by_role("button", name="See clear values").click()
    page.get_by_text("Choose what for, and which.").wait_for()
