"""The command line, as a person or a script uses it."""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from guanjia.domain.policy import Policy

from .. import postgres
from .conftest import LATER, RECEIVED, STAFF, Run, history


def rows(result: Result) -> list[dict[str, Any]]:
    """Return the rows a command printed as JSON."""
    assert result.exit_code == 0, result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_init_makes_a_folder_only_its_owner_can_read(tmp_path: Path, run: Run) -> None:
    """The store, its key and the configuration are readable by their owner alone."""
    run("init", tmp_path / "data")
    files = {file.name: file for file in (tmp_path / "data").iterdir()}
    assert {"events.db", "master.key", "guanjia.json"} <= files.keys()
    assert {stat.S_IMODE(file.stat().st_mode) for file in files.values()} == {0o600}


def test_a_folder_may_keep_its_events_on_a_server(tmp_path: Path, run: Run) -> None:
    """With ``--store`` everything but the events is in the folder, and the address is nobody's."""
    folder = tmp_path / "office"
    url = postgres.new_url().replace("postgres@", "postgres:hunter2@")
    done = run("init", folder, "--store", url)
    assert done.exit_code == 0
    assert "hunter2" not in done.output
    assert not (folder / "events.db").exists()
    assert stat.S_IMODE((folder / "guanjia.json").stat().st_mode) == 0o600
    history = tmp_path / "history.ndjson"
    history.write_text("\n".join(json.dumps(line) for line in [*STAFF, RECEIVED]), "utf-8")
    assert run("import", history, "--data", folder).exit_code == 0
    asked = run("query", "sla", "--data", folder, "--format", "json")
    assert {row["complaint"] for row in json.loads(asked.stdout)} == {"N-1"}
    again = run("init", tmp_path / "second", "--store", url)
    assert again.exit_code == 1
    assert again.stderr.startswith("store_exists: ")
    assert "hunter2" not in again.output


def test_a_store_is_checked_backed_up_restored_and_moved(
    folder: Path, tmp_path: Path, run: Run
) -> None:
    """The whole round: a sound store, its backup put back, and a move to a server and on."""
    backup = tmp_path / "backup.db"
    sound = run("store", "check", "--data", folder)
    assert sound.exit_code == 0
    assert sound.stdout.endswith("positions, nothing wrong\n")
    asked = run("query", "cases", "--data", folder, "--format", "json").stdout
    assert run("store", "backup", backup, "--data", folder).exit_code == 0
    assert run("store", "restore", backup, "--data", folder).exit_code == 1
    (folder / "events.db").unlink()
    assert run("store", "restore", backup, "--data", folder).exit_code == 0
    url = postgres.new_url().replace("postgres@", "postgres:hunter2@")
    moved = run("store", "copy", url, "--data", folder, "--switch")
    assert moved.exit_code == 0
    assert "hunter2" not in moved.output
    assert stat.S_IMODE((folder / "guanjia.json").stat().st_mode) == 0o600
    (folder / "events.db").unlink()
    assert run("query", "cases", "--data", folder, "--format", "json").stdout == asked
    assert run("store", "restore", backup, "--data", folder).exit_code == 1
    assert run("store", "backup", tmp_path / "second.db", "--data", folder).exit_code == 1
    assert run("store", "check", "--data", tmp_path).exit_code == 1


def test_the_check_says_what_is_wrong(folder: Path, run: Run) -> None:
    """Each finding is a line with its code and position, and the status is 1."""
    with closing(sqlite3.connect(folder / "events.db")) as raw, raw:
        raw.execute("delete from vault_values")
    done = run("store", "check", "--data", folder)
    assert done.exit_code == 1
    assert "value_missing: position " in done.stderr


def test_a_server_that_is_away_is_said_without_its_address(tmp_path: Path, run: Run) -> None:
    """The error is one line with a code; the password is in none of it."""
    done = run("init", tmp_path / "office", "--store", "postgresql://u:hunter2@127.0.0.1:1/x")
    assert done.exit_code == 1
    assert done.stderr.startswith("store_unreachable: ")
    assert "hunter2" not in done.output


def test_init_never_overwrites(folder: Path, run: Run) -> None:
    """A folder that is not empty is refused and stays as it is."""
    before = {file: file.read_bytes() for file in folder.iterdir()}
    refused = run("init", folder)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("folder_exists: ")
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


