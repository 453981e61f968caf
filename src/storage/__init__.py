"""Where events, receipts and sealed values are kept: the domain's ports on SQLAlchemy Core."""

from .errors import StorageError
from .store import SqlStore, StoredRow

__all__ = ["SqlStore", "StorageError", "StoredRow"]
