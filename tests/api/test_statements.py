"""Analysts' SQL over HTTP: what it answers, with whose rows, and what it never does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from guanjia.api import Settings
from guanjia.projections.sandbox import Limits

from .conftest import PHONE, Service

COUNTED = "select centre, count(*) as cases from cases group by centre order by centre"


def asked(service: Service, account: str, sql: str, **more: Any) -> Any:  # noqa: ANN401  an answer
    """Ask a statement as an account."""
    headers = more.pop("headers", {})
    return service.call(account, **headers).post("/sql", json={"sql": sql} | more)


def test_a_statement_has_the_rows_that_are_for_the_caller(service: Service) -> None:
    """The company counts every centre, a head only their own."""
    service.received()
    service.received(complaint="S-1", centre="south")
    all_rows = asked(service, "quality1", COUNTED)
    own = asked(service, "head2", COUNTED).json()["rows"]
    assert [row["centre"] for row in all_rows.json()["rows"]] == ["north", "south"]
    assert own == [{"centre": "south", "cases": 1}]
    assert all_rows.headers["Guanjia-Position"] == str(all_rows.json()["position"])


def test_a_statement_asks_as_of_a_moment(service: Service) -> None:
    """What had not been recorded by then is not counted."""
    service.received()
    early = asked(service, "quality1", COUNTED, as_of="2026-01-04T00:00:00+08:00").json()
    assert (early["rows"], early["as_of"]) == ([], "2026-01-04T00:00:00+08:00")


def test_its_answer_has_the_form_asked_for(service: Service) -> None:
    """JSON, CSV or an Arrow stream; what JSON has no form for is text or null."""
    odd = (
        "select date '2026-01-05' as day, 'nan'::double as ratio, 1.50::decimal(4, 2) as fee,"
        " [1, 2] as list, {'a': 1} as named, interval 1 hour as hour, 'x'::blob as bytes"
    )
    (row,) = asked(service, "quality1", odd).json()["rows"]
    assert (row["day"], row["ratio"], row["fee"]) == ("2026-01-05", None, "1.50")
    assert (row["list"], row["named"]) == ([1, 2], {"a": 1})
    as_csv = asked(service, "quality1", "select 1 as a, true as b", headers={"Accept": "text/csv"})
    assert as_csv.text == "a,b\n1,true\n"
    stream = {"Accept": "application/vnd.apache.arrow.stream"}
    table = pa.ipc.open_stream(asked(service, "quality1", odd, headers=stream).content).read_all()
    assert table.num_rows == 1


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select * from read_csv('/etc/passwd')", "sql_refused"),
        ("attach 'events.db' as store", "sql_refused"),
        ("delete from cases", "sql_refused"),
        ("select 1; select 2", "sql_refused"),
        (f"select c{PHONE} from cases", "sql_failed"),
        ("select '290000-01-01'::date", "sql_failed"),
        ("select * from events", "sql_failed"),
    ],
)
def test_what_is_no_question_is_refused(standing: Service, sql: str, code: str) -> None:
    """It reaches no file and changes nothing; of the statement nothing is repeated."""
    answer = asked(standing, "quality1", sql)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert PHONE not in answer.text


def test_an_endless_statement_ends(make_service: Callable[[Settings], Service]) -> None:
    """It takes no more than its time."""
    service = make_service(Settings(statement=Limits(seconds=0.1)))
    endless = "with recursive r as (select 1 union all select 1 from r) from r"
    answer = asked(service, "quality1", endless)
    assert (answer.status_code, answer.json()["code"]) == (400, "sql_too_long")


def test_statements_are_for_those_who_judge(service: Service) -> None:
    """A desk asks the views; a head does not read what only auditors may."""
    assert asked(service, "desk1", "select 1").json()["code"] == "not_for_this_post"
    for view in ("unusual_access", "parked"):
        told = asked(service, "head1", f"select * from {view}").json()
        assert told["code"] == "not_for_this_post"


def test_statements_wait_their_turn(make_service: Callable[[Settings], Service]) -> None:
    """Beyond the limit an account waits, and everybody while enough are at work."""
    service = make_service(Settings(statements_per_minute=1))
    assert asked(service, "quality1", "select 1").status_code == 200
    assert asked(service, "quality1", "select 1").json()["code"] == "too_many_requests"
    busy = make_service(Settings(statements_at_once=1))
    with busy.app.state.limiter.turn():
        answer = asked(busy, "quality1", "select 1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert asked(busy, "quality1", "select 1").status_code == 200
