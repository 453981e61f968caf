"""The public views: the documented SQL contract for analysts."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import UnknownView


@dataclass(frozen=True, slots=True)
class View:
    """A view's name outside, its relation file, and what its rows are."""

    name: str
    grain: str
    title_zh: str
    title_en: str

    @property
    def relation(self) -> str:
        """The name of the SQL file."""
        return self.name.replace("-", "_")


PUBLIC_VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View("sla", "one row per promise", "服务承诺", "Promises kept and missed"),
        View("revisits", "one row per centre, month and scope", "回访率", "Revisits"),
        View("volume", "one row per centre and month", "受理量", "Volume"),
        View("unescalated", "one row per missed promise", "未升级", "Missed, not escalated"),
        View("cases", "one row per case", "诉求登记", "Cases"),
        View("exemptions", "one row per handler and reason", "免回访", "Revisit exemptions"),
    )
}


def view(name: str) -> View:
    """Return a public view; raises ``UnknownView``."""
    found = PUBLIC_VIEWS.get(name)
    if found is None:
        msg = f"no view {name!r}; there are: {', '.join(PUBLIC_VIEWS)}"
        raise UnknownView(msg)
    return found
