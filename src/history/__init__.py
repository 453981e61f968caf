"""History import: years of an older register, as NDJSON commands or as a CSV log with a mapping.

>>> summary = import_ndjson(application, "history.ndjson")
>>> summary.read == summary.imported + summary.rejected + summary.already + summary.ignored
True
"""

from __future__ import annotations

from pathlib import Path

from ..domain.application import Application
from .csvlog import CsvReader
from .faults import HistoryError, MappingError
from .mapping import read_mapping
from .ndjson import NdjsonReader
from .run import Progress, Run, Summary

__all__ = ["HistoryError", "MappingError", "Progress", "Summary", "import_csv", "import_ndjson"]

DEFAULT_SOURCE = "history"


def import_ndjson(  # noqa: PLR0913 - each option is one of the command line's
    application: Application,
    path: str | Path,
    *,
    source: str | None = None,
    keep_irregular: bool = False,
    rejects: str | Path | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Import a file of commands, one JSON object a line, each with ``by``, ``at`` and its fields.

    Lines are carried out in order of time; within one aggregate the file's order stands. Roster,
    policy and matrix lines come first. Lines are committed in batches; killed and called again,
    the import goes on where it stood. ``source`` is the label under which lines are known
    ("history"): what was imported under it is not imported twice.

    With ``keep_irregular`` what a rule refuses is recorded as irregular; what is malformed or
    impossible is rejected all the same. ``rejects`` is where rejected lines go, ``path`` with
    ``.rejects.ndjson`` appended if not given. ``progress`` is told (done, total) in lines.

    Raises ``HistoryError`` before anything is written, ``OSError`` when the file cannot be read,
    and the store's own errors; what was committed stays.
    """
    file_path = Path(path)
    rejects_path = _rejects_path(file_path, rejects)
    with file_path.open("rb") as file:
        reader = NdjsonReader(file, source or DEFAULT_SOURCE, application.zone, application.clock())
        return Run(
            application, reader, rejects_path, keep_irregular=keep_irregular, progress=progress
        ).execute()


def import_csv(  # noqa: PLR0913 - as above
    application: Application,
    path: str | Path,
    mapping_path: str | Path,
    *,
    source: str | None = None,
    keep_irregular: bool = False,
    rejects: str | Path | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Import a log in CSV by a TOML mapping (docs/how-to/import-a-ticket-log.md describes it).

    Rows are put in order of time, those of equal time in the file's; times without an offset are
    of the mapping's zone: the earlier one where the clock went back, moved on by the gap where it
    went forward. A row that becomes several commands is taken as a whole or not at all.
    ``source`` defaults to the mapping's; all else is as for ``import_ndjson``, counted in rows.

    Raises ``MappingError`` before anything is written when mapping and file do not fit.
    """
    file_path = Path(path)
    rejects_path = _rejects_path(file_path, rejects, Path(mapping_path))
    mapping = read_mapping(Path(mapping_path))
    with file_path.open("rb") as file:
        reader = CsvReader(
            file, mapping, source or mapping.source, application.zone, application.clock()
        )
        return Run(
            application, reader, rejects_path, keep_irregular=keep_irregular, progress=progress
        ).execute()


def _rejects_path(path: Path, rejects: str | Path | None, *others: Path) -> Path:
    chosen = Path(rejects) if rejects else path.with_name(path.name + ".rejects.ndjson")
    if chosen.resolve() in {other.resolve() for other in (path, *others)}:
        code = "rejects_would_overwrite"
        raise HistoryError(code, "the rejects file must be another than the files that are read")
    return chosen
