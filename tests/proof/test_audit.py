"""Checkpoints: when they are made, what they refuse to sign, and what survives a sudden end."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import guanjia as gj
from guanjia.domain.disclosure.gateway import Gateway
from guanjia.domain.disclosure.seen import Denied
from guanjia.folder import (
    NEWEST,
    SIGNER,
    STORE,
    OfficeError,
    open_audit,
    open_store,
    restore_store,
    rotate_keys,
)
from guanjia.storage import Keeper, Signer, StorageError, errors
from guanjia.storage.proof.tree import Tree
from guanjia.verifier import Checkpoint, Key, check_update

from .logs import Log, append, signed

POSTED = gj.PostStaff(
    staff="desk1", person="p1", post="front_desk", centre="north", department="service"
)


def test_an_unchanged_log_is_not_signed_again(log: Log) -> None:
    """A checkpoint is made when there is something new, and else the newest is returned."""
    with log.opened() as (store, audit):
        newest = audit.checkpoint()
        assert audit.checkpoint() == newest
        append(store, 1)
        assert audit.checkpoint().size == newest.size + 1
    assert [one.size for one in signed(log)] == [0, 1, 100, 256, 300, 301]


def test_checkpoints_are_read_in_parts(log: Log) -> None:
    """A page asks the store for its own checkpoints and for no others."""
    with log.opened() as (_, audit):
        sizes = [size for size, _ in audit.stored()]
        assert sizes == [0, 1, 100, 256, 300]
        assert [size for size, _ in audit.stored(after=1, limit=2)] == [100, 256]
        assert [size for size, _ in audit.stored(after=256, limit=2)] == [300]


def test_the_newest_checkpoint_lies_beside_the_store(log: Log) -> None:
    """Each signing leaves its text in a file of its own, readable by its owner only."""
    kept = log.folder / NEWEST
    assert kept.read_text("utf-8") == log.elsewhere
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkpoints SET note = ''",
        "UPDATE OR REPLACE checkpoints SET size = size + 1000",
        "DELETE FROM checkpoints",
        "INSERT INTO checkpoints VALUES (300, '')",
        "INSERT OR REPLACE INTO checkpoints VALUES (300, '')",
        "REPLACE INTO checkpoints VALUES (299, '')",
        "INSERT INTO checkpoints VALUES (NULL, '')",
    ],
)
def test_a_checkpoint_cannot_be_changed(log: Log, statement: str) -> None:
    """The table refuses every change but a checkpoint of a larger log."""
    with closing(sqlite3.connect(log.db)) as raw:
        before = raw.execute("SELECT * FROM checkpoints").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
        assert raw.execute("SELECT * FROM checkpoints").fetchall() == before


def cut(log: Log, position: int) -> None:
    """Remove the events from a position on, behind the product's back."""
    with closing(sqlite3.connect(log.db)) as raw:
        raw.execute("DROP TRIGGER events_are_not_deleted")
        raw.execute("DELETE FROM events WHERE position >= ?", [position])
        raw.commit()


def test_nothing_is_signed_or_appended_once_the_history_differs(log: Log) -> None:
    """A store that lost events is found out at a look, and goes no further."""
    cut(log, 290)
    with log.opened() as (store, audit):
        audit.look()
        assert str(audit.doubt) == "300 events were signed and the store holds 289"
        for act in (audit.checkpoint, lambda: append(store, 1), lambda: audit.receipt(7)):
            with pytest.raises(errors.HistoryDiffers):
                act()
        assert store.last_position() == 289


def test_a_rewritten_history_is_not_signed(log: Log) -> None:
    """Leaf hashes that do not lead to the newest checkpoint's root are not signed over."""
    with closing(sqlite3.connect(log.db)) as raw:
        raw.execute("DROP TRIGGER events_are_not_updated")
        raw.execute("UPDATE events SET leaf = zeroblob(32) WHERE position = 299")
        raw.commit()
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
    with closing(sqlite3.connect(log.db)) as raw:
        raw.execute("DROP TRIGGER events_are_not_updated")
        raw.execute("UPDATE events SET state = x'00' WHERE position = 7")
        raw.commit()
    with log.opened() as (_, audit):
        with pytest.raises(errors.HistoryDiffers):
            audit.receipt(7)
        assert audit.receipt(8)


