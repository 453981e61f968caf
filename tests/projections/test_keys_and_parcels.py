"""Keys and parcels from a history file through the import to the rows of their views."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guanjia.domain.catalogue import COMMANDS

from .lines import Lines, at, load, told
from .register import Register, pick

KEYS: Lines = [
    told(
        "receive_complaint", "2025-11-03 08:00",
        complaint="N-1", centre="north", channel="phone", category="repair", topic="leak",
        text="漏水", contact=None,
    ),
    *(
        told(
            do, "2025-11-03 08:30",
            permit="P1", unit="U2", resident="R1", plan="隔墙", contractor="某某", licence="ZZ-1",
        )
        for do in COMMANDS
        if do == "apply_for_permit"
    ),
    *(
        told(
            "receive_key", f"2025-11-03 09:0{n}",
            key=f"K{n}", unit=f"U{n}", centre="north", kind="door", record="YJ-1",
            signed_by_both=True,
        )
        for n in (1, 2, 3)
    ),
    told("issue_key", "2025-11-03 10:00", key="K2", resident="R1", signature="QS-1"),
    told(
        "entrust_key", "2025-11-03 11:00",
        key="K2", resident="R1", purpose="repair", until=at("2025-12-01 18:00"),
    ),
    told(
        "lend_key", "2025-11-03 12:00",
        key="K1", to="tech1", permit=None, complaint="N-1", due_back=at("2025-11-03 18:00"),
    ),
    told(
        "lend_key", "2025-11-03 13:00",
        key="K2", to="fitter1", permit="P1", complaint=None, due_back=at("2025-11-05 18:00"),
    ),
    told("return_key", "2025-11-03 19:00", key="K1"),
    told("report_key_lost", "2025-11-04 09:00", "head1", key="K2", lock_changed=True),
    told("destroy_key", "2025-11-04 10:00", "head1", key="K2", reason="换锁"),
    told("count_keys", "2025-11-04 11:00", centre="north", found=["K1", "K2"]),
]  # fmt: skip


LOAN = next(one for one in KEYS if one["do"] == "lend_key")
FIRST_KEY = next(one for one in KEYS if one["do"] == "receive_key")


def parcel(id: str, when: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a registration."""
    usual = {
        "centre": "north", "unit": "U1", "kind": "ems", "consent": True, "condition": "intact",
        "addressee": {"name": "张三"},
    }  # fmt: skip
    return told("register_parcel", when, parcel=id, **{**usual, **fields})


PARCELS: Lines = [
    parcel("E1", "2025-11-03 09:00"),
    parcel("E2", "2025-11-03 09:30", condition="damaged"),
    parcel("E3", "2025-11-03 10:00", kind="press", consent=False),
    parcel("E4", "2025-11-03 11:00", kind="fax", unit=None, addressee=None, consent=False),
    told("notify_addressee", "2025-11-03 15:00", parcel="E1", channel="phone"),
    told("notify_addressee", "2025-11-04 09:00", parcel="E2", channel="phone"),
    told(
        "hand_out_parcel", "2025-11-05 18:00",
        parcel="E1", collector="李四", identity="id_card", signature="李四",
    ),
    told("notify_addressee", "2025-11-07 09:00", parcel="E2", channel="phone"),
    told("return_parcel", "2025-11-10 09:00", parcel="E2", reason="overdue"),
]  # fmt: skip


@pytest.fixture
def imported(register: Register, tmp_path: Path) -> Register:
    """Return the register with both histories imported, shuffled between aggregates."""
    load(register, tmp_path, sorted([*KEYS, *PARCELS], key=lambda one: str(one.get("key"))))
    return register


def out(register: Register, as_of: str) -> list[tuple[Any, ...]]:
    """Return who has which key."""
    rows = register.ask("keys-out", as_of)
    return [(row["key"], row["holder"], row["overdue"]) for row in rows]


def waiting(register: Register, as_of: str) -> list[tuple[Any, ...]]:
    """Return what waits, in what status."""
    rows = register.ask("parcels-waiting", as_of)
    return sorted((row["parcel"], row["status"], row["overdue"]) for row in rows)


