"""``guanjia serve``: the interface of a data folder, in one process on this machine alone."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from socket import socket

import uvicorn
from fastapi import FastAPI

from ..office import Office
from .app import create_app
from .observing import JsonLines
from .tokens import Trust, local_trust, office_key
from .webhooks import FILE, Webhooks

HOST = "127.0.0.1"
GRACE = 10
"""Seconds in which requests may end after a stop; streams are cut off then."""


def serve(
    office: Office,
    folder: Path,
    port: int,
    trusts: Collection[Trust] = (),
    parts: Collection[Callable[[FastAPI], None]] = (),
) -> None:
    """Serve until the process is told to stop; port 0 takes a free one.

    ``parts`` add something to the application, such as the pages. The address is said on standard
    output once the port is open, logs go to standard error.
    """
    _log_as_json()
    office.follow()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, _ended)
    webhooks = Webhooks(office, folder / FILE)
    app = create_app(office, [local_trust(office_key(folder)), *trusts], webhooks=webhooks)
    for part in parts:
        part(app)
    config = uvicorn.Config(
        app,
        host=HOST,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    with closing(webhooks), webhooks.delivering():
        _Announced(config).run()


def _ended(*_: object) -> None:
    """End the process in order: uvicorn gives the signal on after its last request."""
    raise SystemExit


class _Announced(uvicorn.Server):
    """A server that says where it listens."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        for server in self.servers:
            for opened in server.sockets:
                sys.stdout.write(f"http://{HOST}:{opened.getsockname()[1]}\n")
        sys.stdout.flush()


def _log_as_json() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("guanjia").setLevel(logging.INFO)
