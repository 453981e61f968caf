"""One pass over a store that computes its tree anew and names what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, select

from ...verifier import EMPTY_ROOT, Checkpoint, node_hash
from ..database import Database
from ..schema import Statement, StoredRow, events, tree_nodes
from .leaves import leaf_of

LOWEST = -(2**63)


class Finding(NamedTuple):
    """Something that is not as it was recorded.

    ``code`` is stable: event_altered, event_missing, event_stray (at a position no event has),
    tree_differs, checkpoint_differs (its events are others), checkpoint_invalid (itself altered, or
    not signed by this log), events_cut (fewer than were signed), unreadable. ``first`` and ``last``
    are the positions it is about.
    """

    code: str
    text: str
    first: int | None = None
    last: int | None = None

    def __str__(self) -> str:
        if self.first is None:
            return f"{self.code}: {self.text}"
        alone = self.first == self.last
        where = f"event {self.first}" if alone else f"events {self.first} to {self.last}"
        return f"{self.code}: {where}: {self.text}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification came to; ``signed`` is the largest size whose checkpoint agrees."""

    events: int
    checkpoints: int
    signed: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is as it was recorded."""
        return not self.findings


class Claim(NamedTuple):
    """A checkpoint to be compared, and what to call it."""

    label: str
    checkpoint: Checkpoint


class Growing:
    """A tree that takes leaf after leaf and holds only its right edge."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def add(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Take the next leaf; yield the nodes that this completed, as (level, number, hash)."""
        self._edge.append(leaf)
        self.size += 1
        level = 0
        while self.size >> level & 1 == 0:
            right, left = self._edge.pop(), self._edge.pop()
            level += 1
            self._edge.append(node_hash(left, right))
            yield level, (self.size >> level) - 1, self._edge[-1]

    def root(self) -> bytes:
        """Return the root over the leaves taken."""
        if not self._edge:
            return EMPTY_ROOT
        *others, root = self._edge
        for left in reversed(others):
            root = node_hash(left, root)
        return root


class Check:
    """Compares the events with their leaf hashes, and these with the tree and checkpoints."""

    PAGE = 500

    def __init__(self, database: Database, claims: Sequence[Claim]) -> None:
        self.events = 0
        self.agreed = 0
        self._database = database
        self._claims = sorted(claims, key=lambda claim: claim.checkpoint.size, reverse=True)
        self._tree = Growing()
        self._whole = True
        self._last = 0
        position = events.c.position
        self._page = Statement(
            select(events)
            .where(position >= bindparam("first"))
            .order_by(position)
            .limit(bindparam("limit")),
            database.dialect,
        )
        self._nodes = Statement(select(tree_nodes), database.dialect)

    def findings(self) -> Iterator[Finding]:
        """Yield what differs, in the order of positions; may be asked once."""
        nodes: dict[tuple[int, int], bytes] = {}
        try:
            # The tree is read first: the events may grow meanwhile, what it covers is there.
            with self._database.reading() as cursor:
                rows = self._nodes.run(cursor).fetchall()
            nodes |= {(level, number): bytes(node) for level, number, node in rows}
            for row in self._rows():
                yield from self._event(row, nodes)
        except self._database.driver_error:
            yield _at("unreadable", "what is stored cannot be read", self._last + 1)
        yield from self._signed(self._last)
        yield from self._cut()
        if self._whole:
            yield from (_over(level, number) for level, number in sorted(nodes))

    def _rows(self) -> Iterator[StoredRow]:
        first = LOWEST
        while True:
            with self._database.reading() as cursor:
                page = self._page.run(cursor, first=first, limit=self.PAGE).fetchall()
            yield from (StoredRow(*row) for row in page)
            if len(page) < self.PAGE:
                return
            first = page[-1][0] + 1

    def _event(self, row: StoredRow, nodes: dict[tuple[int, int], bytes]) -> Iterator[Finding]:
        self.events += 1
        if row.position < 1:
            yield _at("event_stray", "no event is recorded at such a position", row.position)
            return
        yield from self._signed(row.position - 1)
        if row.position != self._last + 1:
            self._whole = False
            yield _missing(self._last + 1, row.position - 1)
        self._last = row.position
        if leaf_of(row.position, row, row.stored_at) != row.leaf:
            yield _at("event_altered", "these are not the bytes that were recorded", row.position)
        for level, number, node in self._tree.add(row.leaf):
            # Behind a gap every node is another.
            if self._whole and nodes.pop((level, number), node) != node:
                yield _over(level, number)

    def _signed(self, before: int) -> Iterator[Finding]:
        """Judge the checkpoints of at most ``before`` events, all of which were read."""
        while self._claims and self._claims[-1].checkpoint.size <= before:
            label, signed = self._claims.pop()
            if (self._tree.size, self._tree.root()) == (signed.size, signed.root):
                self.agreed = signed.size
            else:
                text = f"{label}: the events up to here are not those it signed"
                yield Finding("checkpoint_differs", text, self.agreed + 1, signed.size)

    def _cut(self) -> Iterator[Finding]:
        for label, signed in reversed(self._claims):
            text = f"{label}: it signed {signed.size} events, the store ends at {self._last}"
            yield Finding("events_cut", text, self._last + 1, signed.size)


def _at(code: str, text: str, position: int) -> Finding:
    return Finding(code, text, position, position)


def _missing(first: int, last: int) -> Finding:
    return Finding("event_missing", "there is no event", first, last)


def _over(level: int, number: int) -> Finding:
    text = f"node {number} of level {level} is not made of these events' leaf hashes"
    return Finding("tree_differs", text, (number << level) + 1, (number + 1) << level)
