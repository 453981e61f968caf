"""Follows the store in a thread of its own."""

from __future__ import annotations

import logging
import time
from threading import Event, Lock, Thread

from .warehouse import Warehouse

logger = logging.getLogger(__name__)


class Projector:
    """Lets views follow a store: at once after each commit of this process.

    Commits of other processes are seen within ``POLL`` seconds. A failure is logged and tried
    again, and kept as ``failure`` until a try goes well. What other processes read is published
    every ``PUBLISHED_EVERY`` seconds.
    """

    POLL = 0.1
    PUBLISHED_EVERY = 60.0

    def __init__(self, views: Warehouse) -> None:
        self.failure: Exception | None = None
        self._views = views
        self._woken = Event()
        self._stopped = False
        self._publish_at = 0.0
        self._starting = Lock()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to follow; a second call changes nothing."""
        with self._starting:
            if self._thread is None:
                self._views.source.listen(self._woken)
                self._thread = Thread(target=self._run, name="projector", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End after the batch that is being taken."""
        with self._starting:
            self._stopped = True
            self._woken.set()
            if self._thread is not None:
                self._thread.join()
                self._views.source.unlisten(self._woken)

    def _run(self) -> None:
        while not self._stopped:
            self._woken.clear()
            self._follow()
            self._woken.wait(self.POLL)

    def _follow(self) -> None:
        try:
            self._views.catch_up()
            if time.monotonic() >= self._publish_at:
                self._views.publish()
                self._publish_at = time.monotonic() + self.PUBLISHED_EVERY
            self.failure = None
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may go well
            if self.failure is None:
                logger.warning("views_not_followed: %s", type(error).__name__)
            self.failure = error
