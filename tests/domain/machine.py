"""What any aggregate's random history keeps to, whoever enters what, in time or late.

A machine names the streams it watches; ``attempt`` enters a line, and after every step the stored
events are read back and compared with what decisions saw.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from guanjia.domain.promises import Clock, Key, merged
from guanjia.domain.streams import Kind
from tests.spec import Line, Outcome, World, moment

CANARY = "渗漏秘密"
WHEN = st.tuples(st.sampled_from([0, 1, 1, 5, 20, 60]), st.sampled_from([0, 0, 0, 0, 1, 5, 30]))
"""How many hours pass before an entry, and how many hours ago it happened."""


def modest(examples: int, steps: int) -> settings:
    """Return settings for `make test`: the same histories each time."""
    return settings(
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


class Register(RuleBasedStateMachine):
    """A world whose time goes on; what is typed in late happened some hours ago."""

    watched: ClassVar[tuple[tuple[Kind[Any], str], ...]]
    row: ClassVar[str]
    """The field in which an event carries the aggregate's row."""
    begins: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.now = moment(self.begins)
        self.keep = False

    def states(self) -> dict[str, Any]:
        """Return every watched aggregate as decisions see it."""
        streams = self.world.app._streams
        return {id: streams.state(kind, id) for kind, id in self.watched}

    def clocks(self) -> list[tuple[Key, Clock]]:
        """Return the clocks of every watched aggregate, each with its key."""
        known = [state for state in self.states().values() if state]
        return [one for state in known for one in state.clocks.items()]

    def attempt(self, line: Line, by: str, when: tuple[int, int] = (0, 0)) -> Outcome:
        """Enter a line after a while; a refusal leaves no event and no trace in any state."""
        hours, ago = when
        self.now += timedelta(hours=hours)
        before, position = self.states(), self.world.position
        at, recorded_at = self.now - timedelta(hours=ago), self.now
        times = {"at": at.isoformat(), "recorded_at": recorded_at.isoformat()}
        outcome = self.world.when({**line, "by": by, **times}, keep_irregular=self.keep)
        if outcome.refusal:
            assert (self.states(), self.world.position) == (before, position)
        else:
            assert self.world.position - position == len(outcome.events) > 0
        return outcome

    @invariant()
    def the_stored_events_tell_the_state(self) -> None:
        """Folded from their bytes they give it; what rides on them is its row and its clocks."""
        for kind, id in self.watched:
            folded, rows, clocks = kind.initial, [None], dict[Key, Clock]()
            for event in self.world.stream(kind.stream(id)):
                folded = kind.evolve(folded, event, id)
                rows.append(getattr(event, self.row) or rows[-1])
                clocks = merged(clocks, getattr(event, "clocks", ()))
            assert folded == self.world.app._streams.state(kind, id)
            assert folded is None or (folded.row, folded.clocks) == (rows[-1], clocks)

    @invariant()
    def no_clock_contradicts_itself(self) -> None:
        """It is known by its own key, and ends in one way; in regular history after it began."""
        for key, clock in self.clocks():
            assert key == clock.key
            assert clock.stopped_at is None or clock.ended is None
            assert (clock.ended is None) == (clock.ended_at is None)
            ended_at = clock.stopped_at or clock.ended_at or clock.started_at
            assert self.keep or clock.started_at <= ended_at

    def teardown(self) -> None:
        """Positions have no gap, and no stored event holds a word of anybody."""
        rows = self.world.store.read(0, 100_000)
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        assert not [row.topic for row in rows if CANARY in row.state.decode()]
        self.world.app.close()
        self.world.store.close()
