"""Webhooks: other systems are told of promises and of broken glass, each at least once.

What is to be told is found by the position in the store and the clock, and written down before it
is sent; it is sent again, ever later, until the receiver takes it. A receiver that never does is
parked, and shown.
"""

from __future__ import annotations

import base64
import json
import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from ..domain.roster import SYSTEM
from ..office import Office
from . import news
from .callers import Caller
from .errors import UnknownWebhook, WebhookExists
from .news import BATCH, Message
from .outages import code_of
from .posting import NO_ANSWER, SECRET_PREFIX, Post, posted, signed

FILE = "webhooks.db"
EVERY = 5.0
ATTEMPTS = 8
FIRST_WAIT = 10.0

SCHEMA = """
create table if not exists webhooks (
    id text primary key, url text not null, secret text not null, centre text,
    lead integer not null, position integer not null, since text not null,
    parked_at text, last_status integer
);
create table if not exists outbox (
    webhook text not null references webhooks (id) on delete cascade, message text not null,
    body text not null, attempts integer not null default 0, next_at real not null,
    primary key (webhook, message)
);
create table if not exists told (
    webhook text not null references webhooks (id) on delete cascade, message text not null,
    primary key (webhook, message)
) without rowid;
"""
log = logging.getLogger("guanjia.api.webhooks")


class Webhook(NamedTuple):
    """A receiver: where, of which centre (none: all), how many seconds before a promise is due.

    ``position`` and ``since`` say from where on it is told; ``parked_at`` when it was given up.
    """

    id: str
    url: str
    secret: str
    centre: str | None
    lead: int
    position: int
    since: str
    parked_at: str | None = None
    last_status: int | None = None


