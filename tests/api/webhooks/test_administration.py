"""Who may make webhooks, and to which addresses."""

from __future__ import annotations

from typing import Any

import pytest

from guanjia.api.webhooks import Webhooks

from ..conftest import Service
from .conftest import HOOK, registered


def test_webhooks_are_for_administration(service: Service, hooks: Webhooks) -> None:
    """Others neither see nor make them; names are given once; unknown ones are told as such."""
    for account in ("desk1", "head1", "audit1"):
        assert service.call(account).get("/webhooks").status_code == 403
    registered(service)
    gm = service.call("gm1")
    assert gm.post("/webhooks", json=HOOK).json()["code"] == "webhook_exists"
    assert gm.delete("/webhooks/W1").status_code == 204
    for answer in (gm.delete("/webhooks/W1"), gm.post("/webhooks/W1/resumptions")):
        assert answer.json()["code"] == "unknown_webhook"
    assert hooks.all() == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.test/",
        "ftp://x.test",
        "https://u:p@x.test/",
        "https:///x",
        "https://a..b/",
        "https://./",
        "https://-/",
        f"https://{'a' * 70}.com/",
        "file:///etc",
        "",
    ],
)
def test_nothing_is_sent_in_the_open(service: Service, hooks: Webhooks, url: str) -> None:
    """Only https, or this machine itself."""
    answer: Any = service.call("gm1").post("/webhooks", json=HOOK | {"url": url})
    assert (answer.status_code, hooks.all()) == (422, [])
