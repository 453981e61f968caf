"""The gateway: what it shows, to whom, and the record it leaves of every question."""

from __future__ import annotations

import copy
import pickle

import pytest

from guanjia.domain.disclosure import names
from guanjia.domain.disclosure.commands import PAGE, Ask
from guanjia.domain.disclosure.events import AccessEvent, DataDisclosed
from guanjia.domain.disclosure.seen import Denied
from guanjia.domain.errors import DisclosureUnsettled, Malformed, Rejected
from tests import scenarios as s
from tests import units as u
from tests.spec import line

from .places import Community, case, community


def test_a_disclosure_is_an_event_before_it_is_a_value() -> None:
    """Who, which fields, what for and which case stand in the record, and no value."""
    world = community()
    with world.ask("name phone", complaint="N-1") as seen:
        assert (seen.name, seen.phone) == ("李四", "13900139000")
    (event,) = world.trail()
    assert isinstance(event, DataDisclosed)
    assert (event.by, event.person, event.post) == ("desk1", "p-desk1", "front_desk")
    assert (event.fields_asked, event.purpose) == (("name", "phone"), "repair")
    assert (event.complaint, event.open_case, event.matrix) == ("N-1", True, "1")
    assert event.about[0].unit == "U1"
    assert (event.origin, len(event.request)) == ("python", 16)
    assert seen.position == world.position
    assert b"139" not in event.to_bytes()


def test_a_home_shows_its_people_the_owner_last() -> None:
    """``seen.phone`` is the owner's; former residents and their data are shown no more."""
    world = community()
    seen = world.ask("name phone", "callback", "super1", unit="U1")
    assert [value.resident for value in seen.of("name")] == ["T1", "R1"]
    assert (seen.name, seen.phone) == ("张三", "13800138000")
    world.run(u.do("end_residence", "2025-11-30 09:00", resident="T1"))
    world.later(minutes=1)
    seen = world.ask("name", "callback", "super1", unit="U1")
    assert [value.resident for value in seen.of("name")] == ["R1"]


def test_the_family_is_a_field_of_its_own() -> None:
    """Members of the family are shown to whom the matrix shows the family."""
    world = community()
    seen = world.ask("family", "visit", "stew1", unit="U1")
    assert [value.clear for value in seen.of("family")] == ["张小三"]


def test_a_merged_reporter_is_called_until_the_matter_is_closed() -> None:
    """Each reporter of a matter is still owed a revisit; the survivor's closing ends that."""
    world = community(case("N-6"), s.merge("2025-11-04 09:00", complaint="N-6"))
    assert world.ask("phone", "callback", complaint="N-6").phone == "13900139000"
    (event,) = world.trail()
    assert isinstance(event, DataDisclosed)
    assert event.open_case
    world.run(s.force_close("2025-11-05 09:00"))
    assert world.why("phone", "callback", complaint="N-6") == "no_open_case"


def test_a_changed_number_takes_the_place_of_the_old_one() -> None:
    """A home's contact updated, a case's contact corrected: the last one counts."""
    world = community(
        u.do("update_contact", "2025-11-20 09:00", resident="R1", contact={"phone": "10086"})
    )
    assert world.ask("phone", "callback", "super1", unit="U1").phone == "10086"


def test_a_vehicle_goes_with_its_space() -> None:
    """A space that was given up shows its vehicle no more."""
    world = community()
    assert world.ask("vehicle", "security", "guard1", unit="U1").vehicle == "粤B12345"
    world.run(u.do("end_parking", "2025-11-30 09:00", space="B-1"))
    assert world.ask("vehicle", "security", "guard1", unit="U1").vehicle is None


@pytest.mark.parametrize(
    ("name", "shown", "masked"),
    [
        ("张三", "张", "张**"),
        ("欧阳修", "欧阳", "欧阳**"),
        ("司马光", "司马", "司马**"),
        ("上官", "上", "上**"),
        ("John Smith", "John", "J**"),
    ],
)
def test_a_surname_is_what_the_technician_sees(name: str, shown: str, masked: str) -> None:
    """Compound surnames are whole, and a mask shows no more than the surname."""
    assert (names.surname(name), names.mask("name", name)) == (shown, masked)


def test_the_technician_sees_the_surname_until_the_case_is_finished() -> None:
    """Dispatched to another, or finished, the case shows nothing."""
    world = community()
    assert world.ask("surname", "repair", "tech2", complaint="N-1").surname == "李"
    assert world.why("surname", "repair", "tech1", complaint="N-1") == "not_dispatched"
    assert world.why("name", "repair", "tech2", complaint="N-1") == "not_granted"
    world.run(s.finish("2025-11-30 09:00", by="tech2", complaint="N-1"))
    assert world.why("surname", "repair", "tech2", complaint="N-1") == "not_dispatched"


def test_an_area_follows_the_person() -> None:
    """A home taken out of the area is closed to the steward at once."""
    world = community(u.area("2025-11-30 09:00", "U2"))
    assert world.why("phone", "visit", "stew1", unit="U1") == "not_own_area"
    assert world.why("phone", "visit", "stew1", unit="U2") == "disclosed"


