"""Refusals as problem+json (RFC 9457): a stable code, and in the caller's language what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from ..domain import errors
from ..domain.catalogue import COMMANDS
from ..domain.disclosure.seen import Denied
from ..projections import ProjectionError
from ..projections.errors import SqlFailed
from ..reports import ReportError
from ..storage import StorageError
from .codes import FINER, codes, faults
from .errors import (
    ApiError,
    BodyTooLarge,
    InternalError,
    MethodNotAllowed,
    NotFound,
)
from .negotiation import preferred
from .outages import OUTAGES, code_of

MEDIA_TYPE = "application/problem+json"
LANGUAGES = ("en", "zh")
OF_STATUS: dict[int, type[ApiError]] = {
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowed,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: BodyTooLarge,
}
UNKNOWN_TAG = "union_tag_invalid"
CODE_OF = {code: code for code in FINER} | {UNKNOWN_TAG: "unknown_command"}
"""The code of a fault of one field, by pydantic's name for it."""
DESCRIPTIONS = {
    400: "It is none that can be asked, or asks too much.",
    401: "No valid token, or its holder left.",
    403: "The post or the matrix does not allow it.",
    404: "It is not in the register, or not for this post to see.",
    406: "None of the forms on offer is acceptable.",
    409: "A rule refuses it, or the idempotency key stood for another command.",
    412: "It has changed since the version in If-Match.",
    413: "The body is too large.",
    422: "The request is not well formed.",
    429: "Too many requests; wait as Retry-After says.",
    503: "The store or the views cannot answer now; try again.",
}
log = logging.getLogger("guanjia.api")
router = APIRouter(tags=["problems"])


class Problem(BaseModel):
    """Why a request was refused; ``type`` leads to the page about the code."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    instance: str | None = None


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of these refusals."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "content": {MEDIA_TYPE: {"schema": schema, "example": _example(status)}},
            "description": DESCRIPTIONS[status],
        }
        for status in statuses
    }


def _example(status: int) -> dict[str, Any]:
    code, meaning = next((c, m) for c, m in sorted(codes().items()) if m.status == status)
    return {"type": f"/problems/{code}", "title": meaning.en, "status": status, "code": code}


def language_of(request: Request) -> str:
    """Return the language to answer in, English unless Accept-Language prefers Chinese."""
    return preferred(request.headers.get("accept-language"), LANGUAGES) or LANGUAGES[0]


def problem(
    request: Request, code: str, detail: str = "", headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return the response for a code; no value of the request is ever in it."""
    meaning, language = codes()[code], language_of(request)
    body = Problem(
        type=f"{request.scope.get('root_path', '')}/problems/{code}",
        title=meaning.zh if language == "zh" else meaning.en,
        status=meaning.status,
        code=code,
        detail=detail or None,
        instance=getattr(request.state, "request_id", None),
    )
    said = {"Content-Language": language, **(headers or {})}
    content = body.model_dump(exclude_none=True)
    return JSONResponse(content, meaning.status, said, media_type=MEDIA_TYPE)


def fault_of(fault: Mapping[str, Any], language: str) -> str:
    """Return where a field is wrong and how; of a name that is not ours, nothing is repeated."""
    place = _place(fault["loc"])
    known = faults()
    said = known.get(fault["type"], known["other"]) if language == "zh" else fault["msg"]
    if fault["type"] == UNKNOWN_TAG:
        return ".".join(place)
    return f"{'.'.join(place)}: {said}"


def _place(loc: Sequence[str | int]) -> list[str]:
    """Return the path to a field; what the caller named, such as a key of a table, is left out."""
    whose, *path = loc or ("body",)
    if whose != "body":
        return [str(part) for part in loc]
    ours = _names()
    return [str(whose), *(str(p) if isinstance(p, int) or p in ours else "…" for p in path)]


@cache
def _names() -> set[str]:
    """Return the names that our own commands and bodies have for their fields."""
    models, names = [BaseModel], {*COMMANDS}
    while models:
        found = models.pop()
        names |= {field.alias or name for name, field in found.model_fields.items()}
        models += found.__subclasses__()
    return names


@router.get("/problems/{code}", response_class=HTMLResponse, responses=responses(404, 422))
def page(code: str) -> HTMLResponse:
    """Say what a code means, in English and Chinese."""
    meaning = codes().get(code)
    if meaning is None:
        raise NotFound
    lines = (f"{code} ({meaning.status.value})", meaning.en, meaning.zh)
    return HTMLResponse("".join(f"<p>{escape(line)}</p>\n" for line in lines))


def install(app: FastAPI) -> None:
    """Answer every error with a problem; nothing else is said to the caller."""

    @app.exception_handler(ApiError)
    def refused(request: Request, error: ApiError) -> JSONResponse:
        return problem(request, error.code, headers=error.headers)

    @app.exception_handler(errors.Rejected)
    def rejected(request: Request, refusal: errors.Rejected) -> JSONResponse:
        return problem(request, refusal.code, refusal.detail)

    @app.exception_handler(Denied)
    def denied(request: Request, denial: Denied) -> JSONResponse:
        # It is in the record all the same.
        headers = {"Guanjia-Position": str(denial.position)}
        return problem(request, denial.code, denial.detail, headers)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        fault = error.errors()[0]
        code = CODE_OF.get(fault["type"], "malformed")
        return problem(request, code, fault_of(fault, language_of(request)))

    @app.exception_handler(SqlFailed)
    def failed(request: Request, error: SqlFailed) -> JSONResponse:
        kind, _, _ = str(error).partition(":")  # what follows repeats the statement
        return problem(request, error.code, kind)

    @app.exception_handler(ProjectionError)
    @app.exception_handler(ReportError)
    @app.exception_handler(StorageError)
    def unanswerable(
        request: Request, error: ProjectionError | ReportError | StorageError
    ) -> JSONResponse:
        return problem(request, error.code)

    def failing(request: Request, error: Exception) -> JSONResponse:
        code = code_of(error)
        log.error("failing", extra={"error": type(error).__name__, "code": code})
        return problem(request, code, headers={"Retry-After": "5"})

    for fault in OUTAGES:
        app.add_exception_handler(fault, failing)

    @app.exception_handler(HTTPException)
    def other(request: Request, error: HTTPException) -> JSONResponse:
        known = OF_STATUS.get(error.status_code)
        return problem(request, known.code if known else "malformed", headers=error.headers)


def unexpected(request: Request, error: Exception) -> JSONResponse:
    """Return the response for a fault of ours.

    A traceback could hold an input value; the kind of error and the request's number do not.
    """
    log.error("unexpected", extra={"error": type(error).__name__, "code": InternalError.code})
    return problem(request, InternalError.code)
