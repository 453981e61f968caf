"""Which of the forms or languages on offer a caller likes best (RFC 9110, section 12)."""

from __future__ import annotations

from collections.abc import Sequence


def preferred(header: str | None, offered: Sequence[str]) -> str | None:
    """Return the best of ``offered`` by an Accept header, None when it takes none of them."""
    if not header:
        return offered[0]
    wishes = [_wish(part) for part in header.split(",")]
    best = max(offered, key=lambda offer: _liking(offer, wishes))
    return best if _liking(best, wishes) > 0 else None


def _wish(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0


def _liking(offer: str, wishes: Sequence[tuple[str, float]]) -> float:
    """Return the weight of the wish that names the offer most closely."""
    matching = [(len(name.strip("*/")), weight) for name, weight in wishes if _covers(name, offer)]
    return max(matching)[1] if matching else 0.0


def _covers(name: str, offer: str) -> bool:
    if name in ("*", "*/*", offer) or name.startswith(f"{offer}-"):
        return True
    return name.endswith("/*") and offer.startswith(name[:-1])
