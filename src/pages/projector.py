"""The projector: how far the views are, what they cannot read, and making them anew."""

from __future__ import annotations

from dataclasses import asdict
from threading import Lock

from nicegui import ui

from ..api.outages import code_of
from ..api.rights import reads
from ..domain import posts
from ..projections import ProjectionError
from .frame import meaning
from .pieces.buttons import act
from .pieces.grid import Cell, Grid
from .pieces.live import renewed
from .pieces.tags import Tag, section
from .visit import Visit, threaded

EVERY_SECONDS = 2.0
PARKED = ("stream", "version", "position", "topic", "error")


async def build(visit: Visit) -> None:
    """Build the page."""
    words = visit.words
    Tag("h1", words("projector"))
    status = _Status(visit)
    await status.refresh()
    ui.timer(EVERY_SECONDS, status.refresh, immediate=False)
    if visit.caller.post in posts.ADMINISTRATION:
        _put_rebuild(visit)


class _Status:
    """The figures of the projector and the streams that are parked, live."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        words = visit.words
        with section(words("followed")):
            self._status = Grid({"name": words.column("name"), "value": words.column("value")})
        self._parked = None
        if reads(visit.caller, "parked"):
            with section(words("parked")):
                self._parked = Grid(words.heads(PARKED))

    async def refresh(self) -> None:
        """Show what holds now."""
        visit = await renewed(self._visit)
        if visit is None:
            return
        words, views = visit.words, visit.office.views
        status: dict[str, object] = asdict(await threaded(views.status))
        failure = visit.office.projector.failure
        status["failure"] = failure and meaning(words, code_of(failure))
        self._status.show(
            {"name": Cell(words.column(name)), "value": Cell(words.value(value))}
            for name, value in status.items()
        )
        if self._parked:
            parked = await threaded(views.parked)
            self._parked.show(
                {name: Cell(words.value(getattr(one, name))) for name in PARKED} for one in parked
            )


class _Rebuild:
    """Makes the views anew and tells how far that is; one at a time in this process."""

    LOCK = Lock()

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._done = (0, 0)
        self._bar = Tag("progress", aria_label=visit.words("rebuild"), value="0")
        self._said = Tag("p", role="status")
        self._timer = ui.timer(EVERY_SECONDS / 10, self._tell, active=False)

    async def run(self) -> None:
        """Make them anew, unless somebody does already."""
        now = await self._visit.again()
        if now.caller.post not in posts.ADMINISTRATION or not self.LOCK.acquire(blocking=False):
            return
        self._timer.activate()
        try:
            rebuilt = await threaded(now.office.views.rebuild, self._advance)
            differing = ", ".join(rebuilt.differing) or now.words("none")
            self._said.text = now.words("rebuilt", position=rebuilt.position, differing=differing)
        except ProjectionError as refusal:
            self._said.text = meaning(now.words, refusal.code)
        finally:
            self.LOCK.release()
            self._timer.deactivate()

    def _advance(self, done: int, total: int) -> None:
        self._done = (done, total)

    def _tell(self) -> None:
        done, total = self._done
        self._bar.props["max"], self._bar.props["value"] = str(total or 1), str(done)
        self._said.text = self._visit.words("rebuilding", done=done, total=total)


def _put_rebuild(visit: Visit) -> None:
    words = visit.words
    with section(words("rebuild")):
        Tag("p", words("rebuild_why"), style="moment")
        rebuild = _Rebuild(visit)
        act(words("rebuild"), rebuild.run)
