"""Times of a foreign log: in its own notation and zone, made into moments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from .faults import Fault

ISO = "iso"
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


@dataclass(frozen=True, slots=True)
class TimeFormat:
    """How a log writes times: ``format`` is "iso" or one of strptime's.

    ``zone`` is for times without an offset, ``target`` the organisation's zone.
    """

    format: str
    zone: ZoneInfo | None
    cut_fractions: bool
    target: ZoneInfo

    def read(self, text: str, field: str) -> datetime:
        """Return the moment in ``target``; raises ``Fault`` about ``field``.

        A local time that occurs twice, as the clock goes back, is the earlier one; one that does
        not occur, as it goes forward, is moved on by the gap.
        """
        try:
            moment = self._parse(text)
            if moment.microsecond and not self.cut_fractions:
                raise Fault(code="fractional_seconds", field=field)
            moment = moment.replace(microsecond=0)
            if moment.tzinfo is None:
                if self.zone is None:
                    raise Fault(code="naive_time", field=field)
                moment = moment.replace(tzinfo=self.zone, fold=0)
            return moment.astimezone(UTC).astimezone(self.target)
        except (ValueError, OverflowError):
            raise Fault(code="invalid_time", field=field) from None

    def _parse(self, text: str) -> datetime:
        if self.format != ISO:
            return datetime.strptime(text, self.format)  # noqa: DTZ007 - ``read`` sees to it
        if not _ISO.fullmatch(text):
            raise ValueError
        return datetime.fromisoformat(text.replace(",", "."))
