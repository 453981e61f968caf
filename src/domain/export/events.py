"""What happened to an export in clear."""

from __future__ import annotations

from ..disclosure.events import Concerned
from ..matrix import PersonalField, Purpose
from ..messages import Event, stored_as


class ExportEvent(Event):
    """A fact about one export of a centre's data."""

    centre: str


@stored_as("export.requested.1")
class ExportRequested(ExportEvent):
    """申请明文导出: another person has to approve it."""

    units: tuple[str, ...]
    fields_asked: tuple[PersonalField, ...]
    purpose: Purpose


@stored_as("export.approved.1")
class ExportApproved(ExportEvent):
    """批准明文导出: whoever asked for it may have it written, once."""


@stored_as("export.released.1")
class ExportReleased(ExportEvent):
    """明文导出: these people's values were written; the file bears who and this event's number."""

    about: tuple[Concerned, ...]
    fields_asked: tuple[str, ...]
    purpose: str
    matrix: str


@stored_as("export.destroyed.1")
class ExportDestroyed(ExportEvent):
    """销毁导出文件: the file is no more."""
