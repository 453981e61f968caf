"""Puts one SQL statement together from the relation files it names.

A relation is a file ``sql/<name>.sql``; it reads other relations by their names. The composer
prepends what a relation needs as CTEs, each once, so every figure has one definition.

A fact table ``<thing>_facts`` is a file ``sql/facts/<thing>_facts.sql`` that takes rows from the
relation ``batch``. Its line ``-- Of:`` names the column that says whose facts they are, by the
kind of that stream (``complaint``), or ``kind, subject`` for facts of every kind. Relations read
what was known of it at the moment asked about, as ``<thing>_known``: the latest row of each key
that its line ``-- Key:`` names, or every row where there is no such line.

A relation with a line ``-- Kept by:`` has rows that depend on what is known of their own subject
and on nothing else, least of all on the moment. So it is kept as a table: for the present it is
read, and when a subject changes its rows alone are made anew. A line ``-- Only with:`` names the
facts without which a subject has no rows there. A line ``-- Sorted by:``, of such a
relation or of facts, puts rows that are asked for together beside each other when all are made, so
that a scan skips the others.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from ..domain.policy import BUILT_IN, built_in

_READ = re.compile(r"\b(?:from|join)\s+([a-z_]+)")
_TOPICS = re.compile(r"topic (?:=|like|in) \(?((?:'[^']+',? ?)+)")
_FIELD = re.compile(r"(?:unnest\(\s*from_json\(\s*|where .*\()state -> '\$\.(\w+)'")
_LOCAL = re.compile(r"^(?:with )?([a-z_]+) as (?:materialized )?\($", re.MULTILINE)

ANY = ("kind", "subject")
"""The columns that say whose row it is where rows are of subjects of every kind."""

Sources = tuple[tuple[str, str], ...]
"""What stands for a relation other than its file: another text, or nothing where it is a table."""


@dataclass(frozen=True)
class Facts:
    """A fact table: how it is taken from ``batch``, whose facts they are, their key and order."""

    name: str
    extract: str
    of: tuple[str, ...]
    key: tuple[str, ...]
    sorted_by: tuple[str, ...]

    @cached_property
    def topics(self) -> re.Pattern[str]:
        """The topics that it takes rows from, as its conditions name them; any if they do not."""
        named = re.findall(r"'([^']+)'", " ".join(_TOPICS.findall(self.extract)))
        patterns = [name.replace(".", r"\.").replace("%", ".*").replace("_", ".") for name in named]
        return re.compile("|".join(patterns) or ".*")

    @cached_property
    def field(self) -> bytes:
        """What is in the JSON of every event that it takes rows from; nothing if it may differ."""
        named = _FIELD.search(self.extract)
        return f'"{named[1]}":'.encode() if named else b""

    @property
    def known(self) -> str:
        """The name of the relation of what is known."""
        return self.name.removesuffix("_facts") + "_known"

    @property
    def touched(self) -> str:
        """The name of the table of the touched subjects' facts."""
        return f"touched_{self.name}"

    @property
    def known_then(self) -> str:
        """What was known at the moment asked about."""
        return self.known_from(
            f"(select {self.name}.* from {self.name} inner join moment"  # noqa: S608 - names are our files' own
            f" on {self.name}.recorded_at <= moment.as_of"
            f" and {self.name}.position <= moment.position)"
        )

    def known_from(self, rows: str) -> str:
        """Return what is known from some of the facts' rows."""
        if not self.key:
            return f"select * from {rows}"  # noqa: S608 - names are our files' own
        key = ", ".join(self.key)
        latest = f"row_number() over (partition by {key} order by version desc) = 1"
        return f"select * from {rows} qualify {latest}"  # noqa: S608 - names are our files' own


@dataclass(frozen=True, slots=True)
class Kept:
    """A relation kept as a table, and the columns that say whose rows they are."""

    name: str
    by: tuple[str, ...]
    only_with: tuple[str, ...]
    sorted_by: tuple[str, ...]

    def may_have_rows(self, known: Set[str]) -> bool:
        """Return whether subjects of which only facts of these tables are known may have rows."""
        return bool(read_by(self.name) & known) and set(self.only_with) <= known

    @property
    def table(self) -> str:
        """The name of the table; the relation's own name is that of a view of it."""
        return f"kept_{self.name}"

    @property
    def touched(self) -> str:
        """The name of the table of the touched subjects' rows."""
        return f"touched_{self.name}"


def stream_of(columns: tuple[str, ...]) -> str:
    """Return the SQL of the stream whose row it is, by the columns that an ``Of`` line names."""
    return "kind || ':' || subject" if columns == ANY else f"'{columns[0]}:' || {columns[0]}"


