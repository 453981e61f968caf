"""Views, records and events over HTTP: forms, pages, moments, and rows by right."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow as pa
import pytest

from guanjia.api.cursors import Cursor
from guanjia.api.rights import READERS
from guanjia.projections import PUBLIC_VIEWS
from guanjia.projections.composer import compose
from guanjia.reports import REPORTS
from tests.spec import moment

from .conftest import PHONE, Service, filled

INFINITE = "WyIyMDI2LTAxLTA1VDA5OjAwOjAwKzA4OjAwIiwgMWU5OTksIDAsICJ4Il0"
"""A cursor whose position is a number beyond all."""
RECORDS = ("complaints", "units", "keys", "permits", "parcels")


def test_the_views_are_listed(service: Service) -> None:
    """Each with what one of its rows is."""
    listed = service.call("desk1").get("/views").json()
    assert [view["name"] for view in listed] == [*PUBLIC_VIEWS]
    assert all(view["grain"] and view["zh"] and view["en"] for view in listed)


def test_who_looked_at_what_is_not_for_every_post() -> None:
    """Every view that is made from the answers of the gateway has readers of its own."""
    told = {name for name, v in PUBLIC_VIEWS.items() if "from access" in compose(v.relation)}
    assert {"access", "access-counts", "unusual-access"} <= told <= READERS.keys()


@pytest.mark.parametrize("account", ["gm1", "desk1", "audit1"])
def test_every_view_answers_with_rows_by_right(service: Service, account: str) -> None:
    """Centre posts see their own centre's rows in every view, company posts those of all."""
    filled(service)
    call, own = service.call(account), {"north"} if account == "desk1" else {"north", "south"}
    for name in PUBLIC_VIEWS:
        answer = call.get(f"/views/{name}")
        if name in READERS and account == "desk1":
            assert answer.json()["code"] == "not_for_this_post"
            continue
        assert answer.status_code == 200
        seen = {row.get("centre") for row in answer.json()["rows"]}
        assert seen <= (own if account == "desk1" else {*own, None})
    seen = {row["centre"] for row in call.get("/views/cases").json()["rows"]}
    assert seen == own


def test_another_centre_has_no_rows(service: Service) -> None:
    """A filter on another centre gives nothing, like one on a centre that is none."""
    filled(service)
    desk = service.call("desk1")
    for centre in ("south", "nowhere"):
        assert desk.get("/views/cases", params={"centre": centre}).json()["rows"] == []
    assert len(desk.get("/views/cases", params={"centre": "north"}).json()["rows"]) == 2


def test_any_column_filters(service: Service) -> None:
    """Text as it is; a number as it is written; what is no number is refused."""
    filled(service)
    get = service.call("gm1").get
    assert [row["complaint"] for row in get("/views/cases?number=2").json()["rows"]] == ["N-2"]
    assert get("/views/cases?number=two").json()["code"] == "filter_mismatch"
    assert get("/views/cases?phone=138").json()["code"] == "unknown_filter"
    assert get("/views/none").json()["code"] == "unknown_view"


def test_the_three_forms_hold_the_same_rows(service: Service) -> None:
    """JSON, CSV and Arrow, by Accept; another form is none."""
    filled(service)

    def ask(form: str) -> Any:  # noqa: ANN401  a response of the test client
        return service.call("gm1").get("/views/sla", headers={"Accept": form})

    rows = ask("*/*").json()["rows"]
    table = pa.ipc.open_stream(ask("application/vnd.apache.arrow.stream").content).read_all()
    lines = [*csv.DictReader(io.StringIO(ask("text/csv").text))]
    subjects = [row["subject"] for row in rows]
    assert len(rows) > 5
    assert table.column("subject").to_pylist() == subjects
    assert [line["subject"] for line in lines] == subjects
    assert ask("image/png").json()["code"] == "not_acceptable"


def test_pages_are_of_one_answer(service: Service) -> None:
    """A cursor leads through the rows of one moment and position, whatever happens meanwhile."""
    filled(service)
    gm = service.call("gm1")
    first = gm.get("/views/cases", params={"limit": 2})
    service.received(complaint="N-3")
    rest = gm.get("/views/cases", params={"limit": 2, "cursor": first.headers["Guanjia-Next"]})
    pages = first.json()["rows"] + rest.json()["rows"]
    assert [row["complaint"] for row in pages] == ["N-1", "N-2", "S-1"]
    assert rest.json()["next"] is None
    assert rest.json()["position"] == first.json()["position"]


