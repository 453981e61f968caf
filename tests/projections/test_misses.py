"""What was missed, and not escalated since; and appointments that were moved (domain section 3)."""

from typing import Any

from .register import Register, pick


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
