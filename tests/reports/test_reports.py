"""Reports: laid out to be printed, safe to open, made again from what they name."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guanjia.labels import NAMES
from guanjia.projections import PUBLIC_VIEWS, Result
from guanjia.reports import FORMATS, REPORTS, Issue, Question, check, document, issue
from guanjia.reports.errors import MomentAhead, NotAReport, UnknownForm
from guanjia.reports.question import monday

from ..projections.register import Register, in_memory, moment
from .conftest import OCTOBER, made, reopened

FORMULAS = ("=1+1", "＝1+1", "@SUM(A1)", "+1", "-1+2", "\t=1", '=HYPERLINK("http://x")', "http://x")


def with_texts(made: Issue, texts: tuple[str, ...]) -> Issue:
    """Return an issue whose first section's rows have these texts for a centre."""
    block = made.blocks[0]
    columns: dict[str, list[object]] = {name: [1] * len(texts) for name in block.section.columns}
    columns |= {"centre": list(texts), "value": list(texts)}
    answer = block.answer
    bad = Result(answer.name, answer.as_of, answer.position, answer.zone, pa.table(columns))
    keys = tuple((text,) for text in texts)
    return replace(made, blocks=(replace(block, answer=bad, keys=keys),))


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_of_what_the_views_have(name: str, register: Register) -> None:
    """Each section's view, columns, heads and filters exist, and every form can be written."""
    answer = made(register, name)
    for block in answer.blocks:
        assert block.section.view in PUBLIC_VIEWS
        assert set(block.section.names) <= set(block.section.columns)
        assert set(block.section.names.values()) <= set(NAMES)
        for head in block.section.heads:
            assert {head.first, head.last} <= set(block.section.columns)
    has_charts = any(block.section.chart for block in answer.blocks)
    for ending, form in FORMATS.items():
        if has_charts or ending != ".svg":
            assert form.read(form.write(answer)) == answer.provenance()


def test_a_workbook_is_laid_out_to_be_printed(register: Register) -> None:
    """Title over all columns, what it was made from, frozen head, a page's width, signatures."""
    sheet = reopened(made(register)).worksheets[0]
    assert sheet["A1"].value == "月客户意见统计分析表 Monthly opinion statistics 2025-10"
    assert "A1:E1" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert "checksum: sha256:" in sheet["A2"].value
    assert sheet.freeze_panes == "A3"
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$2"
    texts = [str(row[0].value) for row in sheet.iter_rows() if row[0].value]
    assert sum("负责人" in text for text in texts) == 1
    assert "部门负责人 Head of the centre: " in texts


def test_figures_are_numbers_and_codes_have_names(register: Register) -> None:
    """The category complaint is 投诉, a share is a number shown in percent."""
    sheet = reopened(made(register)).worksheets[0]
    rows = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    shares = {row[1].value: row[-1] for row in rows if len(row) == 5}
    assert shares["投诉 complaint"].value == 0.5
    assert shares["投诉 complaint"].number_format == "0.0%"


def test_heads_are_merged_over_their_columns(register: Register) -> None:
    """The warranty report names what belongs together above the single columns."""
    register.do(
        "register_unit",
        "2025-10-01 09:00",
        "desk1",
        unit="U1",
        centre="north",
        building="1",
        area="A",
    )
    defect: dict[str, Any] = {
        "unit": "U1",
        "defect": "D1",
        "kind": "plumbing",
        "where": "inside",
        "text": "漏",
    }
    register.do("report_defect", "2025-10-07 09:00", "desk1", **defect)
    sheet = reopened(made(register, "warranty-monthly")).worksheets[0]
    assert sheet["D4"].value == "保修期内 Inside the warranty"
    assert "D4:H4" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert sheet.freeze_panes == "A6"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet["C6"].value == "合计 all"
    assert sheet["I6"].value == 0
    assert sheet["K6"].value == "是 yes"


