"""The HTTP interface for long: a service killed under many clients, and its whole description."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guanjia.api import Settings, office_key

from ..api.conftest import Service, filled
from ..api.served import Served, Storm, running
from ..api.test_schema import SOAKED, tried
from .figures import Figures, recorded

CLIENTS, SECONDS = 16, 60
WANTED, PARTS = 20_000, 4

pytestmark = pytest.mark.soak


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Yield a service that runs."""
    with running(tmp_path / "data") as made:
        yield made


def test_nothing_acknowledged_is_lost_under_many_clients(served: Served) -> None:
    """Sixteen clients for a minute while the service is killed and restarted."""
    storm = Storm(served)
    with recorded("16 clients of a service that is killed") as figures:
        storm.run(CLIENTS, lambda: count_kills(storm, figures))
        figures.runs = len(storm.acknowledged)
        served.stop()
        storm.check()


def count_kills(storm: Storm, figures: Figures) -> None:
    """Kill for a minute, and note how often."""
    figures.kills = storm.kill_until(SECONDS, acknowledged=10 * CLIENTS, each=4 * CLIENTS)


@pytest.mark.parametrize("part", range(PARTS))
def test_it_answers_as_it_says_for_long(tmp_path: Path, part: int) -> None:
    """Tens of thousands of good and bad requests to every operation."""
    service = Service(office_key(tmp_path), Settings(10**5, 10**6, beat=0, beats=1))
    filled(service)
    name = f"requests made from the description, part {part + 1} of {PARTS}"
    with service.office, recorded(name) as figures:
        figures.runs, faults = tried(service, SOAKED, part, PARTS)
        assert "\n\n".join(faults) == ""
        assert figures.runs >= WANTED // PARTS
