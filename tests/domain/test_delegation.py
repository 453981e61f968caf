"""Rights that a head lends: to whom, for how long, and nothing beside them."""

from __future__ import annotations

from typing import Any

import pytest

from tests import scenarios as s
from tests.spec import Line, given, line

RIGHTS: dict[str, tuple[list[Line], Line]] = {
    "dispatch": (s.RECEIVED, s.dispatch("2025-11-04 12:00", by="tech2")),
    "approve_remedy": (s.VALID, s.approve("2025-11-04 12:00", by="tech2")),
    "confirm_result": (
        [*s.APPROVED, s.finish("2025-11-04 11:00")],
        s.confirm("2025-11-04 12:00", by="tech2"),
    ),
}


def delegation(right: str, *, head: str = "head1", to: str = "tech2", **more: Any) -> Line:  # noqa: ANN401 - a line's values
    """Return a delegation of one right over Tuesday noon."""
    times = {"from": "2025-11-04T12:00:00+08:00", "until": "2025-11-04T12:00:00+08:00", **more}
    return line("delegate", head, "2025-11-03 09:16", to=to, rights=[right], **times)


@pytest.mark.parametrize("right", RIGHTS)
def test_a_delegate_has_the_right_for_its_time(right: str) -> None:
    """Between its two ends, both included, and not a second beside them."""
    history, command = RIGHTS[right]
    given(history, delegation(right)).run(command)
    for late in ("2025-11-04T11:59:59+08:00", "2025-11-04T12:00:01+08:00"):
        given(history, delegation(right)).when({**command, "at": late}).then_refused("wrong_post")


@pytest.mark.parametrize("right", RIGHTS)
def test_a_delegate_has_no_other_right_and_none_elsewhere(right: str) -> None:
    """What was not lent, and what another centre's head lent, gives nothing."""
    history, command = RIGHTS[right]
    for other in {*RIGHTS} - {right}:
        given(history, delegation(other)).when(command).then_refused("wrong_post")
    south = delegation(right, head="head2", to="tech3")
    given(history, south).when({**command, "by": "tech3"}).then_refused("wrong_post")
    given(history, delegation(right)).when({**command, "by": "tech1"}).then_refused("wrong_post")


def test_a_delegation_names_its_right_or_its_command() -> None:
    """``dispatch_complaint`` is the same right as ``dispatch``."""
    given(s.RECEIVED, delegation("dispatch_complaint")).run(RIGHTS["dispatch"][1])


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("tech3", "other_centre"),
        ("audit1", "wrong_post"),
        ("nobody", "unknown_staff"),
        ("tech2", "staff_left"),
    ],
)
def test_to_whom_nothing_is_delegated(to: str, code: str) -> None:
    """Not to another centre's staff, an auditor, nobody, or somebody who has left."""
    left = line("staff_leaves", None, "2025-11-01 00:00", staff="tech2")
    given(s.RECEIVED, left).when(delegation("dispatch", to=to)).then_refused(code)


def test_a_delegation_ends_after_it_begins() -> None:
    """A window that ends before it begins is refused."""
    wrong = delegation("dispatch", until="2025-11-04T11:59:59+08:00")
    given(s.RECEIVED).when(wrong).then_refused("window_invalid")


def test_an_auditors_account_gains_nothing_by_a_delegation_to_its_person() -> None:
    """Auditors never act, whatever their person was lent."""
    auditor = line(
        "post_staff", None, "2020-01-01 00:00", staff="audit9", person="p-tech2", post="auditor"
    )
    history, command = RIGHTS["dispatch"]
    world = given(history, auditor, delegation("dispatch"))
    world.when({**command, "by": "audit9"}).then_refused("wrong_post")