def test_keys_out(imported: Register) -> None:
    """A row from the loan to the return or the loss, overdue from the second after it was due."""
    assert out(imported, "2025-11-03 11:59:59") == []
    assert out(imported, "2025-11-03 13:00") == [("K1", "tech1", False), ("K2", "fitter1", False)]
    assert ("K1", "tech1", False) in out(imported, "2025-11-03 18:00")
    assert ("K1", "tech1", True) in out(imported, "2025-11-03 18:00:01")
    assert out(imported, "2025-11-03 19:00") == [("K2", "fitter1", False)]
    assert out(imported, "2025-11-04 09:00") == []


def test_keys_out_has_every_column(imported: Register) -> None:
    """The contract's columns, and what else a desk asks."""
    first, second = imported.ask("keys-out", "2025-11-03 14:00", centre="north")
    assert pick(
        first, "key", "unit", "purpose", "permit", "complaint", "lent_at", "due_back", "person"
    ) == ("K1", "U1", None, None, "N-1", "2025-11-03 12:00:00", "2025-11-03 18:00:00", "p-tech1")
    assert pick(second, "key", "purpose", "permit", "complaint", "resident", "kind") == (
        "K2", "repair", "P1", None, "R1", "door",
    )  # fmt: skip
    assert imported.ask("keys-out", "2025-11-03 14:00", centre="south") == []


def test_parcels_waiting(imported: Register) -> None:
    """Held ones until they are overdue and beyond, 待查 ones until they are archived."""
    assert waiting(imported, "2025-11-03 23:00") == [
        ("E1", "waiting", False), ("E2", "waiting", False), ("E4", "pending", False),
    ]  # fmt: skip
    assert waiting(imported, "2025-11-06 23:59:59") == [
        ("E2", "waiting", False), ("E4", "pending", False),
    ]  # fmt: skip
    assert waiting(imported, "2025-11-07 00:00") == [("E2", "waiting", True)]
    assert waiting(imported, "2025-11-10 09:00") == []


def test_parcels_waiting_has_every_column(imported: Register) -> None:
    """The second notice of an overdue parcel shows beside the first."""
    (row,) = imported.ask("parcels-waiting", "2025-11-08 00:00", parcel="E2")
    assert pick(
        row, "centre", "unit", "kind", "registered_at", "notified_at", "due_at", "notices",
        "reminded_at", "condition", "irregular",
    ) == (
        "north", "U1", "ems", "2025-11-03 09:30:00", "2025-11-04 09:00:00",
        "2025-11-06 23:59:59", 2, "2025-11-07 09:00:00", "damaged", None,
    )  # fmt: skip


def test_their_promises_stand_beside_the_cases(imported: Register) -> None:
    """The SLA view has each clock with its kind, centre and unit, and no case."""
    rows = imported.ask("sla", "2025-12-01 00:00", kind="key")
    assert [pick(row, "subject", "commitment", "outcome", "late_seconds") for row in rows] == [
        ("K1", "key_due_back", "missed", 3600),
        ("K2", "key_due_back", "superseded", None),
    ]
    rows = imported.ask("sla", "2025-12-01 00:00", kind="parcel")
    found = {(row["subject"], row["commitment"]): row["outcome"] for row in rows}
    assert found == {
        ("E1", "parcel_notice"): "met",
        ("E1", "parcel_pickup"): "met",
        ("E2", "parcel_notice"): "missed",
        ("E2", "parcel_pickup"): "missed",
        ("E4", "parcel_search"): "missed",
    }
    assert {pick(row, "complaint", "centre", "department") for row in rows} == {
        (None, "north", None)
    }
    assert {row["unit"] for row in rows} == {"U1", None}
    commitments = {row["commitment"] for row in imported.ask("unescalated", "2025-12-01 00:00")}
    assert not {one for one in commitments if one.startswith(("key", "parcel"))}


