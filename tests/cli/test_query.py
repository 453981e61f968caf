"""Asking at the command line: views, explanations and schemas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import LATER, Run, refused, rows


def test_json_is_one_array_and_nothing_else(folder: Path, run: Run) -> None:
    """A program can parse standard output as it is."""
    asked = rows(run, "query", "sla", "--data", folder, "--as-of", LATER)
    by_commitment = {row["commitment"]: row for row in asked}
    assert by_commitment["reply"]["due_at"] == "2025-10-09T23:59:59+08:00"
    assert by_commitment["reply"]["outcome"] == "open"
    assert by_commitment["respond"]["outcome"] == "missed"


def test_csv_has_the_same_rows(folder: Path, run: Run) -> None:
    """CSV is a header and the rows, for programs that prefer it."""
    asked = run("query", "volume", "--data", folder, "--as-of", LATER, "--format", "csv")
    assert asked.stdout == "centre,month,received,finished,closed,backlog\nnorth,2025-10,1,0,0,1\n"


@pytest.mark.parametrize(
    ("language", "heading"), [("zh", "受理"), ("en", "received"), ("both", "受理")]
)
def test_tables_speak_chinese_and_english(
    folder: Path, run: Run, language: str, heading: str
) -> None:
    """Headings come in the language asked for, and the answer says what it answers from."""
    asked = run("query", "volume", "--data", folder, "--as-of", LATER, "--lang", language)
    assert heading in asked.stdout
    assert "as of 2025-10-09T12:00:00+08:00, position" in asked.stdout


def test_an_older_store_position_answers_as_it_did(folder: Path, run: Run) -> None:
    """Before the complaint was stored there was nothing to count."""
    assert rows(run, "query", "volume", "--data", folder, "--position", 2) == []


def test_filters_keep_the_rows_asked_for(folder: Path, run: Run) -> None:
    """Another centre and another month have no rows of this one."""
    assert rows(run, "query", "sla", "--data", folder, "--centre", "south") == []
    month = rows(run, "query", "revisits", "--data", folder, "--month", "2025-10")
    assert {row["month"] for row in month} == {"2025-10"}


def test_a_view_that_does_not_exist_is_refused(folder: Path, run: Run) -> None:
    """The refusal names the views there are."""
    asked = run("query", "nonsense", "--data", folder)
    refused(asked, "unknown_view")
    assert asked.stdout == ""


def test_a_filter_the_view_lacks_is_refused(folder: Path, run: Run) -> None:
    """Asking the volume by person is an error, not an unfiltered answer."""
    refused(run("query", "volume", "--data", folder, "--person", "p1"), "unknown_filter")


@pytest.mark.parametrize("moment", ["2025-11-05", "2025-11-05T00:00:00", "tomorrow"])
def test_a_time_without_its_offset_is_wrong_usage(folder: Path, run: Run, moment: str) -> None:
    """Which day a naive time lies in nobody knows."""
    assert run("query", "sla", "--data", folder, "--as-of", moment).exit_code == 2


def test_explain_counts_the_days(folder: Path, run: Run) -> None:
    """Each working-day clock shows every day counted and skipped, and why."""
    clocks = rows(run, "explain", "N-1", "--data", folder, "--as-of", LATER)
    control = next(clock for clock in clocks if clock["commitment"] == "control")
    assert [(day["day"], day["kind"], day["counted"]) for day in control["days"]] == [
        ("2025-10-09", "workday", True),
        ("2025-10-10", "workday", True),
        ("2025-10-11", "makeup", True),
    ]
    assert (control["policy"], control["calendar"]) == ("1", "cn-2025")


def test_explain_of_an_unknown_case_is_refused(folder: Path, run: Run) -> None:
    """There is nothing to explain."""
    refused(run("explain", "N-9", "--data", folder), "unknown_complaint")


def test_explain_prints_a_table_for_people(folder: Path, run: Run) -> None:
    """The days stand in one line, skipped ones in brackets."""
    asked = run("explain", "N-1", "--data", folder, "--as-of", LATER, "--lang", "zh")
    assert "3. 10-11 调休上班" in asked.stdout


@pytest.mark.parametrize("what", ["commands", "events", "views"])
def test_schemas_are_printed_as_json(run: Run, what: str) -> None:
    """What others rely on can be read by a program."""
    printed = run("schema", what)
    assert printed.exit_code == 0
    names = json.loads(printed.stdout)
    expected = {"commands": "receive_complaint", "events": "complaint.received.1", "views": "sla"}
    assert expected[what] in names


def test_no_other_schema_is_known(run: Run) -> None:
    """Anything else is wrong usage."""
    assert run("schema", "nonsense").exit_code == 2
