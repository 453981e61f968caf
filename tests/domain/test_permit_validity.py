"""The validity of a permit: its clock through extensions, completion and failed acceptances."""

from __future__ import annotations

from typing import Any

import pytest

from tests import permits as p
from tests.permits import AT
from tests.spec import World, given, moment


def validities(world: World) -> list[tuple[Any, ...]]:
    """Return what tells the validity clocks apart."""
    return [
        (c.round, c.started_at, c.due_at, c.stopped_at, c.ended, c.cause)
        for c in p.permit(world).clocks.values()
    ]


BEGUN = moment("2025-10-21 00:00")
DUE = moment("2025-12-20 23:59:59")


@pytest.mark.parametrize(
    ("issued", "first", "start"),
    [
        ("2025-10-20 09:00", "2025-10-21", "2025-10-21 00:00"),
        ("2025-10-20 09:00", "2025-10-20", "2025-10-20 09:00"),
        ("2025-10-22 09:00", "2025-10-21", "2025-10-22 09:00"),
    ],
)
def test_a_validity_begins_with_its_first_day_or_the_issue(
    issued: str, first: str, start: str
) -> None:
    """The later of both; it is due at the end of its last day."""
    world = given(p.AGREED, p.issue(issued, first))
    assert validities(world) == [(1, moment(start), DUE, None, None, None)]


def test_an_extension_in_time_supersedes_the_validity() -> None:
    """The new one begins with it, and the completion keeps it."""
    extended, done = moment("2025-12-20 23:59:59"), moment("2026-01-05 10:00")
    later = moment("2026-01-20 23:59:59")
    world = given(p.ISSUED, p.extend("2025-12-20 23:59:59", "2026-01-20"))
    world.run(p.complete("2026-01-05 10:00"))
    assert validities(world) == [
        (1, BEGUN, DUE, None, "superseded", "extension"),
        (1, extended, later, done, None, "completion"),
    ]


def test_an_extension_too_late_leaves_the_miss() -> None:
    """The lateness ends with it, the miss does not."""
    extended, later = moment("2025-12-21 00:00"), moment("2026-01-20 23:59:59")
    world = given(p.ISSUED, p.extend("2025-12-21 00:00", "2026-01-20"))
    assert validities(world) == [
        (1, BEGUN, DUE, extended, None, "late extension"),
        (1, extended, later, None, None, None),
    ]


def test_an_extension_before_the_first_day_begins_with_it() -> None:
    """Two promises of one start are told apart by their number."""
    world = given(p.ISSUED, p.extend("2025-10-20 10:00", "2026-01-20"))
    assert [key[2:] for key in p.permit(world).clocks] == [(BEGUN, 0), (BEGUN, 1)]


@pytest.mark.parametrize(
    ("failed", "due"),
    [
        ("2025-10-27 09:00", "2025-12-20 23:59:59"),
        ("2025-12-29 09:00", "2025-12-29 23:59:59"),
    ],
)
def test_work_sent_back_has_a_validity_of_its_own(failed: str, due: str) -> None:
    """Due as before, at the earliest at the end of the day on which the acceptance failed."""
    world = given(p.COMPLETED, p.accept(failed, water=False))
    done = moment(p.COMPLETED_AT)
    assert validities(world) == [
        (1, BEGUN, DUE, done, None, "completion"),
        (2, moment(failed), moment(due), None, None, None),
    ]


def test_late_entries_stand_where_they_belong() -> None:
    """A pass and an extension typed in after the completion happened before it."""
    world = given(p.COMPLETED, p.do("issue_pass", **p.PASS), p.extend(AT, "2026-01-20"))
    world.run(p.patrol("2025-10-20 09:00"))
    assert validities(world)[-1][3:] == (moment(p.COMPLETED_AT), None, "completion")
