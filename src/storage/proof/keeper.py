"""Checkpoints made while nobody asks for them."""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread

from ..errors import StorageError
from .audit import Audit


class Keeper:
    """Signs a checkpoint once a minute while there is something new, and one when closed.

    What fails (a busy or closed store, a full disk) is tried again the next time; events that are
    not those signed before are refused by the audit itself.
    """

    EVERY = 60.0

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._closing = Event()
        self._thread = Thread(target=self._run, name="guanjia-checkpoints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Sign a last checkpoint and end."""
        self._closing.set()
        self._thread.join()
        self._sign()

    def _run(self) -> None:
        while not self._closing.wait(self.EVERY):
            self._sign()

    def _sign(self) -> None:
        with suppress(StorageError, self._audit.driver_error, OSError):
            self._audit.checkpoint()
