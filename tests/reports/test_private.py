"""Nothing personal is in a report, in whatever form it is handed over."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from typer.testing import CliRunner

from guanjia.cli import app
from guanjia.folder import init
from guanjia.office import open_office
from guanjia.reports import FORMATS, REPORTS, Question, document
from guanjia.reports.errors import NoPicture

from ..disclosure.canary import Canary
from ..disclosure.test_canary import history, outputs


def unpacked(ending: str, content: bytes) -> bytes:
    """Return all that a file holds, with what is compressed in it laid open."""
    if ending == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return b"\n".join(parts.read(name) for name in parts.namelist())
    if ending == ".parquet":
        table = pq.read_table(io.BytesIO(content))
        return repr((table.to_pylist(), table.schema.metadata)).encode()
    return content


def test_personal_values_are_in_no_report(tmp_path: Path) -> None:
    """Names, telephones, words of customers and of staff, put in by every door."""
    canary, data = Canary(), init(tmp_path / "data")
    outputs(data, tmp_path, history(canary), canary)
    found: dict[str, list[str]] = {}
    rows = 0
    with open_office(data) as office:
        for definition in REPORTS.values():
            for month in (date(2025, 10, 1), date(2025, 11, 1)):
                for ending in FORMATS:
                    try:
                        made = document(office, Question(definition, month=month), ending)
                    except NoPicture:
                        continue
                    rows += int(made.issue.provenance()["rows"])
                    found[made.name] = canary.found_in(unpacked(ending, made.content))
    assert {name: values for name, values in found.items() if values} == {}
    assert rows > 100
    assert len(canary.values) > 50
    printed = CliRunner().invoke(
        app, ["report", "opinion-monthly", "--data", str(data), "--out", str(tmp_path / "x.csv")]
    )
    assert canary.found_in(printed.output.encode()) == []


def test_the_search_finds_what_is_in_a_workbook() -> None:
    """A search that finds nothing must be able to."""
    canary, packed = Canary(), io.BytesIO()
    value = canary.words()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/sharedStrings.xml", f"<t>{value}</t>")
    assert canary.found_in(unpacked(".xlsx", packed.getvalue())) == [value]
