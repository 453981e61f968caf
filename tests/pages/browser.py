"""The real browser: Debian's Chromium, wherever it is."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """Return the path of the browser, the one place that knows it."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    msg = "the pages are tested in Chromium: apt-get install chromium fonts-noto-cjk"
    raise FileNotFoundError(msg)
