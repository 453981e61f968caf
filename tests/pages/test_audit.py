"""For auditors and operators: who may look, the proof, the statement, the projector."""

from __future__ import annotations

from .conftest import Come

LONG = 120_000
"""Milliseconds; making views anew takes as long as other work leaves it."""


def test_the_audit_page_is_for_those_who_answer_for_the_data(come: Come) -> None:
    """A front desk is told so, and sees nothing."""
    page = come("north.desk1").open("/en/audit")
    assert page.get_by_role("alert").inner_text().endswith("not_for_this_post")
    assert page.locator("table").count() == 0


def test_the_proof_is_verified_on_demand(come: Come) -> None:
    """The newest checkpoint is there to be kept elsewhere; everything is as it was recorded."""
    page = come("hq.auditor").open("/en/audit")
    assert "events; the newest checkpoint signs" in page.inner_text("#content")
    page.get_by_role("button", name="Verify everything now").click()
    page.get_by_text("As recorded:").wait_for()


def test_people_who_moved_are_shown_with_what_they_still_have(come: Come) -> None:
    """A head sees those of the own centre alone."""
    page = come("garden.head").open("/en/audit")
    section = page.locator("section", has=page.get_by_role("heading", name="Left or moved"))
    centres = section.locator("tbody td:nth-child(7)").all_inner_texts()
    assert centres
    assert set(centres) == {"garden"}


def test_an_owner_gets_a_statement_to_sign(come: Come) -> None:
    """It names home and resident, and leaves a line for the data custodian."""
    visitor = come("hq.quality")
    page = visitor.open("/en/operations?about=visits")
    unit = page.locator("tbody a").first.inner_text()
    page = visitor.open(f"/en/audit/statement?unit={unit}&resident={unit}-R1")
    assert f"Unit {unit}, resident {unit}-R1" in page.inner_text("#content")
    assert "Data custodian: ____" in page.inner_text(".signature")
    page = visitor.open(f"/en/audit/statement?unit={unit}&resident=nobody")
    assert page.get_by_role("alert").is_visible()


def test_views_are_made_anew_from_the_page(come: Come) -> None:
    """The page says how far that is, and up to which event in the end."""
    page = come("hq.quality").open("/en/projector")
    assert page.locator("tr", has_text="lag events").locator("td").nth(1).inner_text() == "0"
    page.get_by_role("button", name="Make the views anew").click()
    page.get_by_text("Made anew up to position").wait_for(timeout=LONG)
    assert come("north.desk1").open("/en/projector").get_by_role("button").count() == 1
