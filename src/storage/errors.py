"""What can go wrong with a store, each with a stable code; no message holds a stored value."""

from __future__ import annotations

from typing import ClassVar


class StorageError(Exception):
    """Common base of the errors of this package; ``code`` is stable and safe to show."""

    code: ClassVar[str] = "storage"


class StoreExists(StorageError):
    """A store is already there, and is never overwritten."""

    code = "store_exists"


class StoreMissing(StorageError):
    """There is no store at the address."""

    code = "store_missing"


class StoreUnsupported(StorageError):
    """The address names a database this package does not speak."""

    code = "store_unsupported"


class StoreUnreachable(StorageError):
    """The database server does not answer, or refuses the account; nothing was written."""

    code = "store_unreachable"


class SchemaMismatch(StorageError):
    """The database is no store of ours, or one of another schema version."""

    code = "schema_mismatch"


class CopyDiffers(StorageError):
    """The copy of a table was not what it was copied from; the copy was undone."""

    code = "copy_differs"


class StoreDamaged(StorageError):
    """What should be restored is damaged or incomplete; nothing was restored."""

    code = "store_damaged"


class StoreClosed(StorageError):
    """The store was closed."""

    code = "store_closed"


class StoreBusy(StorageError):
    """Another process kept the write lock longer than the store waits for it."""

    code = "store_busy"


class StoreInUse(StorageError):
    """Another process has the store open, or changes its key or place; end it or wait for it."""

    code = "store_in_use"


class TransactionLost(StorageError):
    """The database itself rolled the open transaction back (a full disk, for example)."""

    code = "transaction_lost"


class TransactionOpen(StorageError):
    """Events that may yet be undone are not signed; sign after the transaction."""

    code = "transaction_open"


class ReceiptExists(StorageError):
    """A receipt is already kept under this key."""

    code = "receipt_exists"


class SecretExists(StorageError):
    """A value is already sealed under this reference."""

    code = "secret_exists"


class SealBroken(StorageError):
    """A sealed value does not belong where it was found, was altered, or has another key."""

    code = "seal_broken"


class KeyFileExists(StorageError):
    """A key file is already there, and is never overwritten."""

    code = "key_file_exists"


class KeyFileMissing(StorageError):
    """There is no key file at the path, or none was named."""

    code = "key_file_missing"


class KeyFileExposed(StorageError):
    """The key file's mode lets others read or write it; it must be 0600."""

    code = "key_file_exposed"


class KeyFileMalformed(StorageError):
    """The key file does not hold a key in its form, such as one base64 line of 32 bytes."""

    code = "key_file_malformed"


class SignerMalformed(StorageError):
    """The file does not hold a signing key as signed-note writes it, with an Ed25519 seed."""

    code = "signer_malformed"


class HistoryDiffers(StorageError):
    """The events are not those that a checkpoint signed; ``guanjia audit verify`` says where.

    Nothing is appended and nothing signed until the events that were signed are there again.
    """

    code = "history_differs"


class NotInLog(StorageError):
    """There is no event at this position, or no log of this size."""

    code = "not_in_log"


class WrongKey(StorageError):
    """The key is well formed, but not the one this store was created with."""

    code = "wrong_key"
