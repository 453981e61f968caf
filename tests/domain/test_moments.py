"""Moments that commands name: never so far ahead that what is counted on from them is no time."""

from __future__ import annotations

from datetime import datetime
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import TypeAdapter, ValidationError, create_model

from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.moments import LAST_GIVEN_YEAR, Given, in_zone, parse
from tests.spec import SHANGHAI

PAST = {"at", "posted_at", "forwarded_at", "first_at"}
"""The fields that name what has been: a rule refuses them ahead of the present."""
GIVEN = TypeAdapter[datetime](Given)


@pytest.mark.parametrize("far", ["9998-12-31T20:00:00+00:00", "3000-01-01T00:00:00+08:00"])
def test_a_time_far_ahead_is_none(far: str) -> None:
    """The year 3000 and later are refused, though they can be written."""
    assert parse(far).year > LAST_GIVEN_YEAR
    with pytest.raises(ValidationError, match="not a time"):
        GIVEN.validate_python(far)


def test_the_last_time_fits_every_zone() -> None:
    """What may be given can be written in the office's zone, and read again."""
    last = GIVEN.validate_python("2999-12-31T23:59:59-12:00")
    assert parse(in_zone(last, SHANGHAI).isoformat()) == last


def test_commands_name_no_time_far_ahead() -> None:
    """Each field of a command that looks ahead is bounded."""
    ahead = {
        f"{do}.{name}": info
        for do, cls in COMMANDS.items()
        for name, info in cls.model_fields.items()
        if name not in PAST and datetime in _kinds(info.annotation)
    }
    assert len(ahead) > 8
    for info in ahead.values():
        kind: Any = Annotated[info.annotation, *info.metadata]
        model = create_model("One", one=(kind, ...))
        with pytest.raises(ValidationError, match="not a time"):
            model.model_validate({"one": "9998-12-31T20:00:00+00:00"})


def _kinds(annotation: Any) -> set[Any]:  # noqa: ANN401  whatever a field is annotated with
    if get_origin(annotation) in (Annotated, UnionType):
        return {kind for part in get_args(annotation) for kind in _kinds(part)}
    return {annotation}
