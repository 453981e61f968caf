"""A command line to run, and a data folder to run it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import guanjia as gj
from guanjia.cli import app
from guanjia.folder import init
from guanjia.office import open_office
from tests.disclosure.places import COMMUNITY
from tests.spec import enter

Run = Callable[..., Result]

STAFF: list[dict[str, Any]] = [
    {
        "do": "post_staff",
        "staff": "desk1",
        "person": "p1",
        "post": "front_desk",
        "centre": "north",
        "department": "service",
        "at": "2025-01-01T00:00:00+08:00",
    },
    {
        "do": "post_staff",
        "staff": "tech1",
        "person": "p2",
        "post": "technician",
        "centre": "north",
        "department": "engineering",
        "at": "2025-01-01T00:00:00+08:00",
    },
]
RECEIVED: dict[str, Any] = {
    "do": "receive_complaint",
    "complaint": "N-1",
    "centre": "north",
    "channel": "phone",
    "category": "complaint",
    "topic": "noise",
    "text": "楼上装修噪音",
    "contact": {"name": "张三丰", "phone": "13800138000"},
    "by": "desk1",
    "at": "2025-10-08T23:50:00+08:00",
}
LATER = "2025-10-09T12:00:00+08:00"


@pytest.fixture
def run() -> Run:
    """Run the command line in this process."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return run


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    """A data folder with one received complaint."""
    data = tmp_path / "data"
    assert run("init", data).exit_code == 0
    assert run("import", history(tmp_path, *STAFF, RECEIVED), "--data", data).exit_code == 0
    return data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder in which U1's people were asked about."""
    folder = init(tmp_path / "data")
    with open_office(folder) as office:
        enter(office.application, COMMUNITY)
        with office.disclose(complaint="N-1", fields=["phone"], purpose="repair", by="desk1") as s:
            assert s.phone == "13900139000"
        with office.disclose(unit="U1", fields=["name"], purpose="callback", by="super1") as s:
            assert s.name == "张三"
        for _ in range(3):
            with pytest.raises(gj.Denied):
                office.disclose(unit="U1", fields=["phone"], purpose="fee", by="guard1")
    return folder


def history(tmp_path: Path, *lines: dict[str, Any] | str) -> Path:
    """Write a history file of these lines."""
    file = tmp_path / "history.ndjson"
    texts = (
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    )
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return file


def rows(run: Run, *arguments: object, status: int = 0) -> list[dict[str, Any]]:
    """Run a command that prints a JSON array."""
    printed = run(*arguments, "--format", "json")
    assert printed.exit_code == status, printed.stderr
    found: list[dict[str, Any]] = json.loads(printed.stdout)
    return found


def refused(done: Result, code: str) -> str:
    """Require one refusal with this code; return what was said."""
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{code}: "), done.stderr
    return done.stderr