def _folder() -> Traversable:
    return files("guanjia.projections").joinpath("sql")


def _texts(folder: Traversable) -> dict[str, str]:
    found = sorted((file for file in folder.iterdir() if file.is_file()), key=lambda f: f.name)
    return {f.name.removesuffix(".sql"): f.read_text(encoding="utf-8").strip() for f in found}


def _line(title: str, text: str) -> tuple[str, ...]:
    """Return what a line ``-- Title: one, two.`` of a file's head names."""
    found = re.search(rf"^-- {title}: (.+)\.$", text, re.MULTILINE)
    return tuple(found[1].split(", ")) if found else ()


@cache
def facts() -> tuple[Facts, ...]:
    """Return every fact table, in the order of their names."""
    return tuple(
        Facts(name, text, _line("Of", text), _line("Key", text), _line("Sorted by", text))
        for name, text in _texts(_folder().joinpath("facts")).items()
    )


@cache
def facts_of(topic: str) -> tuple[Facts, ...]:
    """Return the fact tables that may take rows from events of a topic, if these have the field."""
    return tuple(table for table in facts() if table.topics.fullmatch(topic))


@cache
def relations() -> dict[str, str]:
    """Return the text of every relation by name: the files, facts, and the built-in policy."""
    known = {table.known: table.known_then for table in facts()}
    return {"built_in_policy": _built_in_policy()} | _texts(_folder()) | known


def _built_in_policy() -> str:
    """Return one row, the values that the domain is shipped with."""
    limits = (f"{value} as {name}" for name, value in built_in().model_dump().items())
    return f"select '{BUILT_IN}' as version, {', '.join(limits)}"


def needs(text: str) -> list[str]:
    """Return the relations a text reads, in the order it names them."""
    local = set(_LOCAL.findall(text))
    named = dict.fromkeys(_READ.findall(text))
    return [name for name in named if name in relations() and name not in local]


@cache
def kept() -> tuple[Kept, ...]:
    """Return every relation that is kept as a table, each after those it reads."""
    order: dict[str, str] = {}
    for name in relations():
        if name not in order:
            _collect(name, order, {})
    return tuple(
        Kept(name, by, _line("Only with", text), _line("Sorted by", text))
        for name, text in order.items()
        if (by := _line("Kept by", text))
    )


def live() -> Sources:
    """Return what serves the present: every fact is known, and kept relations are tables."""
    return anew(len(kept()))


def anew(done: int) -> Sources:
    """Return what serves the making of all rows, with the first ``done`` kept tables made."""
    known = tuple((table.known, table.known_from(table.name)) for table in facts())
    return known + tuple((table.name, "") for table in kept()[:done])


def part_of(done: int, part: int, parts: int) -> Sources:
    """Return what serves the making of the rows of one of so many parts of the subjects."""

    def rows(table: str, by: tuple[str, ...], columns: str = "*") -> str:
        wanted = f" where hash({by[-1]}) % {parts} = {part}" if by else ""
        return f"select {columns} from {table}{wanted}"  # noqa: S608 - names are our files' own

    known = ((one.known, one.known_from(f"({rows(one.name, one.of)})")) for one in facts())
    made = ((t.name, rows(t.table, t.by, "* exclude (stream_key)")) for t in kept()[:done])
    return (*known, *made)


def touched(done: int) -> Sources:
    """Return what serves the making of the touched subjects' rows, the first ``done`` made."""
    known = tuple((table.known, table.known_from(table.touched)) for table in facts())
    rows = "select * exclude (stream_key) from"
    return known + tuple((table.name, f"{rows} {table.touched}") for table in kept()[:done])


@cache
def read_by(name: str) -> frozenset[str]:
    """Return the names of the fact tables that a relation reads, itself or through others."""
    order: dict[str, str] = {}
    _collect(name, order, {})
    return frozenset(table.name for table in facts() if table.known in order)


@cache
def compose(name: str, sources: Sources = ()) -> str:
    """Return one statement that answers the relation ``name``; raises ``KeyError``."""
    if (name, "") in sources:
        return f"select * from {name}"  # noqa: S608 - names are our files' own
    order: dict[str, str] = {}
    _collect(name, order, dict(sources))
    ctes = ",\n\n".join(f"{relation} as (\n{text}\n)" for relation, text in order.items())
    return f"with {ctes}\n\nselect * from {name}"


def _collect(name: str, order: dict[str, str], sources: dict[str, str]) -> None:
    text = sources.get(name) or relations()[name]
    for needed in needs(text):
        if needed not in order and sources.get(needed) != "":
            _collect(needed, order, sources)
    order[name] = text
