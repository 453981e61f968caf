"""Homes: their rows, the figures of handovers, and who has not renovated yet."""

from __future__ import annotations

from pathlib import Path

from .homes import TWO_HOMES, handover, home
from .lines import imported, load, told
from .register import Register, moment, picked


def test_a_home_has_one_row(register: Register, tmp_path: Path) -> None:
    """From the registration to the handover, with who lives there."""
    assert load(register, tmp_path, TWO_HOMES) == []
    columns = ("unit", "status", "owner", "residents", "spaces", "notice_days", "cards")
    assert picked(register, "units", "2025-10-01 08:59:59", *columns) == []
    assert picked(register, "units", "2025-10-19 10:00", *columns) == [
        ("U1", "inspected", "U1-R", 1, 0, 18, 0),
        ("U2", "registered", "U2-R", 1, 0, None, 0),
    ]
    assert picked(register, "units", "2025-12-31 09:00", *columns) == [
        ("U1", "handed_over", "U1-R", 1, 0, 18, 2),
        ("U2", "handed_over", "U2-R", 2, 1, 7, 2),
    ]


def test_handover_figures(register: Register, tmp_path: Path) -> None:
    """Each step counts in its own month, a greeting in that of the moving in."""
    load(register, tmp_path, TWO_HOMES)
    steps = ("month", "noticed", "noticed_late", "inspected", "with_defects", "defects")
    assert picked(register, "handovers", "2025-12-31 09:00", *steps) == [
        ("2025-10", 2, 1, 2, 1, 2),
        ("2025-11", 0, 0, 0, 0, 0),
    ]
    columns = ("month", "handed_over", "keys", "cards", "moved_in", "greeted", "greeting_missed")
    assert picked(register, "handovers", "2025-11-01 10:00", *columns) == [
        ("2025-10", 1, 1, 2, 1, 0, 0),
        ("2025-11", 1, 1, 2, 1, 0, 0),
    ]
    assert picked(register, "handovers", "2025-12-31 09:00", *columns) == [
        ("2025-10", 1, 1, 2, 1, 1, 0),
        ("2025-11", 1, 1, 2, 1, 0, 1),
    ]


def test_a_homes_promises_stand_in_sla(register: Register, tmp_path: Path) -> None:
    """With the centre and the home, beside everybody else's."""
    load(register, tmp_path, TWO_HOMES)
    columns = ("kind", "subject", "complaint", "centre", "unit", "commitment", "round", "outcome")
    rows = picked(register, "sla", "2025-12-31 09:00", *columns, kind="unit", unit="U2")
    assert [row[:5] for row in rows] == [("unit", "U2", None, "north", "U2")] * len(rows)
    promises = [row[5:] for row in rows if row[5] in ("handover_notice", "greeting")]
    assert promises == [
        ("handover_notice", 1, "missed"),
        ("greeting", 1, "superseded"),
        ("greeting", 2, "missed"),
    ]


def test_keys_handed_over_are_the_owners(register: Register, tmp_path: Path) -> None:
    """One entrusted and lent afterwards is out, as any other key."""
    back = told(
        "entrust_key", "2025-11-10 09:00", key="U1-K1", resident="U1-R", purpose="renovation",
        until=moment("2025-12-31 18:00").isoformat(),
    )  # fmt: skip
    case = told(
        "receive_complaint", "2025-11-10 10:00", complaint="N-1", centre="north", channel="phone",
        category="repair", topic="leak", text="漏水", contact=None, unit="U1",
    )  # fmt: skip
    lent = told(
        "lend_key", "2025-11-10 11:00", key="U1-K1", to="tech1", complaint="N-1",
        due_back=moment("2025-11-11 18:00").isoformat(),
    )  # fmt: skip
    assert load(register, tmp_path, [*TWO_HOMES, back, case, lent]) == []
    assert picked(register, "keys-out", "2025-11-12 09:00", "key", "unit", "holder", "overdue") == [
        ("U1-K1", "U1", "tech1", True)
    ]
    overdue = picked(register, "sla", "2025-11-12 09:00", "subject", "outcome", kind="key")
    assert overdue == [("U1-K1", "missed")]


def test_an_old_register_is_kept_with_its_faults(register: Register, tmp_path: Path) -> None:
    """Rejected, or kept with the codes on the home's row and on its promises."""
    faulty = [*home("U1"), *handover(
        "U1", notice="2025-10-02 09:00", inspection="2025-10-19 10:00", at="2025-10-20 10:00",
    )]  # fmt: skip
    faulty = [one for one in faulty if one["do"] != "give_handover_notice"]
    assert load(register, tmp_path, faulty) == ["notice_missing", "notice_missing"]
    kept = imported(register, tmp_path, faulty, keep_irregular=True)
    assert kept.irregular["notice_missing"] == 2
    assert picked(register, "units", "2025-12-31 09:00", "status", "irregular") == [
        ("handed_over", "notice_missing")
    ]
    assert set(picked(register, "sla", "2025-12-31 09:00", "irregular", kind="unit")) == {
        ("notice_missing",)
    }


def test_homes_not_yet_renovated(register: Register, tmp_path: Path) -> None:
    """From the handover to the issue of a permit, with the last call."""
    lines = [
        *TWO_HOMES,
        told("record_visit", "2025-11-20 10:00", unit="U1", kind="renovation_call"),
        told("record_visit", "2025-11-25 10:00", unit="U1", kind="renovation_call"),
        told(
            "apply_for_permit", "2025-12-01 09:00", permit="P1", unit="U2", resident="U2-R",
            plan="-", contractor="-", licence="L-1",
        ),
        told("review_permit", "2025-12-02 09:00", "head1", permit="P1", outcome="approved"),
        told(
            "sign_agreement", "2025-12-03 09:00", permit="P1", agreement="XY-1", deposit="2000",
            fees_paid=True, water_test_ok=True,
            meters={"water": "1", "electricity": "2", "gas": "3"},
        ),
        told(
            "issue_permit", "2025-12-04 09:00", "head1", permit="P1", valid_from="2025-12-05",
            valid_to="2026-02-05",
        ),
    ]  # fmt: skip
    assert load(register, tmp_path, lines) == []
    columns = ("unit", "calls", "days_since")
    expected = [("U1", 2, 5), ("U2", 0, 29)]
    assert picked(register, "unrenovated-homes", "2025-11-30 09:00", *columns) == expected
    assert picked(register, "unrenovated-homes", "2025-12-04 09:00", *columns) == [("U1", 2, 9)]
