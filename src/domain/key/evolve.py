"""How events change a key's state; nothing is refused here, irregular history neither."""

from __future__ import annotations

from dataclasses import replace

from ..changing import headless
from ..messages import Event
from ..promises import merged
from . import events as e
from .state import Custody, Key, Loan, Occasion


def evolve(key: Key | None, event: Event, id: str) -> Key:
    """Return the key after one more event; refuses nothing."""
    if isinstance(event, e.KeyReceived):
        received = (Custody(event.at, "receive", "cabinet"),)
        after = Key(id, event.centre, event.unit, event.kind, event.recorded_at, received)
    elif key is None:
        raise headless(id, "a receipt")
    else:
        before = key.on(event.at) or key.custodies[0]
        moves = sorted((*key.custodies, _moved(before, event)), key=lambda move: move.at)
        after = replace(key, custodies=tuple(moves))
    if not isinstance(event, e.KeyEvent):
        return after
    irregular = event.codes_after(after.irregular)
    return carried(replace(after, recorded_at=event.recorded_at, irregular=irregular), event)


def carried(key: Key, event: e.KeyEvent) -> Key:
    """Return the key with the row and the clocks that the event carries."""
    return replace(key, row=event.key or key.row, clocks=merged(key.clocks, event.clocks))


def _moved(before: Custody, event: Event) -> Custody:  # noqa: PLR0911 - a case per event
    at = event.at
    match event:
        case e.KeyIssued():
            return Custody(at, "issue", "owner", event.resident)
        case e.KeyEntrusted():
            occasion = Occasion(event.permit, event.complaint)
            return Custody(
                at, "entrust", "entrusted", event.resident, event.purpose, occasion, event.until
            )
        case e.KeyLent():
            occasion = Occasion(event.permit, event.complaint)
            loan = Loan(event.to, event.to_person, occasion, event.due_back, event.policy)
            return replace(before, at=at, step="lend", place="lent", loan=loan)
        case e.KeyReturned(place="entrusted"):
            return replace(before, at=at, step="return", place="entrusted", loan=None)
        case e.KeyReturned():
            resident = before.resident if event.place == "owner" else None
            return Custody(at, "return", event.place, resident)
        case e.KeySurrendered():
            return Custody(at, "surrender", "cabinet")
        case e.KeyLost():
            return Custody(at, "lose", "replaced" if event.lock_changed else "lost")
        case _:
            return Custody(at, "destroy", "destroyed")
