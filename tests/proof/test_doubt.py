"""A history that differs from what was signed: nothing is signed over it, nor recorded in it."""

from __future__ import annotations

from pathlib import Path

import pytest

import guanjia as gj
from guanjia.domain.disclosure.seen import Denied
from guanjia.folder import (
    NEWEST,
    SIGNER,
    STORE,
    open_store,
    restore_store,
)
from guanjia.storage import Signer, StorageError, errors

from .logs import POSTED, Log, append
from .tampering import sql


def test_nothing_is_signed_or_appended_once_the_history_differs(log: Log) -> None:
    """A store that lost events is found out at a look, and goes no further."""
    sql(log, "DELETE FROM events WHERE position >= 290")
    with log.opened() as (store, audit):
        audit.look()
        assert str(audit.doubt) == "300 events were signed and the store holds 289"
        for act in (audit.checkpoint, lambda: append(store, 1), lambda: audit.receipt(7)):
            with pytest.raises(errors.HistoryDiffers):
                act()
        assert store.last_position() == 289


def test_a_rewritten_history_is_not_signed(log: Log) -> None:
    """Leaf hashes that do not lead to the newest checkpoint's root are not signed over."""
    sql(log, "UPDATE events SET leaf = zeroblob(32) WHERE position = 299")
    with log.opened() as (store, audit):
        append(store, 1)
        with pytest.raises(errors.HistoryDiffers, match="first 300 events"):
            audit.checkpoint()


def test_a_checkpoint_of_another_key_is_not_gone_on_from(log: Log) -> None:
    """A signer's key exchanged for another does not carry the log on in silence."""
    (log.folder / SIGNER).unlink()
    Signer.create_file(log.folder / SIGNER)
    with log.opened() as (_, audit), pytest.raises(errors.HistoryDiffers, match="not_signed"):
        audit.checkpoint()


def test_no_receipt_is_made_of_an_altered_event(log: Log) -> None:
    """What a receipt would say is checked before it is handed out."""
    sql(log, "UPDATE events SET state = x'00' WHERE position = 7")
    with log.opened() as (_, audit):
        with pytest.raises(errors.HistoryDiffers):
            audit.receipt(7)
        assert audit.receipt(8)


def test_an_office_put_back_from_an_older_copy_records_nothing(tmp_path: Path) -> None:
    """It opens for reading, says why, and is verified; the older file alone tells nobody."""
    folder = tmp_path / "data"
    with gj.open(folder) as office:
        office.execute(POSTED)
    older = (folder / STORE).read_bytes()
    with gj.open(folder) as office:
        office.execute(POSTED.model_copy(update={"staff": "desk2"}))
    (folder / STORE).write_bytes(older)
    with gj.open(folder) as office:
        assert str(office.audit.doubt) == "2 events were signed and the store holds 1"
        assert office.query("sla").rows() == []
        assert not office.audit.verify().ok
        with pytest.raises(StorageError, match="2 events were signed"):
            office.execute(POSTED.model_copy(update={"staff": "desk3"}))
    (folder / NEWEST).unlink()
    with gj.open(folder) as office:
        assert office.audit.doubt is None


def test_denials_that_were_counted_do_not_keep_a_doubted_store_closed(tmp_path: Path) -> None:
    """Their number cannot be recorded in it; it opens for reading, and closes, all the same."""
    folder = tmp_path / "data"
    with gj.open(folder) as office:
        guard = {"staff": "guard1", "person": "p9", "post": "security"}
        office.execute(POSTED.model_copy(update=guard))
        for _ in range(2):
            with pytest.raises(Denied):
                office.gateway.look_up("13800138000", by="guard1")
        with open_store(folder) as store:
            store.database.back_up(tmp_path / "backup.db")
        office.execute(POSTED.model_copy(update={"staff": "desk2"}))
    (folder / STORE).unlink()
    restore_store(folder, tmp_path / "backup.db")
    with gj.open(folder) as office:
        assert office.audit.doubt
        assert [tally.count for tally in office.application.store.tallies.all()] == [1]
