"""Refusals about duties that come round."""

from __future__ import annotations

from .base import Rejected


class PeriodOfAnother(Rejected):
    """The period is still to come, or of another length than this duty's; name one like 2025-11."""


class CircularMissing(Rejected):
    """A quarterly check is made known by a circular (通报); give its number."""


class TrainedMissing(Rejected):
    """A training names the accounts of those who were there, and nothing else does."""
