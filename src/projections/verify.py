"""Two editions of the same views compared, view by view."""

from __future__ import annotations

from dataclasses import dataclass

from .edition import Frozen
from .views import PUBLIC_VIEWS


@dataclass(frozen=True, slots=True)
class Compared:
    """A view's number of rows and checksum, in service and made anew."""

    name: str
    rows: int
    checksum: str
    rows_anew: int
    checksum_anew: str

    @property
    def same(self) -> bool:
        """Whether the rows are the same."""
        return (self.rows, self.checksum) == (self.rows_anew, self.checksum_anew)


def compare(serving: Frozen, fresh: Frozen) -> list[Compared]:
    """Compare every public view at one moment, when both know the same events."""
    moment = fresh.latest_moment()
    return [
        Compared(name, *serving.checksum(name, moment), *fresh.checksum(name, moment))
        for name in PUBLIC_VIEWS
    ]
