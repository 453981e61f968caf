"""What the composer reads off the files of SQL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from guanjia.projections import composer, tables
from guanjia.projections.intake import fact_tables
from guanjia.storage import StoredRow

FAULTS = composer.relations()["faults"]
NAMES = ("position", "originator_id", "originator_version", "topic", "state")
TAKE = tables.TAKE.format(
    events=f"select {', '.join(f'? as {name}' for name in NAMES)}, true as fresh"
)
GOLDEN = Path(__file__).parents[1] / "domain" / "golden"


@pytest.fixture(scope="module")
def desk() -> duckdb.DuckDBPyConnection:
    """Return a database with an empty batch."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'Asia/Shanghai'")
    tables.open_desk(connection)
    return connection


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_no_fact_is_overlooked(desk: duckdb.DuckDBPyConnection, path: Path) -> None:
    """A fact table that takes rows from an event says that it may."""
    event = _stored(path)
    desk.execute(TAKE, [*event[:4], event.state.decode()])
    for facts in composer.facts():
        if desk.execute(f"select 1 from ({facts.extract})").fetchone():
            assert facts.name in fact_tables([event])
    desk.execute("truncate batch")


def _stored(path: Path) -> StoredRow:
    """Return an event as stored, the first of its stream."""
    stream = f"{path.stem.partition('.')[0]}:X-1"
    return StoredRow(1, stream, 1, path.stem, path.read_bytes().strip(), 0, b"")


SPOILT: list[tuple[str, dict[str, object]]] = [
    ("complaint.replied.1", {"at": "garbage"}),
    ("complaint.replied.1", {"at": "infinity"}),
    ("complaint.replied.1", {"recorded_at": 7}),
    ("policy.adopted.1", {"effective_from": "soon"}),
    ("centre.warranty_explained.1", {"period_from": "2025-13-01"}),
    ("access.denials_counted.1", {"count": "many"}),
    ("access.disclosed.1", {"open_case": "perhaps"}),
]


@pytest.mark.parametrize(("topic", "spoilt"), SPOILT)
def test_a_value_of_another_kind_is_a_fault(
    desk: duckdb.DuckDBPyConnection, topic: str, spoilt: dict[str, object]
) -> None:
    """What facts cast must be what they cast it to, or the event is not taken."""
    for state, faults in (({}, []), (spoilt, [("unknown_shape",)])):
        whole = json.loads((GOLDEN / f"{topic}.json").read_bytes()) | state
        _put(desk, [(topic, whole)])
        assert desk.execute(f"select error from ({FAULTS})").fetchall() == faults


def test_no_value_stops_the_facts(desk: duckdb.DuckDBPyConnection) -> None:
    """Whatever stands in a field of an event: it is a fault, or the facts are taken without it."""
    goldens = {path.stem: json.loads(path.read_bytes()) for path in sorted(GOLDEN.glob("*.json"))}
    _put(
        desk,
        [
            (topic, fields | {name: value})
            for topic, fields in goldens.items()
            for name in fields
            for value in ("garbage", 10**30, -1, None, [1], {"a": 1}, "9999-99-99")
        ],
    )
    desk.execute(f"delete from batch where position in (select position from ({FAULTS}))")
    assert desk.execute("select count(*) > 1000 from batch").fetchone() == (True,)
    for facts in composer.facts():
        desk.execute(f"create or replace temp table taken as {facts.extract}")


def _put(desk: duckdb.DuckDBPyConnection, events: list[tuple[str, dict[str, Any]]]) -> None:
    """Let the batch be these events, each of a stream of its own."""
    desk.execute("truncate batch")
    rows = [
        [number, f"{topic.partition('.')[0]}:X-{number}", 1, topic, json.dumps(fields)]
        for number, (topic, fields) in enumerate(events, 1)
    ]
    desk.executemany(TAKE, rows)


def test_other_facts_are_left_alone() -> None:
    """Of a reply no home, key or access can be changed; of a case's fields, its relations can."""
    found = fact_tables([_stored(GOLDEN / "complaint.replied.1.json")])
    assert found <= {"case_facts", "clock_facts", "contact_facts", "round_facts"}
    assert composer.read_by("finished") == {"case_facts", "round_facts"}
