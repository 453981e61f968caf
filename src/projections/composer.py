"""Puts one SQL statement together from the relation files it names.

A relation is a file ``sql/<name>.sql``; it reads other relations and the facts by their names. The
composer prepends what a relation needs as CTEs, each once, so every figure has one definition.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from ..domain.policy import BUILT_IN, built_in

_READ = re.compile(r"\b(?:from|join)\s+([a-z_]+)")
_LOCAL = re.compile(r"^(?:with )?([a-z_]+) as (?:materialized )?\($", re.MULTILINE)


def _folder() -> Traversable:
    return files("guanjia.projections").joinpath("sql")


@cache
def relations() -> dict[str, str]:
    """Return the text of every relation by name: the files, and the built-in policy."""
    return {"built_in_policy": _built_in_policy()} | {
        file.name.removesuffix(".sql"): file.read_text(encoding="utf-8").strip()
        for file in _folder().iterdir()
        if file.name.endswith(".sql")
    }


def _built_in_policy() -> str:
    """Return one row, the values that the domain is shipped with."""
    limits = (f"{value} as {name}" for name, value in built_in().model_dump().items())
    return f"select '{BUILT_IN}' as version, {', '.join(limits)}"


@cache
def facts() -> dict[str, str]:
    """Return the extraction of every fact table by its name; each reads the relation ``batch``."""
    return {
        file.name.removesuffix(".sql"): file.read_text(encoding="utf-8").strip()
        for file in sorted(_folder().joinpath("facts").iterdir(), key=lambda file: file.name)
    }


def needs(text: str) -> list[str]:
    """Return the relations a text reads, in the order it names them."""
    local = set(_LOCAL.findall(text))
    named = dict.fromkeys(_READ.findall(text))
    return [name for name in named if name in relations() and name not in local]


@cache
def compose(name: str) -> str:
    """Return one statement that answers the relation ``name``; raises ``KeyError``."""
    order: dict[str, str] = {}
    _collect(name, order)
    ctes = ",\n\n".join(f"{relation} as (\n{text}\n)" for relation, text in order.items())
    return f"with {ctes}\n\nselect * from {name}"


def _collect(name: str, order: dict[str, str]) -> None:
    text = relations()[name]
    for needed in needs(text):
        if needed not in order:
            _collect(needed, order)
    order[name] = text
