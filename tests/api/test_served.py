"""The service as a process, called by the client over a real connection."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

import guanjia as gj
from guanjia.cli import app
from guanjia.client import Refused
from guanjia.folder import init

from .served import Served, Storm, received, running


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Yield a service that runs."""
    with running(tmp_path / "data") as made:
        yield made


def test_a_case_through_the_client(served: Served) -> None:
    """Commands, views, records, events, disclosures and the stream, over a real connection."""
    with served.client() as desk:
        done = desk.execute(received("N-1"), key="k", wait=30)
        assert (done.number, done.visible) == (1, True)
        assert desk.execute(received("N-1"), key="k").position == done.position
        record = desk.record("complaint", "N-1")
        assert record.rows["cases"][0]["topic"] == "noise"
        note = gj.ReportProgress(complaint="N-1", text="-")
        desk.execute(note, version=record.version)
        with pytest.raises(Refused, match="version_changed"):
            desk.execute(note, version=record.version)
        assert [event["version"] for event in desk.events("complaint", "N-1")] == [1, 2]
        promises = [*desk.rows("sla", limit=1, outcome="open")]
        assert {row["commitment"] for row in promises} >= {"respond", "control"}
        first = next(desk.promises(within=7200))
        assert first["commitment"] == "respond"
        (caller, *_) = desk.look_up("13800138000")
        assert (caller["id"], caller["phone"]) == ("N-1", "138****8000")
        (value,) = desk.disclose("complaint", "N-1", ["text"], "callback")[:1]
        assert value.clear == "楼上噪音"
        assert value.clear not in repr(value)
    with served.client("gm1") as manager:
        receipt, stored = manager.receipt(done.position)
        assert "guanjia" in receipt
        assert json.loads(stored)["by"] == "desk1"
        assert manager.sql("select count(*) as cases from cases") == [{"cases": 1}]
    assert served.stop() == 0
    said = (served.folder / "log").read_text("utf-8").splitlines()
    lines = [json.loads(line) for line in said if not line.startswith("pages under")]
    assert {line["account"] for line in lines if line["said"] == "request"} == {
        "desk1",
        "gm1",
    }


def test_nothing_acknowledged_is_lost_by_kills(served: Served) -> None:
    """A few clients go on while the service is killed and started again."""
    storm = Storm(served)
    storm.run(3, lambda: storm.kill_until(0, acknowledged=6, each=3))
    served.stop()
    storm.check()


def test_a_token_from_the_command_line(tmp_path: Path) -> None:
    """``guanjia init`` makes the key, readable by its owner alone; ``guanjia token`` uses it."""
    folder = tmp_path / "data"
    run = CliRunner().invoke
    assert run(app, ["init", str(folder)]).exit_code == 0
    assert stat.S_IMODE((folder / "tokens.key").stat().st_mode) == 0o600
    made = run(app, ["token", "desk1", "--data", str(folder), "--hours", "1"])
    assert (made.exit_code, made.stdout.count(".")) == (0, 2)
    assert run(app, ["token", "desk1", "--data", str(tmp_path / "none")]).exit_code == 1
    assert run(app, ["token", "desk1", "--data", str(folder), "--hours", "25"]).exit_code == 2


def test_nobody_waits_for_a_writer_to_be_known(tmp_path: Path) -> None:
    """Who calls is looked up beside a transaction, and of it nothing is seen before its end."""
    init(tmp_path / "data")
    post = gj.PostStaff(staff="gm1", person="p1", post="general_manager")
    with gj.open(tmp_path / "data") as office, ThreadPoolExecutor(1) as beside:

        def known() -> set[str]:
            return {*beside.submit(office.application.roster).result(timeout=60).postings}

        with office.application.transaction():
            office.execute(post)
            assert {*office.application.roster().postings} == {"gm1"}
            assert known() == set()
        assert known() == {"gm1"}
