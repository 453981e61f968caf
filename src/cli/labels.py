"""What columns are called in Chinese; the English name is the column's own."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Literal

Language = Literal["both", "zh", "en"]

CHINESE: dict[str, str] = tomllib.loads(
    files("guanjia.cli").joinpath("labels.toml").read_text(encoding="utf-8")
)


NAMES: dict[str, dict[str, str]] = tomllib.loads(
    files("guanjia.cli").joinpath("names.toml").read_text(encoding="utf-8")
)
"""What posts, personal fields and purposes are called in Chinese."""


def heading(column: str, language: Language) -> str:
    """Return a column's heading in the language asked for."""
    chinese = CHINESE.get(column)
    if language == "en" or chinese is None:
        return column
    return chinese if language == "zh" else f"{chinese}\n{column}"
