"""Given, when, then: histories are lines as in a history file, run on a store in memory.

``given(*lines).when(line)`` gives an ``Outcome``: ``then`` names the events, ``then_refused`` the
refusal's code, ``then_nothing`` that the event left every row of the case's standing as it was.
``only`` is the event itself, where it is the only one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVar, cast
from zoneinfo import ZoneInfo

from guanjia.domain.application import Application, Done
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.complaint.events import ComplaintEvent
from guanjia.domain.complaint.standing import CaseRow, RoundRow
from guanjia.domain.complaint.state import Case
from guanjia.domain.errors import Rejected
from guanjia.domain.messages import Command, Envelope, Event
from guanjia.domain.moments import parse
from guanjia.domain.promises import Clock
from guanjia.domain.recording import Recorded
from guanjia.domain.streams import CALENDAR, CENTRE, COMPLAINT, POLICY, ROSTER
from guanjia.storage import SqlStore

Line = dict[str, Any]
Key = tuple[str, int, datetime, int]
E = TypeVar("E", bound=Event)

SHANGHAI = ZoneInfo("Asia/Shanghai")
ENVELOPE = {"do", "by", "at", "recorded_at"}


def t(text: str) -> str:
    """Return ``2025-10-08 23:50`` or ``2025-10-08 23:50:01`` as a time of the history file."""
    day, clock = text.split(" ")
    return f"{day}T{clock if clock.count(':') == 2 else clock + ':00'}+08:00"


def moment(text: str) -> datetime:
    """Return the moment of a short time such as ``2025-10-08 23:50``, or of one with its offset."""
    return parse(t(text) if " " in text else text)


def line(do: str, by: str | None, at: str, /, **fields: object) -> Line:
    """Return one line of a history; its case is N-1 unless another is named."""
    if "complaint" in COMMANDS[do].model_fields and "complaint" not in fields:
        fields["complaint"] = "N-1"
    when = t(at) if " " in at else at
    who = {} if by is None else {"by": by}
    return {"do": do, **who, "at": when, **{k.rstrip("_"): v for k, v in fields.items()}}


def fields_of(line: Line) -> Line:
    """Return what a line says of its command alone."""
    return {name: value for name, value in line.items() if name not in ENVELOPE}


def command_of(line: Line) -> Command:
    """Return a line's command."""
    return COMMANDS[line["do"]].model_validate(fields_of(line))


def enter(app: Application, *lines: object) -> None:
    """Execute lines as an import does, all of them or none."""
    with app.transaction():
        for line in flat(lines):
            envelope = Envelope(by=line.get("by"), at=parse(line["at"]), imported=True)
            app.execute(command_of(line), envelope)


def flat(lines: object) -> Iterator[Line]:
    """Yield the lines of nested histories in order."""
    if isinstance(lines, dict):
        yield lines
    elif isinstance(lines, list | tuple):
        for one in lines:
            yield from flat(one)


