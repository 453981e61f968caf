"""One log made for all tests, a copy of it for each that spoils it, and proofs about it."""

from pathlib import Path

import pytest

from . import logs
from .logs import Log, signed
from .proofs import POSITION, Proofs

SIZES = (0, 1, 100, 256, 300)


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """A log of 300 events that was signed at five sizes; not to be changed."""
    return logs.made(tmp_path_factory.mktemp("log") / "original", *SIZES)


@pytest.fixture
def log(original: Log, tmp_path: Path) -> Log:
    """A log like it, to be changed."""
    return original.copied(tmp_path / "log")


@pytest.fixture(scope="session")
def proofs(original: Log) -> Proofs:
    """Proofs about the log."""
    older = signed(original)[SIZES.index(100)]
    with original.opened() as (_, audit):
        receipt, event = audit.receipt(POSITION)
        return Proofs(receipt, event, audit.update(100), older, original.signer.key, audit.key)
