"""Tampering by chance, ten thousand times; and honest histories, on which nothing may be found."""

from __future__ import annotations

import shutil
from itertools import cycle, islice
from pathlib import Path
from random import Random

import pytest

from guanjia.storage import Signer, SqlStore
from guanjia.verifier import check_update

from ..proof import logs
from ..proof.tampering import KINDS
from ..proof.test_tampering import found
from .figures import recorded

TAMPERINGS = 10_000
HONEST = 1_000
LARGEST = 700

pytestmark = pytest.mark.soak


def test_no_tampering_is_missed(tmp_path: Path) -> None:
    """Each kind in turn, each at another place, with a checkpoint of the log's size elsewhere."""
    original = logs.made(tmp_path / "original", 0, 1, 100, 256, 300)
    with recorded("tampering with a store") as figures:
        for seed, kind in enumerate(islice(cycle(KINDS), TAMPERINGS)):
            figures.runs += 1
            found(original, tmp_path / "spoilt", kind, seed)
            shutil.rmtree(tmp_path / "spoilt")


def test_no_honest_history_is_doubted() -> None:
    """Histories of any length, signed at any moments, with a tree that was lost now and then."""
    with recorded("honest histories verified") as figures:
        for seed in range(HONEST):
            figures.runs += 1
            _honest(Random(seed))  # noqa: S311 - chance is only chance


def _honest(random: Random) -> None:
    signer = Signer.generate()
    with SqlStore.in_memory() as store:
        audit = store.audit(signer)
        older = audit.checkpoint()
        while store.last_position() < random.randrange(1, LARGEST):
            logs.append(store, random.choice((1, 2, 7, 50, 255, 256)))
            if random.random() < 0.5:
                newest = audit.checkpoint()
                assert check_update(audit.update(older.size), signer.key, older) == newest
                older = newest
            if random.random() < 0.1:
                with store._database.transaction() as cursor:
                    cursor.execute("DELETE FROM tree_nodes")
        report = audit.verify(older.note)
        assert report.ok
        assert report.events == store.last_position()
