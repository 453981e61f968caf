"""Signing in with a token, and what a visitor without one sees."""

from __future__ import annotations

from datetime import timedelta

import httpx

from guanjia.api import issue, office_key
from tests.api.served import Served

from .conftest import Come

HANDLER = "<img src=data: onerror=hacked=1>"


def test_a_visitor_without_a_token_signs_in_and_comes_where_he_wanted(
    come: Come, served: Served
) -> None:
    """The token is pasted once; the cookie that holds it is out of reach of scripts."""
    visitor = come(None)
    page = visitor.open("/en/complaint/X-1")
    assert page.url.endswith("/pages/en/sign-in?then=%2Fen%2Fcomplaint%2FX-1")
    page.get_by_label("Token").fill(
        issue(office_key(served.folder), "hq.quality", timedelta(hours=1))
    )
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/pages/en/complaint/X-1")
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/pages/en/sign-in")
    visitor.open("/en/board")
    assert "sign-in" in page.url


def test_a_wrong_token_is_refused_in_words(come: Come) -> None:
    """What was pasted is not said again."""
    page = come(None).open("/zh/sign-in")
    page.get_by_label("令牌").fill("nonsense")
    page.keyboard.press("Enter")
    page.wait_for_url("**failed=1")
    assert page.get_by_role("alert").inner_text() == "令牌无效或已过期，或账号已离岗。"
    assert "nonsense" not in page.content()


def test_a_sign_in_leads_to_these_pages_only(served: Served) -> None:
    """An address of elsewhere is left aside, and so is a form of another site."""
    token = issue(office_key(served.folder), "hq.quality", timedelta(hours=1))
    url = f"http://127.0.0.1:{served.port}/pages/in"
    for then in ("https://example.com/", "//example.com/", "/in", ""):
        answer = httpx.post(url, data={"token": token, "then": then, "tongue": "en"})
        assert answer.headers["location"] == "/pages/en/board"
        assert "HttpOnly" in answer.headers["set-cookie"]
    elsewhere = httpx.post(url, data={"token": token}, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert httpx.post(url, content=b"token=" + b"x" * 9000).status_code == 413


def test_a_page_has_a_policy_of_its_own(come: Come, served: Served) -> None:
    """Scripts run by a nonce that no two answers share; nothing comes from another place."""
    url = f"http://127.0.0.1:{served.port}/pages/en/sign-in"
    first, second = (httpx.get(url).headers["content-security-policy"] for _ in range(2))
    assert first != second
    assert "default-src 'none'" in first
    assert "frame-ancestors 'none'" in first
    scripts = next(part for part in first.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    visitor = come()
    page = visitor.open("/en/board")
    with page.expect_console_message(lambda said: "inline event handler" in said.text):
        page.evaluate(f"document.body.insertAdjacentHTML('beforeend', '{HANDLER}')")
    assert page.evaluate("typeof hacked") == "undefined"
    visitor.complaints.clear()


def test_the_terminal_of_a_demonstration_says_how_to_sign_in(served: Served) -> None:
    """The token that is printed there opens the board."""
    said = (served.folder / "log").read_text("utf-8").splitlines()
    assert f"guanjia token ACCOUNT --data {served.folder}" in said[0]
    url = f"http://127.0.0.1:{served.port}/pages/in"
    answer = httpx.post(url, data={"token": said[2], "tongue": "zh"})
    assert answer.headers["location"] == "/pages/zh/board"