def test_what_was_not_recorded_yet_is_not_seen(register: Register, tmp_path: Path) -> None:
    """A loan typed in on Monday is out as of Monday, and not as of the Friday it began."""
    late = {**LOAN, "recorded_at": at("2025-11-06 09:00")}
    load(register, tmp_path, [*KEYS[:1], FIRST_KEY, late])
    assert out(register, "2025-11-05 12:00") == []
    assert out(register, "2025-11-06 09:00") == [("K1", "tech1", True)]


def test_irregular_history_is_kept_and_shown(register: Register, tmp_path: Path) -> None:
    """A key lent twice and a parcel held unasked are rejected, or kept with their codes."""
    twice = told(
        "lend_key", "2025-11-03 14:00",
        key="K1", to="fitter1", permit=None, complaint="N-1", due_back=at("2025-11-04 18:00"),
    )  # fmt: skip
    unasked = parcel("E9", "2025-11-03 09:00", consent=False)
    impossible = told("return_key", "2025-11-03 15:00", key="K9")
    lines = [*KEYS[:1], FIRST_KEY, LOAN, twice, unasked, impossible]
    assert sorted(load(register, tmp_path, lines)) == [
        "addressee_consent_missing", "key_not_in_cabinet", "unknown_key",
    ]  # fmt: skip
    assert load(register, tmp_path, lines, keep_irregular=True) == ["unknown_key"]
    (lent,) = register.ask("keys-out", "2025-11-03 14:00")
    assert pick(lent, "holder", "irregular") == ("fitter1", "key_not_in_cabinet")
    (held,) = register.ask("parcels-waiting", "2025-11-03 14:00")
    assert pick(held, "parcel", "irregular") == ("E9", "addressee_consent_missing")
    (pickup,) = register.ask("sla", "2025-11-03 14:00", subject="E9", commitment="parcel_pickup")
    assert pickup["irregular"] == "addressee_consent_missing"


def test_no_personal_value_reaches_the_views(imported: Register) -> None:
    """Neither addressee nor collector stands in any cell."""
    cells = [
        str(cell)
        for name in ("keys-out", "key-counts", "parcels-waiting", "sla")
        for moment_ in ("2025-11-03 14:00", "2025-12-01 00:00")
        for row in imported.ask(name, moment_)
        for cell in row.values()
    ]
    assert cells
    assert not [cell for cell in cells if "张三" in cell or "李四" in cell]


def test_key_counts(imported: Register) -> None:
    """K3 hangs in the cabinet and was not found; K2 was found and is destroyed; K9 is nobody's."""
    found = ["K1", "K3", "K9"]
    imported.do("count_keys", "2025-11-05 11:00", "desk1", centre="north", found=found)
    columns = ("expected", "found", "missing", "unexpected", "unregistered")
    first, second = imported.ask("key-counts", "2025-12-01 00:00", centre="north")
    assert pick(first, "counted_at", "by", "person") == (
        "2025-11-04 11:00:00", "desk1", "p-desk1",
    )  # fmt: skip
    assert pick(first, *columns) == (2, 2, 1, 1, 0)
    assert pick(first, "missing_keys", "unexpected_keys", "unregistered_keys") == (
        "K3", "K2", None,
    )  # fmt: skip
    assert pick(second, *columns, "missing_keys") == (2, 3, 0, 0, 1, None)
    assert [row["counted_at"] for row in imported.ask("key-counts", "2025-11-04 12:00")] == [
        first["counted_at"]
    ]
    assert imported.ask("key-counts", "2025-11-04 10:59:59") == []


def test_a_count_kept_against_the_rules_says_so(register: Register, tmp_path: Path) -> None:
    """Who may not count counted all the same: the row has the code; nothing hung there."""
    counted = told("count_keys", "2025-11-04 11:00", "tech1", centre="north", found=[])
    assert load(register, tmp_path, [counted], keep_irregular=True) == []
    (row,) = register.ask("key-counts", "2025-12-01 00:00")
    assert pick(row, "expected", "found", "missing_keys", "irregular") == (0, 0, None, "wrong_post")
