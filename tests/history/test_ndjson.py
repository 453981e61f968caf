"""What an import of commands does: order, repetition, irregular history, the rejects file."""

import json
import random
from collections.abc import Callable
from itertools import chain

import pytest

from guanjia.history import HistoryError, import_ndjson

from .conftest import STAFF, Desk, Line, a_case, at, counts, line, post, received, rejected

SENIOR = post("sup1", "supervisor")


def test_a_case_is_imported(desk: Desk) -> None:
    """Each line becomes its events, and the summary counts lines."""
    summary = desk.imported(*STAFF, *a_case("N-1"))
    assert counts(summary) == (8, 8, 0, 0, 0)
    assert summary.rejects is None
    assert desk.topics("complaint:N-1") == [
        "received",
        "dispatched",
        "accepted",
        "finished",
        "closed",
    ]


def test_staff_and_policy_come_first_wherever_they_stand(desk: Desk) -> None:
    """A file may post its people at its end."""
    assert counts(desk.imported(*a_case("N-1"), *STAFF)) == (8, 8, 0, 0, 0)


def test_files_are_ordered_within_an_aggregate_not_across(
    new_desk: Callable[[str], Desk],
) -> None:
    """Grouped by case, in order of time, or shuffled between cases: the same events and numbers."""
    cases = [a_case(f"N-{n}", 10 + n) for n in range(6)]
    merge = line("merge_complaint", 11, complaint="N-8", into="N-9", by="sup1", clock="10:00:00")
    merged = [
        received("N-9", 11, clock="08:00:00"),
        line("report_progress", 12, complaint="N-9", text="x"),
    ]
    cases += [[received("N-8", 10, clock="08:00:00"), merge], merged]
    grouped = list(chain.from_iterable(cases))
    by_time = sorted(grouped, key=lambda each: str(each["at"]))
    turns = [case for case in map(iter, cases) for _ in range(9)]
    random.Random(7).shuffle(turns)  # noqa: S311
    shuffled = [each for each in (next(case, None) for case in turns) if each]
    assert len(shuffled) == len(grouped)
    results = []
    for name, lines in {
        "grouped": grouped,
        "by time": by_time,
        "shuffled": shuffled,
    }.items():
        desk = new_desk(name)
        summary = desk.imported(*STAFF, SENIOR, *lines)
        assert summary.rejected == 0, rejected(summary)
        results.append(desk.events())
    assert results[0] == results[1] == results[2]


def test_disorder_within_a_case_stays_in_the_files_order(desk: Desk) -> None:
    """A line earlier in time, but later in the file, comes later in its case."""
    lines = [
        received("N-1", 10),
        line("report_progress", 12, complaint="N-1", text="second day"),
        line("report_progress", 11, complaint="N-1", text="entered late"),
    ]
    desk.imported(*STAFF, *lines)
    times = [event["at"] for event in desk.events()["complaint:N-1"]]
    assert times == [at(10), at(12), at(11)]


def test_a_line_of_the_future_holds_nobody_up(desk: Desk) -> None:
    """It is rejected, and the case goes on at its own time, before other cases' later lines."""
    lines = [
        received("N-1", 10),
        {**line("report_progress", complaint="N-1", text="x"), "at": "2999-01-01T00:00:00+08:00"},
        line("merge_complaint", 11, complaint="N-1", into="N-2", by="sup1"),
        received("N-2", 10),
        line("close_complaint", 12, complaint="N-2"),
    ]
    summary = desk.imported(*STAFF, SENIOR, *lines)
    assert rejected(summary) == [(6, "in_future"), (9, "not_finished")]


def test_a_second_run_imports_nothing(desk: Desk) -> None:
    """Every line is known, in another order and with its fields in another order too."""
    desk.imported(*STAFF, *a_case("N-1"))
    before = desk.events()
    turned = [dict(reversed(each.items())) for each in [*a_case("N-1"), *STAFF]]
    assert counts(desk.imported(*turned)) == (8, 0, 0, 8, 0)
    assert desk.events() == before


def test_what_was_refused_is_refused_again_while_nothing_changed(desk: Desk) -> None:
    """A note before its case's receipt would pass by now: the same file has the same answer."""
    lines = [*STAFF, line("report_progress", complaint="N-1", text="x"), received("N-1")]
    first = desk.imported(*lines)
    assert counts(first) == (5, 4, 1, 0, 0)
    before = desk.events()
    for _ in range(2):
        again = desk.imported(*lines)
        assert counts(again) == (5, 0, 1, 4, 0)
        assert rejected(again) == rejected(first) == [(4, "unknown_complaint")]
    assert desk.events() == before


