"""What a centre keeps beside its cases: the night's hand-over and corrective action."""

from __future__ import annotations

from tests import scenarios as s
from tests.spec import given, line

from .allowed import TABLE, by


def test_the_night_is_handed_over_with_what_nobody_told_the_head() -> None:
    """Important cases of which the head was not told at once are named in the hand-over."""
    world = given(
        s.STAFFED,
        s.receive("2025-11-03 01:00", urgency="emergency", complaint="N-1"),
        s.receive("2025-11-03 02:00", major=True, complaint="N-2"),
        s.receive("2025-11-03 03:00", complaint="N-3"),
        line("alert_head", "duty1", "2025-11-03 01:05", complaint="N-1"),
    )
    over = line(
        "hand_over_duty", "duty1", "2025-11-03 08:00",
        centre="north", complaints=["N-1", "N-2", "N-3"], to="desk1",
    )  # fmt: skip
    world.when(over).then(
        (
            "centre.duty_handed_over.1",
            {"unalerted": ("N-2",), "to": "desk1", "complaints": ("N-1", "N-2", "N-3")},
        )
    )
    for changes, code in (
        ({"to": "tech1"}, "wrong_post"),
        ({"to": "desk2"}, "other_centre"),
        ({"to": "nobody"}, "unknown_staff"),
        ({"centre": "moon"}, "unknown_centre"),
        ({"complaints": ["N-9"]}, "unknown_complaint"),
        ({"centre": "south", "by": "desk2", "to": "desk2"}, "other_centre"),
    ):
        world.when({**over, **changes}).then_refused(code)


def test_corrective_action_is_about_cases_of_the_centre() -> None:
    """Cause, correction and prevention are sealed; the cases are the head's own."""
    action = next(c for _, c, _ in TABLE if c["do"] == "take_corrective_action")
    world = given(s.RECEIVED)
    outcome = world.when(by(action, "head1"))
    outcome.then(("centre.corrective_action_taken.1", {"complaints": ("N-1",)}))
    ref = getattr(outcome.events[0], "cause", "")
    assert world.store.vault.reveal(ref) == "管理疏漏"
    world.when({**action, "by": "head1", "complaints": ["N-9"]}).then_refused("unknown_complaint")
    world.when({**action, "by": "head1", "centre": "moon"}).then_refused("unknown_centre")
