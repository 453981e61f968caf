"""The public views: the documented SQL contract for analysts; ``views.toml`` lists them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from .errors import UnknownView


@dataclass(frozen=True, slots=True)
class View:
    """A view's name outside, what its rows are, and the columns a narrow table shows first.

    ``order`` names the columns its rows are ordered by; no two rows are equal in all of them.
    """

    name: str
    grain: str
    zh: str
    en: str
    order: tuple[str, ...]
    brief: tuple[str, ...] = ()

    @property
    def relation(self) -> str:
        """The name of the SQL file."""
        return self.name.replace("-", "_")


def _listed() -> dict[str, View]:
    text = files("guanjia.projections").joinpath("views.toml").read_text(encoding="utf-8")
    return {name: _view(name, **entry) for name, entry in tomllib.loads(text).items()}


def _view(
    name: str, *, grain: str, zh: str, en: str, order: Sequence[str], brief: Sequence[str] = ()
) -> View:
    return View(name, grain, zh, en, tuple(order), tuple(brief))


PUBLIC_VIEWS = _listed()


def view(name: str) -> View:
    """Return a public view; raises ``UnknownView``."""
    found = PUBLIC_VIEWS.get(name)
    if found is None:
        msg = f"no view {name!r}; there are: {', '.join(PUBLIC_VIEWS)}"
        raise UnknownView(msg)
    return found
