"""Whatever is done to a store behind the product's back is found, and honest stores are not."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from guanjia.storage.proof import Report

from .logs import Log, append, made
from .tampering import COLUMNS, KINDS, sql, tamper

TRIES = 6
PAGE = 4096


def codes(report: Report) -> list[str]:
    """Return what was found, each code once."""
    return list(dict.fromkeys(finding.code for finding in report.findings))


def names(report: Report, position: int) -> bool:
    """Return whether a finding is about the position."""
    return any(
        finding.first is not None
        and finding.last is not None
        and finding.first <= position <= finding.last
        for finding in report.findings
    )


def found(original: Log, folder: Path, kind: str, seed: int) -> Report:
    """Tamper with a copy of the log; what was done must be found, at its place."""
    random = Random(f"{kind} {seed}")  # noqa: S311 - chance is only chance
    log = original.copied(folder)
    position = tamper(log, KINDS[kind], random)
    report = log.verified()
    assert not report.ok, (kind, seed)
    assert position == 0 or names(report, position), (kind, seed, position, report.findings)
    return report


@pytest.mark.parametrize("seed", range(TRIES))
@pytest.mark.parametrize("kind", KINDS)
def test_tampering_is_found(original: Log, tmp_path: Path, kind: str, seed: int) -> None:
    """Every kind, at places by chance, with a checkpoint kept elsewhere."""
    found(original, tmp_path / "log", kind, seed)


def test_an_honest_log_is_in_order(original: Log) -> None:
    """Nothing is found where nothing was done, and what is signed is counted."""
    report = original.verified()
    assert (report.ok, report.events, report.checkpoints, report.signed) == (True, 300, 5, 300)


@pytest.mark.parametrize("column", COLUMNS)
def test_an_altered_event_is_named(log: Log, column: str) -> None:
    """Each column of an event is covered, and the event is named alone."""
    value = {"state": "x'00'", "leaf": "zeroblob(32)", "topic": "'t'", "originator_id": "'x'"}
    sql(log, f"UPDATE events SET {column} = {value.get(column, '77')} WHERE position = 17")
    altered = [one for one in log.verified().findings if one.code == "event_altered"]
    assert [(one.first, one.last) for one in altered] == [(17, 17)]


def test_an_edited_event_is_all_that_is_said(log: Log) -> None:
    """Whoever edits the stored bytes alone is told the position and nothing else."""
    sql(log, "UPDATE events SET state = x'7b7d' WHERE position = 200")
    (finding,) = log.verified().findings
    assert str(finding) == ("event_altered: event 200: these are not the bytes that were recorded")


def test_events_that_are_gone_are_named(log: Log) -> None:
    """A gap is named from its first position to its last."""
    sql(log, "DELETE FROM events WHERE position BETWEEN 20 AND 29")
    report = log.verified()
    assert str(report.findings[0]) == "event_missing: events 20 to 29: there is no event"
    assert codes(report) == ["event_missing", "checkpoint_differs"]
    assert report.signed == 1


def test_a_cut_is_found_by_its_own_checkpoints(log: Log) -> None:
    """Without any help from elsewhere, because the store's checkpoints go further."""
    sql(log, "DELETE FROM events WHERE position > 256")
    report = log.verified(elsewhere=False)
    assert codes(report) == ["events_cut"]
    assert report.signed == 256


def test_a_store_rolled_back_is_found_by_the_file_beside_it(log: Log) -> None:
    """Events, tree and checkpoints of an older day, as a restored copy has them."""
    sql(
        log,
        "DELETE FROM events WHERE position > 100",
        "DELETE FROM checkpoints WHERE size > 100",
        "DELETE FROM tree_nodes",
    )
    (finding,) = log.verified(elsewhere=False).findings
    assert str(finding) == (
        "events_cut: events 101 to 300: newest.checkpoint: it signed 300 events, the store ends"
        " at 100"
    )
    (log.folder / "newest.checkpoint").unlink()
    assert log.verified(elsewhere=False).ok
    assert codes(log.verified()) == ["events_cut"]


def test_who_has_the_key_and_all_files_needs_a_checkpoint_elsewhere(
    original: Log, tmp_path: Path
) -> None:
    """A history rewritten and signed anew is consistent in itself; only the outside shows it."""
    random = Random(1)  # noqa: S311 - chance is only chance
    log = original.copied(tmp_path / "log")
    tamper(log, KINDS["rewrite_everything"], random)
    (log.folder / "newest.checkpoint").unlink()
    assert log.verified(elsewhere=False).ok
    report = log.verified()
    assert codes(report) == ["checkpoint_differs"]
    assert "the checkpoint given" in report.findings[0].text


def test_a_checkpoint_of_somebody_else_is_no_proof(log: Log, tmp_path: Path) -> None:
    """Given the checkpoint of another log, the verification says so."""
    other = made(tmp_path / "other", 3)
    report = Log(log.folder, other.elsewhere).verified()
    assert codes(report) == ["checkpoint_invalid"]


def test_a_file_that_cannot_be_read_is_a_finding(log: Log) -> None:
    """Pages overwritten with zeroes end in a finding, not in a crash."""
    data = log.db.read_bytes()
    start = data.index(b'"number": 150,') // PAGE * PAGE
    log.db.write_bytes(data[:start] + bytes(PAGE) + data[start + PAGE :])
    assert "unreadable" in codes(log.verified())


def test_a_report_ends_somewhere(log: Log) -> None:
    """A store spoilt from end to end is not listed without limit."""
    with log.opened() as (store, audit):
        append(store, 1000)
        audit.checkpoint()
    sql(log, "UPDATE events SET stored_at = 0")
    assert len(log.verified().findings) == 1000
