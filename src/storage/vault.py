"""Sealed values: AES-256-GCM, one random key per subject, wrapped by the master key."""

from __future__ import annotations

import hashlib
import hmac
import secrets as random
from collections.abc import Iterable, Sequence

from sqlalchemy import Insert, LargeBinary, Text, bindparam, select
from sqlalchemy.engine.interfaces import DBAPICursor

from ..domain.messages import digits
from ..domain.ports import Secret
from .database import Database
from .erasing import Eraser, ErasureLog
from .errors import SecretExists, WrongKey
from .keys import KEY_BYTES, KeyService
from .schema import Statement, meta, vault_keys, vault_phones, vault_values
from .sealing import close, key_bounds, open_, value_bounds

OWN_KEYS = {
    "guanjia:fingerprints": b"guanjia fingerprint 1",
    "guanjia:phones": b"guanjia phone 1",
}
"""Keys of the vault's own: derived from the first master key, and wrapped by every later one."""

COUNTRY = "86"
MOBILE_DIGITS = 11


class SealedVault:
    """Keeps clear values sealed in the store's own transactions; implements ``Vault``.

    A sealed value opens only under its own reference, subject and field. Without the subject's
    key its values are gone for good, in every backup that lacks the key too.
    """

    def __init__(
        self, database: Database, master: KeyService, log: ErasureLog | None = None
    ) -> None:
        self._database = database
        self._master = master
        self._eraser = Eraser(database, log)
        dialect = database.dialect
        subject = vault_keys.c.subject
        self._insert_key = Statement(_if_still_wrapped(), dialect)
        self._insert_value = Statement(vault_values.insert(), dialect)
        self._insert_phone = Statement(vault_phones.insert(), dialect)
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
        whose = select(vault_phones.c.subject).distinct().order_by(vault_phones.c.subject)
        known = select(vault_phones.c.print).where(vault_phones.c.subject == bindparam("known"))
        self._whose = Statement(whose.where(vault_phones.c.print == bindparam("sought")), dialect)
        self._same = Statement(whose.where(vault_phones.c.print.in_(known)), dialect)
        self._prints, self._phones = (self._own(name) for name in OWN_KEYS)
        self._eraser.replay()

    def seal(self, secrets: Sequence[Secret]) -> None:
        """Write the sealed values in the transaction that is open, or in one of their own.

        Raises SecretExists when a reference is taken; the open transaction can only be undone
        then.
        """
        if not secrets:
            return
        phones = [
            self._phone_row(one)
            for one in secrets
            if one.field == "phone" and normalised(one.value)
        ]
        try:
            with self._database.writing() as cursor:
                keys = {
                    subject: self._key_of(cursor, subject)
                    for subject in dict.fromkeys(secret.subject for secret in secrets)
                }
                rows = [_row(secret, keys[secret.subject]) for secret in secrets]
                self._insert_value.run_many(cursor, rows)
                self._insert_phone.run_many(cursor, phones)
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
        key = self._master.unwrap(wrapped, key_bounds(subject))
        return open_(key, sealed, value_bounds(subject, field, ref)).decode()

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

    def erased(self) -> frozenset[str]:
        """Return whose keys were ever destroyed."""
        return self._eraser.subjects()

    def whose_phone(self, phone: str) -> frozenset[str]:
        """Return, by the names of their keys, whose telephone number this is; without a digit it
        is nobody's.
        """
        with self._database.reading() as cursor:
            rows = self._whose.run(cursor, sought=self._phone_print(phone)).fetchall()
        return frozenset(subject for (subject,) in rows)

    def same_phone(self, subject: str) -> frozenset[str]:
        """Return who else, by the names of their keys, has a telephone number of ``subject``."""
        with self._database.reading() as cursor:
            rows = self._same.run(cursor, known=subject).fetchall()
        return frozenset(found for (found,) in rows) - {subject}

    def destroy(self, subjects: Sequence[str]) -> None:
        """Delete these keys and all they sealed, in the transaction that is open."""
        self._eraser.destroy(subjects)

    def scrub(self) -> None:
        """Leave no byte of what was destroyed in any file, and note it apart from the store."""
        self._eraser.scrub()

    def rewrap(self, new: KeyService) -> int:
        """Wrap every key by ``new`` in one transaction; return how many there are.

        The vault's own keys, derived from the first master key, become wrapped ones.
        """
        dialect = self._database.dialect
        subjects = select(vault_keys.c.subject)
        update = vault_keys.update().where(vault_keys.c.subject == bindparam("known"))
        checked = meta.update().where(meta.c.name == "key_check")
        with self._database.transaction() as cursor:
            for name in OWN_KEYS:
                self._keep_own(cursor, name)
            names = [name for (name,) in Statement(subjects, dialect).run(cursor).fetchall()]
            rows = [
                {"known": name, "wrapped": new.wrap(self._key_of(cursor, name), key_bounds(name))}
                for name in names
            ]
            Statement(update.values(wrapped=bindparam("wrapped")), dialect).run_many(cursor, rows)
            again = Statement(checked.values(value=bindparam("check")), dialect)
            again.run(cursor, check=new.check())
        self._database.truncate_log()
        return len(names)

    def _keep_own(self, cursor: DBAPICursor, name: str) -> None:
        if self._select_key.run(cursor, subject=name).fetchone() is None:
            wrapped = self._master.wrap(self._own(name), key_bounds(name))
            self._add_key(cursor, name, wrapped)

    def _own(self, name: str) -> bytes:
        with self._database.reading() as cursor:
            row = self._select_key.run(cursor, subject=name).fetchone()
        if row is None:
            return self._master.derived(OWN_KEYS[name])
        return self._master.unwrap(row[0], key_bounds(name))

    def _key_of(self, cursor: DBAPICursor, subject: str) -> bytes:
        row = self._select_key.run(cursor, subject=subject).fetchone()
        if row is not None:
            return self._master.unwrap(row[0], key_bounds(subject))
        key = random.token_bytes(KEY_BYTES)
        wrapped = self._master.wrap(key, key_bounds(subject))
        self._add_key(cursor, subject, wrapped)
        return key

    def _add_key(self, cursor: DBAPICursor, subject: str, wrapped: bytes) -> None:
        """Keep a key; raises WrongKey when another machine has given the store another master."""
        done = self._insert_key.run(
            cursor, subject=subject, wrapped=wrapped, master=self._master.check()
        )
        if done.rowcount != 1:
            msg = "the store was given another master key; open it anew with that one"
            raise WrongKey(msg)

    def _phone_row(self, secret: Secret) -> dict[str, str]:
        found = self._phone_print(secret.value)
        return {"ref": secret.ref, "subject": secret.subject, "print": found}

    def _phone_print(self, phone: str) -> str:
        return hmac.new(self._phones, normalised(phone).encode(), hashlib.sha256).hexdigest()


def _if_still_wrapped() -> Insert:
    """Return the statement that adds a key as long as the store has the master key named."""
    known = meta.c.name == "key_check", meta.c.value == bindparam("master", type_=Text)
    subject = bindparam("subject", type_=Text)
    wrapped = bindparam("wrapped", type_=LargeBinary)
    row = select(subject, wrapped).where(select(meta).where(*known).exists())
    return vault_keys.insert().from_select(["subject", "wrapped"], row)


def normalised(phone: str) -> str:
    """Return a telephone number's digits, without the country's own code in front of a mobile."""
    number = digits(phone)
    number = number.removeprefix("00") if len(number) > MOBILE_DIGITS else number
    mobile = number.startswith(COUNTRY) and len(number) == MOBILE_DIGITS + len(COUNTRY)
    return number.removeprefix(COUNTRY) if mobile else number


def _row(secret: Secret, key: bytes) -> dict[str, bytes | str | int]:
    bounds = value_bounds(secret.subject, secret.field, secret.ref)
    return {
        "ref": secret.ref,
        "subject": secret.subject,
        "field": secret.field,
        "sealed": close(key, secret.value.encode(), bounds),
    }
