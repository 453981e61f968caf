"""A report as a file to hand over: what the command line writes and the pages let download."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..labels import Language
from ..office import Office
from .errors import UnknownForm
from .formats import FORMATS, Format
from .issue import Issue, issue
from .question import Question


@dataclass(frozen=True, slots=True)
class Document:
    """A report's file: its name in ASCII, its media type, its bytes, and what it was made of."""

    name: str
    media: str
    content: bytes
    issue: Issue


def document(
    office: Office, question: Question, ending: str = ".xlsx", language: Language = "both"
) -> Document:
    """Return a report as a file of the form with this ``ending`` (see ``FORMATS``).

    It holds no personal data; who may have it is for the caller to say, by the report's ``views``
    and the question's ``centre``. Raises ``UnknownForm``, ``MomentAhead``, ``NoPicture``,
    ``ExcelMissing``, and ``UnknownFilter`` for the ``centre`` of a report of the whole company.
    """
    form = form_of(ending)
    made = issue(office, question, language)
    parts = (question.report.name, made.question.span(), question.centre)
    called = "-".join(re.sub(r"[^\w-]", "_", part, flags=re.ASCII) for part in parts if part)
    return Document(f"{called}{ending.lower()}", form.media, form.write(made), made)


def form_of(ending: str) -> Format:
    """Return the form of files whose names end so; raises ``UnknownForm``."""
    found = FORMATS.get(ending.lower())
    if found is None:
        msg = f"no form {ending!r}; there are: {', '.join(FORMATS)}"
        raise UnknownForm(msg)
    return found
