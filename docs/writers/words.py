"""The words that the code does not have: words.toml, and the names of the package."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from guanjia.labels import NAMES

DOCS = Path(__file__).parents[1]
WORDS: dict[str, Any] = tomllib.loads((DOCS / "words.toml").read_text("utf-8")) | NAMES
HEAD = "<!-- Made by docs/generate.py from the code; do not edit. -->\n\n"


def beginning(page: str) -> str:
    """Return how a page begins."""
    return f"{HEAD}{WORDS['page'][page]}"


def same(name: str, words: Iterable[str], code: Iterable[str]) -> None:
    """Stop where a table of words.toml does not name exactly what the code has."""
    differing = set(words) ^ set(code)
    if differing:
        sys.exit(f"words.toml, [{name}]: {', '.join(sorted(differing))}")
