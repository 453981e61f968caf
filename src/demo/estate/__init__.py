"""The year of a centre's homes: delivered, lived in, renovated, looked after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from random import Random

from .. import owners_data
from ..people import Team
from ..tale import Step
from . import archive, cabinet, defects, visits
from .handover import delivered
from .home import DELIVERED, homes
from .household import households
from .mail import mail
from .renovations import RENOVATED, renovations

__all__ = ["estate"]


def estate(
    team: Team, cases: Sequence[Step], start: datetime, end: datetime, seed: int
) -> list[Step]:
    """Return every step about the homes of a centre; each theme has a luck of its own."""

    def luck(theme: str) -> Random:
        return Random(f"{seed}:{team.code}:{theme}")  # noqa: S311 - nothing secret

    every = homes(team, cases, start, end, luck("homes"))
    lived_in = every[:DELIVERED]
    renovated, others = lived_in[:RENOVATED], lived_in[RENOVATED:]
    handovers = [*delivered(team, every, start, luck("handover"))]
    people = [*households(team, renovated, others, luck("households"))]
    works = [*renovations(team, renovated, end, luck("renovations"))]
    repairs = [
        *defects.followed_up(team, every, handovers, luck("found")),
        *defects.reported(team, lived_in, cases, end, luck("defects")),
    ]
    keys = [
        *cabinet.for_repairs(team, lived_in, cases, luck("keys")),
        *cabinet.cards(team, others, luck("cards")),
    ]
    moves = chain(handovers, works, keys)
    return [
        *chain(handovers, people, works, repairs, keys),
        *visits.assigned(team, every, start),
        *visits.Rounds(team, every, luck("visits")).steps(start, end),
        *defects.explained(team, repairs, luck("explained")),
        *archive.lent(team, lived_in, end, luck("papers")),
        *archive.copied(team, others, [*people, *handovers, *works], luck("copies")),
        *archive.kept(team, lived_in, luck("kept")),
        *cabinet.counted(team, moves, start, end, luck("counts")),
        *mail(team, lived_in, start, end, luck("mail")),
        *owners_data.strange(team, lived_in, end, luck("strange")),
        *owners_data.broken(team, others, luck("glass")),
        *owners_data.exported(team, lived_in, end, luck("exports")),
        *owners_data.erased(team, people, others, luck("erasures")),
    ]
