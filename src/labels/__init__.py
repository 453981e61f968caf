"""What columns and codes are called in Chinese; the English name is their own."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any, Literal

Language = Literal["both", "zh", "en"]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("guanjia.labels").joinpath(name).read_text(encoding="utf-8"))


CHINESE: dict[str, str] = _table("labels.toml")
"""What columns are called."""

NAMES: dict[str, dict[str, str]] = _table("names.toml") | {"column": CHINESE}
"""What codes are called, by the kind of code; columns may be codes too."""


def heading(column: str, language: Language) -> str:
    """Return a column's heading in the language asked for."""
    chinese = CHINESE.get(column)
    if language == "en" or chinese is None:
        return column
    return chinese if language == "zh" else f"{chinese}\n{column}"


def named(kind: str, code: str, language: Language) -> str:
    """Return what a code of a kind is called in the language asked for; unknown ones stay."""
    chinese = NAMES[kind].get(code, NAMES["any"].get(code))
    if language == "en" or chinese is None:
        return code
    return chinese if language == "zh" else f"{chinese} {code}"


def text_width(text: str) -> int:
    """Return how wide a line of text is; a Chinese character is two wide."""
    return sum(1 + (ord(character) > 0x2E7F) for character in text)
