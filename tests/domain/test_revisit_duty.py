"""Which cases owe a revisit: exempt, sensitive, invalid, and valid again."""

from __future__ import annotations

from typing import Any

import pytest

from tests import scenarios as s
from tests.spec import given, line, moment

LATER = "2025-12-01 00:00"


def sensitive(at: str, **more: object) -> dict[str, object]:
    """Return the head's mark."""
    return line("mark_sensitive", "head1", at, reason="当事人丧亲", **more)


SPOT: dict[str, Any] = {"on_the_spot_satisfied": True, "evidence": "录音 17"}


@pytest.mark.parametrize(
    ("changes", "finished", "duty"),
    [
        ({}, {}, "owed"),
        ({}, SPOT, "on_the_spot"),
        ({"contact": None}, {}, "anonymous"),
        ({"contact": {"name": "张三"}}, {}, "pathless"),
        ({"contact": {"address_other": "3号楼"}}, {}, "owed"),
        ({"category": "inquiry"}, {}, "not_owing"),
        ({"category": "suggestion"}, {}, "not_owing"),
        ({"category": "praise"}, {}, "not_owing"),
        ({"category": "special_service"}, {}, "owed"),
        ({"category": "complaint"}, {}, "owed"),
    ],
)
def test_who_owes_a_revisit(changes: dict[str, Any], finished: dict[str, Any], duty: str) -> None:
    """Handled cases owe one; what was settled on the spot or has no path is exempt."""
    receipt = s.receive(**{"category": "repair", **changes})
    world = given(
        s.STAFFED,
        receipt,
        s.dispatch("2025-11-03 09:05"),
        s.reply("2025-11-03 09:10"),
        s.finish("2025-11-04 15:00", **finished),
    )
    assert world.round().duty == duty
    owed = duty == "owed"
    assert world.outcomes("revisit", "2025-11-05 00:00") == (["open"] if owed else [])
    closing = world.when(s.close("2025-11-04 17:00"))
    if owed:
        closing.then_refused("not_revisited")
    else:
        closing.then("complaint.closed.1")
        assert world.outcomes("control", LATER) == ["met"]


def test_satisfaction_on_the_spot_needs_its_evidence() -> None:
    """A handler's word alone does not spare the customer's."""
    unproven = s.finish("2025-11-04 15:00", on_the_spot_satisfied=True)
    given(s.REPAIR).when(unproven).then_refused("evidence_missing")


@pytest.mark.parametrize(
    ("recorded", "outcome", "duty"),
    [
        ("2025-11-05 10:00", "void", "sensitive"),
        ("2025-11-06 23:59:59", "void", "sensitive"),
        ("2025-11-07 00:00:00", "missed", "owed"),
    ],
)
def test_a_case_is_sensitive_if_it_is_recorded_before_the_revisit_is_due(
    recorded: str, outcome: str, duty: str
) -> None:
    """Marked in time the duty ceases; marked later it stays, however early it is said to be."""
    mark = sensitive("2025-11-05 09:00", recorded_at=str(s.accept(recorded)["at"]))
    world = given(s.REPAIRED, mark)
    assert world.outcomes("revisit", LATER) == [outcome]
    assert world.round().duty == duty


def test_a_late_mark_exempts_the_next_round() -> None:
    """From the round after the missed one nobody asks any more."""
    world = given(
        s.REPAIRED,
        sensitive("2025-11-10 09:00"),
        s.revisit("2025-11-10 10:00", "unsatisfied"),
        s.finish("2025-11-11 10:00"),
    )
    assert world.outcomes("revisit", LATER) == ["missed"]
    assert world.round(2).duty == "sensitive"
    world.when(s.close("2025-11-11 11:00")).then("complaint.closed.1")


def test_a_mark_before_the_finish_leaves_no_revisit_clock() -> None:
    """Nothing was promised that could become void."""
    world = given(s.REPAIR, sensitive("2025-11-03 10:00"), s.finish("2025-11-04 15:00"))
    assert world.outcomes("revisit", LATER) == []
    assert world.round().duty == "sensitive"


def test_a_revisit_made_before_the_mark_stays_made() -> None:
    """A satisfied customer is not made sensitive afterwards."""
    world = given(s.REPAIRED, s.revisit("2025-11-05 10:00"), sensitive("2025-11-05 11:00"))
    assert world.outcomes("revisit", LATER) == ["met"]
    assert world.round().duty == "owed"


COMPLAINT = [*s.RECEIVED, s.dispatch("2025-11-03 09:05")]


