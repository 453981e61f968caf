"""What others ask of the register of homes: who applies, and of which centre a home is."""

from __future__ import annotations

import pytest

from guanjia.domain.streams import PERMIT
from tests import permits as p
from tests import scenarios as s
from tests import units as u
from tests.spec import Line, given
from tests.units import AT

from .kept import receive_key
from .kept import register as register_parcel


def test_the_owner_applies_for_a_renovation() -> None:
    """The register says what the applicant is, whatever the application says."""
    outcome = given(u.OWNED).when(p.apply(applicant="tenant"))
    outcome.then(("permit.applied.1", {"applicant": "owner"}))


def test_a_tenant_applies_with_the_owners_consent() -> None:
    """A registered tenant needs it, and has it."""
    given(u.TENANTED).when(p.apply(resident="T1")).then_refused("consent_missing")
    given(u.TENANTED).when(p.apply(resident="T1", owner_consent="TY-1")).then(
        ("permit.applied.1", {"applicant": "tenant"})
    )


@pytest.mark.parametrize(
    ("history", "resident", "code"),
    [
        (u.OWNED, "R9", "not_owner_or_tenant"),
        (u.FAMILY, "F1", "not_owner_or_tenant"),
        ([*u.OWNED, u.change_owner("2025-10-12 09:00")], "R1", "not_owner_or_tenant"),
    ],
)
def test_only_an_owner_or_tenant_of_then_applies(
    history: list[Line], resident: str, code: str
) -> None:
    """Strangers, family and former owners do not; an import keeps what happened."""
    given(history).when(p.apply(resident=resident)).then_refused(code)
    kept = given(history).when(p.apply(resident=resident), keep_irregular=True)
    kept.then(("permit.applied.1", {"irregular": (code,)}))


def test_of_a_home_without_people_the_applicant_is_believed() -> None:
    """The register contradicts nobody then; a tenant needs consent all the same."""
    given(u.REGISTERED).when(p.apply()).then(("permit.applied.1", {"applicant": None}))
    given(u.REGISTERED).when(p.apply(applicant="tenant")).then_refused("consent_missing")


def test_a_company_post_applies_for_a_home_in_its_own_centre() -> None:
    """The register says which centre that is."""
    given(u.OWNED).when(p.apply(by="quality1")).then(("permit.applied.1", {"centre": "north"}))
    given(u.OWNED).when(p.apply(by="desk2")).then_refused("other_centre")


def test_an_application_typed_in_late_is_judged_by_when_it_was() -> None:
    """The owner of that day applied, though the home has passed on since."""
    world = given(u.OWNED, u.change_owner(AT)).run(p.apply())
    found = world.app._streams.state(PERMIT, "P-1")
    assert found is not None


NORTH_ONLY = [
    p.apply(unit="S1", centre="north"),
    receive_key("2025-11-03 09:00", unit="S1"),
    register_parcel("2025-11-03 09:00", unit="S1"),
    s.receive(unit="S1"),
]


@pytest.mark.parametrize("command", NORTH_ONLY, ids=lambda one: one["do"])
def test_a_home_of_another_centre_is_refused(command: Line) -> None:
    """A registered home belongs to one centre; one that is not registered yet is let pass."""
    given(u.OF_SOUTH).when(command).then_refused("unit_of_other_centre")
    kept = given(u.OF_SOUTH).when(command, keep_irregular=True)
    assert kept.refusal is None
    assert "unit_of_other_centre" in kept.events[0].irregular
    assert given(u.REGISTERED).when(command).refusal is None
