"""The worked cases of domain section 3, as stated there, and the same rules on other dates.

Every case goes in through commands and comes out of the views.
"""

from typing import Any

import pytest

from .register import Register, pick

DUE = ("due_at", "outcome")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2025-10-08 23:50", "2025-10-09 23:59:59"),
        ("2025-10-09 00:10", "2025-10-10 23:59:59"),
        ("2025-10-10 17:30", "2025-10-11 23:59:59"),
        ("2025-09-30 12:00", "2025-10-09 23:59:59"),
        ("2025-12-31 23:59:59", "2026-01-04 23:59:59"),
        ("2025-10-08T15:50:00+00:00", "2025-10-09 23:59:59"),
        ("2025-10-08T16:10:00Z", "2025-10-10 23:59:59"),
        ("2025-10-08T10:50:00-05:00", "2025-10-09 23:59:59"),
    ],
)
def test_a_reply_by_phone_is_due_one_working_day_later(
    register: Register, received: str, due: str
) -> None:
    """Cases 1 and 2: the starting date does not count, a make-up Saturday or Sunday does."""
    register.receive("N-1", received)
    row = register.clock("N-1", "reply", received)
    assert pick(row, "due_at", "outcome", "late_seconds") == (due, "open", None)


@pytest.mark.parametrize(
    ("received", "level", "due"),
    [
        ("2025-09-26 10:00", "department", "2025-09-30 23:59:59"),
        ("2026-02-13 10:00", "department", "2026-02-25 23:59:59"),
        ("2025-12-30 10:00", "department", "2026-01-05 23:59:59"),
        ("2025-10-08 10:00", "department", "2025-10-11 23:59:59"),
        ("2025-09-26 10:00", "company", "2025-10-13 23:59:59"),
        ("2026-09-18 10:00", "department", "2026-09-22 23:59:59"),
    ],
)
def test_control_counts_working_days_by_level(
    register: Register, received: str, level: str, due: str
) -> None:
    """Cases 3 and 4: three working days for the department, seven for the company."""
    register.receive("N-1", received, level=level)
    row = register.clock("N-1", "control", received)
    assert pick(row, *DUE, "provisional") == (due, "open", False)


@pytest.mark.parametrize(
    ("finished", "due"),
    [
        ("2025-12-31 18:00", "2026-01-05 23:59:59"),
        ("2025-10-10 18:00", "2025-10-13 23:59:59"),
        ("2025-09-30 23:59:59", "2025-10-10 23:59:59"),
        ("2026-02-13 18:00", "2026-02-24 23:59:59"),
    ],
)
def test_a_revisit_is_due_two_working_days_after_the_finish(
    register: Register, finished: str, due: str
) -> None:
    """Case 5: the count crosses the year under the new year's calendar."""
    register.receive("N-1", "2025-09-01 09:00")
    register.finish("N-1", finished)
    assert pick(register.clock("N-1", "revisit", finished), *DUE) == (due, "open")


@pytest.mark.parametrize(
    ("posted", "forwarded", "due"),
    [
        ("2025-10-01 22:00", "2025-10-02 09:15", "2025-10-03 09:15:00"),
        ("2025-10-01 22:00", None, "2025-10-02 22:00:00"),
        ("2025-10-01T14:00:00Z", None, "2025-10-02 22:00:00"),
    ],
)
@pytest.mark.parametrize("channel", ["web", "forum"])
def test_a_web_reply_is_due_24_hours_after_forwarding(
    register: Register, channel: str, posted: str, forwarded: str | None, due: str
) -> None:
    """Case 6: from the forwarding, or from the posting if it was never forwarded."""
    register.receive(
        "N-1",
        "2025-10-02 10:00",
        channel=channel,
        contact=None,
        posted_at=posted.replace(" ", "T") + ("" if "Z" in posted else ":00+08:00"),
        forwarded_at=forwarded and forwarded.replace(" ", "T") + ":00+08:00",
    )
    assert pick(register.clock("N-1", "reply", "2025-10-02 10:00"), *DUE) == (due, "open")


