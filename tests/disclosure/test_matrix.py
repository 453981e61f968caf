"""Every cell of the matrix: post, field, purpose and scope, against a reading of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, get_args

import pytest

from guanjia.domain.disclosure import rules
from guanjia.domain.disclosure.commands import Ask, Disclose
from guanjia.domain.disclosure.events import DataDisclosed
from guanjia.domain.matrix import PersonalField, Purpose
from guanjia.domain.messages import Envelope
from guanjia.domain.posts import SYSTEM, Post
from tests import scenarios as s

from .places import case, community


class Scope(NamedTuple):
    """A question's scope, and what is true of it for a centre's and for a company's post."""

    about: dict[str, str]
    own_centre: bool = True
    open_case: bool = False
    own_area: bool = True
    mine: bool = False
    company: bool = False
    foreign: bool = False


SCOPES = {
    "a home of the area": Scope({"unit": "U1"}),
    "a home of the area, for its open case": Scope(
        {"unit": "U1", "complaint": "N-1"}, open_case=True, mine=True
    ),
    "a home of the area, for its closed case": Scope({"unit": "U1", "complaint": "N-3"}),
    "a home of the area, for an open case of its owner's": Scope(
        {"unit": "U1", "complaint": "N-5"}, open_case=True
    ),
    "a home outside the area": Scope({"unit": "U2"}, own_area=False),
    "a home, for the case of another": Scope({"unit": "U2", "complaint": "N-1"}, foreign=True),
    "a home, for a case without home": Scope({"unit": "U2", "complaint": "N-5"}, foreign=True),
    "an open case in hand": Scope({"complaint": "N-1"}, open_case=True, mine=True),
    "a finished case": Scope({"complaint": "N-2"}, open_case=True),
    "a closed case": Scope({"complaint": "N-3"}),
    "a major case": Scope({"complaint": "M-1"}, open_case=True, own_area=False, company=True),
    "a company's case": Scope({"complaint": "N-4"}, open_case=True, company=True),
    "a case without home": Scope({"complaint": "N-5"}, open_case=True, own_area=False),
    "a case of the south": Scope(
        {"complaint": "S-1"}, own_centre=False, open_case=True, own_area=False
    ),
    "a home of the south": Scope({"unit": "U3"}, own_centre=False, own_area=False),
}

Holds = Callable[[Scope], bool]
ALWAYS: Holds = lambda scope: True  # noqa: E731, ARG005 - a table of conditions
OPEN: Holds = lambda scope: scope.open_case  # noqa: E731
AREA: Holds = lambda scope: scope.own_area  # noqa: E731
MINE: Holds = lambda scope: scope.mine  # noqa: E731
COMPANY: Holds = lambda scope: scope.company  # noqa: E731

DESK = [
    ("name surname", "callback visit handover repair owner_request", ALWAYS),
    ("phone", "callback repair emergency", OPEN),
    ("text", "callback repair", OPEN),
]
SENIOR = [
    (
        "name surname phone family vehicle text",
        "callback visit repair emergency inspection owner_request",
        ALWAYS,
    )
]
BOARD = [
    ("text", "inspection legal", COMPANY),
    ("name surname phone", "callback", COMPANY),
]
TABLE: dict[str, list[tuple[str, str, Holds]]] = {
    "front_desk": DESK,
    "duty": DESK,
    "steward": [
        ("name surname phone family text", "visit callback repair emergency", AREA),
        ("vehicle", "security", ALWAYS),
    ],
    "technician": [("surname phone text", "repair emergency", MINE)],
    "security": [
        ("name surname vehicle", "security", ALWAYS),
        ("phone", "emergency", ALWAYS),
    ],
    "supervisor": SENIOR,
    "department_head": [*SENIOR, ("id_number id_copy address_other", "handover legal", ALWAYS)],
    "data_custodian": [
        (
            "surname name phone id_number id_copy address_other family vehicle text",
            "handover owner_request legal inspection",
            ALWAYS,
        )
    ],
    "finance": [("name surname phone bank", "fee", ALWAYS)],
    "quality": [("text", "inspection", ALWAYS), ("name surname phone", "callback", ALWAYS)],
    "complaint_commissioner": BOARD,
    "management_representative": BOARD,
    "general_manager": BOARD,
    "auditor": [],
    "system": [],
}
"""The default matrix as domain section 8 prints it."""

ACCOUNTS = {**s.NORTH, "system": "system"}


def granted(post: str, field: str, purpose: str, scope: Scope) -> bool:
    """Return what the printed table says."""
    company = post == "system" or s.STAFF[ACCOUNTS[post]][2] is None
    if scope.foreign or not (scope.own_centre or company):
        return False
    return any(
        field in fields.split() and purpose in purposes.split() and holds(scope)
        for fields, purposes, holds in TABLE[post]
    )


def test_the_table_has_every_post() -> None:
    """Nobody is left out of the reading."""
    assert TABLE.keys() == ACCOUNTS.keys() == set(get_args(Post)) | {SYSTEM}


@pytest.mark.parametrize("name", SCOPES)
def test_every_cell_is_what_the_table_says(name: str) -> None:
    """Each post sees exactly the fields, for exactly the purposes, that are printed."""
    world, scope = community(case("M-1", unit="U2", contact=None, major=True)), SCOPES[name]
    app, wrong = world.app, []
    with app.transaction():
        for post, account in ACCOUNTS.items():
            for field in get_args(PersonalField):
                for purpose in get_args(Purpose):
                    ask = Ask.of([field], purpose, **scope.about)
                    command = Disclose(trail="t", ask=ask)
                    envelope = Envelope(by=account)
                    handler = app._handler
                    about = handler._about(command)
                    ctx = handler._context(
                        command, about, envelope, handler._times(envelope, None), {}
                    )
                    answer = rules.answer(command, ctx, app._streams.state)
                    disclosed = isinstance(answer, DataDisclosed)
                    if disclosed != granted(post, field, purpose, scope):
                        wrong.append((post, field, purpose, disclosed))
    assert wrong == []
