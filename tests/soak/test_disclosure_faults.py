"""Ten thousand disclosures that fail somewhere, and none that shows a value without its event."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from ..disclosure.faults import ERRORS, Fault, attempt, on_disk
from .figures import recorded

RUNS = 10_000
STEPS = 60

pytestmark = pytest.mark.soak


def test_ten_thousand_faults_show_nothing_unrecorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any error, before or after any statement or decryption."""
    random = Random(4)  # noqa: S311 - chance is only chance
    world = on_disk(tmp_path)
    with recorded("disclosures that fail at a random step") as figures:
        while figures.runs < RUNS:
            request = f"request-{figures.runs}-"
            fault = Fault(random.randrange(STEPS), random.random() < 0.5, random.choice(ERRORS))
            seen = attempt(world, fault, monkeypatch, request)
            assert world.recorded(request) or not seen
            figures.runs += 1
            figures.kills += fault.reached
