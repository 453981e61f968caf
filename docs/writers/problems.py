"""The page of problems: the codes with which the HTTP interface refuses."""

from __future__ import annotations

from guanjia.api.codes import codes

from .words import beginning


def page() -> str:
    """Return the table of all codes that a problem of the HTTP interface can have."""
    text = beginning("problems")
    for code, meaning in sorted(codes().items()):
        anchor = f'<a id="{code}"></a>`{code}`'
        text += f"| {anchor} | {meaning.status.value} | {meaning.en} | {meaning.zh} |\n"
    return text
