"""The machines of keys, parcels, renovations and complaints, run longer and drawn anew."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from ..domain.machine import Register
from ..domain.test_complaint_machine import Handling
from ..domain.test_key_machine import Cabinet
from ..domain.test_parcel_machine import Desk
from ..domain.test_permit_machine import Renovation
from .figures import recorded

pytestmark = pytest.mark.soak

LONG = settings(
    max_examples=1000,
    stateful_step_count=80,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.mark.parametrize("machine", [Cabinet, Desk, Renovation, Handling])
def test_a_machine_runs_long(machine: type[Register]) -> None:
    """The same rules and invariants; a failure prints what reproduces it."""
    with recorded(f"machine: {machine.__name__}") as figures:
        run_state_machine_as_test(machine, settings=LONG)
        figures.runs = LONG.max_examples
