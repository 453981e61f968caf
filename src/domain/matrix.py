"""The permission matrix 权限一览表 in versions: which post may see which field for which purpose
(domain section 8).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import Field

from . import errors
from .messages import Command, Event, Id, Message, stored_as
from .moments import Moment
from .posts import Post

BUILT_IN = "1"

PersonalField = Literal[
    "surname",
    "name",
    "phone",
    "id_number",
    "id_copy",
    "address_other",
    "family",
    "vehicle",
    "bank",
    "text",
]
Purpose = Literal[
    "callback",
    "visit",
    "handover",
    "repair",
    "emergency",
    "security",
    "fee",
    "inspection",
    "legal",
    "owner_request",
]
Condition = Literal[
    "own_centre_open_case", "open_case", "own_area", "dispatched_to_me", "company_or_major_case"
]


class Grant(Message):
    """These posts may see these fields for these purposes, under the condition."""

    posts: tuple[Post, ...] = Field(min_length=1)
    fields: tuple[PersonalField, ...] = Field(min_length=1)
    purposes: tuple[Purpose, ...] = Field(min_length=1)
    condition: Condition | None = None


class AdoptMatrix(Command):
    """Adopt a version of the matrix as a whole; what it does not grant is denied."""

    do: Literal["adopt_matrix"] = "adopt_matrix"
    version: Id
    effective_from: Moment
    grants: tuple[Grant, ...] = Field(min_length=1, max_length=1000)


@stored_as("matrix.adopted.1")
class MatrixAdopted(Event):
    """A matrix version was adopted."""

    version: str
    effective_from: Moment
    grants: tuple[Grant, ...]


@cache
def built_in() -> tuple[Grant, ...]:
    """Return the matrix shipped as ``matrix.toml``."""
    text = files("guanjia.domain").joinpath("matrix.toml").read_text(encoding="utf-8")
    return tuple(Grant.model_validate(grant) for grant in tomllib.loads(text)["grants"])


@dataclass(frozen=True, slots=True)
class Matrices:
    """Every matrix version ever adopted, the built-in one first."""

    adopted: tuple[MatrixAdopted, ...] = ()

    def in_force(self, moment: datetime) -> tuple[str, tuple[Grant, ...]]:
        """Return (version, grants) in force at ``moment``."""
        best: MatrixAdopted | None = None
        for version in self.adopted:
            known = version.effective_from <= moment
            if known and (best is None or version.effective_from >= best.effective_from):
                best = version
        return (best.version, best.grants) if best else (BUILT_IN, built_in())


def decide(matrices: Matrices, command: AdoptMatrix, facts: dict[str, Any]) -> MatrixAdopted:
    """Return the event of adopting a version; ``facts`` are the event's envelope fields."""
    if command.version in {BUILT_IN, *(adopted.version for adopted in matrices.adopted)}:
        raise errors.VersionExists(command.version)
    return MatrixAdopted(
        version=command.version,
        effective_from=command.effective_from,
        grants=command.grants,
        **facts,
    )


def evolve(matrices: Matrices, event: Event) -> Matrices:
    """Return the versions with one more."""
    if isinstance(event, MatrixAdopted):
        return replace(matrices, adopted=(*matrices.adopted, event))
    return matrices
