"""Sealed values: what opens, what does not, and what is nowhere to be read."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update

from guanjia.domain.ports import Secret
from guanjia.storage import SqlStore, errors
from guanjia.storage.keys import MasterKey
from guanjia.storage.schema import Statement, vault_values

from .conftest import Place

PHONE = Secret("a" * 32, "complaint:N-1", "phone", "13800138000")
TEXT = Secret("b" * 32, "complaint:N-1", "text", "楼上装修噪音")
OTHER = Secret("c" * 32, "complaint:N-2", "phone", "13900139000")


def test_values_come_back(store: SqlStore) -> None:
    """What was sealed in one or several calls is revealed by its reference."""
    store.vault.seal([PHONE, OTHER])
    store.vault.seal([TEXT])
    store.vault.seal([])
    assert [store.vault.reveal(one.ref) for one in (PHONE, TEXT, OTHER)] == [
        PHONE.value,
        TEXT.value,
        OTHER.value,
    ]


def test_an_unknown_reference_is_a_key_error(store: SqlStore) -> None:
    """Nothing is made up for a reference that was never sealed."""
    with pytest.raises(KeyError):
        store.vault.reveal("d" * 32)


def test_a_reference_is_sealed_once(store: SqlStore) -> None:
    """A second value under a reference is refused together with everything beside it."""
    store.vault.seal([PHONE])
    with pytest.raises(errors.SecretExists) as caught:
        store.vault.seal([OTHER, Secret(PHONE.ref, PHONE.subject, PHONE.field, "13700137000")])
    assert "137" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert store.vault.reveal(PHONE.ref) == PHONE.value
    with pytest.raises(KeyError):
        store.vault.reveal(OTHER.ref)


def test_clear_values_are_in_no_file(place: Place) -> None:
    """Neither the database nor its write-ahead log holds a clear value, open or closed."""
    # The files are read by another program: closing them here would drop SQLite's own locks.
    with place.create() as store:
        store.vault.seal([PHONE, TEXT, OTHER])
        while_open = _all_bytes(place.db.parent)
    for content in (while_open, _all_bytes(place.db.parent)):
        assert PHONE.subject.encode() in content
        for secret in (PHONE, TEXT, OTHER):
            assert secret.value.encode() not in content


def _all_bytes(folder: Path) -> bytes:
    files = sorted(path for path in folder.iterdir())
    return subprocess.run(["/bin/cat", *files], check=True, capture_output=True).stdout


Row = dict[str, Any]


@pytest.mark.parametrize(
    "tampering",
    [
        lambda _own, text, _other: {"sealed": text["sealed"]},
        lambda _own, _text, other: {"sealed": other["sealed"]},
        lambda _own, _text, other: {"subject": other["subject"]},
        lambda _own, _text, _other: {"field": "name"},
        lambda own, _text, _other: {"sealed": b"\x02" + own["sealed"][1:]},
        lambda _own, _text, _other: {"sealed": b"\x01"},
        lambda _own, _text, _other: {"sealed": b""},
        lambda own, _text, _other: {"sealed": own["sealed"][:-1] + b"\x00"},
    ],
)
def test_a_value_opens_only_in_its_own_place(
    store: SqlStore, tampering: Callable[[Row, Row, Row], Row]
) -> None:
    """A ciphertext that was swapped, moved, relabelled or altered is detected."""
    store.vault.seal([PHONE, TEXT, OTHER])
    rows = (_stored(store, secret) for secret in (PHONE, TEXT, OTHER))
    changed = tampering(*rows)
    with store._database.transaction() as cursor:
        change = update(vault_values).where(vault_values.c.ref == bindparam("of"))
        Statement(change.values(**changed), store._database.dialect).run(cursor, of=PHONE.ref)
    with pytest.raises(errors.SealBroken) as caught:
        store.vault.reveal(PHONE.ref)
    assert PHONE.value not in str(caught.value)
    assert store.vault.reveal(TEXT.ref) == TEXT.value


def _stored(store: SqlStore, secret: Secret) -> Row:
    one = select(vault_values).where(vault_values.c.ref == bindparam("of"))
    with store._database.reading() as cursor:
        row = Statement(one, store._database.dialect).run(cursor, of=secret.ref).fetchone()
    assert row is not None
    return dict(zip(vault_values.c.keys(), row, strict=True))


def test_another_subjects_key_does_not_open(store: SqlStore) -> None:
    """A wrapped key put in another subject's place is detected before any value is opened."""
    store.vault.seal([PHONE, OTHER])
    with store._database.transaction() as cursor:
        cursor.execute(
            "UPDATE vault_keys SET wrapped ="
            " (SELECT wrapped FROM vault_keys WHERE subject = 'complaint:N-2')"
        )
    with pytest.raises(errors.SealBroken):
        store.vault.reveal(PHONE.ref)
    with pytest.raises(errors.SealBroken):
        store.vault.seal([TEXT])


def test_without_its_key_a_value_is_gone(store: SqlStore) -> None:
    """Destroying a subject's key destroys its values and nobody else's."""
    store.vault.seal([PHONE, OTHER])
    with store._database.transaction() as cursor:
        cursor.execute("DELETE FROM vault_keys WHERE subject = 'complaint:N-1'")
    with pytest.raises(KeyError):
        store.vault.reveal(PHONE.ref)
    assert store.vault.reveal(OTHER.ref) == OTHER.value


def test_a_fingerprint_is_the_same_for_the_same_key_only(place: Place) -> None:
    """The same bytes have one fingerprint in a store, also opened again, another elsewhere."""
    with place.create() as store, SqlStore.in_memory() as other:
        first = store.vault.fingerprint(b"13800138000")
        assert first != store.vault.fingerprint(b"13800138001")
        assert first != other.vault.fingerprint(b"13800138000")
    with place.open() as store:
        assert store.vault.fingerprint(b"13800138000") == first


def test_a_key_file_is_one_base64_line_for_its_owner(tmp_path: Path) -> None:
    """What was written is read back, and only its owner may."""
    path = tmp_path / "master.key"
    made = MasterKey.create_file(path)
    assert MasterKey.read_file(path).secret() == made.secret()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().count(b"\n") == 1
    assert made.secret().hex() not in repr(made)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777, 0o620])
def test_an_exposed_key_file_is_refused(tmp_path: Path, mode: int) -> None:
    """A key that others may read or write is not used."""
    path = tmp_path / "master.key"
    MasterKey.create_file(path)
    path.chmod(mode)
    with pytest.raises(errors.KeyFileExposed):
        MasterKey.read_file(path)


@pytest.mark.parametrize("content", [b"", b"not base64!", b"c2hvcnQ=\n", bytes(range(32))])
def test_a_malformed_key_file_is_refused_without_its_content(
    tmp_path: Path, content: bytes
) -> None:
    """The error names the file, never what is in it."""
    path = tmp_path / "master.key"
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(errors.KeyFileMalformed) as caught:
        MasterKey.read_file(path)
    assert str(path) in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    """A path with no file, or with a folder, is no key file."""
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(errors.KeyFileMissing):
            MasterKey.read_file(path)


def test_every_error_has_its_own_code() -> None:
    """Codes are stable names, one to each kind of error."""
    kinds = errors.StorageError.__subclasses__()
    assert len({kind.code for kind in kinds} | {errors.StorageError.code}) == len(kinds) + 1
