"""A register of which October's reports are made."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from guanjia.reports import FORMATS, REPORTS, Issue, Question, issue

from ..projections.register import Register, in_memory, moment

OCTOBER = date(2025, 10, 1)


@pytest.fixture(scope="module")
def register() -> Register:
    """A register with a complaint and a repair of October, and what became of them."""
    register = in_memory()
    register.receive("N-1", "2025-10-08 09:00")
    register.classify("N-1", "2025-10-08 09:05")
    register.reply("N-1", "2025-10-08 09:10")
    register.finish("N-1", "2025-10-10 09:00")
    register.receive("N-2", "2025-10-09 09:00", category="repair", topic="leak")
    register.revisit("N-1", "2025-10-11 09:00", recorded_at="2025-11-05 09:00")
    return register


def made(
    register: Register, name: str = "opinion-monthly", as_of: str = "2025-11-03 09:00"
) -> Issue:
    """Return October's report as of November."""
    question = Question(REPORTS[name], month=OCTOBER, as_of=moment(as_of))
    return issue(register.office, question)


def reopened(made: Issue) -> Any:  # noqa: ANN401 - openpyxl has no types
    """Return a report's workbook, read again."""
    return openpyxl.load_workbook(io.BytesIO(FORMATS[".xlsx"].write(made)))
