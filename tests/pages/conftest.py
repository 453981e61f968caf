"""One demonstration, one ``guanjia serve`` over it, one browser, and visitors signed in to it."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

import guanjia as gj
from guanjia.api import issue, office_key
from guanjia.demo import build
from guanjia.folder import init
from tests.api.served import Served

from .browser import chromium
from .stories import tell

SIZE = 60
"""Cases per centre: enough for every kind of story."""
WIDE = (1280, 900)
PHONE = (375, 740)


def viewport(size: tuple[int, int]) -> ViewportSize:
    """Return a size as the browser takes it."""
    return {"width": size[0], "height": size[1]}


@dataclass
class Visitor:
    """Somebody with a browser, signed in as an account, and what the browser complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a page and return once it is drawn."""
        self.page.goto(f"{self.address}/pages{path}")
        self.page.wait_for_selector("#content")
        return self.page


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a demonstration that is made once, for all processes of the test run."""
    shared = tmp_path_factory.getbasetemp().parent / "pages-demo"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            making = shared.with_suffix(".making")
            init(making, demo=True)
            with gj.open(making) as office:
                build(office, end=office.application.clock(), cases_per_centre=SIZE)
                tell(office)
            making.rename(shared)
    return shared


@pytest.fixture(scope="session")
def served(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield the server of a copy of the demonstration."""
    made = Served(tmp_path_factory.mktemp("pages") / "demo")
    shutil.copytree(demo, made.folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contexts(served: Served, browser: Browser) -> Callable[[str | None], BrowserContext]:
    """Return what gives each account a browser of its own, which keeps what it has fetched."""
    made: dict[str | None, BrowserContext] = {}

    def context(account: str | None) -> BrowserContext:
        if account not in made:
            made[account] = browser.new_context()
        if account:
            token = issue(office_key(served.folder), account, timedelta(hours=1))
            url = f"http://127.0.0.1:{served.port}/pages"
            made[account].add_cookies([{"name": "guanjia", "value": token, "url": url}])
        else:
            made[account].clear_cookies()
        return made[account]

    return context


Come = Callable[..., Visitor]


@pytest.fixture
def come(served: Served, contexts: Callable[[str | None], BrowserContext]) -> Iterator[Come]:
    """Yield what brings visitors; in the end no browser may have complained."""
    visitors: list[Visitor] = []

    def come(account: str | None = "hq.quality", size: tuple[int, int] = WIDE) -> Visitor:
        page = contexts(account).new_page()
        page.set_viewport_size(viewport(size))
        visitor = Visitor(page, f"http://127.0.0.1:{served.port}")
        page.on("console", lambda said: _hear(visitor, said.type, said.text))
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitors.append(visitor)
        return visitor

    yield come
    for visitor in visitors:
        visitor.page.close()
    assert [visitor.complaints for visitor in visitors] == [[] for _ in visitors]


def _hear(visitor: Visitor, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        visitor.complaints.append(text)
