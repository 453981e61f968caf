"""An erasure in a data folder: what is gone for good, and what stays as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from guanjia import verifier
from guanjia.folder import init, open_store, restore_store
from guanjia.office import open_office
from guanjia.projections import PUBLIC_VIEWS
from guanjia.storage import check
from tests.spec import enter, moment

from .canary import every_file
from .places import COMMUNITY, ERASED, REQUESTED, case

GONE = ("resident:U1/R1", "complaint:N-3", "complaint:N-6")
LATER = moment("2026-01-05 09:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder with the community in it."""
    data = init(tmp_path / "data")
    owner = {"name": "张三", "phone": "13800138000"}
    with open_office(data) as office:
        enter(office.application, *COMMUNITY, case("N-6", contact=owner))
    return data


def erase(data: Path) -> None:
    """Erase U1's owner, asked for by one and approved by another."""
    with open_office(data) as office:
        enter(office.application, REQUESTED, ERASED)


def pieces(data: Path) -> list[bytes]:
    """Return parts of the wrapped keys and the ciphertexts of whom the erasure is about."""
    found: list[bytes] = []
    with closing(sqlite3.connect(data / "events.db")) as store:
        for column, table in (("wrapped", "vault_keys"), ("sealed", "vault_values")):
            marks = ", ".join("?" * len(GONE))
            query = f"SELECT {column} FROM {table} WHERE subject IN ({marks})"
            found += [one for (one,) in store.execute(query, GONE)]
    return [one[:24] for one in found] + [one[-24:] for one in found]


def left(data: Path, sought: list[bytes]) -> dict[str, int]:
    """Return how many of the pieces each file of the folder still has."""
    counts = {name: sum(one in body for one in sought) for name, body in every_file(data)}
    return {name: count for name, count in counts.items() if count}


def figures(data: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every view at one moment; that an erasure was owed is no figure."""
    with open_office(data) as office:
        rows = {name: office.query(name, as_of=LATER).plain() for name in PUBLIC_VIEWS}
    return rows | {"duties": [row for row in rows["duties"] if row["duty"] != "erasure"]}


def test_no_byte_of_a_key_is_left_in_any_file(folder: Path) -> None:
    """Neither while the office is open nor afterwards, in whatever file of the folder."""
    sought = pieces(folder)
    assert len(sought) > 10
    assert left(folder, sought) != {}
    with open_office(folder) as office:
        office.query("access")
        enter(office.application, REQUESTED, ERASED)
        assert left(folder, sought) == {}
        assert office.disclose(
            unit="U1", fields=["name"], purpose="callback", by="super1"
        ).of("name")  # fmt: skip
    assert left(folder, sought) == {}
    assert pieces(folder) == []


def test_no_figure_changes(folder: Path) -> None:
    """Every view has the rows it had, live and rebuilt; nobody comes back by a rebuild."""
    before = figures(folder)
    erase(folder)
    assert figures(folder) == before
    with open_office(folder) as office:
        assert office.views.rebuild().differing == ()
        with office.disclose(unit="U1", fields=["name"], purpose="callback", by="super1") as seen:
            assert [value.resident for value in seen.of("name")] == ["T1"]
    assert figures(folder) == before


def test_what_was_proved_stays_proved(folder: Path) -> None:
    """A receipt and a checkpoint of before verify; the check of the store misses nothing."""
    with open_office(folder) as office:
        key, checkpoint = office.audit.key, office.audit.checkpoint().note
        receipt, stored = office.audit.receipt(position_of(folder, "unit.resident_registered.1"))
    erase(folder)
    leaf, _ = verifier.check_receipt(receipt, verifier.Key.parse(key), stored)
    assert leaf.topic == "unit.resident_registered.1"
    with open_office(folder) as office:
        assert office.audit.verify(checkpoint).ok
    with open_store(folder) as store:
        assert list(check(store)) == []


def position_of(data: Path, topic: str) -> int:
    """Return the position of the first event of a topic."""
    with closing(sqlite3.connect(data / "events.db")) as store:
        query = "SELECT min(position) FROM events WHERE topic = ?"
        (position,) = store.execute(query, [topic]).fetchone()
    return int(position)


def test_an_older_backup_brings_nobody_back(folder: Path, tmp_path: Path) -> None:
    """It is restored, sound, and without the person before anybody can ask."""
    backup = tmp_path / "backup.db"
    with open_store(folder) as store:
        store.database.back_up(backup)
    sought = pieces(folder)
    erase(folder)
    for name in ("events.db", "events.db-wal", "events.db-shm", "newest.checkpoint"):
        (folder / name).unlink(missing_ok=True)
    restore_store(folder, backup)
    assert left(folder, sought) == {}
    with open_office(folder) as office:
        with office.disclose(unit="U1", fields=["name"], purpose="callback", by="super1") as seen:
            assert [value.resident for value in seen.of("name")] == ["T1"]
        found = office.gateway.look_up("13800138000", by="super1")
        assert {caller.about.id for caller in found} == {"N-5"}  # of no home, and not named
