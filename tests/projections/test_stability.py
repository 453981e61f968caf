"""Answers do not depend on how the facts were taken, and never change for a moment gone by."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia.projections import PUBLIC_VIEWS, Warehouse

from .histories import Player, Step, histories, player
from .register import SHANGHAI, Register, in_memory

Answers = dict[str, list[dict[str, Any]]]

SECOND = timedelta(seconds=1)


def clocked(start: int) -> tuple[Register, Player]:
    """Return a register whose present is the player's, and the player."""
    register = in_memory("2030-01-01 00:00")
    played = player(register, start)
    register.office.application.clock = lambda: played.now
    return register, played


def answers(views: Warehouse, as_of: datetime, position: int | None = None) -> Answers:
    """Return every view's rows."""
    return {name: views.query(name, as_of, position).rows() for name in PUBLIC_VIEWS}


@settings(max_examples=5, deadline=None, derandomize=True, database=None)
@given(
    st.lists(histories(bursts=4), min_size=1, max_size=3),
    st.integers(0, 5),
    st.sampled_from((1, 2, 7, 100)),
)
def test_live_is_as_of_now_is_rebuilt_from_zero(
    parts: list[list[Step]], start: int, batch: int
) -> None:
    """Views that followed in batches, across restarts, say what a rebuild says, row for row."""
    register, played = clocked(start)
    with register.office, TemporaryDirectory() as folder:
        path = Path(folder, "views.duckdb")
        live: Answers = {}
        for part in parts:
            followed = Warehouse(register.store, SHANGHAI, path, batch=batch)
            played.play(part)
            assert followed.catch_up() == register.store.last_position()
            live = answers(followed, played.now)
            followed.close()
        assert live == {name: register.office.query(name).rows() for name in PUBLIC_VIEWS}
        followed = Warehouse(register.store, SHANGHAI, path, batch=batch)
        assert answers(followed, played.now) == live
        assert followed.rebuild() == (register.store.last_position(), ())
        assert answers(followed, played.now) == live
        followed.close()
        rebuilt = Warehouse(register.store, SHANGHAI)
        rebuilt.catch_up()
        assert answers(rebuilt, played.now) == live
        rebuilt.close()


@settings(max_examples=5, deadline=None, derandomize=True, database=None)
@given(st.lists(histories(bursts=5), min_size=2, max_size=4), st.integers(0, 5), st.booleans())
def test_an_answer_stands_for_ever(
    parts: list[list[Step]], start: int, keep_irregular: bool
) -> None:
    """What is recorded after a moment, or stored after a position, never changes its answers."""
    register, played = clocked(start)
    played.keep_irregular = keep_irregular
    views = register.office.views
    answered: list[tuple[datetime, int | None, Answers]] = []
    with register.office:
        for part in parts:
            played.play(part)
            position = views.catch_up()
            for as_of, asked in (
                (played.now, position),
                (played.now - SECOND, None),
                (played.now + timedelta(days=40), position),
            ):
                answered += [(as_of, asked, answers(views, as_of, asked))]
        for as_of, asked, answer in answered:
            assert answers(views, as_of, asked) == answer


def test_a_question_to_an_older_store_is_answered_from_it() -> None:
    """Below the first event of a case, there is no case."""
    register = in_memory()
    with register.office as office:
        before = register.store.last_position()
        after = register.receive("N-1", "2025-10-08 10:00").position
        assert office.query("cases", position=before).rows() == []
        result = office.query("cases", position=after)
        assert [row["complaint"] for row in result.rows()] == ["N-1"]
        assert result.position == after
        assert office.query("cases").position == after
