"""Exports in clear: two persons, once, watermarked, and on record what they contain."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from guanjia.domain.errors import Rejected
from tests import units as u
from tests.spec import Line, line

from .places import ERASED, EXPORT, HELD, NOW, REQUESTED, community, office

REQUEST, APPROVE = EXPORT
DESTROY = line("destroy_export", "keeper1", NOW, export="X-1")


def test_an_export_is_written_once_with_who_has_it(tmp_path: Path) -> None:
    """A file for its owner only; every row bears the person and the event's number."""
    world, path = community(EXPORT), tmp_path / "list.csv"
    position = office(world).export("X-1", path, by="keeper1")
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["unit"], row["resident"], row["field"], row["value"]) for row in rows] == [
        ("U1", "T1", "name", "李四"), ("U1", "R1", "name", "张三"),
        ("U1", "T1", "phone", "13900139000"), ("U1", "R1", "phone", "13800138000"),
        ("U2", "R2", "name", "欧阳修"), ("U2", "R2", "phone", "1"),
    ]  # fmt: skip
    assert {row["watermark"] for row in rows} == {f"keeper1 p-keeper1 #{position}"}
    with pytest.raises(Rejected) as refused:
        office(world).export("X-1", tmp_path / "again.csv", by="keeper1")
    assert refused.value.code == "export_released_already"
    assert not (tmp_path / "again.csv").exists()


def test_no_value_is_a_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    """What a caller said of themselves is opened by who may see everything."""
    live = {"name": '=HYPERLINK("https://evil.test","张三")', "phone": "+8613800138000"}
    entry = u.resident("2025-11-01 09:00", "R3", "tenant", unit="U2", contact=live)
    world, path = community(entry, EXPORT), tmp_path / "list.csv"
    office(world).export("X-1", path, by="keeper1")
    with path.open(encoding="utf-8-sig", newline="") as file:
        values = [row["value"] for row in csv.DictReader(file) if row["resident"] == "R3"]
    assert values == [f"'{live['name']}", f"'{live['phone']}"]


def test_nothing_is_recorded_when_the_file_is_there(tmp_path: Path) -> None:
    """No file is overwritten, and then there is no event either."""
    world, path = community(EXPORT), tmp_path / "list.csv"
    path.touch()
    before = world.position
    with pytest.raises(FileExistsError):
        office(world).export("X-1", path, by="keeper1")
    assert world.position == before


def test_an_export_is_held_until_it_is_destroyed(tmp_path: Path) -> None:
    """It stands among what its holder has, and in the list of exports with both persons."""
    world = community(EXPORT)
    views = office(world)
    views.export("X-1", tmp_path / "list.csv", by="keeper1")
    (row,) = views.query("exports").plain()
    assert (row["status"], row["person"], row["approver"], row["homes"]) == (
        "released", "p-keeper1", "p-head1", 2,
    )  # fmt: skip
    (held,) = [one for one in views.query("holdings").rows() if one["kind"] == "export"]
    assert (held["thing"], held["account"]) == ("X-1", "keeper1")
    world.run(DESTROY)
    world.later(seconds=1)
    (row,) = views.query("exports").plain()
    assert row["status"] == "destroyed"
    assert [one for one in views.query("holdings").rows() if one["kind"] == "export"] == []


def test_who_is_restricted_is_left_out() -> None:
    """What a hold keeps goes into no list."""
    world = community(EXPORT, REQUESTED, HELD, ERASED)
    event, _, values = world.gateway.release("X-1", by="keeper1")
    assert event.about[0].residents == ("T1",)
    assert "张三" not in {value.clear for value in values}


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([], {**REQUEST, "by": "head1"}, "wrong_post"),
        ([], {**REQUEST, "fields_asked": ["bank"]}, "not_granted"),
        ([], {**REQUEST, "purpose": "fee"}, "not_granted"),
        ([], {**REQUEST, "units": ["U3"]}, "unit_of_other_centre"),
        ([], {**REQUEST, "units": ["U9"]}, "unknown_unit"),
        ([REQUEST], REQUEST, "duplicate_export"),
        ([], APPROVE, "unknown_export"),
        ([REQUEST], {**APPROVE, "by": "keeper1"}, "wrong_post"),
        ([REQUEST], {**APPROVE, "by": "head2"}, "other_centre"),
        (EXPORT, APPROVE, "export_approved_already"),
        (EXPORT, DESTROY, "export_not_released"),
    ],
)
def test_what_is_refused(history: list[Line], command: Line, code: str) -> None:
    """Nothing is recorded, and the code says why."""
    community(history).when(command).then_refused(code)


def test_one_person_does_not_export_alone() -> None:
    """Whichever account they use."""
    twin = line(
        "post_staff", None, "2020-01-01 00:00",
        staff="head9", person="p-keeper1", post="department_head", centre="north",
    )  # fmt: skip
    community(twin, REQUEST).when({**APPROVE, "by": "head9"}).then_refused("one_approver")


@pytest.mark.parametrize(
    ("history", "by", "code"),
    [
        ([REQUEST], "keeper1", "export_not_approved"),
        (EXPORT, "head1", "wrong_post"),
        ([], "keeper1", "unknown_export"),
    ],
)
def test_a_release_is_refused(history: list[Line], by: str, code: str) -> None:
    """Only who asked, only when approved."""
    world = community(history)
    with pytest.raises(Rejected) as refused:
        world.gateway.release("X-1", by=by)
    assert refused.value.code == code


def test_a_destroyed_export_is_destroyed_once() -> None:
    """The second report is refused."""
    world = community(EXPORT)
    world.gateway.release("X-1", by="keeper1")
    world.run(DESTROY)
    world.when(DESTROY).then_refused("export_destroyed_already")
