"""Refusals about exports in clear."""

from __future__ import annotations

from .base import Impossible, Rejected


class UnknownExport(Impossible):
    """No export was requested under this identifier; request_export first, or correct it."""


class DuplicateExport(Impossible):
    """An export with this identifier was requested; choose another."""


class NotGranted(Impossible):
    """The matrix does not show you these fields for this purpose; ask for fewer."""


class ExportApprovedAlready(Rejected):
    """This export is approved already."""


class ExportNotApproved(Impossible):
    """A head has to approve the export before it is written."""


class ExportReleasedAlready(Impossible):
    """An export is written once; request another."""


class OthersExport(Impossible):
    """Only whoever asked for an export has it written."""


class ExportNotReleased(Rejected):
    """The export was never written: there is nothing to destroy."""


class ExportDestroyedAlready(Rejected):
    """The export was destroyed already."""
