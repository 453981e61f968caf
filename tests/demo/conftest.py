"""One small demonstration for all tests of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

import guanjia as gj
from guanjia.demo import DemoSummary, build

END = datetime(2027, 1, 20, 11, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""After a New Year whose calendar is not built in, so that deadlines are settled too."""

SIZE = 90
"""Cases per centre: enough for every kind of story."""


@dataclass(frozen=True)
class Town:
    """An office with the demonstration in it."""

    office: gj.Office
    summary: DemoSummary


def new_office() -> gj.Office:
    """Return an empty office whose present is the end of the demonstration."""
    return gj.open_in_memory(clock=lambda: END)


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    """Yield a small demonstration."""
    with new_office() as office:
        yield Town(office, build(office, end=END, cases_per_centre=SIZE))
