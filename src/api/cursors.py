"""Cursors: where the next page of an answer begins, bound to what was asked.

An answer of a given moment and position never changes, so a page is a place in it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import datetime
from typing import NamedTuple

from ..domain.errors import Malformed
from ..domain.moments import checked
from .errors import CursorInvalid

LARGEST = 2**62
"""No position and no number of rows is larger."""


class Cursor(NamedTuple):
    """The moment and position an answer is of, and the rows that came before."""

    as_of: datetime
    position: int
    rows: int

    def written(self, question: object) -> str:
        """Return it as text for this question."""
        parts = [self.as_of.isoformat(), self.position, self.rows, _digest(question)]
        return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read(text: str, question: object) -> Cursor:
    """Return the cursor written for this question; raises ``CursorInvalid``."""
    try:
        padded = text + "=" * (-len(text) % 4)
        as_of, position, rows, digest = json.loads(base64.urlsafe_b64decode(padded))
        cursor = Cursor(checked(as_of), int(position), int(rows))
    except (binascii.Error, ValueError, TypeError, OverflowError, Malformed):
        raise CursorInvalid from None
    places = (cursor.position, cursor.rows)
    if digest != _digest(question) or min(places) < 0 or max(places) > LARGEST:
        raise CursorInvalid
    return cursor


def _digest(question: object) -> str:
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()[:16]
