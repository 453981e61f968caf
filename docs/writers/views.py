"""The page of views, from their contract."""

from __future__ import annotations

from guanjia.labels import CHINESE
from guanjia.projections import contract

from .words import WORDS, beginning, same


def page() -> str:
    """Return the public views with their columns; a column without a meaning stops it."""
    text = beginning("views").format(version=contract.VERSION)
    for name, promised in contract.described().items():
        meanings = WORDS["columns"][name]
        same(f"columns.{name}", meanings, promised["columns"])
        titles = promised["title"]
        text += f"## {name}\n\n{titles['zh']}. {titles['en']}: {promised['grain']}.\n"
        text += f"In SQL `{promised['sql']}`, ordered by {promised['order']}."
        source = promised["source"]
        text += f" Source of the rules: {source}.\n\n" if source else "\n\n"
        text += "| column | 中文 | type | unit | meaning |\n|---|---|---|---|---|\n"
        for column, kind in promised["columns"].items():
            unit = promised["units"].get(column, "") if kind != "time" else ""
            cells = [f"`{column}`", CHINESE.get(column, ""), kind, unit, meanings[column]]
            text += f"| {' | '.join(cells)} |\n"
        text += "\n"
    return text.rstrip() + "\n"
