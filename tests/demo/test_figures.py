"""The demonstration's figures look like a real company's: decent, not perfect."""

from collections import Counter

from guanjia.demo import phrases
from guanjia.demo.build import plan
from guanjia.demo.customers import INVENTED
from guanjia.demo.texts import WORDS
from guanjia.demo.topics import TOPICS
from guanjia.domain.complaint.commands import ReceiveComplaint
from guanjia.domain.messages import Command

from .conftest import END, SIZE, Town


def _on_time(town: Town, centre: str) -> float:
    rows = town.office.query("sla", as_of=END, centre=centre).rows()
    outcomes = Counter(row["outcome"] for row in rows if row["kind"] == "complaint")
    return outcomes["met"] / (outcomes["met"] + outcomes["missed"])


def test_every_outcome_of_a_promise_is_shown(town: Town) -> None:
    """The promises view holds met, missed, open, superseded and void ones of every kind."""
    rows = town.office.query("sla", as_of=END).rows()
    assert {row["outcome"] for row in rows} == {"met", "missed", "open", "superseded", "void"}
    assert {row["commitment"] for row in rows if row["kind"] == "complaint"} == {
        "respond",
        "reply",
        "promised_reply",
        "appointment",
        "progress",
        "revisit",
        "control",
    }


def test_one_centre_is_weaker(town: Town) -> None:
    """Every centre keeps most promises, none keeps all, and the river keeps the fewest."""
    shares = {centre: _on_time(town, centre) for centre in town.summary.centres}
    assert all(0.75 < share < 0.98 for share in shares.values())
    assert min(shares, key=shares.__getitem__) == "river"


def test_most_customers_are_asked(town: Town) -> None:
    """The year's revisit rate lies between 80 % and 97 %, with each kind of exception beside it."""
    rows = town.office.query("revisits", as_of=END, scope="all").rows()
    total = Counter[str]()
    for row in rows:
        total.update({name: value for name, value in row.items() if isinstance(value, int)})
    assert 0.8 < total["revisited"] / total["due"] < 0.97
    for exception in ("exempt", "invalid", "void", "unreachable", "forced", "undetermined"):
        assert total[exception] > 0


def test_every_month_brings_something_and_some_is_open(town: Town) -> None:
    """The volume view covers the year, and the last month leaves a backlog."""
    rows = town.office.query("volume", as_of=END).rows()
    months = sorted({row["month"] for row in rows})
    assert len(months) == 13
    assert sum(row["backlog"] for row in rows if row["month"] == months[-1]) > 0


def test_some_misses_are_not_escalated(town: Town) -> None:
    """Some missed promises wait for escalation, fewer than were missed."""
    missed = [r for r in town.office.query("sla", as_of=END).rows() if r["outcome"] == "missed"]
    waiting = town.office.query("unescalated", as_of=END).rows()
    assert 0 < len(waiting) < len(missed)


def test_the_three_equalities_mostly_hold(town: Town) -> None:
    """Most months are equal, some orders were forgotten or are out, and no number is missing."""
    rows = town.office.query("equalities", as_of=END).rows()
    assert {row["missing"] for row in rows} == {0}
    assert sum(row["voided"] for row in rows) > 0
    for name in ("dispatched_ordered", "ordered_returned"):
        assert 0.5 < sum(row[name] for row in rows) / len(rows) < 1
    charges = {row["charge"] for row in town.office.query("work-orders", as_of=END).rows()}
    assert charges == {"warranty", "paid", "free"}


def test_everybody_in_it_is_invented() -> None:
    """Every telephone number in the commands lies in the range that nobody has."""
    start = END.replace(year=END.year - 1, hour=0, minute=0)
    receipts = [
        step.command
        for step in plan(start, END, 1, SIZE)
        if isinstance(step.command, ReceiveComplaint)
    ]
    numbers = [c.contact.phone for c in receipts if c.contact and c.contact.phone]
    assert len(numbers) > 100
    assert all(number.startswith(INVENTED) for number in numbers)


def test_the_commands_are_varied() -> None:
    """At least 120 different sentences are spoken in a year, and every topic has its words."""
    assert {topic.code for topic in TOPICS} == set(WORDS)
    start = END.replace(year=END.year - 1, hour=0, minute=0)
    spoken = {text for step in plan(start, END, 2026, 200) for text in _texts(step.command)}
    assert len(spoken) > 400
    written = {sentence for sentences in WORDS.values() for sentence in sentences}
    assert len(written | set(phrases.ANSWERS) | set(phrases.PROGRESS)) >= 120


def _texts(command: Command) -> list[str]:
    return [value for _, field, value in command.secrets() if field == "text"]
