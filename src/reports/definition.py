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


class Chart(BaseModel):
    """A picture of a section: bars of some amounts for each row, named by its columns to ``by``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str
    amounts: tuple[str, ...]


class Section(_Titled):
    """Rows of one public view: those whose columns equal ``where``, of them these ``columns``.

    ``names`` says of which kind the codes in a column are (``labels/names.toml``).
    """

    name: str
    view: str
    where: dict[str, str | bool] = {}
    columns: tuple[str, ...]
    names: dict[str, str] = {}
    heads: tuple[Head, ...] = ()
    chart: Chart | None = None


class Report(_Titled):
    """A report: the span it speaks of, its sections, and how it is printed.

    A report of a ``moment`` speaks of how things stood, the others of what happened in a week,
    month or quarter. ``where`` holds for the rows of every section. What a report does not
    say is as in the report that it is ``like``. ``remarks`` are fields left to be written by hand.
    """

    name: str
    source: str
    period: Period
    like: str = ""
    where: dict[str, str | bool] = {}
    landscape: bool = False
    sections: tuple[Section, ...]
    remarks: tuple[Line, ...] = ()
    signatures: tuple[Line, ...]

    @property
    def views(self) -> tuple[str, ...]:
        """The names of the views it shows, each once."""
        return tuple(dict.fromkeys(section.view for section in self.sections))

    @property
    def by_centre(self) -> bool:
        """Whether every row is of a centre, so that the report can be asked of one."""
        return all("centre" in section.columns for section in self.sections)

    @property
    def has_picture(self) -> bool:
        """Whether any section has a chart."""
        return any(section.chart for section in self.sections)


def _listed() -> dict[str, Report]:
    text = files("guanjia.reports").joinpath("definitions.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return {
        name: Report.model_validate({"name": name, **tables.get(table.get("like"), {}), **table})
        for name, table in tables.items()
    }


REPORTS = _listed()


def report(name: str) -> Report:
    """Return a report; raises ``UnknownReport``."""
    found = REPORTS.get(name)
    if found is None:
        msg = f"no report {name!r}; there are: {', '.join(REPORTS)}"
        raise UnknownReport(msg)
    return found