def test_json_is_one_array_and_nothing_else(folder: Path, run: Run) -> None:
    """A program can parse standard output as it is."""
    asked = run("query", "sla", "--data", folder, "--as-of", LATER, "--format", "json")
    by_commitment = {row["commitment"]: row for row in rows(asked)}
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
    asked = run("query", "volume", "--data", folder, "--position", 2, "--format", "json")
    assert rows(asked) == []


def test_filters_keep_the_rows_asked_for(folder: Path, run: Run) -> None:
    """Another centre and another month have no rows of this one."""
    other = run("query", "sla", "--data", folder, "--centre", "south", "--format", "json")
    month = run("query", "revisits", "--data", folder, "--month", "2025-10", "--format", "json")
    assert rows(other) == []
    assert {row["month"] for row in rows(month)} == {"2025-10"}


def test_a_view_that_does_not_exist_is_refused(folder: Path, run: Run) -> None:
    """The refusal names the views there are."""
    refused = run("query", "nonsense", "--data", folder)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("unknown_view: ")
    assert refused.stdout == ""


def test_a_filter_the_view_lacks_is_refused(folder: Path, run: Run) -> None:
    """Asking the volume by person is an error, not an unfiltered answer."""
    refused = run("query", "volume", "--data", folder, "--person", "p1")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("unknown_filter: ")


@pytest.mark.parametrize("moment", ["2025-11-05", "2025-11-05T00:00:00", "tomorrow"])
def test_a_time_without_its_offset_is_wrong_usage(folder: Path, run: Run, moment: str) -> None:
    """Which day a naive time lies in nobody knows."""
    assert run("query", "sla", "--data", folder, "--as-of", moment).exit_code == 2


def test_explain_counts_the_days(folder: Path, run: Run) -> None:
    """Each working-day clock shows every day counted and skipped, and why."""
    asked = run("explain", "N-1", "--data", folder, "--as-of", LATER, "--format", "json")
    control = next(clock for clock in rows(asked) if clock["commitment"] == "control")
    assert [(day["day"], day["kind"], day["counted"]) for day in control["days"]] == [
        ("2025-10-09", "workday", True),
        ("2025-10-10", "workday", True),
        ("2025-10-11", "makeup", True),
    ]
    assert (control["policy"], control["calendar"]) == ("1", "cn-2025")


def test_explain_of_an_unknown_case_is_refused(folder: Path, run: Run) -> None:
    """There is nothing to explain."""
    refused = run("explain", "N-9", "--data", folder)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("unknown_complaint: ")


def test_explain_prints_a_table_for_people(folder: Path, run: Run) -> None:
    """The days stand in one line, skipped ones in brackets."""
    asked = run("explain", "N-1", "--data", folder, "--as-of", LATER, "--lang", "zh")
    assert "3. 10-11 调休上班" in asked.stdout


def test_import_says_each_refusal_in_one_line(tmp_path: Path, folder: Path, run: Run) -> None:
    """A refused line has its number, code and reason, and never its values."""
    finish = {
        "do": "finish_handling",
        "complaint": "N-1",
        "result": "已与楼上沟通",
        "by": "nobody",
        "at": "2025-10-09T10:00:00+08:00",
    }
    file = history(tmp_path, *STAFF, RECEIVED, finish, "{broken")
    imported = run("import", file, "--data", folder, "--rejects", tmp_path / "rejects")
    assert imported.exit_code == 1
    assert imported.stdout.endswith("read 5 = imported 0 + rejected 2 + already 3 + ignored 0\n")
    assert [line.split(": ")[:2] for line in imported.stderr.splitlines()] == [
        ["line 4", "unknown_staff"],
        ["line 5", "broken_json"],
    ]
    assert "已与楼上沟通" not in imported.stderr + (tmp_path / "rejects").read_text()