def test_formulas_stay_text_in_a_workbook(register: Register) -> None:
    """Whatever a text begins with, its cell is a text with just that, and no link."""
    sheet = reopened(with_texts(made(register), FORMULAS)).worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    assert {cells[text].data_type for text in FORMULAS} == {"s"}
    assert [cell for cell in cells.values() if cell.data_type == "f" or cell.hyperlink] == []


def test_formulas_stay_text_in_csv(register: Register) -> None:
    """A text that a spreadsheet would compute is quoted; a number is not."""
    content = FORMATS[".csv"].write(with_texts(made(register), FORMULAS))
    assert content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    texts = [row[1] for row in rows if row[0] == "volume"]
    assert texts == [text if text == "http://x" else f"'{text}" for text in FORMULAS]
    assert {row[3] for row in rows if row[0] == "volume"} == {"1"}


def test_parquet_has_the_rows_of_all_sections(register: Register) -> None:
    """One table with the section's name in front, typed, and named in its metadata."""
    answer = made(register)
    table = pq.read_table(io.BytesIO(FORMATS[".parquet"].write(answer)))
    assert table.num_rows == sum(len(block.rows()) for block in answer.blocks)
    assert table.schema.field("cases").type == pa.int64()
    assert table.schema.metadata[b"guanjia.checksum"].decode() == f"sha256:{answer.checksum}"
    categories = table.filter(pa.compute.field("section") == "category").to_pylist()
    assert {row["value"]: row["cases"] for row in categories} == {"complaint": 1, "repair": 1}


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_question_gives_the_same_bytes(ending: str, register: Register) -> None:
    """The moment and the position that a report names make it again, after later events too."""
    before = made(register)
    position = before.question.position
    register.receive(f"N-later{ending}", "2025-10-20 09:00", recorded_at="2025-10-20 09:00")
    again = issue(register.office, replace(before.question, position=position))
    assert FORMATS[ending].write(again) == FORMATS[ending].write(before)
    assert made(register).checksum != before.checksum


def test_a_moment_to_come_is_refused(register: Register) -> None:
    """What a report says must not change by itself."""
    with pytest.raises(MomentAhead):
        made(register, as_of="2028-01-02 00:00")


def test_the_span_is_by_default_the_last_that_is_over(register: Register) -> None:
    """Asked on 1 January 2028: December, the last quarter of 2027, the week before."""
    spans = {
        name: issue(register.office, Question(REPORTS[name])).question.span()
        for name in ("opinion-monthly", "opinion-quarterly", "warranty-weekly", "keys-out")
    }
    assert spans == {
        "opinion-monthly": "2027-12",
        "opinion-quarterly": "2027-Q4",
        "warranty-weekly": monday(date(2027, 12, 25)).isoformat(),
        "keys-out": "",
    }


def test_how_things_stood_is_asked_at_the_months_end(register: Register) -> None:
    """Of a report without a span of its own, the month gives the moment."""
    answer = issue(register.office, Question(REPORTS["long-open-repairs"], month=OCTOBER))
    assert answer.as_of == moment("2025-10-31 23:59:59")


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("content", [b"", b"N-1,2\r\n", b"PK\x03\x04", b"\xff\xfe"])
def test_another_file_is_no_report(ending: str, content: bytes, register: Register) -> None:
    """A file that was not made by a report is refused, whatever is in it."""
    with pytest.raises(NotAReport):
        check(register.office, REPORTS["opinion-monthly"], content, FORMATS[ending])


