"""The machines of homes, with many more histories and longer ones."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from ..domain.machine import modest
from ..domain.test_unit_machine import Homes, IrregularHomes
from .figures import recorded

pytestmark = pytest.mark.soak

EXAMPLES, STEPS = 150, 25


@pytest.mark.parametrize("machine", [Homes, IrregularHomes])
def test_homes_hold_for_many_more_histories(machine: type[Homes]) -> None:
    """Drawn anew each time; a failure prints the course that led to it."""
    anew = settings(modest(EXAMPLES, STEPS), derandomize=False, print_blob=True)
    with recorded(f"any course of a home's commands: {machine.__name__}") as figures:
        figures.runs = EXAMPLES
        run_state_machine_as_test(machine, settings=anew)
