"""A real help desk's log of four years, with real disorder in it."""

import json
from collections import Counter
from pathlib import Path

from guanjia.history import import_csv

from .conftest import LOG, Desk, counts, rejects

ROOT = Path(__file__).parents[2]
MAPPING = ROOT / "docs" / "how-to" / "helpdesk.toml"


def test_every_ticket_is_there_and_says_what_is_irregular(desk: Desk) -> None:
    """With irregular history kept no row is lost but those left out on purpose."""
    chosen = desk.folder / "rejects.ndjson"
    summary = import_csv(desk.application, LOG, MAPPING, keep_irregular=True, rejects=chosen)
    assert counts(summary) == (20_937, 20_379, 0, 0, 558)
    events = [row for row in desk.store.read(0, 100_000) if row.topic.startswith("complaint.")]
    topics = Counter(row.topic.split(".")[1] for row in events)
    assert (topics["received"], topics["finished"], topics["closed"]) == (4_479, 4_881, 4_494)
    irregular = Counter(
        code for row in events for code in json.loads(row.state).get("irregular", ())
    )
    assert irregular.keys() == summary.irregular.keys()
    assert summary.irregular["already_finished"] > 400
    again = import_csv(desk.application, LOG, MAPPING, keep_irregular=True, rejects=chosen)
    assert counts(again) == (20_937, 0, 0, 20_379, 558)


def test_todays_rules_refuse_what_the_old_desk_did(desk: Desk) -> None:
    """Without it every ticket is received all the same, and each refused row says why."""
    summary = import_csv(desk.application, LOG, MAPPING, rejects=desk.folder / "rejects.ndjson")
    read, imported, refused, _, ignored = counts(summary)
    assert (read, ignored, imported + refused) == (20_937, 558, 20_379)
    codes = Counter(reject["code"] for reject in rejects(summary))
    assert codes.keys() == {"not_handler", "not_finished", "already_finished", "case_closed"}
