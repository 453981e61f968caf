"""Sealed values: AES-256-GCM, one random key per subject, wrapped by the master key."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets as random
from collections.abc import Iterable, Sequence
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Text, bindparam, select
from sqlalchemy.engine.interfaces import DBAPICursor

from ..domain.ports import Secret
from .database import Database
from .errors import SealBroken, SecretExists
from .keys import KEY_BYTES, MasterKey
from .schema import Statement, vault_keys, vault_values

# The first byte of everything sealed, and part of what the seal covers.
FORMAT = 1
_NONCE_BYTES = 12


class SealedVault:
    """Keeps clear values sealed in the store's own transactions; implements ``Vault``.

    A sealed value opens only under its own reference, subject and field. Without the subject's
    key its values are gone for good, in every backup that lacks the key too.
    """

    def __init__(self, database: Database, master: MasterKey) -> None:
        self._database = database
        self._master = AESGCM(master.secret())
        self._prints = master.derived(b"guanjia fingerprint 1")
        dialect = database.dialect
        subject = vault_keys.c.subject
        self._insert_key = Statement(vault_keys.insert(), dialect)
        self._insert_value = Statement(vault_values.insert(), dialect)
        self._select_key = Statement(
            select(vault_keys.c.wrapped).where(subject == bindparam("subject")), dialect
        )
        self._select_value = Statement(
            select(
                vault_values.c.subject,
                vault_values.c.field,
                vault_values.c.sealed,
                vault_keys.c.wrapped,
            )
            .join(vault_keys, subject == vault_values.c.subject)
            .where(vault_values.c.ref == bindparam("ref")),
            dialect,
        )

    def seal(self, secrets: Sequence[Secret]) -> None:
        """Write the sealed values in the transaction that is open, or in one of their own.

        Raises SecretExists when a reference is taken; the open transaction can only be undone
        then.
        """
        if not secrets:
            return
        try:
            with self._database.writing() as cursor:
                keys = {
                    subject: self._key_of(cursor, subject)
                    for subject in dict.fromkeys(secret.subject for secret in secrets)
                }
                rows = [_row(secret, keys[secret.subject]) for secret in secrets]
                self._insert_value.run_many(cursor, rows)
        except self._database.integrity_error:
            msg = "a value is already sealed under one of these references"
            raise SecretExists(msg) from None

    def fingerprint(self, value: bytes) -> str:
        """Return a keyed hash of ``value``, 64 hexadecimal digits that tell nothing without it."""
        return hmac.new(self._prints, value, hashlib.sha256).hexdigest()

    def reveal(self, ref: str) -> str:
        """Return the clear value behind ``ref``.

        Raises KeyError when there is none (or its subject's key was destroyed) and SealBroken
        when what is stored does not open under its own reference, subject and field.
        """
        with self._database.reading() as cursor:
            row = self._select_value.run(cursor, ref=ref).fetchone()
        if row is None:
            raise KeyError(ref)
        subject, field, sealed, wrapped = row
        key = AESGCM(_open(self._master, wrapped, _key_bounds(subject)))
        return _open(key, sealed, _value_bounds(subject, field, ref)).decode()

    def missing(self, refs: Iterable[str]) -> list[str]:
        """Return those of the references that no value is sealed under."""
        names = {f"ref_{place}": ref for place, ref in enumerate(refs)}
        if not names:
            return []
        wanted = [bindparam(name, type_=Text) for name in names]
        query = select(vault_values.c.ref).where(vault_values.c.ref.in_(wanted))
        with self._database.reading() as cursor:
            found = Statement(query, self._database.dialect).run(cursor, **names).fetchall()
        return [*(set(names.values()) - {ref for (ref,) in found})]

    def _key_of(self, cursor: DBAPICursor, subject: str) -> AESGCM:
        row = self._select_key.run(cursor, subject=subject).fetchone()
        if row is not None:
            return AESGCM(_open(self._master, row[0], _key_bounds(subject)))
        key = random.token_bytes(KEY_BYTES)
        wrapped = _close(self._master, key, _key_bounds(subject))
        self._insert_key.run(cursor, subject=subject, wrapped=wrapped)
        return AESGCM(key)


def _row(secret: Secret, key: AESGCM) -> dict[str, bytes | str | int]:
    bounds = _value_bounds(secret.subject, secret.field, secret.ref)
    return {
        "ref": secret.ref,
        "subject": secret.subject,
        "field": secret.field,
        "sealed": _close(key, secret.value.encode(), bounds),
    }


def _key_bounds(subject: str) -> bytes:
    return json.dumps(["guanjia key", FORMAT, subject]).encode()


def _value_bounds(subject: str, field: str, ref: str) -> bytes:
    return json.dumps(["guanjia value", FORMAT, subject, field, ref]).encode()


def _close(key: AESGCM, clear: bytes, bounds: bytes) -> bytes:
    nonce = random.token_bytes(_NONCE_BYTES)
    return bytes([FORMAT]) + nonce + key.encrypt(nonce, clear, bounds)


def _open(key: AESGCM, sealed: bytes, bounds: bytes) -> bytes:
    version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if version == bytes([FORMAT]):
        with suppress(InvalidTag, ValueError):
            return key.decrypt(nonce, body, bounds)
    msg = "a sealed value does not open: altered, out of place, or of another key"
    raise SealBroken(msg)