def test_keeping_irregular_history_ends_well(tmp_path: Path, folder: Path, run: Run) -> None:
    """What broke a rule is kept, and the views say which."""
    finish = {
        "do": "finish_handling",
        "complaint": "N-1",
        "result": "已处理",
        "by": "desk1",
        "at": "2025-10-09T10:00:00+08:00",
    }
    file = history(tmp_path, *STAFF, RECEIVED, finish)
    imported = run("import", file, "--data", folder, "--keep-irregular")
    assert imported.exit_code == 0
    assert "irregular not_handler: 1" in imported.stdout
    asked = run("query", "sla", "--data", folder, "--format", "json")
    assert {row["irregular"] for row in rows(asked)} == {"not_handler"}


def test_a_csv_needs_its_mapping(tmp_path: Path, folder: Path, run: Run) -> None:
    """Without a mapping nobody knows what the columns mean."""
    (tmp_path / "log.csv").write_text("a,b\n", encoding="utf-8")
    assert run("import", tmp_path / "log.csv", "--data", folder).exit_code == 2


def test_a_missing_folder_is_refused(tmp_path: Path, run: Run) -> None:
    """Asking nothing makes no folder."""
    refused = run("query", "sla", "--data", tmp_path / "nowhere")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("no_office: ")
    assert not (tmp_path / "nowhere").exists()


def test_another_present_is_for_rehearsals_only(folder: Path, run: Run) -> None:
    """A real folder knows one present."""
    refused = run("query", "sla", "--data", folder, "--now", LATER)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("not_a_rehearsal: ")


def test_a_rehearsal_says_so(tmp_path: Path, run: Run) -> None:
    """Everything on standard error of a rehearsal says that it is one."""
    data = tmp_path / "data"
    run("init", data, "--rehearsal")
    file = history(tmp_path, *STAFF, RECEIVED)
    refused = run("import", file, "--data", data, "--now", "2025-10-01T00:00:00+08:00")
    assert refused.exit_code == 1
    assert "in_future" in refused.stderr
    asked = run("query", "sla", "--data", data, "--now", LATER, "--format", "json")
    assert rows(asked) == []
    assert asked.stderr == f"[rehearsal] the present is {LATER}\n"


def test_the_views_say_how_far_they_are(folder: Path, run: Run) -> None:
    """After an import the views have followed the store."""
    (status,) = rows(run("views", "status", "--data", folder, "--format", "json"))
    assert (status["position"], status["lag_events"]) == (4, 0)


def test_a_rebuild_gives_the_same_rows(folder: Path, run: Run) -> None:
    """Made anew from the store, every figure is what it was."""
    ask = ("query", "sla", "--data", folder, "--as-of", LATER, "--format", "json")
    before = rows(run(*ask))
    assert run("views", "rebuild", "--data", folder).stdout == "rebuilt to position 4\n"
    assert rows(run(*ask)) == before


def test_broken_views_are_made_anew_by_a_rebuild(folder: Path, run: Run) -> None:
    """A views file that cannot be read is said to be broken; the store has everything still."""
    (folder / "views.duckdb").write_bytes(b"not a database" * 1000)
    refused = run("query", "sla", "--data", folder)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("views_broken: ")
    assert run("views", "rebuild", "--data", folder).exit_code == 0
    assert len(rows(run("query", "cases", "--data", folder, "--format", "json"))) == 1


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


def test_staff_are_posted_moved_and_leave(folder: Path, run: Run) -> None:
    """The roster lists who holds which account now."""
    post = ("staff", "post", "head1", "p3", "department_head", "--centre", "north")
    assert run(*post, "--data", folder).exit_code == 0
    transfer = ("staff", "transfer", "tech1", "--department", "garden")
    assert run(*transfer, "--data", folder).exit_code == 0
    assert run("staff", "leave", "desk1", "--data", folder).exit_code == 0
    listed = rows(run("staff", "list", "--data", folder, "--format", "json"))
    assert {row["staff"]: row["department"] for row in listed} == {
        "head1": None,
        "tech1": "garden",
    }


def test_a_company_post_has_no_centre(folder: Path, run: Run) -> None:
    """The refusal is one line with its code."""
    post = ("staff", "post", "hq", "p9", "quality", "--centre", "north", "--data", folder)
    refused = run(*post)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("post_without_centre: ")
    assert len(refused.stderr.splitlines()) == 1


def test_an_invalid_post_is_refused(folder: Path, run: Run) -> None:
    """A post nobody knows cannot be held."""
    refused = run("staff", "post", "x", "p9", "emperor", "--centre", "north", "--data", folder)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("invalid_value: post")


