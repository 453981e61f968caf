"""The whole OpenAPI description, tried out by schemathesis with all its checks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from guanjia.api import Settings, office_key

from .conftest import Service, filled

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
EXAMPLES, SOAKED = 1, 80
"""How many good and how many bad requests each operation gets."""
REFUSED = ["400", "401", "403", "404", "406", "409", "412", "429"]
CONFIG = {
    "request-timeout": 120,
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", *REFUSED]},
        "negative_data_rejection": {"expected-statuses": ["405", "413", "422", *REFUSED[1:]]},
    },
    "operations": [
        {
            "include-path": "/complaints/{complaint}/corrections",
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "422", *REFUSED]}},
        }
    ],
}
"""A well-formed request may be refused by a rule; only a malformed one is 422, or too large.

What a fact can be corrected to depends on the fact, which no schema says.
Letters of any script are letters of an identifier; schemathesis takes some for malformed.
"""

OFFSETS = st.integers(-11, 11).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=OFFSETS)  # noqa: DTZ001
DATES = st.dates(date(2000, 1, 1), date(2099, 1, 1))
schemathesis.openapi.format("date", DATES.map(date.isoformat))
schemathesis.openapi.format("date-time", MOMENTS.map(lambda at: at.isoformat(timespec="seconds")))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    """Yield one office for all operations, with something of each kind in it."""
    service = Service(office_key(tmp_path), Settings(10**5, 10**6, beat=0, beats=1))
    filled(service)
    with service.office:
        yield service


def tried(service: Service, examples: int, part: int = 0, parts: int = 1) -> tuple[int, list[str]]:
    """Try every operation with so many good and bad requests; return how many, and the faults.

    ``part`` of ``parts`` (counted from 0) takes its share of the operations.
    """
    description = service.app.openapi()
    for path in description["paths"].values():
        for operation in path.values():
            operation.pop("security", None)  # the token is ours; without one, see the forged ones
    config = schemathesis.Config.from_dict(CONFIG)
    schema = schemathesis.openapi.from_asgi("/openapi.json", service.app, config=config)
    count, faults = 0, list[str]()

    for found in [*schema.get_all_operations()][part::parts]:
        assert isinstance(found, Ok)
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
            def one(case: schemathesis.Case[Any]) -> None:
                nonlocal count
                count += 1
                headers = {"Authorization": f"Bearer {service.token('gm1')}"}
                case.call_and_validate(headers=headers)

            try:
                with suppress(Unsatisfiable):  # what takes anything cannot be asked wrongly
                    one()
            except (Exception, BaseExceptionGroup) as fault:  # noqa: BLE001  all are told
                faults.append(f"{operation.label} {mode}: {_told(fault)}")
    return count, faults


def _told(fault: BaseException) -> str:
    inner = fault.exceptions if isinstance(fault, BaseExceptionGroup) else [fault]
    return "; ".join(str(one) for one in inner)


def test_it_answers_as_it_says(running: Service) -> None:
    """No error of ours, no status, type or body that the description does not have."""
    count, faults = tried(running, EXAMPLES)
    assert "\n\n".join(faults) == ""
    assert count >= 250
