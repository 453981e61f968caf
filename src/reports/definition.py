"""What the departments' reports are: ``definitions.toml`` lists them, one table a report."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ..labels import Language
from .errors import UnknownReport

Period = Literal["moment", "week", "month", "quarter"]


class _Titled(BaseModel):
    """Something with a name in Chinese and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str

    def title(self, language: Language) -> str:
        """Return the name in the language asked for."""
        return {"zh": self.zh, "en": self.en, "both": f"{self.zh} {self.en}"}[language]


class Line(_Titled):
    """A line to sign on, or a field to write in."""


class Head(_Titled):
    """A head over neighbouring columns, the first and the last of them."""

    first: str
    last: str


class Section(_Titled):
    """Rows of one public view: those whose columns equal ``where``, of them these ``columns``.

    ``names`` says of which kind the codes in a column are (``labels/names.toml``).
    """

    name: str
    view: str
    where: dict[str, str] = {}
    columns: tuple[str, ...]
    names: dict[str, str] = {}
    heads: tuple[Head, ...] = ()


class Report(_Titled):
    """A report: the span it speaks of, its sections, and how it is printed.

    A report of a ``moment`` speaks of how things stood, the others of what happened in a week,
    month or quarter. ``remarks`` are fields left to be written by hand.
    """

    name: str
    source: str
    period: Period
    landscape: bool = False
    sections: tuple[Section, ...]
    remarks: tuple[Line, ...] = ()
    signatures: tuple[Line, ...]


def _listed() -> dict[str, Report]:
    text = files("guanjia.reports").joinpath("definitions.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text).items()
    return {name: Report.model_validate({"name": name, **table}) for name, table in tables}


REPORTS = _listed()


def report(name: str) -> Report:
    """Return a report; raises ``UnknownReport``."""
    found = REPORTS.get(name)
    if found is None:
        msg = f"no report {name!r}; there are: {', '.join(REPORTS)}"
        raise UnknownReport(msg)
    return found
