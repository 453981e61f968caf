"""What is said when something goes wrong that never should: its kind, and no word of it.

The message of an exception could hold a value that somebody typed, or an owner's.
"""

from __future__ import annotations

import logging

from ..api.errors import InternalError
from .frame import refused
from .words import LOCALES, Words


class Nameless(logging.Filter):
    """Leaves of an exception that is logged only its kind."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the exception's words out of the record, which is logged all the same."""
        if isinstance(record.msg, BaseException):
            record.msg = type(record.msg).__name__
        record.exc_info = record.exc_text = None
        return True


def unexpected() -> None:
    """Build the page that stands where another could not be built."""
    for tongue in LOCALES:
        refused(Words(tongue), InternalError.code)
