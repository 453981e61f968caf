"""What the composer reads off the files of SQL."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from guanjia.projections import composer, tables

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
    topic, state = path.stem, path.read_bytes().strip()
    stream = f"{topic.partition('.')[0]}:X-1"
    row = [1, stream, 1, topic, state.decode(), True]
    desk.execute("insert into batch values (?, ?, ?, ?, ?, ?)", row)
    for facts in composer.facts():
        if desk.execute(f"select 1 from ({facts.extract})").fetchone():
            assert facts.may_take(topic, state)
    desk.execute("truncate batch")


def test_other_facts_are_left_alone() -> None:
    """Of a reply no home, key or access can be changed; of a case's fields, its relations can."""
    state = (GOLDEN / "complaint.replied.1.json").read_bytes()
    found = {one.name for one in composer.facts() if one.may_take("complaint.replied.1", state)}
    assert found <= {"case_facts", "clock_facts", "contact_facts", "round_facts"}
    assert composer.read_by("finished") == {"case_facts", "round_facts"}
