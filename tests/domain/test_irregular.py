"""Irregular history: what is kept as it happened, and what cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from tests import scenarios as s
from tests.spec import given, line, moment

KEPT = [
    (s.RECEIVED, s.finish("2025-11-04 15:00"), "not_handler"),
    (s.REPAIR, s.finish("2025-11-04 15:00", on_the_spot_satisfied=True), "evidence_missing"),
    (s.REPAIRED, s.finish("2025-11-04 16:00"), "already_finished"),
    (s.REPAIR, s.revisit("2025-11-05 10:00"), "not_finished"),
    (s.REPAIRED, s.close("2025-11-05 10:00"), "not_revisited"),
    (s.REPAIRED, s.force_close("2025-11-05 10:00", by="super1"), "head_only"),
    (s.REPAIRED, s.revisit("2025-11-04 14:00"), "out_of_order"),
    (s.WEB, s.reply("2025-11-03 10:00"), "not_approved"),
    (s.REPAIRED, s.reopen("2025-11-05 10:00"), "case_open"),
    (s.STAFFED, s.receive(by="audit1"), "wrong_post"),
    (s.STAFFED, s.receive(by="desk2"), "other_centre"),
    (s.CLOSED, s.reply("2025-11-10 10:00"), "case_closed"),
]


@pytest.mark.parametrize(("history", "command", "code"), KEPT, ids=[one[2] for one in KEPT])
def test_irregular_history_is_kept_as_it_happened(
    history: list[Any], command: dict[str, Any], code: str
) -> None:
    """Recorded and applied, with the refusal's code beside it."""
    given(history).when(command).then_refused(code)
    outcome = given(history).when(command, keep_irregular=True)
    assert code in outcome.events[0].irregular
    assert code in (outcome.world.row().irregular or "")


IMPOSSIBLE = [
    (s.STAFFED, s.triage("2025-11-03 10:00"), "unknown_complaint"),
    (s.RECEIVED, s.receive(), "duplicate_complaint"),
    (s.RECEIVED, s.triage("2025-11-03 10:00", by="nobody"), "unknown_staff"),
    (s.RECEIVED, s.dispatch("2025-11-03 10:00", "nobody"), "unknown_staff"),
    (s.RECEIVED, s.classify("2025-11-03 10:00", "invalid", signed_by="nobody"), "unknown_staff"),
    (s.TWO, s.merge("2025-11-03 10:00", "N-2"), "merged_into_itself"),
    (s.STAFFED, line("staff_leaves", None, "2025-11-03 10:00", staff="nobody"), "unknown_staff"),
]


@pytest.mark.parametrize(("history", "command", "code"), IMPOSSIBLE, ids=[i[2] for i in IMPOSSIBLE])
def test_the_impossible_is_rejected_all_the_same(
    history: list[Any], command: dict[str, Any], code: str
) -> None:
    """No such case, no such account, a duplicate: there is nothing to keep."""
    outcome = given(history).when(command, keep_irregular=True).then_refused(code)
    assert outcome.refusal
    assert not outcome.refusal.keepable


LEFT = line("staff_leaves", None, "2025-11-03 08:00", staff="head1")
GONE: list[tuple[dict[str, Any], str]] = [
    (s.classify("2025-11-03 10:00", "invalid", signed_by="head1"), "signature_missing"),
    (s.dispatch("2025-11-03 10:00", "head1"), "staff_left"),
    (s.triage("2025-11-03 10:00", by="head1"), "staff_left"),
    (
        line(
            "hand_over_duty", "duty1", "2025-11-03 10:00",
            centre="north", complaints=[], to="head1",
        ),
        "staff_left",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("command", "code"), GONE, ids=[one[0]["do"] for one in GONE])
def test_who_had_left_is_refused_but_kept_in_irregular_history(
    command: dict[str, Any], code: str
) -> None:
    """As actor, as signer or as receiver: refused today, kept where a register says so."""
    given(s.RECEIVED, LEFT).when(command).then_refused(code)
    kept = given(s.RECEIVED, LEFT).when(command, keep_irregular=True)
    assert code in kept.events[0].irregular


def test_a_second_finish_is_recorded_and_the_first_stands() -> None:
    """The round keeps its first finish, whenever the second one is said to have been."""
    world = given(s.REPAIRED)
    world.when(s.finish("2025-11-04 10:00"), keep_irregular=True).then("complaint.finished.1")
    assert world.round().finished_at == moment("2025-11-04 15:00")


def test_a_delegation_by_somebody_without_a_centre_cannot_be_kept() -> None:
    """There is no register it could stand in."""
    window = {"from": "2025-11-03T10:00:00+08:00", "until": "2025-11-04T10:00:00+08:00"}
    lent = line("delegate", "gm1", "2025-11-03 10:00", to="tech1", rights=["dispatch"], **window)
    given(s.RECEIVED).when(lent).then_refused("head_only")
    given(s.RECEIVED).when(lent, keep_irregular=True).then_refused("unknown_centre")
