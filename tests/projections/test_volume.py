"""Volume: what was received, finished and closed in a month, and the backlog (domain section 3)."""

from .figures import closed, figures, months
from .register import Register


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
