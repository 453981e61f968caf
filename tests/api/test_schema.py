"""The whole OpenAPI description, tried out by schemathesis with all its checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from guanjia.api import Settings, office_key

from .conftest import Service
from .test_questions import filled

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
EXAMPLES, SOAKED = 2, 100
"""How many good and how many bad requests each operation gets."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    """Yield one office for all operations, with something of each kind in it."""
    service = Service(office_key(tmp_path), Settings(10**5, 10**6, beat=0, beats=1))
    filled(service)
    with service.office:
        yield service


def tried(service: Service, examples: int) -> tuple[int, list[str]]:
    """Try every operation with so many good and bad requests; return how many, and the faults."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", service.app)
    count, faults = 0, list[str]()

    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                derandomize=examples == EXAMPLES,
                suppress_health_check=QUIET,
                phases=[Phase.generate],
            )
            def one(case: schemathesis.Case) -> None:
                nonlocal count
                count += 1
                headers = {"Authorization": f"Bearer {service.token('gm1')}"}
                case.call_and_validate(headers=headers)

            try:
                one()
            except Exception as fault:  # noqa: BLE001  every fault of every kind is told at the end
                faults.append(f"{operation.label}: {fault}")
    return count, faults


def test_it_answers_as_it_says(running: Service) -> None:
    """No error of ours, no status, type or body that the description does not have."""
    count, faults = tried(running, EXAMPLES)
    assert "\n\n".join(faults) == ""
    assert count >= 300
