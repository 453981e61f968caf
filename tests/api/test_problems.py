"""Every code of a problem is explained, in both languages."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from guanjia.api.codes import FINER, codes
from guanjia.api.negotiation import preferred


def test_every_code_is_said_in_both_languages() -> None:
    """No title is missing, and none is left over from a code that is gone."""
    every = codes()
    assert [code for code, meaning in every.items() if not meaning.en or not meaning.zh] == []
    texts = (
        files("guanjia.domain.errors").joinpath("chinese.toml").read_text("utf-8"),
        files("guanjia.api").joinpath("chinese.toml").read_text("utf-8"),
    )
    refusals, others = (tomllib.loads(text) for text in texts)
    assert {*refusals, *others["titles"]} - {*every} <= {"rejected", "storage", "projection_error"}


def test_a_fault_of_a_field_is_unprocessable() -> None:
    """What is wrong with the request itself is 422 under every name."""
    assert {codes()[code].status for code in FINER} == {422}


@pytest.mark.parametrize(
    ("header", "best"),
    [
        (None, "en"),
        ("zh", "zh"),
        ("zh-CN,en;q=0.5", "zh"),
        ("fr, en;q=0.3, zh;q=0.2", "en"),
        ("*", "en"),
        ("*;q=0.1, zh", "zh"),
        ("en;q=0, *", "zh"),
        ("fr", None),
        ("zh;q=much", None),
    ],
)
def test_the_language_liked_best(header: str | None, best: str | None) -> None:
    """The weights of Accept-Language decide, and the first offered when they do not."""
    assert preferred(header, ("en", "zh")) == best


@pytest.mark.parametrize(
    ("header", "best"),
    [
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("*/*", "application/json"),
        ("text/csv;q=0.1, */*", "application/json"),
        ("application/json;q=0.1, text/*;q=0.2", "text/csv"),
        ("image/png", None),
    ],
)
def test_the_form_liked_best(header: str, best: str | None) -> None:
    """So do those of Accept."""
    assert preferred(header, ("application/json", "text/csv")) == best
