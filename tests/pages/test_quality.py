"""From a number of the quality page to the cases behind it."""

from __future__ import annotations

import re

from .conftest import Come


def test_behind_every_share_are_as_many_cases_as_were_counted(come: Come) -> None:
    """The first number of each table, for all centres together, leads to its cases."""
    visitor = come()
    page = visitor.open("/en/quality")
    links = page.locator("td:nth-child(2) a").all()
    numbers = [(link.inner_text(), str(link.get_attribute("href"))) for link in links]
    assert len(numbers) > 15
    for text, href in numbers[::3]:
        counted = int(re.findall(r"\d+", text)[-1])
        page.goto(f"{visitor.address}{href}")
        assert f"· {counted} cases ·" in page.locator(".moment").inner_text()


def test_a_month_and_a_centre_are_chosen_by_the_keyboard(come: Come) -> None:
    """Tab leads from the menu to the choices, and Enter shows what was chosen."""
    page = come().open("/zh/quality")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到内容"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "month"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.get_by_role("button", name="查看").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**month=**centre=garden**")
    heads = page.locator("table").first.locator("th").all_inner_texts()
    assert heads == ["值", "全部", "garden"]


def test_an_older_moment_gives_older_figures(come: Come) -> None:
    """As of a year ago nothing had been counted yet."""
    page = come().open("/en/quality?as_of=2020-01-01T00:00")
    assert "As of 2020-01-01 00:00" in page.locator(".moment").first.inner_text()
    assert page.locator("td:nth-child(2) a").count() == 0


def test_a_moment_that_is_none_is_refused_in_words(come: Come) -> None:
    """What cannot be read is not guessed at."""
    for asked, told in (("yesterday", "malformed"), ("2999-01-01", "too_far_ahead")):
        page = come().open(f"/en/quality?as_of={asked}")
        assert told in page.get_by_role("alert").inner_text()
