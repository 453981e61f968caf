"""What pages say, in Chinese and in English: ``words.toml`` lists their own phrases."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from ..labels import CHINESE, NAMES, named

Tongue = Literal["zh", "en"]

LOCALES: Mapping[Tongue, Literal["zh-CN", "en-US"]] = MappingProxyType(
    {"zh": "zh-CN", "en": "en-US"}
)
"""The languages of the pages, the usual one first, each with its locale."""

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")

PHRASES: dict[str, dict[Tongue, str]] = tomllib.loads(
    files("guanjia.pages").joinpath("words.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases, columns, codes and values in one language."""

    tongue: Tongue

    def __call__(self, phrase: str, **values: object) -> str:
        """Return a phrase with the values it speaks of."""
        return PHRASES[phrase][self.tongue].format(**values)

    def column(self, name: str) -> str:
        """Return a column's heading; one that only the pages have is among their phrases."""
        if name not in CHINESE and name in PHRASES:
            return self(name)
        return CHINESE.get(name, name) if self.tongue == "zh" else name.replace("_", " ")

    def heads(self, columns: Iterable[str]) -> dict[str, str]:
        """Return columns with their headings."""
        return {name: self.column(name) for name in columns}

    def code(self, kind: str, code: str) -> str:
        """Return what a code of a kind is called; an unknown one stays."""
        return named(kind, code, self.tongue).replace("_", " ")

    def codes(self, kind: str) -> dict[str, str]:
        """Return the codes of a kind with what they are called."""
        return {code: self.code(kind, code) for code in NAMES[kind]}

    def event(self, topic: str) -> str:
        """Return what an event is called, by its topic."""
        name = topic.rpartition(".")[0]
        return (
            self.code("event", name)
            if self.tongue == "zh"
            else name.split(".")[1].replace("_", " ")
        )

    def rate(self, rate: float | None) -> str:
        """Return a share from 0 to 1 in per cent."""
        return "" if rate is None else f"{rate:.1%}"

    def value(self, value: object) -> str:
        """Return a cell's value as text: times to the minute, true and false as words."""
        match value:
            case None:
                return ""
            case bool():
                return self("yes" if value else "no")
            case datetime():
                return f"{value:%Y-%m-%d %H:%M}"
            case float():
                return f"{value:g}"
            case str() if TIME.fullmatch(value):
                return value[:16].replace("T", " ")
            case _:
                return str(value)
