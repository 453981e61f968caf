"""Posts, and the sets of them that rules speak of (domain section 1)."""

from __future__ import annotations

from typing import Literal, get_args

Post = Literal[
    "front_desk",
    "duty",
    "steward",
    "technician",
    "security",
    "supervisor",
    "department_head",
    "data_custodian",
    "finance",
    "quality",
    "complaint_commissioner",
    "management_representative",
    "general_manager",
    "auditor",
]

SYSTEM = "system"
"""The local operator: the account behind the command line."""

COMPANY = frozenset(
    {
        "quality",
        "complaint_commissioner",
        "management_representative",
        "general_manager",
        "auditor",
    }
)
"""Posts of the company: they act in any centre and belong to none."""

CENTRE = frozenset[str](get_args(Post)) - COMPANY
ANY = (CENTRE | COMPANY) - {"auditor"}
DESK = frozenset(
    {
        "front_desk",
        "duty",
        "steward",
        "supervisor",
        "department_head",
        "quality",
        "complaint_commissioner",
    }
)
SENIOR = frozenset(
    {
        "supervisor",
        "department_head",
        "quality",
        "complaint_commissioner",
        "management_representative",
        "general_manager",
    }
)
OFFICE = ANY - {"technician", "security"}
"""Who keeps the registers of homes, keys, renovations and parcels: the law names nobody (domain
sections 4 to 7), and an old register tells who wrote a line, not whose signature is on the paper.
"""
HEAD = frozenset({"department_head"})
COMPANY_SENIOR = SENIOR & COMPANY
COMPANY_ACTING = COMPANY - {"auditor"}
ADMINISTRATION = frozenset({"quality", "general_manager", SYSTEM})
