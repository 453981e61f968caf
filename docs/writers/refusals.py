"""The page of refusals: every error of the domain with what it tells its reader to do."""

from __future__ import annotations

from collections.abc import Iterator

from guanjia.domain import errors

from .fields import sentence
from .words import WORDS, beginning


def page() -> str:
    """Return the table of refusals."""
    text = beginning("refusals")
    bases = {errors.Rejected, errors.Malformed, errors.Impossible}
    for refusal in _descendants(errors.Rejected):
        if refusal in bases:
            continue
        code = f'<a id="{refusal.code}"></a>`{refusal.code}`'
        text += f"| {code} | {sentence(refusal)} | {'yes' if refusal.keepable else ''} |\n"
    return f"{text}{WORDS['page']['refusals_more']}"


def _descendants(cls: type[errors.Rejected]) -> Iterator[type[errors.Rejected]]:
    for child in cls.__subclasses__():
        if child.__module__.startswith(f"{errors.__name__}."):
            yield child
            yield from _descendants(child)
