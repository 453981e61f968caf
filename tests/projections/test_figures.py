"""Volume, revisits, implied outcomes and missing escalations (domain section 3)."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .histories import Step, histories, player
from .register import Register, in_memory, pick

VOLUME = ("received", "finished", "closed", "backlog")
NAMELESS = {"name": "李四"}


def months(register: Register, as_of: str, centre: str = "north") -> dict[str, tuple[Any, ...]]:
    """Return the volume by month."""
    rows = register.ask("volume", as_of, centre=centre)
    return {row["month"]: pick(row, *VOLUME) for row in rows}


def figures(register: Register, month: str, as_of: str, **more: str) -> dict[str, Any]:
    """Return the figures of a month that are not zero."""
    row = register.month("revisits", month, as_of, **more)
    return {k: v for k, v in row.items() if v and k not in ("centre", "month", "scope")}


def closed(register: Register, case: str, month: str) -> None:
    """Receive on the 1st, finish on the 10th, revisit on the 11th and close on the 12th."""
    register.receive(case, f"{month}-01 09:00", category="repair")
    register.finish(case, f"{month}-10 09:00")
    register.revisit(case, f"{month}-11 09:00")
    register.close(case, f"{month}-12 09:00")


def test_a_month_of_volume(register: Register) -> None:
    """Backlog is judged at the month's end, or at the present in the running month."""
    closed(register, "N-1", "2025-11")
    assert months(register, "2025-11-05 00:00") == {"2025-11": (1, 0, 0, 1)}
    assert months(register, "2025-11-10 08:59:59") == {"2025-11": (1, 0, 0, 1)}
    assert months(register, "2025-11-10 09:00") == {"2025-11": (1, 1, 0, 0)}
    assert months(register, "2025-12-05 00:00") == {
        "2025-11": (1, 1, 1, 0),
        "2025-12": (0, 0, 0, 0),
    }
    assert months(register, "2025-12-05 00:00", "south") == {}


def test_a_finish_at_the_months_last_second(register: Register) -> None:
    """23:59:59 still is this month; a second later the case was backlog."""
    register.receive("N-1", "2025-11-30 23:59:59", category="repair")
    register.finish("N-1", "2025-11-30 23:59:59")
    register.receive("N-2", "2025-11-30 23:59:59", category="repair")
    register.finish("N-2", "2025-12-01 00:00")
    assert months(register, "2025-12-31 00:00") == {
        "2025-11": (2, 1, 0, 1),
        "2025-12": (0, 1, 0, 0),
    }


def test_months_are_cut_in_the_organisations_zone(register: Register) -> None:
    """16:00 UTC on 31 December is January in Shanghai."""
    register.receive("N-1", "2025-12-31T16:00:00+00:00")
    assert months(register, "2026-01-01 00:00") == {"2026-01": (1, 0, 0, 1)}


def test_a_reopened_case_is_backlog_again(register: Register) -> None:
    """Its closing no longer stands; as of before the reopening it does; the month before keeps
    its backlog.
    """
    closed(register, "N-1", "2025-11")
    register.do("reopen_complaint", "2025-12-03 09:00", "super1", complaint="N-1", reason="又坏")
    assert months(register, "2025-12-03 08:59:59")["2025-11"] == (1, 1, 1, 0)
    reopened = {"2025-11": (1, 1, 0, 0), "2025-12": (0, 0, 0, 1)}
    assert months(register, "2025-12-31 00:00") == reopened
    register.finish("N-1", "2026-01-05 09:00")
    assert months(register, "2026-01-31 00:00") == {
        "2025-11": (1, 0, 0, 0),
        "2025-12": (0, 0, 0, 1),
        "2026-01": (0, 1, 0, 0),
    }
    register.revisit("N-1", "2026-01-06 09:00")
    assert "finished" not in figures(register, "2025-11", "2026-01-31 00:00")
    january = figures(register, "2026-01", "2026-01-31 00:00")
    assert january["first_pass_satisfied"] == january["final_satisfied"] == january["due"] == 1


def test_a_voided_case_counts_nowhere(register: Register) -> None:
    """From the voiding on; before it, it counted."""
    closed(register, "N-1", "2025-11")
    register.do("void_complaint", "2025-12-03 09:00", "super1", complaint="N-1", reason="重复")
    assert months(register, "2025-12-03 08:59:59")["2025-11"] == (1, 1, 1, 0)
    assert months(register, "2025-12-03 09:00")["2025-11"] == (0, 0, 0, 0)
    assert figures(register, "2025-11", "2025-12-03 09:00") == {}
    outcomes = {row["outcome"] for row in register.ask("sla", "2025-12-03 09:00")}
    assert outcomes == {"void"}


