"""Commands over HTTP: each as an action on its resource, and any of them at ``POST /commands``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection
from functools import cache
from importlib.resources import files
from inspect import Parameter, Signature, cleandoc
from typing import Annotated, Any, Union

from fastapi import APIRouter, Body, Header, Path, Query, Response
from pydantic import BaseModel, Field, StringConstraints, ValidationError, create_model
from pydantic.json_schema import SkipJsonSchema

from ..domain.application import Done
from ..domain.catalogue import COMMANDS
from ..domain.errors import Malformed
from ..domain.messages import Command, Envelope, Id
from ..domain.moments import Moment
from ..office import Office
from .callers import Caller, CallerNow, OfficeHere, require_posted_then
from .codes import FINER
from .observing import CARRIED_OUT, span
from .problems import fault_of, responses
from .strict import StrictRoute

STATUSES = (401, 403, 404, 409, 412, 413, 422, 503)
BRACED = re.compile(r"\{(\w+)\}")
router = APIRouter(route_class=StrictRoute, tags=["commands"], responses=responses(*STATUSES))

IdempotencyKey = Annotated[
    str | SkipJsonSchema[None],
    Header(alias="Idempotency-Key", min_length=1, max_length=200, description="Retry safely."),
]
Version = Annotated[str, StringConstraints(pattern=r'^"[0-9]{1,18}"$')]
IfMatch = Annotated[
    Version | SkipJsonSchema[None],
    Header(alias="If-Match", description="The version you have seen, as the ETag said it."),
]
Wait = Annotated[
    float, Query(ge=0, le=30, description="Seconds to wait until the views know of it.")
]


At = Moment | None


class Executed(BaseModel):
    """What a command did: its place in the store, a number if one was given, the facts recorded."""

    position: int = Field(examples=[1042])
    number: int | None = Field(
        None, description="The case's or the work order's, if one was given."
    )
    version: int | None = Field(None, description="What it is about has it now; also the ETag.")
    events: tuple[str, ...] = Field((), description="None when it was carried out before.")
    visible: bool | None = Field(None, description="Whether the views know of it; null: not asked.")


@cache
def routes() -> dict[str, str]:
    """Return the path of each command."""
    return {do: path for table in _toml("routes").values() for do, path in table.items()}


@cache
def example(cls: type[Command]) -> dict[str, Any]:
    """Return an example of a command's fields, without its tag."""
    examples, do = _toml("examples"), cls.model_fields["do"].default
    fields = cls.model_fields.items()
    required = [info.serialization_alias or name for name, info in fields if info.is_required()]
    given: dict[str, Any] = {name: examples["fields"][name] for name in required}
    more: dict[str, Any] = examples["commands"].get(do, {})
    return given | more


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files("guanjia.api").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def execute(
    office: Office,
    caller: Caller,
    response: Response,
    command: Command,
    envelope: Envelope,
    wait: float,
) -> Executed:
    """Carry out a command as the caller; the answer says where to wait for it."""
    if envelope.at:
        require_posted_then(office, caller, envelope.at)
    with span("command", do=command.do):
        with span("store"):
            done: Done = office.application.execute(command, envelope)
        visible = _awaited(office, done.position, wait) if wait else None
    CARRIED_OUT.labels(command.do).inc()
    response.headers["Guanjia-Position"] = str(done.position)
    if done.version is not None:
        response.headers["ETag"] = f'"{done.version}"'
    return Executed(
        position=done.position,
        number=done.number,
        version=done.version,
        events=tuple(event.topic for event in done.events),
        visible=visible,
    )


def _awaited(office: Office, position: int, seconds: float) -> bool:
    with span("projection"):
        try:
            office.wait(position, timeout=seconds)
        except TimeoutError:
            return False
        return True