def test_invalid_takes_effect_only_by_the_heads_signature() -> None:
    """Until the head signs, the former validity stands and the revisit stays owed."""
    world = given(COMPLAINT, s.finish("2025-11-04 15:00"))
    world.when(s.classify("2025-11-05 09:00", "invalid")).then(
        ("complaint.classified.1", {"validity": "invalid", "in_force": False})
    )
    assert (world.round().duty, world.row().validity) == ("owed", None)
    world.when(s.sign("2025-11-05 10:00")).then("complaint.classification_signed.1")
    assert (world.round().duty, world.row().validity) == ("invalid", "invalid")
    assert world.outcomes("revisit", LATER) == ["void"]


def test_a_head_who_classifies_still_has_to_sign() -> None:
    """Invalid takes effect by a signature, not by who typed it."""
    world = given(COMPLAINT, s.classify("2025-11-03 09:10", "invalid", by="head1"))
    assert world.row().validity is None


def test_an_imported_line_may_carry_the_signature() -> None:
    """``signed_by`` a head of the centre puts invalid in force at once."""
    world = given(COMPLAINT, s.classify("2025-11-03 09:10", "invalid", signed_by="head1"))
    assert world.row().validity == "invalid"
    for signer in ("head2", "super1", "quality1"):
        given(COMPLAINT).when(
            s.classify("2025-11-03 09:10", "invalid", signed_by=signer)
        ).then_refused("signature_missing")
    world.imported = False
    world.when(s.classify("2025-11-03 09:11", "invalid", signed_by="head1")).then_refused(
        "import_only"
    )


def test_a_case_that_turns_valid_later_owes_its_revisit_from_then() -> None:
    """The two working days count from the classification."""
    world = given(
        COMPLAINT,
        s.classify("2025-11-03 09:10", "invalid", signed_by="head1"),
        s.finish("2025-11-03 15:00"),
    )
    assert world.outcomes("revisit", LATER) == []
    world.run(s.classify("2025-11-10 09:00"))
    assert world.clock("revisit").started_at == moment("2025-11-10 09:00")
    assert world.clock("revisit").due_at == moment("2025-11-12 23:59:59")
    assert world.round().due_at == moment("2025-11-12 23:59:59")


def test_who_was_asked_before_the_case_turned_valid_is_not_asked_again() -> None:
    """The revisit of a round settles it, whenever it turns out to be owed."""
    invalid = s.classify("2025-11-03 09:10", "invalid", signed_by="head1")
    asked = [invalid, s.finish("2025-11-03 15:00"), s.revisit("2025-11-04 10:00")]
    world = given(COMPLAINT, asked, s.classify("2025-11-05 09:00"))
    assert world.outcomes("revisit", LATER) == ["met"]
    again = given(
        COMPLAINT,
        asked[1:],
        s.classify("2025-11-05 09:00", "invalid", signed_by="head1"),
        s.classify("2025-11-06 09:00"),
    )
    assert again.outcomes("revisit", LATER) == ["met"]


def test_a_round_left_before_the_case_turned_valid_owes_no_revisit() -> None:
    """Reopened while it was invalid, the case owes the revisit of its next finish."""
    world = given(
        COMPLAINT,
        s.classify("2025-11-03 09:10", "invalid", signed_by="head1"),
        s.reply("2025-11-03 09:20"),
        s.finish("2025-11-03 15:00"),
        s.close("2025-11-04 09:00"),
        s.reopen("2025-11-05 09:00"),
        s.classify("2025-11-06 09:00"),
    )
    assert world.outcomes("revisit", LATER) == []
    world.run(s.approve("2025-11-06 10:00"), s.finish("2025-11-06 11:00"))
    assert world.outcomes("revisit", "2025-11-07 09:00") == ["open"]


def test_valid_and_invalid_in_turn() -> None:
    """Each span in which the company was responsible has its own clock."""
    world = given(
        COMPLAINT,
        s.finish("2025-11-03 15:00"),
        s.classify("2025-11-04 09:00", "invalid", signed_by="head1"),
        s.classify("2025-11-10 09:00"),
        s.revisit("2025-11-11 09:00"),
    )
    assert world.outcomes("revisit", LATER) == ["void", "met"]


def test_signed_in_the_second_in_which_it_was_called_valid() -> None:
    """Equal times are fine: what was recorded last is in force."""
    world = given(
        COMPLAINT,
        s.classify("2025-11-03 09:10"),
        s.classify("2025-11-03 09:10", "invalid"),
        s.sign("2025-11-03 09:10"),
    )
    assert world.row().validity == "invalid"
