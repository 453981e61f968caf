"""Outcomes that are implied where nobody could be asked (domain section 3)."""

from typing import Any

import pytest

from .figures import figures
from .register import Register

NAMELESS = {"name": "李四"}


def anonymous(register: Register, case: str, at: str, **changes: object) -> None:
    """Receive and finish at once a case whose customer cannot be asked."""
    fields: dict[str, Any] = {"category": "repair", "contact": None, **changes}
    register.receive(case, at, **fields)
    register.finish(case, at)


@pytest.mark.parametrize(
    ("finished", "settled", "after"),
    [
        ("2026-01-31 10:00", "2026-02-28 23:59:59", "2026-03-01 00:00"),
        ("2025-10-31 23:59:59", "2025-11-30 23:59:59", "2025-12-01 00:00"),
        ("2025-12-15 00:00", "2026-01-15 23:59:59", "2026-01-16 00:00"),
        ("2026-02-28 10:00", "2026-03-28 23:59:59", "2026-03-29 00:00"),
    ],
)
def test_an_implied_outcome_takes_a_calendar_month(
    register: Register, finished: str, settled: str, after: str
) -> None:
    """To 23:59:59 of the same day of the next month, or of its last; the 1st second after, it is
    settled: neutral for the anonymous, which counts nowhere.
    """
    anonymous(register, "N-1", finished)
    month = finished[:7]
    assert figures(register, month, settled) == {"finished": 1, "exempt": 1, "undetermined": 1}
    assert figures(register, month, after) == {"finished": 1, "exempt": 1}


@pytest.mark.parametrize("contact", [None, NAMELESS])
def test_a_web_case_is_satisfied_if_replied_to_after_the_finish(
    register: Register, contact: dict[str, str] | None
) -> None:
    """With an approved reply after the finish satisfied, without one undetermined; an earlier
    reply is none.
    """
    posted: dict[str, Any] = {
        "channel": "web",
        "posted_at": "2025-11-03T09:00:00+08:00",
        "contact": contact,
    }
    for case in ("N-1", "N-2"):
        register.receive(case, "2025-11-03 09:00", category="repair", topic=case, **posted)
        register.reply(case, "2025-11-03 10:00", approved_by="head1")
        register.finish(case, "2025-11-04 09:00")
    register.reply("N-1", "2025-11-05 09:00", approved_by="head1")
    before = figures(register, "2025-11", "2025-12-04 23:59:59")
    assert before == {"finished": 2, "exempt": 2, "undetermined": 2}
    after = figures(register, "2025-11", "2025-12-05 00:00")
    assert after == {"finished": 2, "exempt": 2, "undetermined": 1, "final_satisfied": 1}


@pytest.mark.parametrize("channel", ["phone", "web"])
@pytest.mark.parametrize(
    ("again", "topic", "centre", "unsatisfied"),
    [
        ("2026-02-28 23:59:59", "noise", "north", True),
        ("2026-03-01 00:00", "noise", "north", False),
        ("2026-02-10 10:00", "water", "north", False),
        ("2026-02-10 10:00", "noise", "south", False),
    ],
)
def test_the_same_topic_again_is_unsatisfied_at_once(
    register: Register, channel: str, again: str, topic: str, centre: str, *, unsatisfied: bool
) -> None:
    """Of the same topic and centre, within the month; the case goes into no new round and is
    neither due nor revisited.
    """
    posted = {"posted_at": "2026-01-31T09:00:00+08:00"} if channel == "web" else {}
    anonymous(register, "N-1", "2026-01-31 10:00", channel=channel, **posted)
    register.receive("N-2", again, topic=topic, centre=centre)
    row = figures(register, "2026-01", again)
    assert row.get("unsatisfied", 0) == int(unsatisfied)
    assert not {"due", "revisited", "on_time", "rate"} & row.keys()
    by = {"north": "super1", "south": "super2"}[centre]
    register.do("void_complaint", "2026-03-05 10:00", by, complaint="N-2", reason="重复")
    assert "unsatisfied" not in figures(register, "2026-01", "2026-03-05 10:00")


def test_a_real_revisit_outweighs_the_implied_outcome(register: Register) -> None:
    """An anonymous customer who came by and was asked was satisfied, not undetermined."""
    anonymous(register, "N-1", "2025-11-04 09:00")
    register.revisit("N-1", "2025-11-05 09:00")
    assert figures(register, "2025-11", "2025-11-06 00:00") == {
        "finished": 1,
        "exempt": 1,
        "first_pass_satisfied": 1,
        "final_satisfied": 1,
    }
