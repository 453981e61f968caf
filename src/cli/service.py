"""Serving the HTTP interface, and signing in to it on this machine."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from ..office import read_config
from .session import DATA, Data, opened, refusing, say

PORT = 8765


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
        serving(office, data, port, trusts)


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
    sys.stdout.write(issue(office_key(data), account, timedelta(hours=hours)) + "\n")
