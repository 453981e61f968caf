"""What the demonstration does not tell: people who put scripts into their words and names."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.disclosure.seen import Denied
from guanjia.office import Office

SCRIPT = "<script>document.title = 'broken'</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
PHONE = "13800138000"
RECEIVED: dict[str, Any] = {
    "complaint": "X-1",
    "centre": "north",
    "channel": "phone",
    "category": "complaint",
    "topic": "noise",
    "text": f"楼上装修噪音 {SCRIPT}",
    "contact": {"name": f"张三{SCRIPT}", "phone": PHONE},
}


def tell(office: Office) -> None:
    """Let a customer of the north complain in markup, and two people ask who it was."""
    receive = COMMANDS["receive_complaint"]
    office.execute(receive.model_validate(RECEIVED), by="north.desk1")
    office.execute(receive.model_validate(RECEIVED | {"complaint": "X-2"}), by="north.desk1")
    for account in ("north.desk1", "hq.auditor"):
        with suppress(Denied):
            office.disclose(fields=["name"], purpose="callback", complaint="X-2", by=account)