def test_the_policy_shows_every_value_by_name(tmp_path: Path, run: Run) -> None:
    """Without a data folder the built-in policy is shown."""
    shown = rows(run("policy", "show", "--data", tmp_path / "none", "--format", "json"))
    assert [row["name"] for row in shown] == list(Policy.model_fields)


def test_a_policy_is_adopted_by_name(folder: Path, run: Run) -> None:
    """Only the values given change; the built-in version can still be shown."""
    adopt = ("policy", "adopt", "2", "control_department_working_days=2")
    begin = ("--from", "2025-11-05T00:00:00+08:00")
    assert run(*adopt, *begin, "--data", folder).exit_code == 0
    shown = rows(run("policy", "show", "--data", folder, "--format", "json"))
    values = {row["name"]: row["value"] for row in shown}
    assert values["control_department_working_days"] == 2
    assert values["control_company_working_days"] == 7
    first = rows(run("policy", "show", "--version", "1", "--data", folder, "--format", "json"))
    assert {row["version"] for row in first} == {"1"}
    again = run(*adopt, *begin, "--data", folder)
    assert again.stderr.startswith("version_exists: ")


def test_a_policy_value_is_a_number(folder: Path, run: Run) -> None:
    """Anything else is wrong usage."""
    adopt = ("policy", "adopt", "2", "reply_web_hours=soon", "--data", folder)
    assert run(*adopt, "--from", "2025-11-05T00:00:00+08:00").exit_code == 2


def test_a_calendar_is_loaded_and_shown(tmp_path: Path, folder: Path, run: Run) -> None:
    """A year that is not loaded is said to be missing; loaded, its special days are listed."""
    missing = run("calendar", "show", "2027", "--data", folder)
    assert missing.exit_code == 1
    assert missing.stderr.startswith("calendar_missing: ")
    file = tmp_path / "2027.toml"
    file.write_text(
        'version = "2027-1"\nyear = 2027\nholidays = ["2027-01-01"]\nworkdays = ["2027-01-03"]\n',
        encoding="utf-8",
    )
    assert run("calendar", "load", file, "--data", folder).exit_code == 0
    shown = rows(run("calendar", "show", "2027", "--data", folder, "--format", "json"))
    assert [(row["day"], row["kind"]) for row in shown] == [
        ("2027-01-01", "holiday"),
        ("2027-01-03", "makeup"),
    ]


def test_a_calendar_file_must_be_readable(tmp_path: Path, folder: Path, run: Run) -> None:
    """A broken file is refused in one line."""
    (tmp_path / "2027.json").write_text("{", encoding="utf-8")
    refused = run("calendar", "load", tmp_path / "2027.json", "--data", folder)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("broken_file: ")


def test_the_matrix_is_shown_and_adopted(tmp_path: Path, folder: Path, run: Run) -> None:
    """The built-in matrix grants the desk a caller's name; a new version replaces it whole."""
    shown = rows(run("matrix", "show", "--data", folder, "--format", "json"))
    assert any("front_desk" in row["posts"] and "name" in row["fields"] for row in shown)
    file = tmp_path / "matrix.json"
    grant = {"posts": ["auditor"], "fields": ["text"], "purposes": ["inspection"]}
    version = {"version": "2", "effective_from": "2025-11-05T00:00:00+08:00", "grants": [grant]}
    file.write_text(json.dumps(version), encoding="utf-8")
    assert run("matrix", "adopt", file, "--data", folder).exit_code == 0
    assert len(rows(run("matrix", "show", "--data", folder, "--format", "json"))) > 1
    post = ("staff", "post", "gm1", "p-gm1", "general_manager", "--data", folder)
    assert run(*post).exit_code == 0
    alone = run("matrix", "approve", "2", "--by", "system", "--data", folder)
    assert (alone.exit_code, "one_approver" in alone.stderr) == (1, True)
    assert run("matrix", "approve", "2", "--by", "gm1", "--data", folder).exit_code == 0
    (only,) = rows(run("matrix", "show", "--data", folder, "--format", "json"))
    assert (only["version"], only["posts"]) == ("2", "auditor")
