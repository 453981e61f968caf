"""Any command at a terminal, owners' data shown, an export written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guanjia.cli import app


def tell(*arguments: object, status: int = 0, said: str | None = None) -> Result:
    """Run the command line, which must end with this status."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], input=said)
    assert done.exit_code == status, done.stderr
    return done


def trace(data: Path, *about: object) -> list[tuple[str, str, str]]:
    """Return who asked for what from where."""
    printed = tell("audit", "trace", "--data", data, *about, "--format", "json").stdout
    return [(row["actor"], row["outcome"], row["origin"]) for row in json.loads(printed)]


def test_what_is_shown_is_on_record(data: Path) -> None:
    """The value is printed once, and the trail says who saw it at a command line."""
    asked = ("disclose", "name", "phone", "--complaint", "N-1", "--data", data)
    done = tell(*asked, "--purpose", "callback", "--by", "desk1", "--format", "json")
    assert {row["field"]: row["value"] for row in json.loads(done.stdout)}["phone"] == "13900139000"
    assert trace(data, "--complaint", "N-1")[-1] == ("desk1", "disclosed", "command_line")
    denied = tell(*asked, "--purpose", "security", "--by", "guard1", status=1)
    assert denied.stdout == ""
    assert "denied" in denied.stderr
    assert trace(data, "--person", "p-guard1")[-1][1] == "denied"


def test_an_erasure_takes_two_people(data: Path) -> None:
    """Asked for by one and approved by another; afterwards there is nothing to show."""
    person = ("unit=U1", "resident=R1", "--data", data)
    tell("do", "request_erasure", *person, "--by", "keeper1")
    assert "wrong_post" in tell("do", "erase_resident", *person, "--by", "keeper1", status=1).stderr
    tell("do", "erase_resident", *person, "--by", "head1")
    asked = ("disclose", "name", "--unit", "U1", "--purpose", "callback", "--by", "super1")
    shown = json.loads(tell(*asked, "--data", data, "--format", "json").stdout)
    assert [row["resident"] for row in shown] == ["T1"]


def test_words_are_read_from_standard_input(data: Path) -> None:
    """A reason given as ``-`` stands in no list of processes; the hold is placed and lifted."""
    person = ("unit=U1", "resident=R1", "--data", data, "--by", "head1")
    tell("do", "place_legal_hold", *person, "reason=-", said="诉讼\n")
    assert "held_already" in tell("do", "place_legal_hold", *person, "reason=x", status=1).stderr
    tell("do", "lift_legal_hold", *person)


def test_an_export_is_written_once(data: Path, tmp_path: Path) -> None:
    """Asked for, approved, written and destroyed, each at the terminal."""
    file, here = tmp_path / "list.csv", ("--data", data)
    fields = ("export=X-1", "centre=north", "units=U1,U2", "fields_asked=name,phone")
    tell("do", "request_export", *fields, "purpose=owner_request", "--by", "keeper1", *here)
    tell("do", "approve_export", "export=X-1", "--by", "head1", *here)
    tell("export", "X-1", file, "--by", "keeper1", *here)
    assert "keeper1 p-keeper1 #" in file.read_text("utf-8-sig")
    assert file.stat().st_mode & 0o777 == 0o600
    assert tell("export", "X-1", file, "--by", "keeper1", *here, status=2).stdout == ""
    again = tell("export", "X-1", tmp_path / "again.csv", "--by", "keeper1", *here, status=1)
    assert "export_released_already" in again.stderr
    tell("do", "destroy_export", "export=X-1", "--by", "keeper1", *here)
    assert not (tmp_path / "again.csv").exists()


def test_a_duty_is_recorded(data: Path) -> None:
    """A training with the accounts of those who were there, and the view that knows of it."""
    fields = ("centre=north", "duty=training", "trained=desk1,desk2")
    tell("do", "record_duty", *fields, "--by", "head1", "--data", data)
    rows = json.loads(tell("query", "duties", "--data", data, "--format", "json").stdout)
    assert [row["outcome"] for row in rows if row["person"] == "p-desk1"][-1] == "met"


def test_a_field_of_a_field_can_be_given(data: Path) -> None:
    """A contact's new number."""
    tell(
        "do", "update_contact", "unit=U1", "resident=R1", "contact.phone=-",
        "--by", "desk1", "--data", data, said="13700137000\n",
    )  # fmt: skip
    asked = ("disclose", "phone", "--unit", "U1", "--purpose", "callback", "--by", "super1")
    shown = json.loads(tell(*asked, "--data", data, "--format", "json").stdout)
    assert shown[-1]["value"] == "13700137000"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("do", "fly"), 2),
        (("do", "disclose"), 2),
        (("do", "record_duty", "centre"), 2),
        (("do", "record_duty", "centre=north", "duty=fly"), 1),
        (("disclose", "name", "--purpose", "callback", "--by", "desk1"), 2),
        (("disclose", "shoe", "--unit", "U1", "--purpose", "callback", "--by", "desk1"), 1),
    ],
)
def test_what_makes_no_sense_is_refused(
    data: Path, arguments: tuple[str, ...], status: int
) -> None:
    """Wrong usage ends with 2, a command that is not well formed with 1; neither echoes values."""
    done = tell(*arguments, "--data", data, status=status)
    assert done.stdout == ""
