"""Refusals of a key's commands."""

from __future__ import annotations

from .base import Impossible, Rejected


class UnknownKey(Impossible):
    """No such key; receive_key first, or correct its identifier."""


class DuplicateKey(Impossible):
    """A key with this identifier exists; give every key and card one of its own."""


class NotSignedByBoth(Rejected):
    """A key is taken over with both sides' signatures; let both sign the record first."""


class KeyNotInCabinet(Rejected):
    """The key is not in the cabinet, so it cannot leave it; return_key first."""


class KeyNotIssued(Rejected):
    """Only a key that a resident has is entrusted or surrendered; issue_key first."""


class KeyNotOut(Rejected):
    """The key is neither lent, entrusted nor lost, so it cannot come back; lend_key first."""


class KeyGone(Rejected):
    """The key was destroyed or its lock changed; receive_key its successor by another name."""


class KeyLostAlready(Rejected):
    """The loss is recorded; report it once more only when the lock was changed."""


class DueBackPassed(Rejected):
    """A key is lent or entrusted until a later time; give one after `at`."""


class OtherOccasion(Rejected):
    """The resident entrusted the key for another permit or case; lend it for that one."""


class NoOccasion(Rejected):
    """A key is lent for a permit or for a case; name one of them."""
