"""The master key, and the files that secrets live in."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from .errors import KeyFileExists, KeyFileExposed, KeyFileMalformed, KeyFileMissing
from .sealing import close, open_

KEY_BYTES = 32
LONGEST_LINE = 1_024


class KeyService(Protocol):
    """What wraps data keys: the file's master key, or a key management service (KMS)."""

    def wrap(self, key: bytes, bounds: bytes) -> bytes:
        """Return ``key`` wrapped for the one that ``bounds`` name."""
        ...

    def unwrap(self, wrapped: bytes, bounds: bytes) -> bytes:
        """Return what was wrapped; raises SealBroken."""
        ...

    def check(self) -> str:
        """Return hexadecimal digits that tell this key from another without revealing it."""
        ...

    def derived(self, purpose: bytes) -> bytes:
        """Return a key of its own for ``purpose``: 32 bytes, always the same."""
        ...


class MasterKey:
    """32 random bytes that wrap every data key; has no useful repr."""

    __slots__ = ("_bytes",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            msg = f"a master key has {KEY_BYTES} bytes"
            raise KeyFileMalformed(msg)
        self._bytes = key

    @classmethod
    def generate(cls) -> MasterKey:
        """Make a new random key that lives in memory only."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def create_file(cls, path: Path) -> MasterKey:
        """Write a new random key to a new file of mode 0600; raises KeyFileExists."""
        key = cls.generate()
        write_secret(path, base64.b64encode(key.secret()))
        return key

    @classmethod
    @contextmanager
    def created(cls, path: Path) -> Generator[MasterKey, None, None]:
        """Make a new key file that is removed again when an exception passes."""
        key = cls.create_file(path)
        try:
            yield key
        except BaseException:
            path.unlink()
            raise

    @classmethod
    def read_file(cls, path: Path) -> MasterKey:
        """Read a key file; raises KeyFileMissing, KeyFileExposed or KeyFileMalformed."""
        try:
            return cls(base64.b64decode(read_secret(path), validate=True))
        except (binascii.Error, KeyFileMalformed):
            msg = f"{path} does not hold one base64 line of {KEY_BYTES} bytes"
            raise KeyFileMalformed(msg) from None

    def secret(self) -> bytes:
        """Return the key's bytes, for the cipher alone."""
        return self._bytes

    def check(self) -> str:
        """Return hexadecimal digits that tell this key from another without revealing it."""
        return self.derived(b"guanjia master key check 1").hex()

    def derived(self, purpose: bytes) -> bytes:
        """Return a key of its own for ``purpose``."""
        return hmac.new(self._bytes, purpose, hashlib.sha256).digest()

    def wrap(self, key: bytes, bounds: bytes) -> bytes:
        """Return ``key`` wrapped for the one that ``bounds`` name."""
        return close(self._bytes, key, bounds)

    def unwrap(self, wrapped: bytes, bounds: bytes) -> bytes:
        """Return what was wrapped; raises SealBroken."""
        return open_(self._bytes, wrapped, bounds)


def write_secret(path: Path, line: bytes) -> None:
    """Write one line to a new file of mode 0600, durably; raises KeyFileExists."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        msg = f"there is already something at {path}"
        raise KeyFileExists(msg) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def read_secret(path: Path) -> bytes:
    """Return the line of a file that only its owner may read.

    Raises KeyFileMissing or KeyFileExposed.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            line = file.read(LONGEST_LINE)
    except (FileNotFoundError, IsADirectoryError):
        msg = f"there is no key file at {path}"
        raise KeyFileMissing(msg) from None
    if stat.S_IMODE(mode) & 0o077:
        msg = f"others may read or write {path}: its mode must be 0600"
        raise KeyFileExposed(msg)
    return line.strip()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
