"""The key that checkpoints are signed with, and the file it lives in."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ...verifier import ED25519, KEY, Checkpoint, Key
from ..errors import SignerMalformed
from ..keys import read_secret, write_secret

SEED_BYTES = 32
_FORM = rf"PRIVATE\+KEY\+{KEY}"


class Signer:
    """Signs a log's checkpoints with Ed25519; has no useful repr.

    ``name`` is the log's own: it stands in every checkpoint.
    """

    __slots__ = ("_private", "key")

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes_raw()
        self.key = Key(name, public, _id(name, public))

    @classmethod
    def generate(cls) -> Signer:
        """Make a new signer of a log with a name of its own; it lives in memory only."""
        return cls(*_new())

    @classmethod
    def create_file(cls, path: Path) -> Signer:
        """Write a new signer to a new file of mode 0600; raises KeyFileExists."""
        name, seed = _new()
        signer = cls(name, seed)
        line = f"PRIVATE+KEY+{name}+{signer.key.id.hex()}+{_encoded(seed)}"
        write_secret(path, line.encode())
        return signer

    @classmethod
    def read_file(cls, path: Path) -> Signer:
        """Read a file; raises KeyFileMissing, KeyFileExposed or SignerMalformed."""
        form = re.fullmatch(_FORM, read_secret(path).decode(errors="replace"))
        if form:
            name, id, seed = form.groups()
            with suppress(ValueError):  # not base64, or not so many bytes
                signer = cls(name, base64.b64decode(seed)[len(ED25519) :])
                if signer.key.id.hex() == id:
                    return signer
        msg = f"{path} does not hold a signing key"
        raise SignerMalformed(msg)

    @property
    def public(self) -> str:
        """The public key as a verifier takes it: NAME+HASH+BASE64."""
        return f"{self.key.name}+{self.key.id.hex()}+{_encoded(self.key.public)}"

    def sign(self, size: int, root: bytes) -> Checkpoint:
        """Return the signed checkpoint of a log of ``size`` events with this root."""
        text = f"{self.key.name}\n{size}\n{base64.b64encode(root).decode()}\n"
        signature = self.key.id + self._private.sign(text.encode())
        encoded = base64.b64encode(signature).decode()
        return Checkpoint(size, root, f"{text}\n— {self.key.name} {encoded}\n")


def _new() -> tuple[str, bytes]:
    return f"guanjia/{secrets.token_hex(8)}", secrets.token_bytes(SEED_BYTES)


def _encoded(key: bytes) -> str:
    return base64.b64encode(ED25519 + key).decode()


def _id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + ED25519 + public).digest()[:4]
