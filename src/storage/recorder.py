"""eventsourcing's recorder interface on our event table."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    OperationalError,
    StoredEvent,
    Subscription,
)
from sqlalchemy import BigInteger, BindParameter, Text, bindparam, func, select
from sqlalchemy.engine.interfaces import DBAPICursor

from .database import Database
from .errors import StorageError, StoreBusy, StoreClosed, StoreUnreachable
from .proof.leaves import leaf_of
from .schema import Statement, events

_LOWEST, _HIGHEST = -(2**63), 2**63 - 1

_event_columns = (
    events.c.originator_id,
    events.c.originator_version,
    events.c.topic,
    events.c.state,
)


class Recorder(ApplicationRecorder):
    """Inserts and selects stored events.

    Positions (eventsourcing calls them notification ids) start at 1, have no gap, follow the order
    of commits and are never reused. Originator ids may be UUID or str and come back as str.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        dialect = database.dialect
        version = events.c.originator_version
        of_aggregate = (
            select(*_event_columns)
            .where(
                events.c.originator_id == bindparam("originator_id"),
                version > bindparam("gt"),
                version <= bindparam("lte"),
            )
            .limit(bindparam("limit", type_=BigInteger))
        )
        self._insert = Statement(events.insert(), dialect)
        self._last = Statement(select(func.max(events.c.position)), dialect)
        self._forward = Statement(of_aggregate.order_by(version), dialect)
        self._backward = Statement(of_aggregate.order_by(version.desc()), dialect)
        self._notifications: dict[int, Statement] = {}
        self._reached: tuple[int | None, int] = (None, 0)
        self._refusal: StorageError | None = None

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401, ARG002  the interface says so
    ) -> Sequence[int]:
        """Append the events and return their positions, in order.

        Joins the store's open transaction, or makes one. Raises eventsourcing's IntegrityError
        when a version is already recorded and OperationalError when the database could not write;
        of these events nothing is written then. Raises what it was told to refuse with.
        """
        if not stored_events:
            return []
        with self._refusing(), self._database.transaction() as cursor:
            last = self._write(cursor, stored_events)
        return [*range(last - len(stored_events) + 1, last + 1)]

    def append(self, stored_events: Sequence[StoredEvent]) -> int:
        """Append the events and return the last position; raises the same.

        Once it failed, a transaction that was open can only be undone.
        """
        with self._refusing(), self._database.writing() as cursor:
            return self._write(cursor, stored_events)

    @contextmanager
    def _refusing(self) -> Generator[None, None, None]:
        if self._refusal:
            raise self._refusal
        try:
            yield
        except self._database.integrity_error as error:
            msg = "a version of the aggregate is already recorded"
            raise IntegrityError(msg) from error
        except (self._database.operational_error, StoreBusy, StoreUnreachable) as error:
            msg = "the database could not write"
            raise OperationalError(msg) from error

    def refuse(self, refusal: StorageError) -> None:
        """Append nothing from now on, and raise ``refusal`` instead."""
        self._refusal = refusal

    def _write(self, cursor: DBAPICursor, stored_events: Sequence[StoredEvent]) -> int:
        """Insert the rows of new events: the one place that does."""
        first = self.last_position() + 1
        stored_at = time.time_ns() // 1000
        rows: list[dict[str, bytes | str | int]] = [
            {
                "position": position,
                "originator_id": str(stored.originator_id),
                "originator_version": stored.originator_version,
                "topic": stored.topic,
                "state": stored.state,
                "stored_at": stored_at,
                "leaf": leaf_of(position, stored, stored_at),
            }
            for position, stored in enumerate(stored_events, first)
        ]
        self._insert.run_many(cursor, rows)
        last = first + len(rows) - 1
        self._reached = (self._database.turn, last)
        return last

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return one aggregate's events with ``gt`` < version <= ``lte``, at most ``limit``."""
        statement = self._backward if desc else self._forward
        with self._database.reading() as cursor:
            statement.run(
                cursor,
                originator_id=str(originator_id),
                gt=_LOWEST if gt is None else gt,
                lte=_HIGHEST if lte is None else lte,
                limit=_HIGHEST if limit is None else limit,
            )
            return [StoredEvent(*row) for row in cursor.fetchall()]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events from position ``start`` through ``stop`` of ``topics``, in order."""
        first = _LOWEST if start is None else start + (not inclusive_of_start)
        names = {f"topic_{number}": topic for number, topic in enumerate(topics)}
        with self._database.reading() as cursor:
            self._notifications_of(len(topics)).run(
                cursor,
                first=first,
                last=_HIGHEST if stop is None else stop,
                limit=limit,
                **names,
            )
            return [Notification(*row) for row in cursor.fetchall()]

    def _notifications_of(self, topic_count: int) -> Statement:
        if topic_count not in self._notifications:
            position = events.c.position
            query = (
                select(*_event_columns, position)
                .where(position >= bindparam("first"), position <= bindparam("last"))
                .order_by(position)
                .limit(bindparam("limit", type_=BigInteger))
            )
            if topic_count:
                query = query.where(events.c.topic.in_(_topic_binds(topic_count)))
            self._notifications[topic_count] = Statement(query, self._database.dialect)
        return self._notifications[topic_count]

    def max_notification_id(self) -> int | None:
        """Return the last position, None when nothing was ever recorded."""
        return self.last_position() or None

    def last_position(self) -> int:
        """Return the last position, 0 when nothing was ever recorded.

        It is read once in a transaction: nobody else can write until that ends.
        """
        turn = self._database.turn
        if turn is not None and turn == self._reached[0]:
            return self._reached[1]
        with self._database.reading() as cursor:
            row = self._last.run(cursor).fetchone()
        last = int(row[0] or 0) if row else 0
        if turn is not None:
            self._reached = (turn, last)
        return last

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Return an iterator over the events after ``gt`` that waits for new ones at the end."""
        return TailSubscription(self, self._database, gt, topics)


def _topic_binds(count: int) -> list[BindParameter[str]]:
    return [bindparam(f"topic_{number}", type_=Text) for number in range(count)]


class TailSubscription(Subscription[ApplicationRecorder]):
    """Yields events as they are committed; woken at once by writers of this process.

    Writers of other processes are seen when the database tells of them, or within its ``POLL``
    seconds. Iteration ends after ``stop``, from any thread, or when the store is closed. Waits in
    the thread that iterates.
    """

    BATCH = 500

    def __init__(
        self, recorder: Recorder, database: Database, gt: int | None, topics: Sequence[str]
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._database = database
        self._position = gt or 0
        self._batch: deque[Notification] = deque()
        self._woken = Event()
        database.listen(self._woken)

    def stop(self) -> None:
        """End the iteration, also one that waits in another thread."""
        super().stop()
        self._database.unlisten(self._woken)
        self._woken.set()

    def __next__(self) -> Notification:
        while not self._over():
            if self._batch:
                return self._batch.popleft()
            self._woken.clear()
            with suppress(StoreClosed):  # closed between the look and the reading
                if not self._pull() and not self._over():
                    self._woken.wait(self._database.POLL)
        self._database.unlisten(self._woken)
        raise StopIteration

    def _over(self) -> bool:
        return self._has_been_stopped or self._database.closed

    def _pull(self) -> bool:
        # The end is read first, so that events of other topics are passed over only once.
        end = self._recorder.max_notification_id() or 0
        if end <= self._position:
            return False
        self._batch.extend(
            self._recorder.select_notifications(
                self._position, self.BATCH, end, self._topics, inclusive_of_start=False
            )
        )
        full = len(self._batch) == self.BATCH
        self._position = self._batch[-1].id if full else end
        return True
