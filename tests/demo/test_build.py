"""The demonstration is the same every time, complete, and refused only where it means to be."""

from datetime import timedelta

import pytest

import guanjia as gj
from guanjia.demo import DemoFailed, build
from guanjia.demo.build import plan
from guanjia.domain.errors import InFuture
from guanjia.domain.messages import TOPICS
from guanjia.storage import SqlStore

from .conftest import END, SIZE, Town, new_office


def test_the_same_seed_gives_the_same_year(town: Town) -> None:
    """Two builds with one seed and end give every view the same rows, and tell their progress."""
    told: list[tuple[int, int]] = []
    with new_office() as again:
        summary = build(
            again,
            end=END,
            cases_per_centre=SIZE,
            progress=lambda done, total: told.append((done, total)),
        )
        assert summary == town.summary
        assert told[-1] == (summary.commands, summary.commands)
        for name in ("sla", "revisits", "volume", "unescalated", "cases"):
            rows = town.office.query(name, as_of=END).plain()
            assert again.query(name, as_of=END).plain() == rows


def test_another_seed_gives_another_year() -> None:
    """A different seed tells different stories."""
    start = END.replace(year=END.year - 1, hour=0, minute=0)
    assert plan(start, END, 7, SIZE) != plan(start, END, 8, SIZE)
    assert plan(start, END, 7, SIZE) == plan(start, END, 7, SIZE)


def test_everything_that_can_happen_happens(town: Town) -> None:
    """Each event topic occurs at least once."""
    store = town.office.application.store
    assert isinstance(store, SqlStore)
    seen = {row.topic for row in store.read(0, 1_000_000)}
    assert TOPICS.keys() <= seen


def test_only_what_was_provoked_is_refused(town: Town) -> None:
    """The summary counts the five kinds of refusal that the stories are about."""
    assert set(town.summary.refusals) == {
        "already_revisited",
        "head_only",
        "major_case",
        "not_approved",
        "not_revisited",
    }


def test_case_numbers_are_continuous(town: Town) -> None:
    """Every centre numbers its cases from 1 without a gap, as many as the summary says."""
    numbers: dict[str, list[int]] = {}
    for row in town.office.query("cases", as_of=END).rows():
        numbers.setdefault(row["centre"], []).append(row["number"])
    assert {centre: len(given) for centre, given in numbers.items()} == town.summary.cases
    for given in numbers.values():
        assert sorted(given) == list(range(1, len(given) + 1))


def test_an_office_in_use_is_left_alone() -> None:
    """The demonstration refuses an office that holds anything already."""
    with new_office() as office:
        office.execute(gj.PostStaff(staff="desk1", person="p1", post="front_desk", centre="north"))
        before = office.application.store.last_position()
        with pytest.raises(DemoFailed):
            build(office, end=END)
        assert office.application.store.last_position() == before


def test_the_year_must_have_passed() -> None:
    """An end in the future is refused before anything is recorded."""
    with new_office() as office:
        with pytest.raises(InFuture):
            build(office, end=END + timedelta(seconds=1))
        assert office.application.store.last_position() == 0