@pytest.mark.parametrize("cursor", ["x", "é", "W10", "bnVsbA", "W251bGwsMSwxLDFd", INFINITE])
def test_a_cursor_of_ones_own_is_refused(service: Service, cursor: str) -> None:
    """Cursors are given, not made."""
    answer = service.call("gm1").get("/views/cases", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (404, "cursor_invalid")


@pytest.mark.parametrize("place", [(1, 2**63), (2**63, 1), (1, -1)])
def test_a_cursor_to_no_place_is_refused(service: Service, place: tuple[int, int]) -> None:
    """Whoever makes one up, with a place beyond any answer, is refused like any other."""
    made_up = Cursor(moment("2026-01-05 09:00"), *place).written(["cases", [], None])
    answer = service.call("gm1").get("/views/cases", params={"cursor": made_up})
    assert (answer.status_code, answer.json()["code"]) == (404, "cursor_invalid")


def test_a_position_to_come_is_the_present_one(service: Service) -> None:
    """What is told is a position that was reached, so that it stays an answer for ever."""
    filled(service)
    gm = service.call("gm1")
    here = gm.get("/views/cases").json()["position"]
    assert gm.get("/views/cases", params={"position": here + 7}).json()["position"] == here


def test_a_cursor_is_for_its_question(service: Service) -> None:
    """The cursor of one question, or of another centre's post, leads nowhere in another."""
    filled(service)
    cursor = service.call("gm1").get("/views/cases?limit=1").headers["Guanjia-Next"]
    for account, view in (("gm1", "sla"), ("desk1", "cases")):
        answer = service.call(account).get(f"/views/{view}", params={"cursor": cursor})
        assert answer.json()["code"] == "cursor_invalid"


def test_a_past_moment_is_answered_from_what_was_known(service: Service) -> None:
    """As-of and position go with each question."""
    service.received()
    service.now = moment("2026-01-06 09:00")
    service.received(complaint="N-2")
    get = service.call("gm1").get
    before = {"as_of": "2026-01-05T12:00:00+08:00"}
    assert len(get("/views/cases").json()["rows"]) == 2
    assert len(get("/views/cases", params=before).json()["rows"]) == 1
    assert len(get("/views/cases", params={"position": 1}).json()["rows"]) == 0
    assert get("/complaints/N-2", params=before).json()["rows"]["cases"] == []
    assert get("/complaints/N-2/events", params=before).json()["events"] == []


@pytest.mark.parametrize("path", RECORDS)
def test_a_record_is_shown_to_its_centre(service: Service, path: str) -> None:
    """Its own centre and the company see it; to another centre it is as if it were not there."""
    filled(service)
    id = dict(zip(RECORDS, ("N-1", "U1", "K1", "P1", "E1"), strict=True))[path]
    for account in ("desk1", "gm1", "audit1"):
        seen = service.call(account).get(f"/{path}/{id}")
        assert (seen.status_code, seen.json()["centre"]) == (200, "north")
        assert seen.headers["ETag"] == f'"{seen.json()["version"]}"'
    for end in ("", "/events"):
        others = service.call("desk2").get(f"/{path}/{id}{end}")
        nobodys = service.call("desk2").get(f"/{path}/none{end}")
        assert others.status_code == nobodys.status_code == 404
        assert others.json()["code"] == nobodys.json()["code"]


def test_events_are_paged_by_version(service: Service) -> None:
    """``after`` continues where ``next`` says."""
    service.received()
    service.run("report_progress", "desk1", complaint="N-1", text="in hand")
    get = service.call("desk1").get
    first = get("/complaints/N-1/events", params={"limit": 1}).json()
    rest = get("/complaints/N-1/events", params={"after": first["next"]}).json()
    assert [fact["version"] for fact in first["events"] + rest["events"]] == [1, 2]
    assert rest["next"] is None


def test_nothing_sealed_is_in_an_event(service: Service) -> None:
    """Of a sealed value its place is told; neither the value nor its reference is."""
    filled(service)
    events = list(service.office.application.history("unit", "U1"))
    references = [ref for event in events for _, _, ref in event.sealed()]
    text = service.call("gm1").get("/units/U1/events").text
    assert references
    assert [secret for secret in (*references, PHONE, "张三") if secret in text] == []
    assert '"contact.phone"' in text


def test_every_report_is_made(service: Service) -> None:
    """The company gets that of all centres or of one, a centre's post that of its own."""
    filled(service)
    gm, desk = service.call("gm1"), service.call("desk1")
    assert [one["name"] for one in gm.get("/reports").json()] == [*REPORTS]
    for name in REPORTS:
        made, answer = gm.get(f"/reports/{name}").json(), desk.get(f"/reports/{name}")
        assert [section["name"] for section in made["sections"]] == [
            section.name for section in REPORTS[name].sections
        ]
        if name in {"owner-data-access", "unusual-access"}:
            assert (answer.status_code, answer.json()["code"]) == (403, "not_for_this_post")
            continue
        own = answer.json()
        assert own["provenance"]["centre"] == "north"
        rows = [row for section in own["sections"] for row in section["rows"]]
        assert {row["centre"] for row in rows} <= {"north"}
    month = gm.get("/reports/opinion-monthly", params={"month": "2026-01"}).json()
    volume = month["sections"][0]["rows"]
    assert {row["centre"] for row in volume} == {"north", "south"}


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("text/csv", b"\xef\xbb\xbf# report: handovers"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("application/vnd.apache.parquet", b"PAR1"),
    ],
)
def test_a_report_is_a_file(service: Service, form: str, begins: bytes) -> None:
    """In the form asked for."""
    answer = service.call("quality1").get("/reports/handovers", headers={"Accept": form})
    assert answer.headers["Content-Type"].startswith(form)
    assert answer.content.startswith(begins)


def test_a_report_that_cannot_be_made_is_refused(service: Service) -> None:
    """Unknown, of another span, of a moment to come, of another centre, in no form of ours."""
    desk = service.call("desk1")
    for url, status, code in (
        ("/reports/none", 404, "unknown_report"),
        ("/reports/handovers?week=2026-01-05", 400, "other_span"),
        ("/reports/handovers?month=2026-13", 422, "malformed"),
        ("/reports/warranty-weekly?week=5", 422, "malformed"),
        ("/reports/handovers?as_of=2026-02-01T00:00:00%2B08:00", 409, "moment_ahead"),
        ("/reports/handovers?centre=south", 403, "not_for_this_post"),
    ):
        answer = desk.get(url)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    picture = desk.get("/reports/handovers", headers={"Accept": "image/png"})
    assert picture.json()["code"] == "not_acceptable"
