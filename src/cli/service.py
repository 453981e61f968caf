"""Serving the HTTP interface, and signing in to it on this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..folder import read_config
from ..office import Office
from .session import DATA, Data, opened, refusing, say

if TYPE_CHECKING:
    from fastapi import FastAPI

PORT = 8765
SHOWN_TO = "hq.quality"
"""The account that a demonstration is shown to."""


def _api() -> None:
    """End with status 2 when the extra is not installed."""
    if find_spec("fastapi") is None:
        say("the HTTP interface is an extra: install guanjia[api]")
        raise typer.Exit(2)


def make_key(folder: Path) -> None:
    """Make the key that signs a folder's tokens, where the extra is installed."""
    with suppress(ImportError):
        from ..api.tokens import office_key  # noqa: PLC0415 - an extra

        office_key(folder)


def serve(
    data: Data = DATA,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = PORT,
    issuer: Annotated[str | None, typer.Option(help="An identity provider's issuer.")] = None,
    audience: Annotated[str, typer.Option(help="Whom its tokens are for.")] = "guanjia",
    jwks: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Its public keys, a file.")
    ] = None,
    claim: Annotated[str, typer.Option(help="Its claim that names the account.")] = "sub",
) -> None:
    """Serve the HTTP interface on 127.0.0.1 until stopped; the views follow in the same process."""
    _api()
    from ..api import provider_trust  # noqa: PLC0415 - an extra
    from ..api.serving import serve as serving  # noqa: PLC0415 - an extra

    if (issuer is None) != (jwks is None):
        msg = "an identity provider needs --issuer and --jwks"
        raise typer.BadParameter(msg)
    trusts = [provider_trust(issuer, audience, jwks, claim)] if issuer and jwks else []
    with opened(data) as office:
        serving(office, data, port, trusts, _parts(office, data))


def _parts(office: Office, data: Path) -> list[Callable[[FastAPI], None]]:
    """Return what else is served, and say on the terminal how to sign in to it."""
    if find_spec("nicegui") is None:
        say("the pages are an extra: install guanjia[dashboard]")
        return []
    from ..api import issue, office_key  # noqa: PLC0415 - an extra
    from ..pages import add_pages  # noqa: PLC0415 - an extra

    say(f"pages under /pages; what signs in to them: guanjia token ACCOUNT --data {data}")
    if office.config.demo:
        say(f"this is a demonstration; {SHOWN_TO} signs in with the token")
        say(issue(office_key(data), SHOWN_TO, timedelta(hours=8)))
    return [add_pages]


def token(
    account: Annotated[str, typer.Argument(help="An account of the roster.")],
    data: Data = DATA,
    hours: Annotated[float, typer.Option(min=0.01, max=24, help="How long it is valid.")] = 8,
) -> None:
    """Print a token for the HTTP interface; what its account may do, the roster says."""
    _api()
    from ..api import issue, office_key  # noqa: PLC0415 - an extra

    with refusing():
        read_config(data)
        key = office_key(data)
    sys.stdout.write(issue(key, account, timedelta(hours=hours)) + "\n")
