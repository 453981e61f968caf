"""The properties of the other tests, with many more histories and another draw each time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..domain import test_properties as domain
from ..domain.drawing import HISTORIES
from ..projections import test_reference as reference
from ..projections import test_stability as stability
from ..projections.histories import histories, seeded
from .figures import recorded

pytestmark = pytest.mark.soak

PARTS = st.lists(histories(bursts=5), min_size=1, max_size=4)
STARTS = st.integers(0, 5)
PROPERTIES: dict[str, tuple[Any, tuple[st.SearchStrategy[Any], ...], int]] = {
    "a line leaves events or a typed refusal": (
        domain.test_a_line_leaves_events_or_a_typed_refusal,
        (HISTORIES, st.booleans(), st.booleans()),
        3000,
    ),
    "what was promised is kept": (
        domain.test_what_was_promised_is_kept,
        (HISTORIES,),
        3000,
    ),
    "no date from 1990 to 2100 crashes": (
        domain.test_no_date_from_1990_to_2100_crashes,
        (domain.AT, st.sampled_from(["department", "company"]), st.sampled_from(["phone", "web"])),
        5000,
    ),
    "the views say what the law says": (
        reference.test_the_views_say_what_the_law_says,
        (histories(), STARTS, st.booleans()),
        300,
    ),
    "live is as_of now is rebuilt from zero": (
        stability.test_live_is_as_of_now_is_rebuilt_from_zero,
        (PARTS, STARTS, st.sampled_from((1, 2, 7, 100))),
        60,
    ),
    "an answer stands for ever": (
        stability.test_an_answer_stands_for_ever,
        (PARTS, STARTS, st.booleans()),
        60,
    ),
}
"""Property → (its test, the strategies it is given, how many examples)."""

LONG = range(1000, 1040)
"""Seeds of long histories that no other test has."""


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_holds_for_many_more_examples(name: str) -> None:
    """The same test function, drawn anew; a failure prints what reproduces it."""
    test, strategies, examples = PROPERTIES[name]
    many = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    with recorded(f"property: {name}") as figures:

        @many
        @given(st.tuples(*strategies))
        def holds(drawn: tuple[Any, ...]) -> None:
            figures.runs += 1
            test.hypothesis.inner_test(*drawn)

        holds()


def test_long_histories_say_what_the_law_says() -> None:
    """Histories of a hundred steps and more, against the reference."""
    failed: list[int] = []
    with recorded("long histories against the reference") as figures:
        for seed in LONG:
            figures.runs += 1
            try:
                reference.check(seeded(seed, 40), seed, keep_irregular=seed % 4 == 3, count=3)
            except AssertionError:
                failed.append(seed)
                figures.failures += 1
    assert failed == []