def test_a_page_is_one_event() -> None:
    """Many homes of a list are asked for at once, and one of another centre denies them all."""
    world = community()
    ask = {"asked": ["name"], "purpose": "visit"}
    about = [{"kind": "unit", "id": "U1"}, {"kind": "unit", "id": "U2"}]
    seen = world.gateway.disclose(Ask.model_validate({**ask, "about": about}), by="desk1")
    assert [value.clear for value in seen.of("name")] == ["李四", "张三", "欧阳修"]
    (event,) = world.trail()
    assert isinstance(event, AccessEvent)
    assert [one.id for one in event.about] == ["U1", "U2"]
    with pytest.raises(Denied):
        more = [*about, {"kind": "unit", "id": "U3"}]
        world.gateway.disclose(Ask.model_validate({**ask, "about": more}), by="desk1")


@pytest.mark.parametrize(
    ("fields", "purpose", "about", "code"),
    [
        (["phone"], "callback", {"unit": "U9"}, "unknown_unit"),
        (["phone"], "callback", {"complaint": "N-9"}, "unknown_complaint"),
        (["phone"], "callback", {"unit": "U1", "complaint": "N-9"}, "unknown_complaint"),
        (["shoe_size"], "callback", {"unit": "U1"}, "malformed"),
        (["phone"], "curiosity", {"unit": "U1"}, "malformed"),
        ([], "callback", {"unit": "U1"}, "malformed"),
        (["phone"], "callback", {}, "malformed"),
    ],
)
def test_what_is_unknown_or_malformed_is_refused(
    fields: list[str], purpose: str, about: dict[str, str], code: str
) -> None:
    """There is nothing to show and nothing to record."""
    world = community()
    before = world.position
    with pytest.raises(Rejected) as refused:
        world.gateway.disclose(Ask.of(fields, purpose, **about), by="desk1")
    assert (refused.value.code, world.position) == (code, before)


def test_a_page_has_an_end() -> None:
    """More than a page is asked for page by page."""
    about = [{"kind": "unit", "id": f"U{number}"} for number in range(PAGE + 1)]
    with pytest.raises(Malformed):
        Ask.of(["name"], "visit", about=about)


def test_nothing_is_shown_while_its_event_can_be_undone() -> None:
    """Inside somebody's open transaction the gateway refuses."""
    world = community()
    with pytest.raises(DisclosureUnsettled), world.app.transaction():
        world.ask("phone", complaint="N-1")
    assert world.trail() == []


def test_what_was_seen_is_forgotten_and_has_no_repr() -> None:
    """After the block the values are gone; they are neither printed, copied nor pickled."""
    world = community()
    with world.ask("phone", complaint="N-1") as seen:
        (value,) = seen.of("phone")
        assert "139" not in repr(seen) + str(seen) + repr(value)
        for keep in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError):
                keep(seen)
    assert seen.phone is None
    with pytest.raises(AttributeError):
        _ = seen.nothing


def test_a_list_shows_masks_only() -> None:
    """张**, 138****5678: the person in force, without a disclosure."""
    world = community()
    assert world.gateway.mask("unit", "U2", "name") == "欧阳**"
    assert world.gateway.mask("complaint", "N-1", "phone") == "139****9000"
    assert world.gateway.mask("complaint", "N-1", "address_other") is None
    assert world.trail() == []


def test_a_broken_glass_shows_for_fifteen_minutes() -> None:
    """It opens one home to one person; the sixteenth minute is denied again."""
    world = community()
    about = {"kind": "unit", "id": "U1"}
    when = "2025-12-01 10:00"
    world.run(line("break_glass", "guard1", when, glass="G-1", about=about, reason="漏水"))
    assert world.ask("phone", "emergency", "guard1", unit="U1", glass="G-1").position
    assert world.ask("family", "emergency", "guard1", unit="U1", glass="G-1").of("family")
    assert world.why("bank", "emergency", "desk1", unit="U1", glass="G-1") == "not_granted"
    assert world.why("family", "emergency", "guard1", unit="U2", glass="G-1") == "not_granted"
    world.later(minutes=15)
    assert world.why("vehicle", "emergency", "guard1", unit="U1", glass="G-1") == "disclosed"
    world.later(seconds=1)
    assert world.why("vehicle", "emergency", "guard1", unit="U1", glass="G-1") == "not_granted"
    shown = [event for event in world.trail() if isinstance(event, DataDisclosed)]
    assert [event.glass for event in shown] == [None, "G-1", "G-1"]


def test_a_home_sold_meanwhile_is_the_same_home() -> None:
    """The glass names the home, not who lives there."""
    world: Community = community()
    about = {"kind": "unit", "id": "U1"}
    world.run(line("break_glass", "guard1", "2025-12-01 10:00", glass="G", about=about, reason="x"))
    world.run(u.change_owner("2025-12-01 10:00", "R9", contact={"name": "新"}))
    assert world.ask("family name", "emergency", "guard1", unit="U1", glass="G").name == "新"


def test_a_glass_opens_nothing_to_who_left() -> None:
    """Leaving ends it at once."""
    world = community()
    about = {"kind": "unit", "id": "U1"}
    world.run(line("break_glass", "guard1", "2025-12-01 10:00", glass="G", about=about, reason="x"))
    world.run(line("staff_leaves", None, "2025-12-01 10:00", staff="guard1"))
    assert world.why("family", "emergency", "guard1", unit="U1", glass="G") == "left"
