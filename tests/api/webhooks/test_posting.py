"""One message over a real connection, to receivers that misbehave."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from guanjia.api import posting
from guanjia.api.posting import posted


class Dripping(BaseHTTPRequestHandler):
    """Answers at once, and then never comes to an end."""

    done = threading.Event()

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(b"x")
        self.wfile.flush()
        self.done.wait(60)


def test_an_endless_answer_is_not_read() -> None:
    """The status is enough."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Dripping)
    with server, ThreadPoolExecutor(1) as beside:
        serving = beside.submit(server.serve_forever)
        try:
            assert posted(f"http://127.0.0.1:{server.server_port}/", b"{}", {}) == 200
            assert not Dripping.done.is_set()
        finally:
            Dripping.done.set()
            server.shutdown()
        serving.result(60)


def test_a_silent_receiver_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """However it keeps the connection alive."""
    monkeypatch.setattr(posting, "DEADLINE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(posting.NO_ANSWER):
        posted(f"http://127.0.0.1:{deaf.getsockname()[1]}/", b"{}", {})


@pytest.mark.parametrize("host", ["a..b", ".", "a" * 70 + ".com", "xn--a.test:99999"])
def test_a_host_that_cannot_be_is_no_answer(host: str) -> None:
    """It counts as an attempt that failed."""
    with pytest.raises(posting.NO_ANSWER):
        posted(f"https://{host}/", b"{}", {})