@dataclass
class World:
    """An organisation in a store of its own, seen through its one way in."""

    zone: ZoneInfo = SHANGHAI
    now: datetime = field(default_factory=lambda: moment("2031-01-01 00:00"))
    imported: bool = True

    def __post_init__(self) -> None:
        self.store = self.open()
        self.app = Application(self.store, self.zone, lambda: self.now)

    def open(self) -> SqlStore:
        """Return the store."""
        return SqlStore.in_memory()

    def run(self, *lines: object) -> Self:
        """Execute lines that must succeed."""
        for one in flat(lines):
            self.execute(one)
        return self

    def execute(self, line: Line, *, keep_irregular: bool = False, key: str | None = None) -> Done:
        """Execute one line; raises its refusal."""
        envelope = Envelope(
            by=line.get("by"),
            at=parse(line["at"]) if line.get("at") else None,
            recorded_at=parse(line["recorded_at"]) if line.get("recorded_at") else None,
            imported=self.imported,
            keep_irregular=keep_irregular,
            key=key,
        )
        return self.app.execute(command_of(line), envelope)

    def when(self, line: Line, *, keep_irregular: bool = False) -> Outcome:
        """Execute one line and keep what came of it."""
        before = self.position
        try:
            done = self.execute(line, keep_irregular=keep_irregular)
        except Rejected as refusal:
            return Outcome(self, before, refusal=refusal)
        return Outcome(self, before, events=done.events)

    @property
    def position(self) -> int:
        """The position of the last event stored."""
        return self.store.last_position()

    def case(self, name: str = "N-1") -> Case:
        """Return the state decisions see."""
        case = self.app._streams.state(COMPLAINT, name)
        assert case is not None
        return case

    def events(self, name: str = "N-1") -> list[ComplaintEvent]:
        """Return the stored events of a case, read from their bytes."""
        return [cast("ComplaintEvent", event) for event in self.stream(f"complaint:{name}")]

    def stream(self, name: str) -> list[Event]:
        """Return the stored events of a stream, read from their bytes."""
        return [cast("Recorded", recorded).event for recorded in self.app.events.get(name)]

    def clocks(self, name: str = "N-1", as_of: str | None = None) -> list[Clock]:
        """Return the latest row of each of a case's clocks, as recorded by ``as_of``."""
        rows: dict[Key, Clock] = {}
        for event in self.events(name):
            if as_of is None or event.recorded_at <= moment(as_of):
                rows.update({clock.key: clock for clock in event.clocks})
        return [clock for clock in rows.values() if clock.ended != "withdrawn"]

    def clock(self, commitment: str, name: str = "N-1", *, number: int | None = None) -> Clock:
        """Return a case's only clock of a commitment (in a round)."""
        found = [
            clock
            for clock in self.clocks(name)
            if clock.commitment == commitment and number in (None, clock.round)
        ]
        assert len(found) == 1, found
        return found[0]

    def outcomes(self, commitment: str, as_of: str, name: str = "N-1") -> list[str]:
        """Return the outcomes of a case's clocks of a commitment, in order of start."""
        found = [clock for clock in self.clocks(name, as_of) if clock.commitment == commitment]
        return [judge(clock, as_of) for clock in sorted(found, key=lambda c: (c.started_at, c.seq))]

    def round(self, number: int = 1, name: str = "N-1") -> RoundRow:
        """Return the latest row of a round."""
        rows = [row for event in self.events(name) for row in event.rounds if row.round == number]
        return rows[-1]

    def row(self, name: str = "N-1") -> CaseRow:
        """Return the latest row of the case."""
        return [event.case for event in self.events(name) if event.case][-1]

    def standing(self) -> dict[str, Any]:
        """Return every state the application knows: equal before and after what changes nothing."""
        streams = self.app._streams
        rows = self.store.read(0, 1_000_000)
        names = {row.originator_id for row in rows}
        cases = sorted(n.removeprefix("complaint:") for n in names if n.startswith("complaint:"))
        centres = sorted(n.removeprefix("centre:") for n in names if n.startswith("centre:"))
        return {
            "position": self.position,
            "cases": {name: streams.state(COMPLAINT, name) for name in cases},
            "centres": {name: streams.state(CENTRE, name) for name in centres},
            "facts": (streams.state(ROSTER), streams.state(POLICY), streams.state(CALENDAR)),
        }


@dataclass
class Outcome:
    """What came of one command."""

    world: World
    before: int
    events: tuple[Event, ...] = ()
    refusal: Rejected | None = None

    def then(self, *expected: tuple[str, Mapping[str, Any]] | str) -> Self:
        """Require exactly these events: a topic, or a topic with facts it must carry."""
        if self.refusal:
            raise self.refusal
        facts = [(one, {}) if isinstance(one, str) else one for one in expected]
        assert [event.topic for event in self.events] == [topic for topic, _ in facts]
        for event, (_, values) in zip(self.events, facts, strict=True):
            assert {name: getattr(event, name) for name in values} == values
        return self

    def then_refused(self, code: str) -> Self:
        """Require a refusal with this code, and that nothing was written."""
        assert self.refusal is not None, [event.topic for event in self.events]
        assert self.refusal.code == code, self.refusal
        assert self.world.position == self.before
        return self

    def then_nothing(self) -> Self:
        """Require that the event changed no clock, no round and nothing of the case."""
        if self.refusal:
            raise self.refusal
        for event in self.events:
            assert isinstance(event, ComplaintEvent)
            assert (event.clocks, event.rounds, event.case) == ((), (), None)
        return self


def only(events: Iterable[Event], kind: type[E]) -> E:
    """Return the one event there is; it must be of this kind."""
    (event,) = events
    assert isinstance(event, kind), event.topic
    return event


def given(*lines: object) -> World:
    """Return a world in which these lines have happened."""
    return World().run(*lines)


def judge(clock: Clock, as_of: str) -> str:
    """Return a clock's outcome at a time."""
    if clock.ended == "void":
        return "void"
    if clock.ended == "moved_by_company":
        return "missed"
    if clock.provisional:
        return "open"
    if clock.ended == "superseded":
        on_time = clock.ended_at is not None and clock.ended_at <= clock.due_at
        return "superseded" if on_time else "missed"
    if clock.stopped_at:
        return "met" if clock.stopped_at <= clock.due_at else "missed"
    return "missed" if clock.due_at < moment(as_of) else "open"
