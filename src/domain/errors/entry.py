"""Refusals of any entry: its times, who makes it and for which centre."""

from __future__ import annotations

from .base import Impossible, Rejected


class InFuture(Impossible):
    """The time lies in the future; record what has happened, when it has happened."""


class RecordedTooEarly(Impossible):
    """A recorded_at earlier than `at`, or than the record before it, cannot be; leave it out."""


class ImportOnly(Impossible):
    """Only the history import may give this field; leave it out."""


class ActorMissing(Impossible):
    """The command needs `by`, the account that acts."""


class KeyReused(Impossible):
    """This idempotency key stood for another command or actor; use a new key."""


class VersionChanged(Impossible):
    """It has changed since the version you have seen; look again before you send it."""


class WrongPost(Rejected):
    """The account's post may not do this."""


class OtherCentre(Rejected):
    """Centre posts act in their own centre only."""


class StaffLeft(Rejected):
    """The account's holder had left by then."""


class OutOfOrder(Rejected):
    """The time lies before the receipt, the current round or a step it presupposes."""


class HeadOnly(Rejected):
    """Only a head of the case's centre may do this."""


class SignatureMissing(Rejected):
    """The signature named is not by a head of the case's centre."""


class ReasonMissing(Rejected):
    """A rejection, and a deposit withheld, need their reason; give it."""


class CentreMissing(Impossible):
    """A company post belongs to no centre; name the `centre` of the home."""
