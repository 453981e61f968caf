"""Refusals as problem+json (RFC 9457): a stable code, what was refused, what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from ..domain import errors
from ..domain.disclosure.gateway import Denied
from ..projections import ProjectionError, UnknownFilter, UnknownView
from ..storage import StorageError

MEDIA_TYPE = "application/problem+json"
LANGUAGES = ("en", "zh")

FORBIDDEN = (
    errors.WrongPost,
    errors.OtherCentre,
    errors.StaffLeft,
    errors.HeadOnly,
    errors.NotHandler,
    errors.NotPosted,
    errors.UnknownStaff,
    Denied,
)
MISSING = (
    errors.UnknownComplaint,
    errors.UnknownUnit,
    errors.UnknownKey,
    errors.UnknownPermit,
    errors.UnknownParcel,
)


class Problem(BaseModel):
    """Why a request was refused; ``type`` leads to the page about the code."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    instance: str | None = None


def status_of(refusal: errors.Rejected) -> HTTPStatus:
    """Return the HTTP status of a refusal of the domain."""
    if isinstance(refusal, errors.Malformed | errors.ImportOnly | errors.InFuture):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(refusal, FORBIDDEN):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.NOT_FOUND if isinstance(refusal, MISSING) else HTTPStatus.CONFLICT


def problem(
    request: Request, status: int, code: str, title: str, detail: str | None = None
) -> JSONResponse:
    """Return the response; no input value is ever in it."""
    body = Problem(
        type=f"{request.scope.get('root_path', '')}/problems/{code}",
        title=title,
        status=status,
        code=code,
        detail=detail or None,
        instance=getattr(request.state, "request_id", None),
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    content = body.model_dump(exclude_none=True)
    return JSONResponse(content, status, headers, media_type=MEDIA_TYPE)


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": description}
    for status, description in {
        401: "No valid token, or its account left.",
        403: "The post or the matrix does not allow it.",
        404: "It is not in the register.",
        409: "A rule refuses it, or the idempotency key stood for another command.",
        412: "It has changed since the version in If-Match.",
        413: "The body is too large.",
        422: "The request is not well formed.",
        429: "Too many requests; wait as Retry-After says.",
        503: "The store is busy; try again.",
    }.items()
}


def install(app: FastAPI) -> None:
    """Answer every error of ours with a problem; nothing else is said to the caller."""
    from .strict import BodyTooLarge
    from .tokens import TokenInvalid

    @app.exception_handler(errors.Rejected)
    def rejected(request: Request, refusal: errors.Rejected) -> JSONResponse:
        return problem(request, status_of(refusal), refusal.code, refusal.reason, refusal.detail)

    @app.exception_handler(TokenInvalid)
    def unknown_caller(request: Request, error: TokenInvalid) -> JSONResponse:
        title = str(TokenInvalid.__doc__)
        return problem(request, HTTPStatus.UNAUTHORIZED, "token_invalid", title)

    @app.exception_handler(BodyTooLarge)
    def too_large(request: Request, error: BodyTooLarge) -> JSONResponse:
        title = str(BodyTooLarge.__doc__)
        return problem(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", title)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        fault = error.errors()[0]
        detail = f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
        title = str(errors.Malformed.__doc__)
        return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "malformed", title, detail)

    @app.exception_handler(ProjectionError)
    def unanswerable(request: Request, error: ProjectionError) -> JSONResponse:
        missing = isinstance(error, UnknownView | UnknownFilter)
        status = HTTPStatus.NOT_FOUND if missing else HTTPStatus.SERVICE_UNAVAILABLE
        return problem(request, status, error.code, str(type(error).__doc__))

    @app.exception_handler(StorageError)
    def unwritten(request: Request, error: StorageError) -> JSONResponse:
        return problem(
            request, HTTPStatus.SERVICE_UNAVAILABLE, error.code, str(type(error).__doc__)
        )

    @app.exception_handler(HTTPException)
    def other(request: Request, error: HTTPException) -> JSONResponse:
        code = HTTPStatus(error.status_code).name.lower()
        return problem(request, error.status_code, code, str(error.detail))
