"""The figures of a month, as the tests of volume and revisits ask for them."""

from typing import Any

from .register import Register, pick

VOLUME = ("received", "finished", "closed", "backlog")


def months(register: Register, as_of: str, centre: str = "north") -> dict[str, tuple[Any, ...]]:
    """Return the volume by month."""
    rows = register.ask("volume", as_of, centre=centre)
    return {row["month"]: pick(row, *VOLUME) for row in rows}


def figures(register: Register, month: str, as_of: str, **more: str) -> dict[str, Any]:
    """Return the figures of a month that are not zero."""
    row = register.month("revisits", month, as_of, **more)
    return {k: v for k, v in row.items() if v and k not in ("centre", "month", "scope")}


def closed(register: Register, case: str, month: str) -> None:
    """Receive on the 1st, finish on the 10th, revisit on the 11th and close on the 12th."""
    register.receive(case, f"{month}-01 09:00", category="repair")
    register.finish(case, f"{month}-10 09:00")
    register.revisit(case, f"{month}-11 09:00")
    register.close(case, f"{month}-12 09:00")
