"""The public views: the documented SQL contract for analysts; ``views.toml`` lists them."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from .errors import UnknownView


class View(BaseModel):
    """A view's name outside, what its rows are, and the columns a narrow table shows first.

    ``order`` names the columns its rows are ordered by; no two rows are equal in all of them.
    ``of`` names the column that says whose row it is, as fact tables do: such a view has a column
    ``stale`` besides, with the error that its subject is parked for. ``source`` names the rules'
    source texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    grain: str
    zh: str
    en: str
    order: tuple[str, ...]
    brief: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    source: str = ""

    @property
    def relation(self) -> str:
        """The name of the SQL file."""
        return self.name.replace("-", "_")


def _listed() -> dict[str, View]:
    text = files("guanjia.projections").joinpath("views.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text).items()
    return {name: View.model_validate({"name": name, **table}) for name, table in tables}


PUBLIC_VIEWS = _listed()


def view(name: str) -> View:
    """Return a public view; raises ``UnknownView``."""
    found = PUBLIC_VIEWS.get(name)
    if found is None:
        msg = f"no view {name!r}; there are: {', '.join(PUBLIC_VIEWS)}"
        raise UnknownView(msg)
    return found