def test_a_receipt_of_a_new_event_signs_it_first(log: Log) -> None:
    """An event after the newest checkpoint is covered by one made for it."""
    with log.opened() as (store, audit):
        append(store, 2)
        assert audit.receipt(302)[0]
        with pytest.raises(errors.NotInLog):
            audit.receipt(303)
        with pytest.raises(errors.NotInLog):
            audit.update(303)
    assert signed(log)[-1].size == 302


def test_a_tree_that_is_gone_is_grown_again(log: Log) -> None:
    """Without its stored nodes the log proves what it proved."""
    with log.opened() as (_, audit):
        before = audit.receipt(3)
    with closing(sqlite3.connect(log.db)) as raw:
        raw.execute("DELETE FROM tree_nodes")
        raw.commit()
    with log.opened() as (_, audit):
        assert audit.verify().ok
        assert audit.receipt(3) == before


def test_growing_goes_on_where_it_was_interrupted(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted after any transaction of the growth, the next checkpoint is the same."""
    monkeypatch.setattr(Tree, "GROWN_AT_ONCE", 1)
    grow, left = Tree._grow, 0

    def interrupted(self: Tree, level: int, wanted: int) -> bool:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return grow(self, level, wanted)

    with log.opened() as (store, audit):
        append(store, 1500)
        monkeypatch.setattr(Tree, "_grow", interrupted)
        for allowed in (1, 2, 3):
            left = allowed
            with pytest.raises(KeyboardInterrupt):
                audit.checkpoint()
        monkeypatch.setattr(Tree, "_grow", grow)
        assert audit.checkpoint().size == 1800
        assert audit.verify().ok


def test_threads_sign_one_history(log: Log) -> None:
    """Appending and signing at once from several threads leaves one consistent log."""
    with log.opened() as (store, audit):
        threads = [threading.Thread(target=audit.checkpoint) for _ in range(8)]
        for thread in threads:
            thread.start()
            append(store, 3)
        for thread in threads:
            thread.join()
        assert audit.verify().ok
        newest = audit.checkpoint()
        for older in signed(log):
            assert check_update(audit.update(older.size), log.signer.key, older) == newest


def test_events_that_may_be_undone_are_not_signed(log: Log) -> None:
    """Inside a transaction nothing is signed, and another thread that signs is not in the way."""
    with log.opened() as (store, audit):
        signing = threading.Thread(target=audit.checkpoint)
        with pytest.raises(KeyError), store.transaction():
            append(store, 1)
            signing.start()
            with pytest.raises(errors.TransactionOpen):
                audit.checkpoint()
            with pytest.raises(errors.TransactionOpen):
                audit.receipt(301)
            audit.look()
            assert audit.receipt(300)
            raise KeyError
        signing.join()
        assert audit.verify().ok
        assert audit.stored()[-1][0] == 300


SIGNING = """
import sys
from pathlib import Path
from eventsourcing.persistence import StoredEvent
from guanjia.storage import Signer, SqlStore

folder = Path(sys.argv[1])
store = SqlStore.open(f"sqlite:///{folder}/events.db", folder / "master.key")
audit = store.audit(Signer.read_file(folder / "signer.key"), folder / "newest.checkpoint")
first = store.last_position()
for number in range(first, first + 10_000):
    store.recorder.insert_events(
        [StoredEvent(f"K-{number}", version, "t", b"{}") for version in range(1, 100)]
    )
    print(audit.checkpoint().note.replace("\\n", "|"), flush=True)
"""


def test_every_checkpoint_that_was_given_out_survives_kill_9(log: Log) -> None:
    """Killed while it signs and grows, the store continues each checkpoint it had printed."""
    printed: list[str] = []
    for _ in range(3):
        program = [sys.executable, "-c", SIGNING, str(log.folder)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            printed += [child.stdout.readline() for _ in range(7)]
            child.send_signal(signal.SIGKILL)
            printed += child.stdout.read().splitlines(keepends=True)
        with log.opened() as (_, audit):
            audit.look()
            assert audit.doubt is None
            assert audit.verify().ok
    key = log.signer.key
    with log.opened() as (_, audit):
        for line in printed:
            older = Checkpoint.parse(line.rstrip("\n").replace("|", "\n"), key)
            assert check_update(audit.update(older.size), key, older).size >= older.size


def test_the_keeper_signs_what_is_new_and_at_the_end(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wakes by itself, and its closing leaves nothing unsigned."""
    monkeypatch.setattr(Keeper, "EVERY", 0.001)
    waited = threading.Event()
    with log.opened() as (store, audit):
        append(store, 1)
        sign = audit.checkpoint

        def checkpoint() -> Checkpoint:
            made = sign()
            waited.set()
            return made

        monkeypatch.setattr(audit, "checkpoint", checkpoint)
        keeper = Keeper(audit)
        assert waited.wait(60)
        monkeypatch.setattr(Keeper, "EVERY", 3600)
        append(store, 1)
        keeper.close()
        assert audit.stored()[-1][0] == 302


def test_a_keeper_survives_what_fails(log: Log) -> None:
    """A store that is closed under it, or differs, ends no thread and no closing in an error."""
    with log.opened() as (store, audit):
        keeper = Keeper(audit)
        store.close()
        keeper.close()


def test_closing_an_office_signs_what_it_recorded(tmp_path: Path) -> None:
    """Nothing is left outside of a checkpoint when an office was closed."""
    folder = tmp_path / "data"
    with gj.open(folder) as office:
        office.execute(POSTED)
        assert office.audit.verify().ok
    with open_audit(folder) as audit:
        report = audit.verify()
    assert (report.events, report.signed) == (1, 1)
    for name in (SIGNER, NEWEST):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_an_office_in_memory_can_be_verified() -> None:
    """Tests may ask the same as an auditor."""
    with gj.open_in_memory() as office:
        office.execute(POSTED)
        assert office.audit.verify().ok
        assert office.audit.checkpoint().size == 1
        assert Key.parse(office.audit.key).name.startswith("guanjia/")


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


def test_an_office_that_cannot_be_opened_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the store, nor the views, nor the thread that signs."""
    folder = gj.init(tmp_path / "data")

    def busy(*_: object, **__: object) -> None:
        raise errors.StoreBusy

    monkeypatch.setattr(Gateway, "count_denials", busy)
    with pytest.raises(errors.StoreBusy):
        gj.open(folder)
    monkeypatch.undo()
    assert "guanjia-checkpoints" not in {thread.name for thread in threading.enumerate()}
    rotate_keys(folder)
    with gj.open(folder) as office:
        assert office.views.status().elected


def test_a_folder_without_its_signing_key_is_not_opened(tmp_path: Path) -> None:
    """The key is never made anew in silence: its checkpoints would prove nothing."""
    gj.init(tmp_path / "data")
    (tmp_path / "data" / SIGNER).unlink()
    with pytest.raises(errors.KeyFileMissing):
        gj.open(tmp_path / "data")
    with pytest.raises(OfficeError), open_audit(tmp_path):
        pass


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line[:0],
        lambda line: line[:-3],
        lambda line: line + "A",
        lambda line: line.removeprefix("PRIVATE+KEY+"),
        lambda line: line.replace("guanjia/", "other/"),
        lambda line: line[:-10] + "=" * 10,
        lambda line: "\xff" + line,
    ],
)
def test_a_spoilt_signing_key_is_refused(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    """Only what was written is read back; others may not read it."""
    path = tmp_path / SIGNER
    signer = Signer.create_file(path)
    assert Signer.read_file(path).key == signer.key
    assert "object at" in repr(signer)
    path.write_text(spoil(path.read_text("utf-8").strip()), "latin-1")
    with pytest.raises(errors.SignerMalformed):
        Signer.read_file(path)
    path.chmod(0o640)
    with pytest.raises(errors.KeyFileExposed):
        Signer.read_file(path)
    with pytest.raises(errors.KeyFileExists):
        Signer.create_file(path)
