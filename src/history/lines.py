"""What a reader of history hands to the importer, line by line, in two passes."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from itertools import pairwise
from typing import Protocol

from pydantic import ValidationError

from ..domain.messages import Command, Id, Message
from ..domain.moments import Moment
from .faults import Fault, invalid

LONGEST_LINE = 1024 * 1024
"""Bytes a line may have, its end not counted."""

SETUP = frozenset(
    {
        "post_staff",
        "transfer_staff",
        "staff_leaves",
        "adopt_policy",
        "adopt_matrix",
        "approve_matrix",
    }
)
"""The commands carried out before all others, in the file's order: they have no order of time."""

BEFORE_ALL = -(2**62)
"""The effective time of those."""


class LineEnvelope(Message):
    """Who did what a line says, when, and when it was registered."""

    by: Id | None = None
    at: Moment
    recorded_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One command with its envelope."""

    command: Command
    envelope: LineEnvelope


@dataclass(frozen=True, slots=True)
class Item:
    """A line as it is carried out: all its steps or none; one without steps is left out.

    ``content`` is its canonical form, by which it is known when the file comes again.
    """

    content: bytes
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the first pass: where it stands, and its effective time in seconds of the epoch."""

    line: int
    offset: int
    time: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """A line of the first pass that is not taken."""

    line: int
    fault: Fault


class Reader(Protocol):
    """A file of history: read once to find its lines, then again line by line in another order."""

    source: str

    def scan(self) -> Iterator[Found | Broken]:
        """Yield every line but the blank ones; raises ``HistoryError`` when the file is no use."""
        ...

    def setup(self) -> Iterator[Item]:
        """Yield what the file implies and no line says, known only after the scan."""
        ...

    def load(self, offset: int) -> Item:
        """Return a line found before; called in order of execution; raises ``Fault``."""
        ...

    def digest(self) -> bytes:
        """Return what the scanned file is known by."""
        ...


def short(content: bytes) -> int:
    """Return a digest in 8 bytes. A collision only makes a line the second of two: no harm."""
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big")


@dataclass(slots=True)
class Index:
    """Where the lines of a file stand: some 30 bytes a line, and as many again while sorting."""

    lines: array[int] = field(default_factory=lambda: array("q"))
    offsets: array[int] = field(default_factory=lambda: array("q"))
    times: array[int] = field(default_factory=lambda: array("q"))
    digests: array[int] = field(default_factory=lambda: array("Q"))

    def add(self, found: Found) -> None:
        """Note a line."""
        self.lines.append(found.line)
        self.offsets.append(found.offset)
        self.times.append(found.time)
        self.digests.append(short(found.content))

    def __len__(self) -> int:
        return len(self.lines)

    def order(self) -> Iterator[tuple[int, int]]:
        """Yield (line, offset) by effective time; lines of one time in the file's order."""
        for place in sorted(range(len(self)), key=self.times.__getitem__):
            yield self.lines[place], self.offsets[place]

    def repeated(self) -> dict[int, int]:
        """Return the digests that stand more than once, each with 0."""
        ordered = array("Q", sorted(self.digests))
        return {digest: 0 for digest, following in pairwise(ordered) if digest == following}


@dataclass(slots=True)
class Timeline:
    """The effective times of lines that are ordered within their aggregate only.

    A line happens no earlier than those before it of the same aggregate; one of the future is
    refused anyway and holds nobody up. Aggregates are kept by digest: a collision delays a line.
    """

    now: datetime
    latest: dict[int, int] = field(default_factory=dict)

    def place(self, aggregate: str, moment: datetime) -> int:
        """Return the effective time of the aggregate's next line."""
        key = short(aggregate.encode("utf-8", "surrogatepass"))
        time = max(int(moment.timestamp()), self.latest.get(key, BEFORE_ALL))
        if moment <= self.now:
            self.latest[key] = time
        return time


def envelope_of(fields: dict[str, object], given: list[str]) -> LineEnvelope:
    """Return the envelope in ``fields``; raises ``Fault``."""
    try:
        return LineEnvelope.model_validate(fields)
    except ValidationError as error:
        raise invalid(error, given) from None
