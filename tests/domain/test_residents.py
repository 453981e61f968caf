"""The people of a home: who lives there, who leaves with whom, and whose area it is."""

from __future__ import annotations

from guanjia.domain.streams import CENTRE
from guanjia.domain.unit.events import OwnerChanged
from tests import units as u
from tests.spec import World, given, line, moment, only
from tests.units import AT


def present(world: World) -> dict[str, str]:
    """Return who is registered in the home now, with their roles."""
    residents = u.unit(world).residents.values()
    return {row.resident: row.role for row in residents if row.until is None}


def test_the_former_owner_leaves_with_the_family_and_the_tenant_stays() -> None:
    """A sale ends the owner's residence and that of the owner's family, not a tenancy."""
    history = [
        *u.TENANTED,
        u.resident("2025-10-04 09:00", "F1", "family"),
        u.resident("2025-10-04 09:00", "F2", "family", family_of="T1"),
    ]
    world = given(history, u.change_owner())
    assert present(world) == {"T1": "tenant", "F2": "family", "R2": "owner"}


def test_a_home_that_passes_within_the_family_keeps_it() -> None:
    """The new owner was one of the family: the others are the new owner's from then on."""
    world = given(
        u.FAMILY, u.resident("2025-10-04 09:00", "F2", "family"), u.change_owner(AT, "F1")
    )
    assert present(world) == {"F1": "owner", "F2": "family"}
    assert u.unit(world).residents["F2"].family_of == "F1"


def test_a_tenant_leaves_with_the_family() -> None:
    """Who moves out takes the family along."""
    history = [*u.LET, u.resident("2025-11-01 10:00", "F2", "family", family_of="T1")]
    world = given(history, u.do("end_residence", AT, resident="T1"))
    assert present(world) == {"R1": "owner"}


def test_somebody_comes_back() -> None:
    """Who moved out can be registered again; both stays are known."""
    world = given(u.GONE, u.resident(AT, "T1", "tenant"))
    home = u.unit(world)
    assert present(world) == {"R1": "owner", "T1": "tenant"}
    assert home.resident_on("T1", moment("2025-11-01 12:00"))
    assert home.resident_on("T1", moment("2025-11-02 12:00")) is None


def test_an_event_carries_the_rows_that_changed() -> None:
    """A change of owner carries both people's rows, and a visit none."""
    changed = only(given(u.OWNED).when(u.change_owner()).events, OwnerChanged)
    assert [row.resident for row in changed.residents] == ["R1", "R2"]
    visited = given(u.HANDED_OVER).when(u.visit())
    visited.then(("unit.visited.1", {"unit": None, "residents": (), "clocks": ()}))


OTHER = line(
    "post_staff",
    None,
    "2020-01-01 00:00",
    staff="stew2",
    person="p-stew2",
    post="steward",
    centre="north",
    department="service",
)


def areas(world: World) -> dict[str, str]:
    """Return whose area each home is."""
    kept = world.app._streams.state(CENTRE, "north").areas
    return {unit: care.staff for unit, care in sorted(kept.items())}


def test_an_area_is_replaced_as_a_whole() -> None:
    """Homes left out are nobody's, and homes of another steward change hands."""
    homes = [u.register(unit=name) for name in ("U2", "U3")]
    world = given(u.REGISTERED, OTHER, homes, u.area("2025-10-05 09:00", "U1", "U2"))
    world.run(u.area("2025-10-06 09:00", "U2", "U3", staff="stew2"))
    assert areas(world) == {"U1": "stew1", "U2": "stew2", "U3": "stew2"}
    world.run(u.area("2025-10-07 09:00", "U2"))
    assert areas(world) == {"U2": "stew1", "U3": "stew2"}


def test_an_area_typed_in_late_undoes_no_later_one() -> None:
    """What was assigned since stands."""
    late = u.area("2025-10-04 09:00", "U1", staff="stew2", recorded_at="2025-10-09T09:00:00+08:00")
    world = given(u.REGISTERED, OTHER, u.area("2025-10-05 09:00", "U1"), late)
    assert areas(world) == {"U1": "stew1"}


def test_the_same_area_again_stays_quiet() -> None:
    """Nothing has changed hands."""
    world = given(u.REGISTERED, u.area("2025-10-05 09:00", "U1"))
    assert areas(world.run(u.area("2025-10-06 09:00", "U1"))) == {"U1": "stew1"}


def test_who_left_twice_left_the_first_time() -> None:
    """A second moving out of irregular history does not move the first."""
    world = given(u.GONE)
    world.when(u.do("end_residence", AT, resident="T1"), keep_irregular=True)
    assert u.unit(world).residents["T1"].until == moment("2025-11-02 09:00")
