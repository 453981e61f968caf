"""月客户意见统计: what the view ``opinions`` counts, and in which month and quarter [002 4.6]."""

from __future__ import annotations

from .register import Register

NOVEMBER = "2025-11-20 12:00"
Counts = dict[str, tuple[int, int | None]]


def counts(
    register: Register,
    dimension: str,
    month: str = "2025-10",
    as_of: str = NOVEMBER,
    **filters: str,
) -> Counts:
    """Return (cases, counted) of a dimension's values in the centre north."""
    wanted = {"centre": "north", "period": "month", "month": month} | filters
    rows = register.ask("opinions", as_of, dimension=dimension, **wanted)
    return {row["value"]: (row["cases"], row["counted"]) for row in rows}


def quarter(register: Register, dimension: str) -> Counts:
    """Return the same of the last quarter of 2025."""
    return counts(register, dimension, period="quarter")


def test_what_was_received_is_shared_out(register: Register) -> None:
    """Each case counts once in its category, channel and topic; the voided ones nowhere."""
    register.receive("N-1", "2025-10-08 09:00")
    register.receive("N-2", "2025-10-09 09:00", category="repair", topic="leak", channel="visit")
    register.receive("N-3", "2025-10-10 09:00", category="repair", topic="leak")
    register.receive("N-4", "2025-11-10 09:00", category="repair", topic="leak")
    register.receive("N-5", "2025-10-11 09:00")
    register.do("void_complaint", "2025-10-11 10:00", "super1", complaint="N-5", reason="重复")
    assert counts(register, "category") == {"complaint": (1, 3), "repair": (2, 3)}
    assert counts(register, "channel") == {"phone": (2, 3), "visit": (1, 3)}
    assert counts(register, "topic") == {"leak": (2, 3), "noise": (1, 3)}
    assert quarter(register, "topic") == {"leak": (3, 4), "noise": (1, 4)}


def test_validity_is_that_of_complaints(register: Register) -> None:
    """A complaint is valid, invalid or not judged yet; a repair is none of these."""
    for number, validity in enumerate(("valid", "valid", "invalid", None)):
        register.receive(f"N-{number}", "2025-10-08 09:00")
        if validity:
            register.classify(f"N-{number}", "2025-10-08 10:00", validity)
    register.receive("N-9", "2025-10-08 09:00", category="repair", topic="leak")
    expected = {"valid": (2, 4), "invalid": (1, 4), "unjudged": (1, 4)}
    assert counts(register, "validity") == expected


def test_a_topic_is_repeated_from_the_second_complaint_on(register: Register) -> None:
    """Twice in the month, or only in the quarter; invalid complaints and repairs repeat nothing."""
    register.receive("N-1", "2025-10-08 09:00", topic="noise")
    register.receive("N-2", "2025-10-09 09:00", topic="noise")
    register.receive("N-3", "2025-10-10 09:00", topic="parking")
    register.receive("N-4", "2025-11-10 09:00", topic="parking")
    register.receive("N-5", "2025-10-11 09:00", topic="pets")
    register.receive("N-6", "2025-10-11 09:00", topic="pets")
    register.classify("N-6", "2025-10-11 10:00", "invalid")
    register.receive("N-7", "2025-10-12 09:00", category="repair", topic="leak")
    register.receive("N-8", "2025-10-12 09:00", category="repair", topic="leak")
    assert counts(register, "repeated_topic") == {"noise": (2, 4)}
    assert quarter(register, "repeated_topic") == {"noise": (2, 5), "parking": (2, 5)}


def test_a_promise_counts_in_the_month_it_was_due(register: Register) -> None:
    """Kept in October or not, the reply due in November is November's; open ones are nobody's."""
    register.receive("N-1", "2025-10-30 09:00")
    register.reply("N-1", "2025-10-30 09:10")
    register.receive("N-2", "2025-10-31 09:00")
    register.reply("N-2", "2025-10-31 09:50")
    register.receive("N-3", "2025-11-20 11:50")
    assert counts(register, "commitment")["respond"] == (1, 2)
    assert counts(register, "commitment")["reply"] == (1, 1)
    assert counts(register, "commitment", "2025-11")["reply"] == (1, 1)
    assert quarter(register, "commitment")["reply"] == (2, 2)


def test_the_carried_over_are_those_unfinished_at_the_end(register: Register) -> None:
    """A quarter's months add up, but what it carries over is what its last month does."""
    register.receive("N-1", "2025-10-08 09:00")
    register.receive("N-2", "2025-10-09 09:00")
    register.finish("N-1", "2025-11-04 09:00")
    october = {"received": 2, "finished": 0, "closed": 0, "carried_over": 2}
    assert counts(register, "volume") == {value: (n, None) for value, n in october.items()}
    both = {"received": 2, "finished": 1, "closed": 0, "carried_over": 1}
    assert quarter(register, "volume") == {value: (n, None) for value, n in both.items()}


def test_satisfaction_is_of_those_who_were_asked(register: Register) -> None:
    """Unsatisfied at first and satisfied in the end: 0 of 1 and 1 of 1, in both scopes."""
    register.receive("N-1", "2025-10-08 09:00")
    register.classify("N-1", "2025-10-08 09:05")
    register.finish("N-1", "2025-10-09 09:00")
    register.revisit("N-1", "2025-10-09 15:00", "unsatisfied")
    register.finish("N-1", "2025-10-13 09:00")
    register.revisit("N-1", "2025-10-20 15:00")
    assert counts(register, "first_pass_satisfied") == {"all": (0, 1), "complaints": (0, 1)}
    assert counts(register, "final_satisfied") == {"all": (1, 1), "complaints": (1, 1)}
    assert counts(register, "revisit") == {"all": (1, 1), "complaints": (1, 1)}
    assert counts(register, "revisit_on_time") == {"all": (0, 1), "complaints": (0, 1)}


def test_corrective_action_counts_when_it_was_taken(register: Register) -> None:
    """Beside the repeated topic stands what was done about it, once it was known."""
    register.receive("N-1", "2025-10-08 09:00")
    register.receive("N-2", "2025-10-09 09:00")
    register.do(
        "take_corrective_action",
        "2025-10-10 09:00",
        "head1",
        recorded_at="2025-11-03 09:00",
        centre="north",
        topic="noise",
        complaints=("N-1", "N-2"),
        cause="-",
        correction="-",
        prevention="-",
    )
    assert counts(register, "corrective_action") == {"noise": (2, None)}
    assert counts(register, "corrective_action", as_of="2025-11-02 09:00") == {}


def test_the_shares_of_a_dimension_add_up(register: Register) -> None:
    """Of what was received nothing is lost or counted twice, whatever the dimension."""
    for number in range(7):
        register.receive(
            f"N-{number}",
            f"2025-10-0{number + 1} 09:00",
            channel=("phone", "visit", "app")[number % 3],
            category=("repair", "inquiry")[number % 2],
        )
    for dimension in ("category", "channel", "topic"):
        assert sum(cases for cases, _ in counts(register, dimension).values()) == 7
