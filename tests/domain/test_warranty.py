"""The warranty: its last days, repairs sent back, what inspections found, irregular history."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from guanjia.domain.streams import UNIT
from guanjia.domain.unit.commands import DefectKind
from guanjia.domain.unit.standing import DefectRow
from guanjia.domain.warranty_report import WarrantyExplained
from tests import defects as d
from tests.spec import Line, World, given, line, moment, only


def defect(world: World, name: str = "D1") -> DefectRow:
    """Return a defect as decisions see it."""
    unit = world.app._streams.state(UNIT, "U1")
    assert unit
    return unit.defects[name]


@pytest.mark.parametrize("kind", get_args(DefectKind))
def test_each_kind_has_the_last_day_of_its_own_warranty(kind: str) -> None:
    """What the register knows stands beside what the person said, whether or not they agree."""
    row = defect(given(d.HOME, d.report(d.AT, kind=kind)))
    until = d.WARRANTY_UNTIL.get(kind)
    assert (row.kind, row.where) == (kind, "inside")
    assert row.warranty_until == (date.fromisoformat(until) if until else None)


def test_words_and_evidence_are_sealed() -> None:
    """The events carry references, the vault the words; the row says that there is evidence."""
    world = given(d.HOME, d.report(d.AT, **d.DESIGN), d.explain(d.AT))
    _, reported = world.stream("unit:U1")
    explained = only(world.stream("centre:north"), WarrantyExplained)
    told = {"text": "卫生间渗水", "evidence": "现场照片三张"}
    for name, value in told.items():
        assert world.store.vault.reveal(getattr(reported, name)) == value
    assert world.store.vault.reveal(explained.text) == "施工单位缺料"
    stored = b"".join(row.state for row in world.store.read(0, 1000)).decode()
    assert not [word for word in (*told.values(), "施工单位缺料") if word in stored]
    assert defect(world).evidenced


def test_a_repair_that_is_not_accepted_is_open_again() -> None:
    """The next turn begins; the letter of the first one still stands."""
    row = defect(given(d.SENT_BACK))
    assert (row.status, row.turn, row.letter, row.finished_at) == ("notified", 2, "BX-7", None)
    assert row.sent_back_at == moment("2025-11-05 10:00")
    again = given(d.SENT_BACK, d.notify("2025-11-05 11:00", letter="BX-8"), d.finish(d.AT))
    row = defect(again.run(d.verify("2025-11-07 09:00")))
    assert (row.status, row.turn, row.letter) == ("verified", 2, "BX-8")
    assert (row.finished_at, row.verified_at) == (moment(d.AT), moment("2025-11-07 09:00"))


def test_outside_the_warranty_a_repair_sent_back_is_reported_again() -> None:
    """No builder was told, and none needs to be."""
    world = given(d.OUTSIDE, d.finish(), d.verify(accepted=False))
    assert (defect(world).status, defect(world).turn) == ("reported", 2)
    world.when(d.finish(d.AT)).then("unit.defect_finished.1")


def test_what_the_inspection_found_is_followed_the_same_way() -> None:
    """A defect of the inspection has its kind's last day, and goes the same steps."""
    notice = line(
        "give_handover_notice", "desk1", "2025-10-01 09:00", unit="U1", handover_on="2025-10-20"
    )
    found = [
        {"defect": "D1", "kind": "civil", "text": "空鼓"},
        {"defect": "D2", "kind": "other", "where": "outside", "text": "划痕"},
    ]
    inspect = line(
        "inspect_unit", "tech1", "2025-10-19 10:00",
        unit="U1", water="12.3", electricity="45", defects=found,
    )  # fmt: skip
    world = given(d.HOME, notice, inspect)
    first = defect(world)
    assert (first.where, first.status, first.turn) == ("inside", "reported", 1)
    assert (first.warranty_until, first.reported_at) == (
        date(2025, 10, 31),
        moment("2025-10-19 10:00"),
    )
    world.when(d.report(d.AT, defect="D2")).then_refused("duplicate_defect")
    world.when(d.finish(d.AT)).then_refused("builder_not_notified")
    world.run(d.notify(), d.finish(), d.verify(), d.finish(d.AT, defect="D2"))
    assert (defect(world).status, defect(world, "D2").status) == ("verified", "finished")


def test_a_late_entry_keeps_its_own_time() -> None:
    """Typed in days later it counts when it happened, and stands after what it follows."""
    late = {**d.finish("2025-11-04 15:00"), "recorded_at": moment("2025-11-20 09:00").isoformat()}
    world = given(d.NOTIFIED)
    (event,) = world.when(late).events
    assert (event.at, event.recorded_at) == (moment("2025-11-04 15:00"), moment("2025-11-20 09:00"))
    assert defect(world).finished_at == moment("2025-11-04 15:00")


def kept(history: list[Line], command: Line) -> tuple[DefectRow, tuple[str, ...]]:
    """Return the defect after an irregular entry, and what was passed over."""
    world = given(history)
    (event,) = world.when(command, keep_irregular=True).events
    return defect(world), event.irregular


KEPT: list[tuple[list[Line], Line, str, dict[str, Any]]] = [
    (d.REPORTED, d.finish(d.AT), "builder_not_notified", {"status": "finished"}),
    (d.FINISHED, d.finish(d.AT), "defect_finished_already",
     {"finished_at": moment("2025-11-04 15:00")}),
    (d.VERIFIED, d.finish(d.AT), "defect_finished_already", {"status": "verified"}),
    (d.VERIFIED, d.notify(d.AT, letter="BX-9"), "defect_finished_already",
     {"status": "verified", "letter": "BX-9"}),
    (d.NOTIFIED, d.verify(d.AT), "defect_not_finished",
     {"status": "verified", "finished_at": moment(d.AT), "verified_at": moment(d.AT)}),
    (d.VERIFIED, d.verify(d.AT), "defect_not_finished",
     {"verified_at": moment("2025-11-05 10:00")}),
    (d.VERIFIED, d.verify(d.AT, accepted=False), "defect_not_finished",
     {"status": "notified", "turn": 2, "finished_at": None, "verified_at": None}),
    (d.HOME, d.report(d.AT, design=True), "evidence_missing", {"design": True, "evidenced": False}),
    (d.SENT_BACK, d.finish("2025-11-05 09:00"), "out_of_order", {"status": "finished", "turn": 2}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("history", "command", "code", "facts"), KEPT, ids=[f"{n}-{k[2]}" for n, k in enumerate(KEPT)]
)
def test_irregular_history_is_kept_as_it_happened(
    history: list[Line], command: Line, code: str, facts: dict[str, Any]
) -> None:
    """The code stands on the event; of two repairs of one turn the first stands."""
    row, passed_over = kept(history, command)
    assert passed_over == (code,)
    assert {name: getattr(row, name) for name in facts} == facts


@pytest.mark.parametrize(
    "command",
    [
        d.report(d.AT),
        d.notify(d.AT, defect="D9"),
        d.report(d.AT, defect="D2", complaint="N-9"),
        d.explain(first="2025-11-04"),
        d.explain(centre="moon"),
    ],
    ids=["twice", "no defect", "no case", "no Monday", "no centre"],
)
def test_the_impossible_is_not_kept(command: Line) -> None:
    """What cannot be is rejected even of an old register."""
    refusal = given(d.REPORTED).when(command, keep_irregular=True).refusal
    assert refusal
    assert not refusal.keepable
