"""Moments that commands name: how they are written, and how far ahead they may lie."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import UnionType
from typing import Annotated, Any, get_args, get_origin
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError, create_model

from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.complaint.commands import ReceiveComplaint
from guanjia.domain.moments import LAST_GIVEN_YEAR, Given, in_zone, now, parse
from tests import scenarios as s
from tests.spec import SHANGHAI, fields_of

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


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2025-11-03T09:00:00", "naive_time"),
        ("2025-11-03T09:00:00.5+08:00", "fractional_seconds"),
        ("2025-11-03 09:00:00+08:00", "invalid_time"),
        ("2025-11-03", "invalid_time"),
        ("20251103T090000+0800", "invalid_time"),
        ("2025-02-30T09:00:00+08:00", "invalid_time"),
        ("0001-01-01T00:00:00+14:00", "invalid_time"),
        ("0026-01-05T09:00:00+08:00", "invalid_time"),
        ("9999-12-31T23:59:59-14:00", "invalid_time"),
        (1762131600, "invalid_time"),
        ("2025-11-03T09:00:00+08:00" * 40, "invalid_time"),
    ],
)
def test_a_text_that_is_no_time(text: object, fault: str) -> None:
    """Times are ISO 8601 with an offset and whole seconds, and the fault does not echo them."""
    with pytest.raises(ValidationError) as refused:
        ReceiveComplaint.model_validate({**fields_of(s.receive()), "posted_at": text})
    assert {error["type"] for error in refused.value.errors()} <= {fault}
    assert "2025-11" not in str(refused.value)


def test_a_time_keeps_its_moment_whatever_it_is_written_in() -> None:
    """A zone is cut to the offset that it had then; the moment stays."""
    old = datetime(1991, 7, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    parsed = parse(old)
    assert (parsed, parsed.utcoffset()) == (old, timedelta(hours=9))
    assert in_zone(parse("2025-07-01T00:00:00Z"), ZoneInfo("Europe/Paris")).hour == 2
    assert now().microsecond == 0
