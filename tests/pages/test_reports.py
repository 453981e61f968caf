"""The departments' reports, downloaded from the page."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from guanjia.reports import REPORTS

from .conftest import Come


def test_a_report_is_downloaded_and_opened_again(come: Come, tmp_path: Path) -> None:
    """The workbook is of the month and the centre that were chosen."""
    page = come().open("/zh/reports")
    page.get_by_label("服务中心").select_option("river")
    page.get_by_role("button", name="查看").click()
    page.wait_for_url("**centre=river**")
    assert page.locator(".reports li").count() == len(REPORTS)
    row = page.locator(".reports li", has_text="月客户意见统计分析表")
    with page.expect_download() as downloading:
        row.get_by_role("link", name="xlsx").click()
    downloading.value.save_as(tmp_path / "report.xlsx")
    sheet = load_workbook(tmp_path / "report.xlsx").worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert cells[0].startswith("月客户意见统计分析表")
    assert "river" in cells
    assert "garden" not in cells


def test_a_centres_post_gets_its_own_centres_report(come: Come) -> None:
    """Whatever centre stands in the address."""
    visitor = come("north.head")
    page = visitor.open("/en/reports")
    url = f"{visitor.address}/pages/en/reports/keys-out.csv?centre=river"
    assert "river" not in page.request.get(url).text()
    assert page.request.get(f"{visitor.address}/pages/en/reports/nothing.csv").status == 404
    ahead = page.request.get(f"{visitor.address}/pages/en/reports/keys-out.csv?as_of=2999-01-01")
    assert (ahead.status, ahead.json()) == (422, {"detail": "moment_ahead"})


def test_who_looked_at_owners_data_is_not_in_everybodys_reports(come: Come) -> None:
    """A front desk finds no such report, and gets none by its address."""
    visitor = come("north.desk1")
    page = visitor.open("/en/reports")
    assert page.locator("a[href*='owner-data-access']").count() == 0
    url = f"{visitor.address}/pages/en/reports/owner-data-access.csv"
    assert page.request.get(url).status == 403
    assert come("hq.quality").page.request.get(url).status == 200