@pytest.mark.parametrize("ending", FORMATS)
def test_a_check_says_what_changed_cell_by_cell(ending: str) -> None:
    """A revisit recorded after the issue restates October's rates, and nothing else."""
    register = in_memory()
    register.receive("N-1", "2025-10-08 09:00")
    register.classify("N-1", "2025-10-08 09:05")
    register.finish("N-1", "2025-10-09 09:00")
    form = FORMATS[ending]
    content = form.write(made(register))
    register.revisit("N-1", "2025-10-10 09:00", recorded_at="2025-11-05 09:00")
    found = check(
        register.office, REPORTS["opinion-monthly"], content, form, moment("2025-11-06 09:00")
    )
    assert found.same_rows
    assert found.same_file
    cells = {
        (c.change, c.section, c.row.split()[-1], c.column): (c.issued, c.now)
        for c in found.changes()
    }
    assert cells["restated", "revisit", "all", "cases"] == (0, 1)
    assert cells["restated", "revisit", "all", "rate"] == (0.0, 1.0)
    assert cells["added", "first_pass_satisfied", "all", "cases"] == (None, 1)
    assert {section for _, section, _, _ in cells}.isdisjoint({"volume", "category", "topic"})


def test_a_check_finds_an_edited_file(register: Register) -> None:
    """A figure changed in the file is found although the checksum it names is the right one."""
    form = FORMATS[".csv"]
    content = form.write(made(register))
    edited = content.replace(b"volume,north,received,", b"volume,north,received,9")
    assert edited != content
    found = check(register.office, REPORTS["opinion-monthly"], edited, form)
    assert found.same_rows
    assert not found.same_file


@pytest.mark.parametrize("ending", FORMATS)
def test_a_restated_report_says_what_changed(ending: str) -> None:
    """It has the figures of now and a list of changes; a check finds it as it was made."""
    register = in_memory()
    register.receive("N-1", "2025-10-08 09:00")
    register.finish("N-1", "2025-10-09 09:00")
    form, report = FORMATS[ending], REPORTS["opinion-monthly"]
    issued = form.write(made(register))
    register.revisit("N-1", "2025-10-10 09:00", recorded_at="2025-11-05 09:00")
    restated = check(register.office, report, issued, form, moment("2025-11-06 09:00")).restated()
    content = form.write(restated)
    assert form.read(content)["since_as_of"] == "2025-11-03T09:00:00+08:00"
    changed = restated.printed()[-1]
    assert changed.section.name == "changes"
    row = {
        "change": "restated",
        "row": "revisit: north month 2025-10-01 revisit all",
        "column": "rate",
        "issued": "0.0%",
        "now": "100.0%",
    }
    assert row in changed.rows()
    again = check(register.office, report, content, form, moment("2025-11-07 09:00"))
    assert again.same_file
    assert again.changes() == []


def test_the_changes_leave_the_form_as_it_was(register: Register) -> None:
    """A form of one section keeps its head in sight; what changed stands below its rows."""
    before, now = made(register, "equalities"), made(register, "equalities", "2025-12-01 09:00")
    restated = replace(now, since=before)
    sheet, plain = (reopened(one).worksheets[0] for one in (restated, now))
    assert sheet.freeze_panes == plain.freeze_panes == "A6"
    texts = [row[0].value for row in sheet.iter_rows() if row[0].value]
    assert "自上次发出以来的变动 Changed since it was issued" in texts


def test_a_document_is_ready_to_be_handed_over(register: Register) -> None:
    """It has a name that says what it is, a media type, and the bytes of the form."""
    question = Question(
        REPORTS["warranty-monthly"], month=OCTOBER, centre="north", as_of=moment("2025-11-03 09:00")
    )
    handed = document(register.office, question, ".CSV", "zh")
    assert handed.name == "warranty-monthly-2025-10-north.csv"
    assert handed.media == "text/csv; charset=utf-8"
    assert handed.content == FORMATS[".csv"].write(handed.issue)
    assert handed.issue.language == "zh"
    odd = document(register.office, replace(question, centre='../"x'), ".csv")
    assert odd.name == "warranty-monthly-2025-10-____x.csv"


def test_a_form_that_is_none_is_refused(register: Register) -> None:
    """Reports are written in the forms that are listed."""
    with pytest.raises(UnknownForm):
        document(register.office, Question(REPORTS["keys-out"]), ".doc")