@pytest.mark.parametrize(
    ("started", "outcome", "late"),
    [("2026-02-17 02:15:00", "met", None), ("2026-02-17 02:15:01", "missed", 1)],
)
def test_an_emergency_is_met_by_the_start_within_15_minutes(
    register: Register, started: str, outcome: str, late: int | None
) -> None:
    """Case 7: 02:15:00 is met, 02:15:01 is late; a dispatch or a reply does not stop it."""
    register.receive("N-1", "2026-02-17 02:00", urgency="emergency")
    register.dispatch("N-1", "2026-02-17 02:01")
    register.reply("N-1", "2026-02-17 02:02")
    assert register.clock("N-1", "respond", "2026-02-17 02:15:00")["outcome"] == "open"
    assert register.clock("N-1", "respond", "2026-02-17 02:15:01")["outcome"] == "missed"
    register.do("start_handling", started, "tech1", complaint="N-1")
    row = register.clock("N-1", "respond", "2026-03-01 00:00")
    assert pick(row, "stopped_at", "outcome", "late_seconds") == (started, outcome, late)


@pytest.mark.parametrize(("consulted", "due"), [("14:20", "14:30:00"), ("14:05", "14:20:00")])
def test_a_consultation_shortens_the_response(register: Register, consulted: str, due: str) -> None:
    """Case 8: due 30 minutes after receipt or 15 after the consultation, the earlier of both."""
    register.receive("N-1", "2025-11-03 14:00")
    register.dispatch("N-1", "2025-11-03 14:01")
    register.do("consult_on_complaint", f"2025-11-03 {consulted}", "tech1", complaint="N-1")
    row = register.clock("N-1", "respond", "2025-11-03 14:20")
    assert pick(row, "due_at") == (f"2025-11-03 {due}",)


def test_an_unsatisfied_customer_is_asked_again(register: Register) -> None:
    """Case 9: both revisits on time, control missed, first pass 0 and final 1 of 1."""
    register.receive("N-1", "2025-11-03 09:00")
    register.classify("N-1", "2025-11-03 09:05")
    register.finish("N-1", "2025-11-04 10:00")
    register.revisit("N-1", "2025-11-05 10:00", "unsatisfied")
    register.finish("N-1", "2025-11-10 10:00")
    register.revisit("N-1", "2025-11-12 10:00")
    now = "2025-11-30 00:00"
    outcomes = [pick(row, "round", "outcome") for row in register.clocks("N-1", "revisit", now)]
    assert outcomes == [(1, "met"), (2, "met")]
    control = register.clock("N-1", "control", now)
    assert pick(control, "due_at", "stopped_at", "outcome") == (
        "2025-11-06 23:59:59",
        "2025-11-12 10:00:00",
        "missed",
    )
    row = register.month("revisits", "2025-11", now)
    assert pick(row, "due", "revisited", "on_time", "rate") == (1, 1, 1, 1.0)
    assert pick(row, "first_pass_satisfied", "final_satisfied", "unsatisfied") == (0, 1, 0)
    between = register.month("revisits", "2025-11", "2025-11-08 00:00")
    assert pick(between, "finished", "revisited", "final_satisfied", "unsatisfied") == (1, 1, 0, 1)


