"""The service policy: every limit a value, adopted in versions (domain section 3)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from . import errors
from .messages import Command, Event, Id, stored_as
from .moments import Given, Moment

BUILT_IN = "1"

# A limit beyond these is a slip of the keyboard, and could not be counted in a calendar.
Minutes = Annotated[int, Field(ge=1, le=30 * 24 * 60)]
Hours = Annotated[int, Field(ge=1, le=30 * 24)]
WorkingDays = Annotated[int, Field(ge=1, le=200)]
Days = Annotated[int, Field(ge=1, le=365)]
Months = Annotated[int, Field(ge=1, le=24)]
Times = Annotated[int, Field(ge=1, le=100)]
Percent = Annotated[int, Field(ge=1, le=100)]


class Policy(BaseModel):
    """The limits that bind a case received while this version is in force; units in the names."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    respond_normal_minutes: Minutes
    respond_consult_minutes: Minutes
    respond_emergency_minutes: Minutes
    reply_working_days: WorkingDays
    reply_web_hours: Hours
    revisit_working_days: WorkingDays
    control_department_working_days: WorkingDays
    control_company_working_days: WorkingDays
    progress_contacts_per_week: Times
    unreachable_attempts: Times
    unreachable_days: Times
    implied_outcome_months: Months
    late_registration_minutes: Minutes
    renovation_patrols_per_day: Times
    parcel_days: Days
    fax_days: Days
    handover_notice_days: Days
    handover_cards: Times
    greeting_months: Months
    glass_minutes: Minutes
    glass_review_hours: Hours
    visits_supervisor_homes: Times
    visits_steward_homes: Times
    warranty_completion_percent: Percent
    long_open_repair_days: Days
    export_days: Days
    erasure_days: Days


@cache
def built_in() -> Policy:
    """Return the policy shipped as ``policy.toml``."""
    text = files("guanjia.domain").joinpath("policy.toml").read_text(encoding="utf-8")
    return Policy.model_validate(tomllib.loads(text))


def _completed(values: object) -> object:
    """Give a version stored by an older release the values that did not exist then."""
    return built_in().model_dump() | values if isinstance(values, dict) else values


def _with_value_names(schema: dict[str, Any]) -> None:
    for name, rule in Policy.model_json_schema()["properties"].items():
        schema["properties"].setdefault(name, rule)
    schema["additionalProperties"] = False


class AdoptPolicy(Command):
    """Adopt a version: the values given by name change, the others stay as before it."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_with_value_names)

    do: Literal["adopt_policy"] = "adopt_policy"
    version: Id
    effective_from: Given

    @property
    def changes(self) -> dict[str, Any]:
        """The policy values this version changes, by name."""
        return dict(self.__pydantic_extra__ or {})


@stored_as("policy.adopted.1")
class PolicyAdopted(Event):
    """A policy version was adopted; ``values`` holds all values, changed or not.

    Values that its release did not know yet are those of the built-in policy.
    """

    version: str
    effective_from: Moment
    values: Annotated[Policy, BeforeValidator(_completed)]


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy version ever adopted, the built-in one first."""

    adopted: tuple[PolicyAdopted, ...] = ()

    def binding(self, received_at: datetime, recorded_at: datetime) -> tuple[str, Policy]:
        """Return (version, values) in force at ``received_at`` as known at ``recorded_at``."""
        best: PolicyAdopted | None = None
        for version in self.adopted:
            known = version.effective_from <= received_at and version.recorded_at <= recorded_at
            if known and (best is None or version.effective_from >= best.effective_from):
                best = version
        return (best.version, best.values) if best else (BUILT_IN, built_in())

    def version(self, name: str) -> Policy:
        """Return the values of a version; raises ``KeyError`` for an unknown one."""
        if name == BUILT_IN:
            return built_in()
        return {version.version: version.values for version in self.adopted}[name]


def decide(policies: Policies, command: AdoptPolicy, facts: dict[str, Any]) -> PolicyAdopted:
    """Return the event of adopting a version; ``facts`` are the event's envelope fields."""
    if command.version in {BUILT_IN, *(adopted.version for adopted in policies.adopted)}:
        raise errors.VersionExists(command.version)
    unknown = command.changes.keys() - Policy.model_fields.keys()
    if unknown:
        raise errors.UnknownPolicyValue(", ".join(sorted(unknown)[:3]))
    _, before = policies.binding(command.effective_from, facts["recorded_at"])
    try:
        values = Policy.model_validate({**before.model_dump(), **command.changes})
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        detail = f"{fault['loc'][0]}: {fault['msg']}"
        raise errors.Malformed(detail, "invalid_value") from None
    return PolicyAdopted(
        version=command.version, effective_from=command.effective_from, values=values, **facts
    )


def evolve(policies: Policies, event: Event) -> Policies:
    """Return the versions with one more."""
    if isinstance(event, PolicyAdopted):
        return replace(policies, adopted=(*policies.adopted, event))
    return policies
