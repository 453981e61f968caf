"""Webhooks: other systems are told of promises and of broken glass, each at least once.

What is to be told is found by the position in the store and the clock, and written down before it
is sent; it is sent again, ever later, until the receiver takes it. A receiver that never does is
parked, and shown. Requests are signed as Standard Webhooks (https://www.standardwebhooks.com) say.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

import httpx

from ..domain.complaint.events import ComplaintEscalated
from ..domain.disclosure.events import GlassBroken
from ..domain.messages import TOPICS
from ..domain.moments import parse
from ..domain.roster import SYSTEM
from ..office import Office
from ..projections import ProjectionError
from ..storage import StorageError
from . import rights
from .callers import Caller
from .errors import UnknownWebhook, WebhookExists

FILE = "webhooks.db"
SECRET_PREFIX = "whsec_"  # noqa: S105  how a secret is recognised, not one
EVERY = 5.0
TIMEOUT = 10.0
ATTEMPTS = 8
FIRST_WAIT = 10.0
BATCH = 500
Kind = Literal["promise.due_soon", "promise.missed", "complaint.escalated", "glass.broken"]
Post = Callable[[str, bytes, dict[str, str]], int]

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


class Message(NamedTuple):
    """What a receiver is told: an identifier that never changes, what kind of thing, and facts."""

    id: str
    kind: Kind
    facts: dict[str, Any]


def posted(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a request and return its status; redirects are not followed."""
    return httpx.post(url, content=body, headers=headers, timeout=TIMEOUT).status_code


class Webhooks:
    """The receivers of an office and what they are owed, in a file of its own (None: memory)."""

    def __init__(self, office: Office, path: Path | None = None, post: Post = posted) -> None:
        self._office = office
        self._post = post
        self._lock = threading.RLock()
        self._stop = threading.Event()
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
            try:
                self.find()
                self.send()
            except (ProjectionError, StorageError, sqlite3.Error) as error:
                log.warning("webhooks wait", extra={"error": type(error).__name__})

    def find(self) -> None:
        """Write down what each receiver is to be told, and how far the store was looked through."""
        for webhook in self.all():
            position, messages = self._events(webhook)
            messages += self._promises(webhook)
            with self._transaction() as db:
                for message in messages:
                    self._owe(db, webhook, message)
                moved = "update webhooks set position = ? where id = ?"
                db.execute(moved, [position, webhook.id])

    def _owe(self, db: sqlite3.Connection, webhook: Webhook, message: Message) -> None:
        known = "insert or ignore into told values (?, ?)"
        if not db.execute(known, [webhook.id, message.id]).rowcount:
            return
        body = json.dumps({"type": message.kind, "data": message.facts}, ensure_ascii=False)
        owed = "insert into outbox (webhook, message, body, next_at) values (?, ?, ?, 0)"
        db.execute(owed, [webhook.id, message.id, body])

    def _events(self, webhook: Webhook) -> tuple[int, list[Message]]:
        """Return the position reached, and what happened since the one before."""
        position, messages = webhook.position, list[Message]()
        for row in self._office.views.source.read(webhook.position, BATCH):
            position = row.position
            cls = TOPICS.get(row.topic)
            if cls is None or not issubclass(cls, ComplaintEscalated | GlassBroken):
                continue
            kind, _, id = row.originator_id.partition(":")
            centre = self._office.application.placed(kind, id)[1]
            if webhook.centre in (None, centre):
                at = cls.from_bytes(row.state).at.isoformat()
                facts = {kind: id, "centre": centre, "at": at, "position": position}
                named: Kind = "glass.broken" if kind == "glass" else "complaint.escalated"
                messages.append(Message(f"event-{position}", named, facts))
        return position, messages

    def _promises(self, webhook: Webhook) -> list[Message]:
        """Return the promises about to be missed, and those missed since it was registered."""
        caller = Caller(SYSTEM.account, SYSTEM)
        filters = {"centre": webhook.centre} if webhook.centre else {}
        soon = rights.rows(self._office, caller, "sla", {**filters, "outcome": "open"})
        missed = rights.rows(self._office, caller, "sla", {**filters, "outcome": "missed"})
        last = soon.as_of + timedelta(seconds=webhook.lead)
        near = [row for row in soon.plain() if parse(row["due_at"]) <= last]
        since = parse(webhook.since)
        late = [row for row in missed.plain() if _after(row["missed_at"], since)]
        return [_told("promise.due_soon", row) for row in near] + [
            _told("promise.missed", row) for row in late
        ]

    def send(self) -> None:
        """Send what is due; what is not taken waits twice as long, or parks its receiver."""
        for webhook in self.all():
            if webhook.parked_at is None:
                for message, body, attempts in self._due(webhook):
                    if not self._sent(webhook, message, body, attempts + 1):
                        break

    def _due(self, webhook: Webhook) -> Iterator[tuple[str, str, int]]:
        query = """
            select message, body, attempts from outbox where webhook = ? and next_at <= ?
            order by rowid limit ?
        """
        with self._lock:
            yield from self._db.execute(query, [webhook.id, time.time(), BATCH]).fetchall()

    def _sent(self, webhook: Webhook, message: str, body: str, attempt: int) -> bool:
        content = body.encode()
        headers = signed(webhook.secret, message, content, int(time.time()))
        try:
            status: int | None = self._post(webhook.url, content, headers)
        except (httpx.HTTPError, httpx.InvalidURL):
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


def signed(secret: str, message: str, body: bytes, now: int) -> dict[str, str]:
    """Return the headers of a request: identifier, time, and the HMAC-SHA256 of both and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{message}.{now}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "Webhook-Id": message,
        "Webhook-Timestamp": str(now),
        "Webhook-Signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _after(moment: str | None, since: datetime) -> bool:
    return moment is not None and parse(moment) > since


def _told(kind: Kind, row: dict[str, Any]) -> Message:
    named = ("kind", "subject", "centre", "commitment", "round", "started_at", "seq", "due_at")
    facts = {name: row[name] for name in named}
    digest = hashlib.sha256(json.dumps([kind, facts]).encode()).hexdigest()
    return Message(f"promise-{digest[:32]}", kind, facts)