def test_a_month_of_twelve(register: Register) -> None:
    """Case 10: 12 finished, 3 exempt, 9 due, 7 revisited by others, 1 void, 1 not at all."""
    for number in range(1, 13):
        case = f"N-{number}"
        contact = None if number == 2 else {"name": "张三", "phone": "13800138000"}
        register.receive(case, "2025-09-01 09:00", contact=contact)
        register.classify(case, "2025-09-01 09:05")
        if number == 3:
            register.do(
                "mark_sensitive", "2025-09-01 10:00", "head1", complaint=case, reason="丧事"
            )
        spot: dict[str, Any] = (
            {"on_the_spot_satisfied": True, "evidence": "签字"} if number == 1 else {}
        )
        register.finish(case, "2025-09-02 15:00", n=1, **spot)
        if number in range(4, 11):
            register.revisit(case, "2025-09-03 10:00")
    register.revisit("N-11", "2025-09-03 10:00", by="desk9")
    for scope in ("all", "complaints"):
        row = register.month("revisits", "2025-09", "2025-10-01 00:00", scope=scope)
        assert pick(row, "finished", "exempt", "due", "revisited", "on_time", "void") == (
            12,
            3,
            9,
            7,
            7,
            1,
        )
        assert row["rate"] == pytest.approx(7 / 9)
        assert pick(row, "unreachable", "forced", "first_pass_satisfied", "final_satisfied") == (
            0,
            0,
            7,
            7,
        )
    assert register.clocks("N-3", "revisit", "2025-10-01 00:00") == []
    assert register.clock("N-11", "revisit", "2025-10-01 00:00")["outcome"] == "missed"
    reasons = register.ask("exemptions", "2025-10-01 00:00")
    assert [pick(row, "person", "reason", "cases") for row in reasons] == [
        ("p-tech1", "anonymous", 1),
        ("p-tech1", "on_the_spot", 1),
        ("p-tech1", "sensitive", 1),
    ]


def test_a_finish_counts_in_its_own_month(register: Register) -> None:
    """Case 11: September received and backlog; October finished, revisited on a make-up count."""
    register.receive("N-1", "2025-09-29 10:00")
    register.finish("N-1", "2025-10-10 10:00")
    register.revisit("N-1", "2025-10-13 23:59:59")
    now = "2025-10-31 12:00"
    volume = ("received", "finished", "closed", "backlog")
    assert pick(register.month("volume", "2025-09", now), *volume) == (1, 0, 0, 1)
    assert pick(register.month("volume", "2025-10", now), *volume) == (0, 1, 0, 0)
    october = register.month("revisits", "2025-10", now)
    assert pick(october, "finished", "due", "revisited", "on_time") == (1, 1, 1, 1)
    assert register.month("revisits", "2025-09", now)["finished"] == 0


def test_a_revisit_counts_once_it_is_due(register: Register) -> None:
    """Case 12: finished on Friday, not yet due on Monday, unrevisited on Wednesday."""
    register.receive("N-1", "2025-10-30 10:00")
    register.finish("N-1", "2025-10-31 10:00")
    wanted = ("finished", "pending", "due", "revisited", "rate")
    asked = {
        "2025-11-03 12:00": (1, 1, 0, 0, None),
        "2025-11-04 23:59:59": (1, 1, 0, 0, None),
        "2025-11-05 00:00": (1, 0, 1, 0, 0.0),
        "2025-11-05 12:00": (1, 0, 1, 0, 0.0),
    }
    for as_of, expected in asked.items():
        assert pick(register.month("revisits", "2025-10", as_of), *wanted) == expected


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-12-22 10:00", "2026-12-31 23:59:59"), ("2026-12-23 10:00", "2027-01-04 23:59:59")],
)
def test_a_deadline_without_calendar_is_provisional(
    register: Register, received: str, due: str
) -> None:
    """Case 13: computed all the same, and no breach however late it is."""
    register.receive("N-1", received, level="company")
    for as_of in (received, "2027-06-01 00:00"):
        row = register.clock("N-1", "control", as_of)
        assert pick(row, "due_at", "outcome", "provisional", "late_seconds") == (
            due,
            "open",
            True,
            None,
        )
    breaches = {row["commitment"] for row in register.ask("unescalated", "2027-06-01 00:00")}
    assert "control" not in breaches