def _endpoint(cls: type[Command], path: str) -> Callable[..., Executed]:
    """Return the endpoint of one command: its fields in the path and in the body."""
    placed = BRACED.findall(path)
    body = _body(cls, placed)

    def endpoint(**given: Any) -> Executed:  # noqa: ANN401  the signature below says
        fields = given["body"].model_dump(by_alias=True, exclude_unset=True)
        at = fields.pop("at", None)
        fields |= {name: given[name] for name in placed}
        return execute(
            given["office"],
            given["caller"],
            given["response"],
            _validated(cls, fields),
            envelope(given["caller"], at, given["idempotency_key"], given["if_match"]),
            given["wait"],
        )

    shown = example(cls)
    parts: dict[str, Any] = {name: Annotated[Id, Path(examples=[shown[name]])] for name in placed}
    said = {name: value for name, value in shown.items() if name not in placed}
    parts |= {
        "body": Annotated[body, Body(examples=[said])],
        "office": OfficeHere,
        "caller": CallerNow,
        "response": Response,
        "idempotency_key": IdempotencyKey,
        "if_match": IfMatch,
        "wait": Wait,
    }
    defaults = {"idempotency_key": None, "if_match": None, "wait": 0.0}
    # FastAPI reads the parameters from here; typeshed does not know that functions may have it.
    endpoint.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                annotation=kind,
                default=defaults.get(name, Parameter.empty),
            )
            for name, kind in parts.items()
        ],
        return_annotation=Executed,
    )
    endpoint.__name__ = cls.model_fields["do"].default
    endpoint.__doc__ = cleandoc(cls.__doc__ or "")
    return endpoint


def _body(cls: type[Command], placed: Collection[str]) -> type[BaseModel]:
    """Return the model of a command's body: its fields without the tag and the path's; ``at``."""
    fields: dict[str, Any] = {
        name: (info.annotation, info)
        for name, info in cls.model_fields.items()
        if name not in ("do", *placed)
    }
    fields["at"] = (At, None)
    return create_model(f"{cls.__name__}Body", __config__=cls.model_config, **fields)


def _validated(cls: type[Command], fields: dict[str, Any]) -> Command:
    try:
        return cls.model_validate(fields)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        code = fault["type"] if fault["type"] in FINER else "malformed"
        raise Malformed(fault_of(fault, "en"), code) from None


def envelope(caller: Caller, at: Any, key: str | None, if_match: str | None) -> Envelope:  # noqa: ANN401
    """Return the envelope of a command that this caller sends."""
    version = int(if_match.strip('"')) if if_match else None
    known_by = f"{caller.account}\n{key}" if key else None
    return Envelope(by=caller.account, at=at, key=known_by, version=version)


def _tagged(cls: type[Command]) -> type[Command]:
    """Return the model of a command with its tag, and ``at``."""
    fields: dict[str, Any] = {"do": (cls.model_fields["do"].annotation, ...), "at": (At, None)}
    return create_model(cls.__name__, __base__=cls, **fields)


_TAGGED: Any = Union[tuple(_tagged(cls) for cls in COMMANDS.values())]  # noqa: UP007  made here
AnyCommand = Annotated[_TAGGED, Field(discriminator="do")]


ANY = [{"do": do} | example(cls) for do, cls in COMMANDS.items() if do.startswith("receive")]


@router.post("/commands", status_code=201, operation_id="any_command")
def any_command(
    body: Annotated[AnyCommand, Body(examples=ANY)],
    office: OfficeHere,
    caller: CallerNow,
    response: Response,
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
    wait: Wait = 0.0,
) -> Executed:
    """Carry out any command, named by its tag ``do``."""
    fields = body.model_dump(by_alias=True, exclude_unset=True)
    sent = envelope(caller, fields.pop("at", None), idempotency_key, if_match)
    command = _validated(COMMANDS[body.do], fields)
    return execute(office, caller, response, command, sent, wait)


for _do, _path in routes().items():
    router.add_api_route(
        _path,
        _endpoint(COMMANDS[_do], _path),
        methods=["POST"],
        status_code=201,
        operation_id=_do,
        response_model=Executed,
    )
