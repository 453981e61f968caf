"""Refusals about a person's data as a whole."""

from __future__ import annotations

from .base import Impossible, Rejected


class ErasureRequestedAlready(Rejected):
    """An erasure of this person's data waits for its approval already."""


class ErasureNotRequested(Impossible):
    """Nobody asked for this erasure; a data custodian requests it first."""


class OneApprover(Impossible):
    """Whoever asked for it does not approve it; another person does."""


class CaseOfOtherUnit(Impossible):
    """The case belongs to another home; name only cases of this one."""


class HeldAlready(Rejected):
    """The data is under a legal hold already."""


class NotHeld(Rejected):
    """The data is under no legal hold."""
