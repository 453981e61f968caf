"""Staff, policy, calendars and the matrix at the command line."""

from __future__ import annotations

import json
from pathlib import Path

from guanjia.domain.policy import Policy

from .conftest import Run, refused, rows


def test_staff_are_posted_moved_and_leave(folder: Path, run: Run) -> None:
    """The roster lists who holds which account now."""
    post = ("staff", "post", "head1", "p3", "department_head", "--centre", "north")
    assert run(*post, "--data", folder).exit_code == 0
    transfer = ("staff", "transfer", "tech1", "--department", "garden")
    assert run(*transfer, "--data", folder).exit_code == 0
    assert run("staff", "leave", "desk1", "--data", folder).exit_code == 0
    listed = rows(run, "staff", "list", "--data", folder)
    assert {row["staff"]: row["department"] for row in listed} == {
        "head1": None,
        "tech1": "garden",
    }


def test_a_company_post_has_no_centre(folder: Path, run: Run) -> None:
    """The refusal is one line with its code."""
    post = ("staff", "post", "hq", "p9", "quality", "--centre", "north", "--data", folder)
    assert len(refused(run(*post), "post_without_centre").splitlines()) == 1


def test_an_invalid_post_is_refused(folder: Path, run: Run) -> None:
    """A post nobody knows cannot be held."""
    post = ("staff", "post", "x", "p9", "emperor", "--centre", "north", "--data", folder)
    assert refused(run(*post), "invalid_value").startswith("invalid_value: post")


def test_the_policy_shows_every_value_by_name(tmp_path: Path, run: Run) -> None:
    """Without a data folder the built-in policy is shown."""
    shown = rows(run, "policy", "show", "--data", tmp_path / "none")
    assert [row["name"] for row in shown] == list(Policy.model_fields)


def test_a_policy_is_adopted_by_name(folder: Path, run: Run) -> None:
    """Only the values given change; the built-in version can still be shown."""
    adopt = ("policy", "adopt", "2", "control_department_working_days=2")
    begin = ("--from", "2025-11-05T00:00:00+08:00")
    assert run(*adopt, *begin, "--data", folder).exit_code == 0
    shown = rows(run, "policy", "show", "--data", folder)
    values = {row["name"]: row["value"] for row in shown}
    assert values["control_department_working_days"] == 2
    assert values["control_company_working_days"] == 7
    first = rows(run, "policy", "show", "--version", "1", "--data", folder)
    assert {row["version"] for row in first} == {"1"}
    refused(run(*adopt, *begin, "--data", folder), "version_exists")


def test_a_policy_value_is_a_number(folder: Path, run: Run) -> None:
    """Anything else is wrong usage."""
    adopt = ("policy", "adopt", "2", "reply_web_hours=soon", "--data", folder)
    assert run(*adopt, "--from", "2025-11-05T00:00:00+08:00").exit_code == 2


def test_a_calendar_is_loaded_and_shown(tmp_path: Path, folder: Path, run: Run) -> None:
    """A year that is not loaded is said to be missing; loaded, its special days are listed."""
    refused(run("calendar", "show", "2027", "--data", folder), "calendar_missing")
    file = tmp_path / "2027.toml"
    file.write_text(
        'version = "2027-1"\nyear = 2027\nholidays = ["2027-01-01"]\nworkdays = ["2027-01-03"]\n',
        encoding="utf-8",
    )
    assert run("calendar", "load", file, "--data", folder).exit_code == 0
    shown = rows(run, "calendar", "show", "2027", "--data", folder)
    assert [(row["day"], row["kind"]) for row in shown] == [
        ("2027-01-01", "holiday"),
        ("2027-01-03", "makeup"),
    ]


def test_a_calendar_file_must_be_readable(tmp_path: Path, folder: Path, run: Run) -> None:
    """A broken file is refused in one line."""
    (tmp_path / "2027.json").write_text("{", encoding="utf-8")
    refused(run("calendar", "load", tmp_path / "2027.json", "--data", folder), "broken_file")


def test_the_matrix_is_shown_and_adopted(tmp_path: Path, folder: Path, run: Run) -> None:
    """The built-in matrix grants the desk a caller's name; a new version replaces it whole."""
    shown = rows(run, "matrix", "show", "--data", folder)
    assert any("front_desk" in row["posts"] and "name" in row["fields"] for row in shown)
    file = tmp_path / "matrix.json"
    grant = {"posts": ["auditor"], "fields": ["text"], "purposes": ["inspection"]}
    version = {"version": "2", "effective_from": "2025-11-05T00:00:00+08:00", "grants": [grant]}
    file.write_text(json.dumps(version), encoding="utf-8")
    assert run("matrix", "adopt", file, "--data", folder).exit_code == 0
    assert len(rows(run, "matrix", "show", "--data", folder)) > 1
    post = ("staff", "post", "gm1", "p-gm1", "general_manager", "--data", folder)
    assert run(*post).exit_code == 0
    alone = run("matrix", "approve", "2", "--by", "system", "--data", folder)
    assert (alone.exit_code, "one_approver" in alone.stderr) == (1, True)
    assert run("matrix", "approve", "2", "--by", "gm1", "--data", folder).exit_code == 0
    (only,) = rows(run, "matrix", "show", "--data", folder)
    assert (only["version"], only["posts"]) == ("2", "auditor")