def test_what_was_refused_is_tried_anew_when_something_was_mended(desk: Desk) -> None:
    """Whoever was missing is posted, and the same file goes in."""
    lines = [*STAFF, received("N-1", by="desk2")]
    assert counts(desk.imported(*lines)) == (4, 3, 1, 0, 0)
    desk.imported(post("desk2", "front_desk"))
    assert counts(desk.imported(*lines)) == (4, 1, 0, 3, 0)


def test_a_repetition_may_keep_what_the_first_run_refused(desk: Desk) -> None:
    """Seen the rejects, one imports the same file again with irregular history kept."""
    lines = [*STAFF, received("N-1"), line("close_complaint", complaint="N-1")]
    assert rejected(desk.imported(*lines)) == [(5, "not_finished")]
    kept = desk.imported(*lines, keep_irregular=True)
    assert counts(kept) == (5, 1, 0, 4, 0)
    assert kept.irregular == {"not_finished": 1}
    assert desk.events()["complaint:N-1"][-1]["irregular"] == ["not_finished"]


def test_equal_lines_of_one_file_each_count(desk: Desk) -> None:
    """Two contacts in the same second are two; the file again adds none, a third one adds one."""
    note = line("report_progress", complaint="N-1", text="called")
    desk.imported(*STAFF, received("N-1"), note, note)
    assert desk.topics("complaint:N-1").count("progress_reported") == 2
    assert counts(desk.imported(*STAFF, received("N-1"), note, note)) == (6, 0, 0, 6, 0)
    summary = desk.imported(*STAFF, received("N-1"), note, note, note)
    assert counts(summary) == (7, 1, 0, 6, 0)


def test_another_source_is_another_history(desk: Desk) -> None:
    """The same note from two registers is two notes."""
    desk.imported(*STAFF, received("N-1"))
    note = line("report_progress", complaint="N-1", text="called")
    assert desk.imported(note).imported == 1
    assert desk.imported(note, source="the other register").imported == 1
    assert desk.imported(note, source="the other register").already == 1


def test_rejects_are_sorted_by_line_and_an_older_file_goes(desk: Desk) -> None:
    """Refusals come in order of time, broken lines first; the file is in order of lines."""
    lines: list[Line] = [
        *STAFF,
        line("close_complaint", 12, complaint="N-2"),
        line("close_complaint", 11, complaint="N-3"),
        "{",
    ]
    summary = desk.imported(*lines)
    assert [number for number, _ in rejected(summary)] == [4, 5, 6]
    assert summary.rejects == desk.folder / "history.ndjson.rejects.ndjson"
    assert desk.imported(*STAFF).rejects is None
    assert not summary.rejects.exists()


def test_the_rejects_file_can_be_chosen_but_not_over_the_input(desk: Desk) -> None:
    """An option must not cost the history itself."""
    chosen = desk.folder / "elsewhere.ndjson"
    assert desk.imported("{", rejects=chosen).rejects == chosen
    path = desk.write("{")
    with pytest.raises(HistoryError, match="rejects_would_overwrite"):
        import_ndjson(desk.application, path, rejects=path)
    assert path.read_text("utf-8") == "{\n"


def test_progress_is_told(desk: Desk) -> None:
    """After each batch, up to the end; broken lines are done from the start."""
    told: list[tuple[int, int]] = []
    notes = [line("report_progress", complaint="N-1", text=f"{n}") for n in range(600)]
    desk.imported(
        *STAFF,
        "{",
        received("N-1"),
        *notes,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 605), (501, 605), (605, 605)]


def test_the_envelope_may_say_when_it_was_registered(desk: Desk) -> None:
    """recorded_at orders the line, and stays on the event."""
    lines = [
        {**received("N-1", 10), "recorded_at": at(13)},
        line("report_progress", 11, complaint="N-1", text="x"),
    ]
    assert counts(desk.imported(*STAFF, *lines)) == (5, 5, 0, 0, 0)
    assert [e["recorded_at"] for e in desk.events()["complaint:N-1"]] == [at(13), at(13)]


def test_texts_are_sealed_and_in_no_event(desk: Desk) -> None:
    """What a line says in words is in the vault only."""
    desk.imported(*STAFF, received("N-1", text="Kanarienvogel"))
    assert "Kanarienvogel" not in json.dumps(desk.events())
