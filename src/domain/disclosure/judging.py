"""The matrix's answer: may this post see these fields for this purpose, here and now?

Conditions are judged at the moment of reading (domain section 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..complaint.state import Case
from ..matrix import Condition, Grant, PersonalField, Purpose
from ..roster import Actor

Reason = Literal[
    "left",
    "not_granted",
    "other_centre",
    "case_of_another",
    "no_open_case",
    "not_own_area",
    "not_dispatched",
    "not_company_or_major",
    "restricted",
    "too_many",
]
"""Why something is denied, the code in the record."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What conditions look at: where the data belongs, which person's area, for which case.

    ``foreign`` says that the case named is not the data's own or of its home, ``restricted`` that
    the person's data is kept under a legal hold alone.
    """

    centre: str
    steward: str | None
    case: Case | None
    foreign: bool = False
    restricted: bool = False


REFUSALS: dict[Condition, Reason] = {
    "open_case": "no_open_case",
    "own_centre_open_case": "no_open_case",
    "own_area": "not_own_area",
    "dispatched_to_me": "not_dispatched",
    "company_or_major_case": "not_company_or_major",
}


def refusal(
    grants: Iterable[Grant], actor: Actor, field: PersonalField, purpose: Purpose, scope: Scope
) -> Reason | None:
    """Return why the field is denied, None when it is granted."""
    if not actor.acts_in(scope.centre):
        return "other_centre"
    if scope.restricted and purpose != "legal":
        return "restricted"
    if scope.foreign:
        return "case_of_another"
    reason: Reason = "not_granted"
    for grant in grants:
        if actor.post in grant.posts and _covers(grant, field) and purpose in grant.purposes:
            if grant.condition is None or _holds(grant.condition, actor, scope):
                return None
            reason = REFUSALS[grant.condition]
    return reason


def is_open(case: Case | None) -> bool:
    """Return whether the case has not ended; one merged into another ends with that one."""
    return case is not None and not (case.closed_at or case.voided_at)


def _covers(grant: Grant, field: PersonalField) -> bool:
    """A whole name shows the surname too."""
    return field in grant.fields or (field == "surname" and "name" in grant.fields)


def _holds(condition: Condition, actor: Actor, scope: Scope) -> bool:
    case = scope.case
    match condition:
        case "open_case":
            return is_open(case)
        case "own_centre_open_case":
            return case is not None and is_open(case) and case.centre == actor.centre
        case "own_area":
            return scope.steward is not None and scope.steward == actor.person
        case "dispatched_to_me":
            return _dispatched(case, actor.person)
        case "company_or_major_case":
            return case is not None and (case.major or case.level == "company")


def _dispatched(case: Case | None, person: str | None) -> bool:
    """Return whether the case was sent to the person and is not finished yet."""
    if case is None or not is_open(case):
        return False
    return person in case.dispatched and case.round.finished_at is None
