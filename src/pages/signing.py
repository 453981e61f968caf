"""Signing in with a bearer token, which stays in a cookie that no script can read; and out."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qsl

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from ..api.callers import called_by, office_of
from ..api.errors import TokenInvalid
from .frame import MENU, head, languages
from .pieces.tags import Tag
from .visit import COOKIE, address, threaded
from .words import LOCALES, Tongue, Words

LARGEST = 8_192
"""Bytes of a form; a token has at most half of that."""
FETCHED_FROM = {"same-origin", "none"}

router = APIRouter(include_in_schema=False)


def sign_in_first(request: Request, tongue: Tongue) -> Response:
    """Send a visitor to the sign-in page, which leads back here."""
    wanted = request.scope["path"].removeprefix(_root(request))
    query = request.url.query
    then = f"{wanted}?{query}" if query else wanted
    return _to(address(request, tongue, "sign-in", then=then))


def sign_in(request: Request, words: Words) -> None:
    """Build the page that asks for a token."""
    head(_root(request))
    with Tag("div", id="content", style="content sign-in"):
        Tag("h1", words("sign_in"))
        languages(request, words.tongue)
        if "failed" in request.query_params:
            Tag("p", words("token_invalid"), role="alert", style="refused")
        with Tag("form", method="post", action=f"{_root(request)}/in"):
            with Tag("label"):
                Tag("span", words("token"))
                Tag("input", type="password", name="token", required="", autocomplete="off")
            Tag("input", type="hidden", name="tongue", value=words.tongue)
            Tag("input", type="hidden", name="then", value=request.query_params.get("then", ""))
            Tag("button", words("sign_in"), type="submit")
        Tag("p", words("how_to_sign_in"))
        Tag("pre", "guanjia token ACCOUNT --data DIR")


@router.post("/in")
async def come_in(request: Request) -> Response:
    """Take a token; a good one goes into the cookie."""
    given = await _form(request)
    tongue: Tongue = "en" if given.get("tongue") == "en" else "zh"
    token, then = given.get("token", "").strip(), given.get("then", "")
    try:
        await threaded(called_by, token, request.app.state.trusts, office_of(request))
    except TokenInvalid:
        return _to(address(request, tongue, "sign-in", then=then, failed="1"))
    answer = _to(_way(request, tongue, then))
    answer.set_cookie(
        COOKIE,
        token,
        path=_root(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


@router.post("/out")
async def go_out(request: Request) -> Response:
    """Forget the token."""
    given = await _form(request)
    answer = _to(address(request, "en" if given.get("tongue") == "en" else "zh", "sign-in"))
    answer.delete_cookie(COOKIE, path=_root(request), httponly=True, samesite="lax")
    return answer


async def _form(request: Request) -> dict[str, str]:
    """Return what a form of ours says; raises 403 for another site's and 413 for a large one."""
    if request.headers.get("sec-fetch-site", "none") not in FETCHED_FROM:
        raise HTTPException(HTTPStatus.FORBIDDEN)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def _to(place: str) -> RedirectResponse:
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


def _way(request: Request, tongue: Tongue, then: str) -> str:
    """Return the page asked for before, which is always one of these pages, or the first one."""
    if any(then.startswith(f"/{one}/") for one in LOCALES):
        return _root(request) + then
    return address(request, tongue, MENU[0])


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