def test_merged_cases_count_each(register: Register) -> None:
    """The survivor's finish finishes both, and its closing closes both; each is revisited."""
    for case in ("N-1", "N-2"):
        register.receive(case, "2025-11-03 09:00", category="repair")
    register.do("merge_complaint", "2025-11-04 09:00", "super1", complaint="N-2", into="N-1")
    assert months(register, "2025-11-04 09:00")["2025-11"] == (2, 0, 0, 2)
    register.finish("N-1", "2025-11-05 09:00")
    assert months(register, "2025-11-05 09:00")["2025-11"] == (2, 2, 0, 0)
    register.revisit("N-1", "2025-11-06 09:00")
    register.revisit("N-2", "2025-11-06 10:00")
    register.close("N-1", "2025-11-07 09:00")
    assert months(register, "2025-11-07 09:00")["2025-11"] == (2, 2, 2, 0)
    row = figures(register, "2025-11", "2025-11-30 00:00")
    assert (row["due"], row["revisited"], row["rate"]) == (2, 2, 1.0)


def test_an_answered_inquiry_is_closed_and_never_backlog(register: Register) -> None:
    """It has no finish, and owes no revisit."""
    register.receive("N-1", "2025-11-03 09:00", category="inquiry")
    register.do("answer_complaint", "2025-11-03 09:05", "desk1", complaint="N-1", text="好")
    assert months(register, "2025-11-30 00:00")["2025-11"] == (1, 0, 1, 0)
    assert figures(register, "2025-11", "2025-11-30 00:00") == {}


def test_a_forced_case_stays_due(register: Register) -> None:
    """Finished and forced, unrevisited: due once the deadline has passed, and never revisited."""
    register.receive("N-1", "2025-11-03 09:00", category="repair")
    register.finish("N-1", "2025-11-04 09:00")
    force: dict[str, Any] = {"complaint": "N-1", "reason": "拒绝"}
    register.do("force_close_complaint", "2025-11-05 09:00", "head1", **force)
    assert figures(register, "2025-11", "2025-11-05 10:00") == {
        "finished": 1,
        "pending": 1,
        "forced": 1,
    }
    assert figures(register, "2025-11", "2025-11-07 00:00") == {
        "finished": 1,
        "due": 1,
        "forced": 1,
    }
    assert register.clock("N-1", "revisit", "2025-11-07 00:00")["outcome"] == "missed"


def test_unreachable_and_void_revisits_stop_nothing(register: Register) -> None:
    """Unreachable: due, unrevisited, tried; void only where a handler alone asked."""
    for number, (outcome, by) in enumerate(
        [("unreachable", "desk1"), ("satisfied", "desk9"), ("unsatisfied", "tech1")], 1
    ):
        register.receive(f"N-{number}", "2025-11-03 09:00", category="repair")
        register.finish(f"N-{number}", "2025-11-04 09:00")
        if by != "tech1":
            register.revisit(f"N-{number}", "2025-11-05 09:00", outcome, by)
    assert figures(register, "2025-11", "2025-11-30 00:00") == {
        "finished": 3,
        "due": 3,
        "void": 1,
        "unreachable": 1,
    }
    register.revisit("N-2", "2025-11-05 10:00", "unreachable")
    assert figures(register, "2025-11", "2025-11-30 00:00") == {
        "finished": 3,
        "due": 3,
        "unreachable": 2,
    }


def test_the_scope_complaints_is_the_valid_ones(register: Register) -> None:
    """Repairs, unjudged and invalid complaints are in `all` only."""
    for case, category, validity in (
        ("N-1", "complaint", "valid"),
        ("N-2", "complaint", "invalid"),
        ("N-3", "complaint", None),
        ("N-4", "repair", None),
        ("N-5", "suggestion", None),
    ):
        register.receive(case, "2025-11-03 09:00", category=category)
        if validity:
            register.classify(case, "2025-11-03 10:00", validity)
        register.finish(case, "2025-11-04 09:00")
    now = "2025-11-30 00:00"
    assert figures(register, "2025-11", now) == {
        "finished": 5,
        "due": 3,
        "invalid": 1,
        "not_owing": 1,
    }
    assert figures(register, "2025-11", now, scope="complaints") == {"finished": 1, "due": 1}


def test_a_case_judged_invalid_after_its_finish(register: Register) -> None:
    """The open revisit turns void and the case invalid; turned valid again, a new one starts."""
    register.receive("N-1", "2025-11-03 09:00")
    register.finish("N-1", "2025-11-04 09:00")
    register.classify("N-1", "2025-11-05 09:00", "invalid")
    assert register.clock("N-1", "revisit", "2025-11-05 09:00")["outcome"] == "void"
    assert figures(register, "2025-11", "2025-11-05 09:00") == {"finished": 1, "invalid": 1}
    register.classify("N-1", "2025-11-10 09:00", "valid")
    first, second = register.clocks("N-1", "revisit", "2025-11-10 09:00")
    assert pick(first, "outcome") == ("void",)
    assert pick(second, "started_at", "due_at", "outcome") == (
        "2025-11-10 09:00:00",
        "2025-11-12 23:59:59",
        "open",
    )
    register.revisit("N-1", "2025-11-12 09:00")
    assert figures(register, "2025-11", "2025-11-12 09:00")["on_time"] == 1


