"""What is personal goes in through every door and is found nowhere but in the hands it is for."""

from __future__ import annotations

import base64
import gzip
import json
import logging
import re
import traceback
import zlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

import guanjia
from guanjia.cli import app
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.disclosure.events import AccessEvent, DataDenied
from guanjia.domain.disclosure.seen import Denied
from guanjia.domain.errors import Rejected
from guanjia.domain.export.events import ExportReleased
from guanjia.domain.messages import Event
from guanjia.domain.recording import read
from guanjia.folder import init
from guanjia.office import Office, open_office
from guanjia.projections import PUBLIC_VIEWS
from guanjia.projections.source import StoredRow
from guanjia.storage import SqlStore
from tests import scenarios as s
from tests import units as u
from tests.history.mapped import HEADER, MAPPING
from tests.spec import Line, line

from .canary import Canary, every_file, every_table
from .doors import carried, sealed_fields, year
from .places import BROKEN, EXPORT, REVIEWED, case, community

SRC = Path(guanjia.__file__).parent


def history(canary: Canary) -> list[Line]:
    """Return lines whose every sealed field is a canary; some are refused."""
    contact, words = canary.contact, canary.words
    return [
        *s.STAFFED,
        u.register(),
        u.resident("2025-10-02 09:00", "R1", contact=contact(), id_number=canary.digits(18)),
        u.resident("2025-10-03 09:00", "T1", "tenant", contact=contact()),
        u.do("update_contact", "2025-10-04 09:00", resident="R1", contact=contact()),
        u.do("assign_parking", "2025-10-05 09:00", space="B", resident="R1", vehicle=words()),
        u.visit("2025-10-06 09:00", text=words()),
        u.defect("2025-10-07 09:00", text=words(), evidence=words()),
        case("N-1", contact=contact(), text=words()),
        s.dispatch("2025-11-03 09:05"),
        s.classify("2025-11-03 09:15", reason=words()),
        s.correct("2025-11-03 10:00", "contact", None, contact()) | {"reason": words()},
        s.finish("2025-11-04 15:00", result=words()),
        s.force_close("2025-11-05 09:00") | {"reason": words()},
        case("N-1", contact=contact(), text=words()),
        case("N-2", contact={**contact(), "phone": canary.digits() * 9}),
        case("N-3", contact=contact(), text=words(), surprise=words()),
        case("N-4", contact=contact(), channel=words(), by=words()),
        {**BROKEN, "reason": words()},
        {**REVIEWED, "note": words()},
        u.do("place_legal_hold", "2025-11-07 09:00", "head1", resident="R1", reason=words()),
        line("record_duty", "head1", "2025-11-08 09:00", centre="north", duty="self_check",
             findings=words()),
    ]  # fmt: skip


def outputs(data: Path, tmp_path: Path, lines: list[Line], canary: Canary) -> list[str]:
    """Put everything in by the command line; return all that it said."""
    runner, said = CliRunner(), []

    def run(*arguments: object) -> None:
        done = runner.invoke(app, [str(argument) for argument in arguments])
        said.append(done.output + done.stderr + repr(done.exception))

    file = tmp_path / "in" / "history.ndjson"
    file.parent.mkdir()
    broken = ['{"do": "receive_complaint", "text": "' + canary.words(), canary.words()]
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines)
    file.write_text(text + "\n".join(broken), encoding="utf-8")
    log, mapping = tmp_path / "in" / "log.csv", tmp_path / "in" / "map.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    rows = [
        f"7,opened,stew1,2025-10-01 10:00:00,tel,{canary.words()},{canary.words()}",
        f"8,opened,stew1,{canary.words()},tel,{canary.words()},{canary.words()}",
    ]
    log.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    for _ in range(2):
        run("import", file, "--data", data, "--rejects", data / "rejects.ndjson")
    run("import", file, "--data", data, "--keep-irregular", "--source", "again",
        "--rejects", data / "more.ndjson")  # fmt: skip
    run("import", log, "--map", mapping, "--data", data, "--rejects", data / "csv.ndjson")
    for name in PUBLIC_VIEWS:
        for form in ("table", "json", "csv"):
            run("query", name, "--data", data, "--format", form)
    run("explain", "N-1", "--data", data)
    run("audit", "trace", "--unit", "U1", "--data", data)
    run("audit", "statement", "--unit", "U1", "--resident", "R1", "--data", data)
    words = canary.words
    here = ("--by", "desk1", "--data", data)
    run("do", "report_progress", "complaint=N-1", f"text={words()}", *here)
    run("do", "report_progress", "complaint=P-1", f"text={words()}", *here)
    run("do", "report_progress", f"surprise={words()}", f"text={words()}", *here)
    run("do", "update_contact", "unit=U1", "resident=T1", f"contact.phone={canary.digits()}", *here)
    run("disclose", words(), "--unit", "U1", "--purpose", words(), *here)
    for what in ("commands", "events", "views"):
        run("schema", what)
    run("staff", "list", "--data", data)
    run("keys", "rotate", "--data", data)
    return said


