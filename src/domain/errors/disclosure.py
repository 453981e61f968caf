"""Refusals about owners' data."""

from __future__ import annotations

from .base import Impossible, Rejected


class UnknownGlass(Impossible):
    """The glass was not broken under this identifier; break_glass first, or correct it."""


class DuplicateGlass(Impossible):
    """A breaking of the glass with this identifier exists; choose another."""


class GlassReviewed(Rejected):
    """This breaking of the glass was reviewed already."""


class DisclosureUnsettled(Impossible):
    """Disclose outside any open transaction: what could still be undone is shown to nobody."""


class OwnGlass(Rejected):
    """Nobody reviews their own breaking of the glass; another data custodian does."""
