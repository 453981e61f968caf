"""Reports for who watches over the owners' data: who saw what, and which duties were done."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guanjia.domain.disclosure.seen import Denied
from guanjia.projections.errors import UnknownFilter
from guanjia.reports import REPORTS, Issue, Question, issue

from ..projections.register import Register, in_memory
from .conftest import reopened


@pytest.fixture(scope="module")
def asked() -> Register:
    """A register whose owner's telephone was asked for: twice answered, once denied."""
    register = in_memory()
    register.receive("N-1", "2027-12-31 09:00")
    for _ in range(2):
        with register.office.disclose(
            complaint="N-1", fields=["phone"], purpose="callback", by="desk1"
        ) as seen:
            assert seen.phone
    with pytest.raises(Denied):
        register.office.disclose(complaint="N-1", fields=["phone"], purpose="fee", by="tech1")
    register.do(
        "record_duty", "2027-12-20 09:00", "head1", centre="north", duty="self_check", findings="无"
    )
    return register


def made(register: Register, name: str, month: date, centre: str | None = None) -> Issue:
    """Return a month's report of today."""
    return issue(register.office, Question(REPORTS[name], month=month, centre=centre))


def rows(made: Issue, section: str) -> list[dict[str, Any]]:
    """Return a section's rows."""
    return next(block.rows() for block in made.blocks if block.section.name == section)


def test_access_is_counted_by_person_post_home_and_purpose(asked: Register) -> None:
    """Two answers to the desk, one denial to the technician; the month before is empty."""
    answer = made(asked, "owner-data-access", date(2028, 1, 1))
    counts = [
        (row["person"], row["post"], row["purpose"], row["accesses"], row["denied"])
        for row in rows(answer, "counts")
    ]
    assert counts == [
        ("p-desk1", "front_desk", "callback", 2, 0),
        ("p-tech1", "technician", "fee", 0, 1),
    ]
    assert rows(made(asked, "owner-data-access", date(2027, 12, 1)), "counts") == []


def test_what_was_denied_is_listed_with_its_reason(asked: Register) -> None:
    """The reason is called by its name on the form."""
    answer = made(asked, "owner-data-access", date(2028, 1, 1))
    assert [row["reason"] for row in rows(answer, "denied")] == ["not_granted"]
    assert rows(answer, "break_glass") == []
    cells = {cell.value for row in reopened(answer).worksheets[0].iter_rows() for cell in row}
    assert {"权限一览表未授权 not_granted", "回电 callback", "技工 technician"} <= cells


def test_a_report_of_the_company_has_no_centre(asked: Register) -> None:
    """People are compared with all of their post: asking for one centre is refused."""
    assert len(rows(made(asked, "unusual-access", date(2028, 1, 1)), "unusual")) == 2
    with pytest.raises(UnknownFilter):
        made(asked, "unusual-access", date(2028, 1, 1), centre="north")


def test_duties_are_done_late_or_open(asked: Register) -> None:
    """December's self-check of the north is done, the south's is late; of January's none is due."""
    december = made(asked, "duties", date(2027, 12, 1))
    checks = {
        section: {row["centre"] for row in rows(december, section) if row["duty"] == "self_check"}
        for section in ("late", "open", "done")
    }
    assert checks == {"late": {"south"}, "open": set(), "done": {"north"}}
    january = made(asked, "duties", date(2028, 1, 1))
    assert rows(january, "late") == []
    assert {row["period"] for row in rows(january, "open") if row["duty"] == "self_check"} == {
        "2028-01"
    }