def embedded(office: Office, canary: Canary) -> list[str]:
    """Put values in from Python, well formed and not; return every repr and trace."""
    said: list[str] = []
    contact = canary.contact()
    tried: list[tuple[str, dict[str, Any]]] = [
        ("receive_complaint", {"complaint": "P-1", "contact": contact, "text": canary.words()}),
        ("receive_complaint", {"complaint": canary.words() * 9, "text": canary.words()}),
        ("receive_complaint", {"complaint": "P-1", "text": canary.words() * 9000}),
        ("update_contact", {"unit": "U1", "resident": "R9", "contact": canary.contact()}),
        ("update_contact", {"unit": "U9", "resident": "R1", "contact": canary.contact()}),
        ("register_resident", {"unit": "U1", "resident": "R3", "role": canary.words()}),
    ]
    for do, fields in tried:
        facts: dict[str, Any] = {"centre": "north", "channel": "phone", "category": "repair",
                                 "topic": "leak"} if do == "receive_complaint" else {}  # fmt: skip
        try:
            command = COMMANDS[do].model_validate({**facts, **fields})
            said.append(repr(command) + str(command))
            done = office.execute(command, by="desk1")
            said.append(repr(done) + str(done.events))
        except (Rejected, ValidationError) as refused:
            said.append("".join(traceback.format_exception(refused)) + repr(refused))
    return said


def shown(office: Office, canary: Canary) -> list[str]:
    """Show values to whom they are for; return what could be printed of them."""
    said: list[str] = []
    with office.disclose(unit="U1", fields=["name", "phone"], purpose="callback", by="super1") as v:
        assert {v.name, v.phone} <= {*canary.values}
        said += [repr(v), str(v), repr(v.of("phone"))]
    said += [repr(office.gateway), repr(office.application.store.vault), repr(v)]
    try:
        office.disclose(unit="U1", fields=["phone"], purpose="fee", by="guard1")
    except Denied as denied:
        said.append("".join(traceback.format_exception(denied)))
    number = next(value for value in canary.values if value.isdigit())
    said.append(repr(office.gateway.look_up(number, by="desk1")))
    try:
        office.gateway.look_up(number, by="audit1")
    except Denied as denied:
        said.append("".join(traceback.format_exception(denied)))
    return said


