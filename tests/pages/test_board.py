"""From the board to a case, and how its deadlines came about."""

from __future__ import annotations

import pytest

from tests.api.served import Served, received

from .conftest import Come


@pytest.mark.parametrize(("tongue", "title"), [("zh", "看板"), ("en", "Board")])
def test_the_board_shows_what_is_overdue_first(come: Come, tongue: str, title: str) -> None:
    """Promises are in order of their due times, so the overdue ones stand above."""
    page = come().open(f"/{tongue}/board")
    assert page.inner_text("h1") == title
    promises = page.locator("table").nth(1)
    due = promises.locator("tbody td:nth-child(2)").all_inner_texts()
    assert due == sorted(due)
    assert len(due) > 5


def test_a_number_leads_to_promises_a_promise_to_its_case(come: Come) -> None:
    """Filter, number, case, timeline, each clock with the days that were counted."""
    page = come().open("/en/board")
    page.get_by_label("centre").select_option("river")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**centre=river**")
    number = page.locator("table").first.locator("a").first
    count = int(number.inner_text())
    number.click()
    page.wait_for_url("**standing=overdue**")
    promises = page.locator("table").nth(1).locator("tbody tr")
    assert promises.count() == min(count, 25)
    promises.locator("a[href*='/complaint/']").first.click()
    page.wait_for_url("**/complaint/JP-*")
    assert page.get_by_role("heading", name="Timeline").is_visible()
    assert page.locator(".timeline li").count() > 1
    assert page.locator(".days .counted").count() > 0


def test_another_centres_rows_are_not_there(come: Come) -> None:
    """A front desk sees its own centre's promises, and no case of another centre."""
    visitor = come("north.desk1")
    page = visitor.open("/en/board?centre=river")
    assert page.get_by_label("centre").locator("option").all_inner_texts() == ["north"]
    assert page.locator("tbody tr").count() == 0
    visitor.open("/en/complaint/JP-0001")
    assert page.get_by_role("alert").inner_text().endswith("unknown_complaint")


def test_what_happens_meanwhile_appears_on_the_board(come: Come, served: Served) -> None:
    """Nobody reloads the page."""
    page = come("north.desk1").open("/en/board")
    assert page.get_by_role("link", name="X-LIVE").count() == 0
    with served.client("north.desk1") as client:
        client.execute(received("X-LIVE"))
    page.get_by_role("link", name="X-LIVE").first.wait_for()