class Webhooks:
    """The receivers of an office and what they are owed, in a file of its own (None: memory)."""

    def __init__(self, office: Office, path: Path | None = None, post: Post = posted) -> None:
        self._office = office
        self._post = post
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._failures: dict[tuple[str, ...], str] = {}
        self._missed: dict[str, pa.Table] = {}
        if path:
            path.touch(mode=0o600)
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False)
        self._db.executescript("pragma journal_mode = wal; pragma foreign_keys = on;" + SCHEMA)

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection, None, None]:
        with self._lock, self._db:
            yield self._db

    def add(self, id: str, url: str, centre: str | None, lead: int) -> Webhook:
        """Register a receiver, to be told from now on; raises ``WebhookExists``."""
        secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
        application = self._office.application
        position, now = application.store.last_position(), application.clock().isoformat()
        webhook = Webhook(id, url, secret, centre, lead, position, now)
        try:
            with self._transaction() as db:
                db.execute("insert into webhooks values (?, ?, ?, ?, ?, ?, ?, ?, ?)", webhook)
        except sqlite3.IntegrityError:
            raise WebhookExists from None
        return webhook

    def remove(self, id: str) -> None:
        """Forget a receiver and what it is owed; raises ``UnknownWebhook``."""
        with self._transaction() as db:
            if not db.execute("delete from webhooks where id = ?", [id]).rowcount:
                raise UnknownWebhook
        self._missed.pop(id, None)

    def resume(self, id: str) -> None:
        """Send again to a receiver that was parked; raises ``UnknownWebhook``."""
        with self._transaction() as db:
            if not db.execute("update webhooks set parked_at = null where id = ?", [id]).rowcount:
                raise UnknownWebhook
            db.execute("update outbox set attempts = 0, next_at = 0 where webhook = ?", [id])

    def all(self) -> list[Webhook]:
        """Return every receiver, in order of identifier."""
        with self._lock, closing(self._db.execute("select * from webhooks order by id")) as rows:
            return [Webhook(*row) for row in rows]

    def failure(self, id: str) -> str | None:
        """Return the code of what stands in the way of telling a receiver, None if nothing does."""
        found = (self._failures.get(step) for step in (("pass",), ("find", id), ("send", id)))
        return next(filter(None, found), None)

    def owed(self, id: str) -> int:
        """Return how many messages a receiver has not taken yet."""
        with self._lock:
            query = "select count(*) from outbox where webhook = ?"
            count: int = self._db.execute(query, [id]).fetchone()[0]
        return count

    @contextmanager
    def delivering(self) -> Generator[None, None, None]:
        """Find and send in a thread, inside the ``with`` block."""
        thread = threading.Thread(target=self._deliver, name="guanjia-webhooks", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _deliver(self) -> None:
        while not self._stop.wait(EVERY):
            with self._going_on("pass"):
                self.find()
                self.send()

    def find(self) -> None:
        """Write down what each receiver is to be told, and how far the store was looked through."""
        for webhook in self.all():
            with self._going_on("find", webhook.id):
                self._find(webhook)

    def _find(self, webhook: Webhook) -> None:
        position, messages = news.of_events(self._office, webhook.position, webhook.centre)
        promises, missed = self._promises(webhook)
        with self._transaction() as db:
            for message in messages + promises:
                self._owe(db, webhook, message)
            moved = "update webhooks set position = ? where id = ?"
            db.execute(moved, [position, webhook.id])
        self._missed[webhook.id] = missed

    @contextmanager
    def _going_on(self, *step: str) -> Generator[None, None, None]:
        """Keep the code of what goes wrong in a step; all others are done all the same."""
        try:
            yield
            self._failures.pop(step, None)
        except Exception as error:  # noqa: BLE001  whatever it is, the next pass may go well
            code = code_of(error)
            if self._failures.get(step) != code:
                log.warning("webhooks wait", extra={"error": type(error).__name__, "code": code})
            self._failures[step] = code

    def _owe(self, db: sqlite3.Connection, webhook: Webhook, message: Message) -> None:
        known = "insert or ignore into told values (?, ?)"
        if not db.execute(known, [webhook.id, message.id]).rowcount:
            return
        body = json.dumps({"type": message.kind, "data": message.facts}, ensure_ascii=False)
        owed = "insert into outbox (webhook, message, body, next_at) values (?, ?, ?, 0)"
        db.execute(owed, [webhook.id, message.id, body])

    def _promises(self, webhook: Webhook) -> tuple[list[Message], pa.Table]:
        """Return what is new of promises, and the missed ones that need not be looked at again."""
        caller = Caller(SYSTEM.account, SYSTEM)
        filters = {"centre": webhook.centre} if webhook.centre else {}
        since, lead = datetime.fromisoformat(webhook.since), timedelta(seconds=webhook.lead)
        near = news.due_soon(self._office, caller, lead, filters)
        late = news.missed(self._office, caller, since, filters)
        new = late.beyond(self._missed.get(webhook.id))
        messages = [
            *(news.of_promise("promise.due_soon", row) for row in near.plain()),
            *(news.of_promise("promise.missed", row) for row in new.plain()),
        ]
        return messages, late.table.select(news.KEY)

    def send(self) -> None:
        """Send what is due; what is not taken waits twice as long, or parks its receiver."""
        for webhook in self.all():
            if webhook.parked_at is None:
                with self._going_on("send", webhook.id):
                    self._send(webhook)

    def _send(self, webhook: Webhook) -> None:
        for message, body, attempts in self._due(webhook):
            if self._stop.is_set() or not self._sent(webhook, message, body, attempts + 1):
                break

    def _due(self, webhook: Webhook) -> list[tuple[str, str, int]]:
        query = """
            select message, body, attempts from outbox where webhook = ? and next_at <= ?
            order by rowid limit ?
        """
        with self._lock:
            return self._db.execute(query, [webhook.id, time.time(), BATCH]).fetchall()

    def _sent(self, webhook: Webhook, message: str, body: str, attempt: int) -> bool:
        content = body.encode()
        headers = signed(webhook.secret, message, content, int(time.time()))
        try:
            status: int | None = self._post(webhook.url, content, headers)
        except NO_ANSWER:
            status = None
        taken = status is not None and 200 <= status < 300
        with self._transaction() as db:
            said = "update webhooks set last_status = ? where id = ?"
            db.execute(said, [status, webhook.id])
            if taken:
                done = "delete from outbox where webhook = ? and message = ?"
                db.execute(done, [webhook.id, message])
            else:
                self._put_off(db, webhook, message, attempt)
        return taken

    def _put_off(
        self, db: sqlite3.Connection, webhook: Webhook, message: str, attempt: int
    ) -> None:
        later = time.time() + FIRST_WAIT * 2 ** (attempt - 1)
        again = "update outbox set attempts = ?, next_at = ? where webhook = ? and message = ?"
        db.execute(again, [attempt, later, webhook.id, message])
        if attempt >= ATTEMPTS:
            now = self._office.application.clock().isoformat()
            db.execute("update webhooks set parked_at = ? where id = ?", [now, webhook.id])
            log.warning("webhook parked", extra={"code": webhook.id})
