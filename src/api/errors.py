"""What the HTTP interface itself refuses; every error has a stable code and a status."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import ClassVar


class ApiError(Exception):
    """The request was refused before anything was done."""

    code: ClassVar[str] = "api_error"
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, headers: dict[str, str] | None = None) -> None:
        self.headers = headers
        super().__init__(self.code)


class TokenInvalid(ApiError):
    """The token is missing, not ours, or not valid now, or its holder left; sign in again."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self) -> None:
        super().__init__({"WWW-Authenticate": "Bearer"})


class NotForThisPost(ApiError):
    """Your post does not read this."""

    status = HTTPStatus.FORBIDDEN


class PostedElsewhere(ApiError):
    """You had another post or place at the time given; who had yours then enters it."""

    status = HTTPStatus.FORBIDDEN


class NotFound(ApiError):
    """There is nothing here, or nothing that your post may see."""

    status = HTTPStatus.NOT_FOUND


class MethodNotAllowed(ApiError):
    """The resource does not take this method; the header Allow names those it takes."""

    status = HTTPStatus.METHOD_NOT_ALLOWED


class NotAcceptable(ApiError):
    """Answers are JSON, CSV or an Arrow stream; ask for one of them in Accept."""

    status = HTTPStatus.NOT_ACCEPTABLE


class BodyTooLarge(ApiError):
    """The body is larger than a request may be; send less at a time."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class CursorInvalid(ApiError):
    """There is no such page: the cursor was not given for this question; begin again."""

    status = HTTPStatus.NOT_FOUND


class TooFarAhead(ApiError):
    """A view answers for a moment at most a year ahead; ask for an earlier one."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooManyRequests(ApiError):
    """Too many requests of this account; wait as long as the header Retry-After says."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class OtherSpan(ApiError):
    """The report is of another span: ask a weekly one by ``week`` alone, others by ``month``."""

    status = HTTPStatus.BAD_REQUEST


class UnknownWebhook(ApiError):
    """No such webhook; register it first, or correct its identifier."""

    status = HTTPStatus.NOT_FOUND


class WebhookExists(ApiError):
    """A webhook with this identifier exists; choose another."""

    status = HTTPStatus.CONFLICT


class StoreFailing(ApiError):
    """The store cannot be read or written now, as on a full disk; try again, tell the operator."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class ViewsFailing(ApiError):
    """The views cannot answer now; try again, and tell the operator if it lasts."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class EventUnreadable(ApiError):
    """This has an event that the release running here cannot read; the operator upgrades it."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class InternalError(ApiError):
    """Something went wrong here; tell the operator the number of the request."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
