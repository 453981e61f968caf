"""The permission matrix 权限一览表 in versions: which post may see which field for which purpose
(domain section 8).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from . import errors
from .messages import Command, Event, Id, Message, stored_as
from .moments import Given, Moment
from .posts import ADMINISTRATION, Post
from .roster import Actor

if TYPE_CHECKING:
    from .context import Context

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
    """Adopt a version of the matrix as a whole; what it does not grant is denied.

    It binds once another administrator has approved it; an import may say who did.
    """

    do: Literal["adopt_matrix"] = "adopt_matrix"
    version: Id
    effective_from: Given
    grants: tuple[Grant, ...] = Field(min_length=1, max_length=1000)
    approved_by: Id | None = None


class ApproveMatrix(Command):
    """批准权限一览表: let a version bind, as the second person."""

    do: Literal["approve_matrix"] = "approve_matrix"
    version: Id


@stored_as("matrix.adopted.1")
class MatrixAdopted(Event):
    """A matrix version was adopted; it binds once it is approved."""

    version: str
    effective_from: Moment
    grants: tuple[Grant, ...]
    approved_by: str | None = None


@stored_as("matrix.approved.1")
class MatrixApproved(Event):
    """A second administrator let a version bind."""

    version: str


@cache
def built_in() -> tuple[Grant, ...]:
    """Return the matrix shipped as ``matrix.toml``."""
    text = files("guanjia.domain").joinpath("matrix.toml").read_text(encoding="utf-8")
    return tuple(Grant.model_validate(grant) for grant in tomllib.loads(text)["grants"])


@dataclass(frozen=True, slots=True)
class Matrices:
    """Every matrix version ever adopted, and when each was approved; the built-in one is."""

    adopted: tuple[MatrixAdopted, ...] = ()
    approved: dict[str, datetime] = field(default_factory=dict)

    def in_force(self, moment: datetime) -> tuple[str, tuple[Grant, ...]]:
        """Return (version, grants) in force at ``moment``: approved by then, the latest."""
        best: MatrixAdopted | None = None
        for version in self.adopted:
            approved_at = self.approved.get(version.version)
            binds = approved_at is not None and max(version.effective_from, approved_at) <= moment
            if binds and (best is None or version.effective_from >= best.effective_from):
                best = version
        return (best.version, best.grants) if best else (BUILT_IN, built_in())


def decide(matrices: Matrices, command: AdoptMatrix | ApproveMatrix, ctx: Context) -> Event:
    """Return the event of adopting or approving a version; raises ``Rejected``."""
    if isinstance(command, ApproveMatrix):
        return _approve(matrices, command, ctx)
    if command.version in {BUILT_IN, *(adopted.version for adopted in matrices.adopted)}:
        raise errors.VersionExists(command.version)
    ctx.require_import(command.approved_by)
    if command.approved_by is not None:
        approver = ctx.named(command.approved_by)
        ctx.require(approver.post in ADMINISTRATION, errors.WrongPost(approver.post))
        _require_other(approver, ctx.actor)
    return MatrixAdopted(
        version=command.version,
        effective_from=command.effective_from,
        grants=command.grants,
        approved_by=command.approved_by,
        **ctx.facts,
    )


def _approve(matrices: Matrices, command: ApproveMatrix, ctx: Context) -> MatrixApproved:
    adopted = next((one for one in matrices.adopted if one.version == command.version), None)
    if adopted is None:
        raise errors.UnknownVersion(command.version)
    ctx.require(command.version not in matrices.approved, errors.VersionApproved(command.version))
    _require_other(ctx.actor, Actor(adopted.by, adopted.person, adopted.post))
    return MatrixApproved(version=command.version, **ctx.facts)


def _require_other(approver: Actor, adopter: Actor) -> None:
    """Require two persons; the local operator is nobody, and one account."""
    same = approver.person is not None and approver.person == adopter.person
    if same or approver.account == adopter.account:
        raise errors.OneApprover(approver.account)


def evolve(matrices: Matrices, event: Event) -> Matrices:
    """Return the versions with one more, or one more approved."""
    match event:
        case MatrixAdopted(approved_by=None):
            return replace(matrices, adopted=(*matrices.adopted, event))
        case MatrixAdopted():
            approved = {**matrices.approved, event.version: event.recorded_at}
            return replace(matrices, adopted=(*matrices.adopted, event), approved=approved)
        case MatrixApproved():
            approved = {**matrices.approved, event.version: event.recorded_at}
            return replace(matrices, approved=approved)
        case _:
            return matrices
