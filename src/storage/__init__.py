"""Where events, receipts and sealed values are kept: the domain's ports on SQLAlchemy Core."""

from .checking import Finding, check
from .copying import copy
from .errors import StorageError
from .restoring import restore
from .store import SqlStore, StoredRow

__all__ = ["Finding", "SqlStore", "StorageError", "StoredRow", "check", "copy", "restore"]
