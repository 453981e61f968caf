"""AES-256-GCM with a version byte and bounds: what is sealed opens only where it belongs."""

from __future__ import annotations

import json
import secrets as random
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import SealBroken

# The first byte of everything sealed, and part of what the seal covers.
FORMAT = 1
_NONCE_BYTES = 12


def key_bounds(subject: str) -> bytes:
    """Return what binds a wrapped key to the one whose it is."""
    return json.dumps(["guanjia key", FORMAT, subject]).encode()


def value_bounds(subject: str, field: str, ref: str) -> bytes:
    """Return what binds a sealed value to its subject, field and reference."""
    return json.dumps(["guanjia value", FORMAT, subject, field, ref]).encode()


def close(key: bytes, clear: bytes, bounds: bytes) -> bytes:
    """Seal ``clear`` under a new nonce."""
    nonce = random.token_bytes(_NONCE_BYTES)
    return bytes([FORMAT]) + nonce + AESGCM(key).encrypt(nonce, clear, bounds)


def open_(key: bytes, sealed: bytes, bounds: bytes) -> bytes:
    """Return what was sealed; raises SealBroken."""
    version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if version == bytes([FORMAT]):
        with suppress(InvalidTag, ValueError):
            return AESGCM(key).decrypt(nonce, body, bounds)
    msg = "a sealed value does not open: altered, out of place, or of another key"
    raise SealBroken(msg)
