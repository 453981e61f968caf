"""Revisits in figures: what is due, what counts as made, and what owes none (domain section 3)."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .figures import figures
from .histories import Step, histories, player
from .register import Register, in_memory, pick


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
