"""Input that means harm: SQL, parameters given twice, bodies too large, too deep or ambiguous."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest

from guanjia.api import Settings
from guanjia.api.strict import StrictRequest

from .conftest import IDS, RECEIVED, Service, filled

JSON = {"Content-Type": "application/json"}
SQL = ["' or '1'='1", "north'; drop table meta; --", '" or 1=1 --', "$position", "%", "*", "\x00"]


def test_sql_in_a_filter_is_only_text(service: Service) -> None:
    """As a value it finds nothing, as a column there is none of that name."""
    service.received()
    gm = service.call("gm1")
    for sql in SQL:
        for column in ("centre", "month", "unit", "complaint", "subject"):
            answer = gm.get("/views/sla", params={column: sql})
            assert answer.status_code == 422 or answer.json()["rows"] == []
        for name in (sql, f"centre{sql}", f'centre" = 1 or "{sql}'):
            assert gm.get("/views/sla", params={name: "north"}).json()["code"] == "unknown_filter"
    assert len(gm.get("/views/cases").json()["rows"]) == 1


def test_sql_in_any_parameter_is_only_text(service: Service) -> None:
    """Wherever it is put in a question it is refused or finds nothing, and changes nothing."""
    filled(service)
    gm, position = service.call("gm1"), service.office.application.store.last_position()
    asked = 0
    for path, operations in service.app.openapi()["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            for sql in SQL[:3]:
                put = {**IDS, parameter["name"]: quote(sql, safe="")}
                url = path.format_map(defaultdict(lambda: "1", put))
                given = {parameter["name"]: sql} if parameter["in"] == "query" else {}
                answer = gm.get(url, params=given)
                assert answer.status_code < 500, (url, given)
                asked += 1
    assert asked > 150
    assert service.office.application.store.last_position() == position
    assert len(gm.get("/views/cases").json()["rows"]) == 3


def test_no_parameter_hides_another(standing: Service) -> None:
    """A centre given twice is refused rather than one of them chosen."""
    answer = standing.call("desk1").get("/views/cases?centre=north&centre=south")
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_a_large_body_is_refused(standing: Service) -> None:
    """10 MB are not read, whether the length is said or not."""
    large = b'{"text": "' + b"x" * 10_000_000 + b'"}'
    desk = standing.call("desk1", **JSON)
    for content in (large, iter([large[:5_000_000], large[5_000_000:]])):
        answer = desk.post("/complaints", content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_body_in_many_parts_is_measured_once() -> None:
    """Each part's length is asked for once, however many came before it."""
    measured = 0

    class Part(bytes):
        def __len__(self) -> int:
            nonlocal measured
            measured += 1
            return super().__len__()

    parts = iter(range(1000, -1, -1))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": Part(b"x"), "more_body": next(parts) > 0}

    app = SimpleNamespace(state=SimpleNamespace(settings=Settings(largest_body=10_000)))
    scope = {"type": "http", "headers": [], "app": app, "method": "POST", "path": "/"}
    assert len(asyncio.run(StrictRequest(scope, receive).body())) == 1001
    assert measured <= 3 * 1001


BAD_JSON = {
    "deep": "[" * 200 + "]" * 200,
    "deeper": "[" * 100_000,
    "deep objects": '{"a":' * 30 + "1" + "}" * 30,
    "a name twice": '{"complaint": "N-1", "complaint": "N-2"}',
    "a name twice inside": '{"contact": {"phone": "1", "phone": "2"}}',
    "NaN": '{"complaint": NaN}',
    "Infinity": '{"complaint": -Infinity}',
    "beyond infinity": '{"complaint": 1e999}',
    "a huge number": '{"complaint": ' + "9" * 5000 + "}",
    "half a character": '{"complaint": "\\ud800"}',
    "a comment": '{"complaint": 1} // x',
    "two values": "{} {}",
    "nothing": "",
    "no text": "\udcff",
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_json_is_strict(standing: Service, name: str) -> None:
    """What two readers could read differently, or that only costs time, is refused."""
    content = BAD_JSON[name].encode(errors="surrogateescape")
    for url in ("/complaints", "/commands", "/disclosures", "/look-ups", "/sql"):
        answer = standing.call("desk1", **JSON).post(url, content=content)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
def test_a_body_of_another_kind_is_refused(standing: Service, kind: str) -> None:
    """A form of another site, which a browser sends unasked, is no command."""
    headers = {"Content-Type": kind} if kind else {}
    answer = standing.call("desk1").post(
        "/complaints", content=json.dumps(RECEIVED), headers=headers
    )
    assert answer.status_code == 422
