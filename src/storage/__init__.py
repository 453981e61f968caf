"""Where events, receipts and sealed values are kept: the domain's ports on SQLAlchemy Core."""

from .errors import StorageError
from .proof import Audit, Keeper, Signer
from .schema import StoredRow
from .store import SqlStore

__all__ = ["Audit", "Keeper", "Signer", "SqlStore", "StorageError", "StoredRow"]