def test_each_value_decrypted_has_its_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the vault opened, an answer on record is about whose it is."""
    world = community(EXPORT)
    opened: list[str] = []
    reveal = world.store.vault.reveal

    def revealing(ref: str) -> str:
        opened.append(ref)
        return reveal(ref)

    monkeypatch.setattr(world.store.vault, "reveal", revealing)
    world.ask("name phone family vehicle", "visit", "super1", unit="U1")
    world.ask("phone text", complaint="N-1")
    assert world.why("phone", "security", "guard1", unit="U2") == "not_granted"
    world.gateway.look_up("13800138000", by="desk1")
    world.gateway.release("X-1", by="keeper1")
    rows = world.store.read(0, 10_000)
    told = [
        event for event in map(event_of, rows) if isinstance(event, AccessEvent | ExportReleased)
    ]
    shown = [event for event in told if not isinstance(event, DataDenied)]
    about = {f"{one.kind}:{one.id}" for event in shown for one in event.about}
    streams = {row.originator_id for row in rows if set(event_of(row).refs()) & {*opened}}
    assert len(opened) > 10
    assert streams <= about


def event_of(row: StoredRow) -> Event:
    """Return the event of a row."""
    return read(row.topic, row.state)


def test_a_year_of_every_command_leaves_nothing_behind(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each sealed field of each command brings a canary; views as Parquet have none of them."""
    caplog.set_level(logging.DEBUG)
    canary, data = Canary(), init(tmp_path / "data")
    lines = year(canary)
    assert carried(lines, canary) == sealed_fields()
    file = tmp_path / "year.ndjson"
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines)
    file.write_text(text, encoding="utf-8")
    rejects = data / "rejects.ndjson"
    done = CliRunner().invoke(
        app, ["import", *map(str, (file, "--data", data, "--rejects", rejects))]
    )
    with open_office(data) as office:
        for name in PUBLIC_VIEWS:
            pq.write_table(office.query(name).table, data / f"{name}.parquet", compression="none")
        store = office.application.store
        assert isinstance(store, SqlStore)
        refs = [ref for row in store.read(0, 100_000) for ref in event_of(row).refs()]
        sealed = {store.vault.reveal(ref) for ref in {*refs} - {*store.vault.missing(refs)}}
    assert len(sealed & {*canary.values}) > len(canary.values) * 0.8
    content = [*every_file(data), *every_table(data)]
    content += [("said", (done.output + done.stderr + caplog.text).encode())]
    assert {name: found for name, body in content if (found := canary.found_in(body))} == {}


def test_personal_values_are_found_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the store, its log, the views, the rejects, what is printed, logged or traced."""
    caplog.set_level(logging.DEBUG)
    canary, data = Canary(), init(tmp_path / "data")
    said = outputs(data, tmp_path, history(canary), canary)
    with open_office(data) as office:
        said += embedded(office, canary)
        said += shown(office, canary)
        office.query("sla")
        content = [*every_file(data)]
    content += [*every_file(data), *every_table(data)]
    content += [("said", "\n".join([*said, caplog.text]).encode())]
    assert {name: found for name, body in content if (found := canary.found_in(body))} == {}
    assert len(canary.values) > 50
    assert any("rejects.ndjson" in name for name, _ in content)


@pytest.mark.parametrize(
    "hide",
    [
        lambda clear: clear,
        base64.b64encode,
        lambda clear: base64.b64encode(b"x" + clear),
        lambda clear: base64.b64encode(b"xy" + clear + b"z"),
        lambda clear: clear.hex().encode(),
        lambda clear: clear.hex().upper().encode(),
        lambda clear: clear.decode().encode("utf-16"),
        lambda clear: b"--" + zlib.compress(clear) + b"--",
        lambda clear: b"--" + gzip.compress(clear) + b"--",
    ],
)
def test_the_search_finds_what_is_there(hide: Any) -> None:  # noqa: ANN401
    """A search that finds nothing must be able to."""
    canary = Canary()
    for value in (canary.words(), canary.digits()):
        assert value in canary.found_in(b"before " + hide(value.encode()) + b" after")


def test_the_vault_is_opened_by_the_gateway_alone() -> None:
    """``reveal`` is called in one place."""
    calls = {
        str(path.relative_to(SRC)): len(re.findall(r"\.reveal\(", path.read_text("utf-8")))
        for path in SRC.rglob("*.py")
    }
    assert {name: count for name, count in calls.items() if count} == {
        "domain/disclosure/gateway.py": 1
    }