def test_a_loaded_calendar_settles_what_was_provisional(register: Register) -> None:
    """After the notice the deadline is firm, and breached; before it, it was open."""
    register.receive("N-1", "2026-12-23 10:00", level="company")
    register.finish("N-1", "2026-12-30 10:00")
    register.revisit("N-1", "2027-01-08 10:00")
    register.do(
        "load_calendar",
        "2027-01-12 09:00",
        version="cn-2027",
        year=2027,
        holidays=["2027-01-01", "2027-01-04"],
        workdays=["2027-01-02"],
    )
    before, after = "2027-01-12 08:59:59", "2027-01-12 09:00"
    shown = ("due_at", "outcome", "provisional")
    assert pick(register.clock("N-1", "control", before), *shown) == (
        "2027-01-04 23:59:59",
        "open",
        True,
    )
    assert pick(register.clock("N-1", "control", after), *shown) == (
        "2027-01-02 23:59:59",
        "missed",
        False,
    )
    assert register.clock("N-1", "revisit", before)["outcome"] == "open"
    assert pick(register.clock("N-1", "revisit", after), *shown) == (
        "2027-01-02 23:59:59",
        "missed",
        False,
    )
    figures = ("due", "revisited", "on_time")
    assert pick(register.month("revisits", "2026-12", before), *figures) == (1, 1, 0)
    assert pick(register.month("revisits", "2026-12", after), *figures) == (1, 1, 0)


def test_a_call_typed_in_on_monday_runs_from_friday(register: Register) -> None:
    """Late registration: clocks run from the call, the register knows of it from Monday on."""
    register.receive("N-1", "2025-10-31 22:00", recorded_at="2025-11-03 08:30")
    assert register.ask("sla", "2025-11-03 08:29:59") == []
    assert register.ask("volume", "2025-11-03 08:29:59") == []
    row = register.clock("N-1", "reply", "2025-11-03 08:30")
    assert pick(row, "due_at", "outcome") == ("2025-11-03 23:59:59", "open")
    respond = register.clock("N-1", "respond", "2025-11-03 08:30")
    late = 2 * 86_400 + 10 * 3600
    assert pick(respond, "due_at", "outcome", "late_seconds") == (
        "2025-10-31 22:30:00",
        "missed",
        late,
    )
    (case,) = register.ask("cases", "2025-11-03 08:30")
    assert case["late_registration_seconds"] == 2 * 86_400 + 10 * 3600 + 1800
    assert register.month("volume", "2025-10", "2025-11-03 08:30")["backlog"] == 1


def test_a_revisit_typed_in_late_was_on_time(register: Register) -> None:
    """Until it is typed in the revisit is missed; afterwards it was met, in the same month."""
    register.receive("N-1", "2025-10-30 10:00")
    register.finish("N-1", "2025-10-31 10:00")
    register.revisit("N-1", "2025-11-04 18:00", recorded_at="2025-11-10 09:00")
    before, after = "2025-11-10 08:59:59", "2025-11-10 09:00"
    assert register.clock("N-1", "revisit", before)["outcome"] == "missed"
    assert register.clock("N-1", "revisit", after)["outcome"] == "met"
    figures = ("due", "revisited", "on_time")
    assert pick(register.month("revisits", "2025-10", before), *figures) == (1, 0, 0)
    assert pick(register.month("revisits", "2025-10", after), *figures) == (1, 1, 1)


def test_a_policy_binds_cases_received_under_it(register: Register) -> None:
    """Two working days of control from 5 November on; the case of the 4th keeps its three."""
    register.do(
        "adopt_policy",
        "2025-11-01 00:00",
        "hq",
        version="2",
        effective_from="2025-11-05T00:00:00+08:00",
        control_department_working_days=2,
    )
    register.receive("N-1", "2025-11-04 23:59:59")
    register.receive("N-2", "2025-11-05 00:00")
    assert pick(register.clock("N-1", "control", "2025-11-05 01:00"), "due_at", "policy") == (
        "2025-11-07 23:59:59",
        "1",
    )
    assert pick(register.clock("N-2", "control", "2025-11-05 01:00"), "due_at", "policy") == (
        "2025-11-07 23:59:59",
        "2",
    )
