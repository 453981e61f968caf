"""Refusals of the registers: roster, centres, policy, calendars and matrix."""

from __future__ import annotations

from .base import Impossible, Rejected


class UnknownStaff(Impossible):
    """No such account is on the roster; post_staff first, or correct the account."""


class UnknownCentre(Impossible):
    """No such centre; a centre exists once someone is posted to it."""


class StaffExists(Impossible):
    """The account is posted already; use transfer_staff, or staff_leaves first."""


class NotPosted(Impossible):
    """The account is not posted at that time; post_staff first."""


class PostWithoutCentre(Impossible):
    """A centre's post needs its centre; company posts carry neither centre nor department."""


class VersionExists(Impossible):
    """That version is adopted already; give the new one another name."""


class UnknownVersion(Impossible):
    """No such version was adopted; `guanjia matrix show` prints the one in force."""


class VersionApproved(Rejected):
    """That version is approved already."""


class UnknownPolicyValue(Impossible):
    """No policy value of that name; `guanjia policy show` lists them."""


class CalendarInvalid(Impossible):
    """A calendar has each date once, off or worked, in its year or in 25-31 December before it."""
