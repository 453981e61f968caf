"""Checkpoints: when they are made, what they cover, and what survives a sudden end."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from guanjia.folder import (
    NEWEST,
)
from guanjia.storage import errors
from guanjia.storage.proof.tree import Tree
from guanjia.verifier import Checkpoint, check_update

from .logs import Log, append, signed


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
