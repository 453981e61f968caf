"""The office: store, application and views of one organisation, opened together."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Self, TextIO
from zoneinfo import ZoneInfo

from .domain import moments
from .domain.application import Application, Done
from .domain.disclosure.commands import Ask
from .domain.disclosure.gateway import Gateway
from .domain.disclosure.seen import Seen
from .domain.messages import Command, Envelope
from .folder import VIEWS, Config, OfficeError, init, known_zone, open_audited, read_config
from .projections import Projector, Result, Warehouse, sandbox
from .projections.sandbox import Limits
from .projections.spreadsheet import safe
from .storage import Audit, Keeper, Signer, SqlStore


class Office:
    """Executes commands, answers from the views. Safe to share between threads."""

    def __init__(
        self,
        application: Application,
        views: Warehouse,
        config: Config,
        audit: Audit,
        keeper: Keeper | None = None,
    ) -> None:
        self.application = application
        self.views = views
        self.config = config
        self.audit = audit
        self._keeper = keeper
        self.projector = Projector(views)
        self.gateway = Gateway(application)
        self._count_denials()

    def _count_denials(self) -> None:
        """Record the denials that were counted, where anything may be recorded."""
        if self.audit.doubt is None:
            self.gateway.count_denials(ended=True)

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return self.application.zone

    def execute(
        self,
        command: Command,
        *,
        by: str | None = None,
        at: datetime | None = None,
        key: str | None = None,
    ) -> Done:
        """Carry out one command and return once it is durable.

        ``by`` is the account that acts (administration may leave it out: then the local operator),
        ``at`` when it happened (aware, whole seconds, not in the future; default now), ``key`` an
        idempotency key. Raises ``Rejected``, and then nothing was recorded.
        """
        if at is not None:
            at = moments.checked(at)
        return self.application.execute(command, Envelope(by=by, at=at, key=key))

    def follow(self) -> None:
        """Let the views follow the store in a thread, until the office is closed."""
        self.projector.start()

    def wait(self, position: int, timeout: float = 5.0) -> None:
        """Return once the views know the event at ``position``; raises ``TimeoutError``."""
        self.follow()
        if not self.views.wait(position, timeout):
            msg = f"the views did not reach {position} within {timeout} s"
            raise TimeoutError(msg)

    def query(
        self,
        name: str,
        *,
        as_of: datetime | None = None,
        position: int | None = None,
        **filters: str | None,
    ) -> Result:
        """Answer a view as of a moment (default now), with the newest events taken in first.

        ``filters`` are columns and the values they must have. Raises ``UnknownView`` or
        ``UnknownFilter``.
        """
        self.views.catch_up()
        moment = moments.checked(as_of) if as_of else self.application.clock()
        return self.views.query(name, moment, position, filters)

    def sql(
        self, statement: str, *, as_of: datetime | None = None, limits: Limits | None = None
    ) -> Result:
        """Answer one SELECT over the public views as of a moment (default now).

        It runs in a process that can reach nothing else, within ``limits``. Raises ``SqlRefused``,
        ``SqlFailed``, ``SqlTooLong`` or ``SqlTooBig``.
        """
        asked = self.application.clock() if as_of is None else moments.checked(as_of)
        position = self.views.catch_up()
        table = sandbox.run(
            statement,
            self.zone.key,
            lambda name: self.views.query(name, asked, position).table,
            limits,
        )
        return Result("sql", asked.astimezone(self.zone), position, self.zone, table)

    def disclose(self, *, fields: Sequence[str], purpose: str, by: str, **more: str | None) -> Seen:
        """Return clear values of a home, or of a case, once their disclosure is on record.

        ``more`` are ``unit`` or ``complaint`` (with both, the home's values are asked for and the
        case is what for), ``glass`` and ``request``. Raises ``Denied`` (recorded too), and
        ``Rejected`` for what is unknown or malformed.
        """
        given = {name: value for name, value in more.items() if value is not None}
        return self.gateway.disclose(Ask.of(fields, purpose, **given), by=by)

    def export(self, export: str, path: str | os.PathLike[str], *, by: str) -> int:
        """Write an approved export in clear as CSV, mode 0600; return the event's position.

        Raises ``Rejected``, and FileExistsError before anything is recorded.
        """
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            try:
                return self.release(export, file, by=by)
            except BaseException:
                Path(path).unlink()
                raise

    def release(self, export: str, file: TextIO, *, by: str) -> int:
        """Write an approved export in clear into an open file; return the event's position.

        Each row bears who has it and the event's number; no cell is a spreadsheet's formula.
        Raises ``Rejected``.
        """
        event, position, values = self.gateway.release(export, by=by)
        rows = csv.writer(file)
        rows.writerow(["unit", "resident", "field", "value", "watermark"])
        mark = f"{event.by} {event.person} #{position}"
        for one in values:
            cells = (one.about.id, one.resident, one.name, one.clear, mark)
            rows.writerow([safe(cell) for cell in cells])
        return position

    def close(self) -> None:
        """Record the denials that were counted, sign what is new, close the store and the views."""
        self.projector.stop()
        try:
            self._count_denials()
        finally:
            if self._keeper:
                self._keeper.close()
            self.views.close()
            self.application.close()
            self.application.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_office(
    folder: str | os.PathLike[str],
    *,
    clock: Callable[[], datetime] | None = None,
    mend_views: bool = False,
) -> Office:
    """Open a data folder; a folder that is not there is made first.

    ``clock`` replaces the present moment, in a rehearsal folder only. ``mend_views`` makes views
    that cannot be read anew from the store. A store whose events are not those that its newest
    checkpoint signed is opened for reading alone: ``audit.doubt`` says why. Raises ``OfficeError``
    and the store's own errors.
    """
    path = Path(folder)
    if not path.exists():
        init(path)
    config = read_config(path)
    if clock is not None and not config.rehearsal:
        raise OfficeError(
            "not_a_rehearsal", "only a folder made with --rehearsal takes another present"
        )
    with ExitStack() as failing:
        store, audit = open_audited(path, config)
        failing.callback(store.close)
        audit.look()
        application = Application(store, known_zone(config.zone), clock or moments.now)
        views = Warehouse(store, application.zone, path / VIEWS, mend=mend_views)
        failing.callback(views.close)
        keeper = Keeper(audit)
        failing.callback(keeper.close)
        office = Office(application, views, config, audit, keeper)
        failing.pop_all()
    return office


def open_in_memory(
    *, zone: str = "Asia/Shanghai", clock: Callable[[], datetime] = moments.now
) -> Office:
    """Open an office that is gone when closed, for tests."""
    store = SqlStore.in_memory()
    application = Application(store, known_zone(zone), clock)
    views = Warehouse(store, application.zone)
    return Office(application, views, Config(zone=zone), store.audit(Signer.generate()))