def test_marked_sensitive_after_the_due_time_it_stays_due(register: Register) -> None:
    """Marked before it is due the clock is void and the case exempt; later it is missed."""
    for case, marked in (("N-1", "2025-11-06 23:59:59"), ("N-2", "2025-11-07 00:00")):
        register.receive(case, "2025-11-03 09:00", category="repair")
        register.finish(case, "2025-11-04 09:00")
        register.do("mark_sensitive", marked, "head1", complaint=case, reason="丧事")
    now = "2025-11-30 00:00"
    assert register.clock("N-1", "revisit", now)["outcome"] == "void"
    assert register.clock("N-2", "revisit", now)["outcome"] == "missed"
    assert figures(register, "2025-11", now) == {"finished": 2, "exempt": 1, "due": 1}


# Implied outcomes


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


# What was not escalated


def test_a_miss_after_the_last_escalation_is_listed(register: Register) -> None:
    """Misses up to the escalation are answered by it; on the top rung nothing is listed."""
    register.receive("N-1", "2025-11-03 09:00")

    def listed(as_of: str) -> set[str]:
        return {row["commitment"] for row in register.ask("unescalated", as_of)}

    assert listed("2025-11-03 09:30") == set()
    assert listed("2025-11-03 09:30:01") == {"respond"}
    assert listed("2025-11-05 09:00") == {"respond", "reply"}
    register.do("escalate_complaint", "2025-11-05 09:00", "desk1", complaint="N-1", reason="missed")
    assert listed("2025-11-05 09:00") == set()
    assert listed("2025-11-05 08:59:59") == {"respond", "reply"}
    assert listed("2025-11-07 00:00") == {"control"}
    (row,) = register.ask("unescalated", "2025-11-07 00:00")
    assert pick(row, "missed_at", "rung") == ("2025-11-06 23:59:59", "supervisor")
    for day in ("07", "08"):
        at = f"2025-11-{day} 09:00"
        register.do("escalate_complaint", at, "desk1", complaint="N-1", reason="missed")
    (case,) = register.ask("cases", "2025-11-30 00:00")
    assert case["rung"] == "company"
    assert listed("2025-11-30 00:00") == set()


def test_an_appointment_moved_by_the_company_is_missed_at_the_move(register: Register) -> None:
    """Without seconds of lateness; moved by the customer it is superseded, with the days beside
    the control clock.
    """
    register.receive("N-1", "2025-11-03 09:00")
    window: dict[str, Any] = {
        "from": "2025-11-04T09:00:00+08:00",
        "to": "2025-11-04T12:00:00+08:00",
    }
    register.do("agree_appointment", "2025-11-03 09:10", "desk1", complaint="N-1", **window)
    for hour, who, day in (("10", "customer", "06"), ("11", "company", "07")):
        later: dict[str, Any] = {
            key: text.replace("-04T", f"-{day}T") for key, text in window.items()
        }
        at = f"2025-11-03 {hour}:00"
        register.do("move_appointment", at, "desk1", complaint="N-1", asked_by=who, **later)
    rows = register.clocks("N-1", "appointment", "2025-11-03 12:00")
    assert [pick(row, "outcome", "late_seconds", "missed_at") for row in rows] == [
        ("superseded", None, None),
        ("missed", None, "2025-11-03 11:00:00"),
        ("open", None, None),
    ]
    assert register.clock("N-1", "control", "2025-11-03 12:00")["customer_caused"] == 2
    at_once: dict[str, Any] = {"complaint": "N-1", "reason": "无法达成一致"}
    register.do("force_close_complaint", "2025-11-03 12:00", "head1", **at_once)
    register.do("reopen_complaint", "2025-11-10 09:00", "super1", **at_once)
    controls = register.clocks("N-1", "control", "2025-11-10 12:00")
    assert [row["customer_caused"] for row in controls] == [2, 0]


# Identities


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(histories(), st.integers(0, 5))
def test_every_finished_case_is_exactly_one_thing(steps: list[Step], start: int) -> None:
    """Not owing, invalid, exempt, pending or due; and the parts never exceed the whole."""
    register = in_memory("2030-01-01 00:00")
    with register.office:
        played = player(register, start).play(steps)
        for as_of in (played.now, played.now + timedelta(days=40)):
            for row in register.ask("revisits", as_of):
                kinds = ("not_owing", "invalid", "exempt", "pending", "due")
                assert row["finished"] == sum(row[kind] for kind in kinds)
                assert row["on_time"] <= row["revisited"] <= row["due"]
                assert row["revisited"] + row["unreachable"] <= row["due"]
                assert row["rate"] == (row["revisited"] / row["due"] if row["due"] else None)
            volume = register.ask("volume", as_of)
            cases = [row for row in register.ask("cases", as_of) if row["voided_at"] is None]
            assert sum(row["received"] for row in volume) == len(cases)
            assert sum(row["closed"] for row in volume) == sum(
                row["closed_at"] is not None for row in cases
            )
