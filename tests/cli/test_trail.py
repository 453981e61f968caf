"""The trail and the owner's statement on the command line; keys wrapped anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guanjia.office import open_office

from .conftest import Run


def test_closing_the_office_records_what_was_counted(data: Path, run: Run) -> None:
    """Two of the three denials are in the count."""
    rows = json.loads(
        run("audit", "trace", "--data", data, "--unit", "U1", "--format", "json").stdout
    )
    assert [(row["outcome"], row["count"]) for row in rows] == [
        ("disclosed", 1), ("disclosed", 1), ("denied", 1), ("denied", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("option", "count"), [(("--person", "p-desk1"), 1), (("--complaint", "N-1"), 1)]
)
def test_the_trail_of_a_person_and_of_a_case(
    data: Path, run: Run, option: tuple[str, str], count: int
) -> None:
    """One question, asked from either side."""
    done = run("audit", "trace", "--data", data, *option, "--format", "json")
    assert len(json.loads(done.stdout)) == count
    assert "13900139000" not in done.output


def test_a_trail_is_of_something(data: Path, run: Run) -> None:
    """The whole register is no question."""
    assert run("audit", "trace", "--data", data).exit_code == 2


def test_the_statement_speaks_both_languages(data: Path, run: Run) -> None:
    """Who saw the owner's data, by post, in words the owner reads."""
    done = run("audit", "statement", "--data", data, "--unit", "U1", "--resident", "R1")
    assert done.exit_code == 0
    for words in (
        "个人信息查阅声明",
        "部门主管 supervisor",
        "姓名 name",
        "回电 callback",
        "denied",
    ):
        assert words in done.stdout
    assert "张三" not in done.stdout
    chinese = run(
        "audit", "statement", "--data", data, "--unit", "U1", "--resident", "T1", "--lang", "zh"
    )
    assert "部门主管" in chinese.stdout
    assert "supervisor" not in chinese.stdout


def test_a_statement_for_nobody_is_refused(data: Path, run: Run) -> None:
    """Only who is or was registered with the home has one."""
    done = run("audit", "statement", "--data", data, "--unit", "U1", "--resident", "R9")
    assert (done.exit_code, "unknown_resident" in done.stderr) == (1, True)


def test_keys_are_rotated_and_everything_still_opens(data: Path, run: Run) -> None:
    """A new master key, the same values."""
    before = (data / "master.key").read_bytes()
    done = run("keys", "rotate", "--data", data)
    assert (done.exit_code, "keys wrapped anew" in done.stdout) == (0, True)
    assert (data / "master.key").read_bytes() != before
    with open_office(data) as office:
        found = office.gateway.look_up("13800138000", by="desk1")
        assert found[-1].name == "张**"
    assert run("keys", "rotate", "--data", data / "nowhere").exit_code == 1
