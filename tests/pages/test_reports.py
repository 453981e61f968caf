"""The departments' reports, downloaded from the page."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from guanjia.reports import REPORTS, forms_of

from .conftest import Come


def test_a_report_is_downloaded_and_opened_again(come: Come, tmp_path: Path) -> None:
    """The workbook is of the month and the centre that were chosen."""
    page = come().open("/zh/reports")
    page.get_by_label("服务中心").select_option("river")
    page.get_by_role("button", name="查看").click()
    page.wait_for_url("**centre=river**")
    links = sum(len(forms_of(report)) for report in REPORTS.values())
    assert page.locator(".reports a").count() == links
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


def test_who_looked_at_what_is_for_the_posts_that_answer_for_it(come: Come) -> None:
    """A head gets the own centre's accesses, not how people compare; a desk gets neither."""
    for account, allowed in (("north.head", {"owner-data-access"}), ("north.desk1", set[str]())):
        visitor = come(account)
        page = visitor.open("/en/reports")
        for name in ("owner-data-access", "unusual-access"):
            url = f"{visitor.address}/pages/en/reports/{name}.csv"
            assert page.request.get(url).status == (200 if name in allowed else 403)
            is_listed = page.locator(f".reports a[href*='/{name}.csv']").count() == 1
            assert is_listed == (name in allowed)
