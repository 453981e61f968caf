"""Where events, receipts and sealed values are kept: the domain's ports on SQLAlchemy Core."""

from .address import address_of
from .checking import Finding, check
from .copying import copy
from .errors import StorageError
from .holding import Hold
from .proof import Audit, Keeper, Signer
from .restoring import restore
from .schema import StoredRow
from .store import SqlStore

__all__ = [
    "Audit",
    "Finding",
    "Hold",
    "Keeper",
    "Signer",
    "SqlStore",
    "StorageError",
    "StoredRow",
    "address_of",
    "check",
    "copy",
    "restore",
]
