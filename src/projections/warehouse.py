"""The views of one event store: the edition in service, and how a new one takes its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Condition, Lock, RLock
from typing import NamedTuple
from zoneinfo import ZoneInfo

from . import tables
from .connection import closed_on_failure, connect, keep_private, log, remove, size
from .edition import Edition, Parked
from .errors import NoFormerViews, ViewsBroken, ViewsClosed, ViewsInUse
from .intake import digest
from .query import WHOLE, Part, Result
from .rebuild import make_views
from .seat import Seat
from .source import Progress, Source
from .status import Pace, Status, lag_seconds
from .verify import Compared, compare

BATCH = 20_000
FORMER = ".old"
"""The suffix of views that a rebuild has replaced and found different."""


class Rebuilt(NamedTuple):
    """The position that new views reach, and the views whose rows were others before."""

    position: int
    differing: tuple[str, ...]


class Warehouse:
    """Facts and views of one event store.

    ``path`` is the DuckDB file, None for one in memory; ``zone`` the organisation's time zone, in
    which months and weeks are cut. Safe to share between threads. A file of another store, or made
    by other definitions, is rebuilt. Raises ``ViewsInUse`` when another process has the file open
    and, unless it is to ``mend`` that by a rebuild, ``ViewsBroken`` when it cannot be read.
    """

    def __init__(
        self,
        source: Source,
        zone: ZoneInfo,
        path: Path | None = None,
        *,
        batch: int = BATCH,
        mend: bool = False,
    ) -> None:
        self.source = source
        self._zone = zone
        self._batch = batch
        self._making = Lock()
        self._following = RLock()
        self._answering = RLock()
        self._reached = Condition()
        self._pace = Pace()
        self._published = -1
        self._shut = False
        self._parked = 0
        self._seat = Seat(path) if path else None
        try:
            self._path = self._seat.file() if self._seat else None
            self._edition = self._opened(mend=mend or not self._elected)
        except BaseException:
            self._leave()
            raise

    def _opened(self, *, mend: bool = False) -> Edition:
        """Return the edition on file, made anew if need be, with what it can read now."""
        try:
            edition = self._open(self._path) or self._made()
        except ViewsBroken:
            if not mend:
                raise
            edition = self._made()
        with closed_on_failure(edition):
            if any(parked.topic in tables.known_topics() for parked in edition.parked()):
                edition.retry(edition.parked())
            if self._seat and self._elected and not self._seat.published:
                self._publish(edition)
        return edition

    @property
    def _elected(self) -> bool:
        return self._seat is None or self._seat.taken

    def _open(self, path: Path | None) -> Edition | None:
        """Return the edition in a file, None when it follows another store or other definitions."""
        opened = connect(path, self._zone)
        with closed_on_failure(opened):
            if self._is_followed(tables.read_meta(opened.writer)):
                return Edition(opened, self.source, self._zone)
        opened.close()
        return None

    def _is_followed(self, meta: tables.Meta) -> bool:
        if meta.definition != tables.definition():
            return False
        taken = self.source.read(meta.position - 1, 1) if meta.position else ()
        return [digest(row) for row in taken] == ([meta.last] if meta.position else [])

    def position(self) -> int:
        """Return the store position up to which events were taken."""
        return self._edition.position

    def catch_up(self, progress: Progress | None = None) -> int:
        """Take every new event; return the position reached."""
        with self._following:
            self._take_over()
            if self._shut:
                self._serve(partial(self._opened, mend=True))
            before, started = self._edition.position, time.monotonic()
            position = self._edition.catch_up(self._batch, self._telling(progress))
            if position != before and self._path:
                keep_private(self._path)
            self._pace.add(position - before, time.monotonic() - started)
            return position

    def _take_over(self) -> None:
        """Go on with the shared file once the process that had it is gone.

        The copy answers until that is open, and goes on if it cannot be opened.
        """
        if self._elected or self._seat is None or not self._seat.take():
            return
        copy, self._path = self._path, self._seat.path
        try:
            shared = self._opened(mend=True)
        except BaseException:
            self._path = copy
            self._seat.give_back()
            raise
        self._serve(lambda: shared)
        self._seat.forget_copy()

    def _serve(self, opened: Callable[[], Edition]) -> None:
        """Put another edition in service; if it is not opened, the next ``catch_up`` tries again.

        Both may live in the same file, which is never opened twice.
        """
        with self._answering:
            self._edition.close()
            self._shut = True
            self._edition = opened()
            self._shut = False

    def _serving(self) -> Edition:
        if self._shut:
            msg = "the views could not be opened the last time; try again"
            raise ViewsClosed(msg)
        return self._edition

    def publish(self) -> None:
        """Publish the views as they are now for other processes; without the seat, do nothing."""
        with self._following:
            if self._elected and self._edition.position != self._published:
                self._publish(self._serving())

    def wait(self, position: int, timeout: float) -> bool:
        """Return whether the views know the event at ``position``, once they do or in so long."""
        with self._reached:
            return self._reached.wait_for(lambda: self._edition.position >= position, timeout)

    def _telling(self, progress: Progress | None) -> Progress:
        def tell(position: int, last: int) -> None:
            with self._reached:
                self._reached.notify_all()
            if progress:
                progress(position, last)

        return tell

    def query(
        self,
        name: str,
        as_of: datetime,
        position: int | None = None,
        filters: dict[str, str | None] | None = None,
        *,
        part: Part = WHOLE,
    ) -> Result:
        """Answer a view as of a moment, from the store as it was at ``position``.

        ``filters`` keeps the rows whose columns equal the values, ``part`` some of these in their
        order. Raises ``UnknownView``, ``UnknownFilter`` or ``FilterMismatch``.
        """
        wanted = {column: value for column, value in (filters or {}).items() if value is not None}
        with self._answering:
            return self._serving().answer(name, as_of, position, wanted, part)

    def parked(self) -> list[Parked]:
        """Return the streams with an event that cannot be taken, in the order of the store."""
        with self._answering:
            return self._serving().parked()

    def _parked_at_last(self) -> int:
        """Return how many streams are parked, or were before the question now being answered."""
        if self._answering.acquire(blocking=False):
            try:
                self._parked = self._parked if self._shut else len(self._edition.parked())
            finally:
                self._answering.release()
        return self._parked

    def retry(self) -> list[Parked]:
        """Take again what was passed over; return the streams that are parked even so."""
        with self._following:
            self._serving().retry(self.parked())
            return self.parked()

    def status(self) -> Status:
        """Return how far the views are; nothing is taken in for that, and no answer waited for."""
        position, last = self.position(), self.source.last_position()
        return Status(
            position=position,
            store_position=last,
            lag_events=last - position,
            lag_seconds=lag_seconds(self.source, position),
            parked=self._parked_at_last(),
            events_per_second=self._pace.events_per_second,
            views_bytes=size(self._path) if self._path else None,
            snapshot_bytes=size(self._seat.snapshot) if self._seat else None,
            elected=self._elected,
        )

    def rebuild(self, progress: Progress | None = None) -> Rebuilt:
        """Make the views anew from the store, beside the old ones, which serve meanwhile; swap.

        Killed at any moment it leaves the old file or the new one in service, whole. Old ones with
        other rows are kept for ``roll_back``.
        """
        self._check_elected()
        with self._making:
            fresh = self._fresh(".new", progress)
            with closed_on_failure(fresh):
                differing = tuple(one.name for one in self._compare(fresh) if not one.same)
                with self._following:
                    fresh.catch_up(self._batch)
                    self._serve(partial(self._in_service, fresh, ".new", keep=bool(differing)))
                    self._publish(self._edition)
                    return Rebuilt(self._edition.position, differing)

    def roll_back(self) -> int:
        """Put the views that the last rebuild found wrong in service again; return their position.

        They take what they lack first; those they replace are gone. Raises ``ViewsInUse``, and
        ``NoFormerViews`` where none are kept or other definitions made them.
        """
        self._check_elected()
        kept = self._path.with_suffix(FORMER) if self._path else None
        with self._making, self._following:
            former = self._open(kept) if kept and kept.exists() else None
            if former is None:
                msg = "no former views are kept that this release can go on with"
                raise NoFormerViews(msg)
            with closed_on_failure(former):
                former.catch_up(self._batch)
                self._serve(partial(self._in_service, former, FORMER))
            self._publish(self._edition)
            return self._edition.position

    def _check_elected(self) -> None:
        if not self._elected:
            msg = "another process has the views open; it must end first"
            raise ViewsInUse(msg)

    def verify(self, progress: Progress | None = None) -> list[Compared]:
        """Compare every view with one of views made anew for this, and thrown away."""
        with self._making:
            fresh = self._fresh(".check", progress)
            try:
                return self._compare(fresh)
            finally:
                fresh.close()
                if self._path:
                    remove(self._path.with_suffix(".check"))

    def _compare(self, fresh: Edition) -> list[Compared]:
        """Compare at one position; those in service go on following meanwhile."""
        with ExitStack() as held:
            with self._following:
                editions = (self._serving(), fresh)
                for edition in editions:
                    edition.catch_up(self._batch)
                serving, anew = [held.enter_context(edition.frozen()) for edition in editions]
            return compare(serving, anew)

    def _made(self) -> Edition:
        """Return an edition of all events so far, in the place of what is on file."""
        return self._in_service(self._fresh(".new", None), ".new")

    def _fresh(self, suffix: str, progress: Progress | None) -> Edition:
        beside = self._path.with_suffix(suffix) if self._path else None
        if beside:
            remove(beside)
        opened = make_views(self.source, self._zone, beside, progress)
        with closed_on_failure(opened):
            return Edition(opened, self.source, self._zone)

    def _in_service(self, fresh: Edition, beside: str, *, keep: bool = False) -> Edition:
        """Return the edition from the file that everybody opens, in the place of what was there."""
        if not self._path:
            return fresh
        fresh.close()
        # A log left by the old file must never be replayed into the new one.
        log(self._path).unlink(missing_ok=True)
        if keep:
            former = self._path.with_suffix(FORMER)
            remove(former)
            former.hardlink_to(self._path)
        self._path.with_suffix(beside).replace(self._path)
        opened = connect(self._path, self._zone)
        with closed_on_failure(opened):
            return Edition(opened, self.source, self._zone)

    def close(self) -> None:
        """Close the file; another process may write it then."""
        with self._following, self._answering:
            self._edition.close()
            self._leave()

    def _leave(self) -> None:
        if self._seat:
            self._seat.leave()

    def _publish(self, edition: Edition) -> None:
        if self._seat and edition.checkpoint():
            self._seat.publish()
            self._published = edition.position
