"""Keys destroyed, rotated and restored: what is left in the files, and what opens."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from guanjia.domain.ports import Secret
from guanjia.storage import SqlStore, errors, rotation, store
from guanjia.storage.erasing import LOG
from guanjia.storage.keys import MasterKey
from guanjia.storage.vault import normalised

from .conftest import Place

OWNER = Secret("a" * 32, "resident:U1/R1", "phone", "13800138000")
CASE = Secret("b" * 32, "complaint:N-1", "phone", "+86 138 0013 8000")
TEXT = Secret("c" * 32, "complaint:N-1", "text", "楼上装修噪音" * 2000)
OTHER = Secret("d" * 32, "resident:U2/R1", "phone", "13900139000")
ALL = (OWNER, CASE, TEXT, OTHER)


def every_byte(folder: Path) -> bytes:
    """Return what all files hold, read by another program: SQLite's locks stay."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return subprocess.run(["/bin/cat", *files], check=True, capture_output=True).stdout


def sealed_bytes(place: Place, subject: str) -> list[bytes]:
    """Return the wrapped key and the ciphertexts of a subject."""
    with place.open() as opened, opened._database.reading() as cursor:
        cursor.execute("SELECT wrapped FROM vault_keys WHERE subject = ?", (subject,))
        keys = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT sealed FROM vault_values WHERE subject = ?", (subject,))
        return keys + [row[0] for row in cursor.fetchall()]


def erase(opened: SqlStore, *subjects: str) -> None:
    """Destroy keys as the application does."""
    with opened.transaction():
        opened.vault.destroy(subjects)
    opened.vault.scrub()


def revealed(opened: SqlStore) -> list[str]:
    """Return whose values still open."""
    found = []
    for secret in ALL:
        try:
            assert opened.vault.reveal(secret.ref) == secret.value
        except KeyError:
            continue
        found.append(secret.ref[0])
    return found


def test_no_byte_of_what_was_erased_is_left(place: Place) -> None:
    """Neither the wrapped key nor a ciphertext is in any file, open or closed."""
    with place.create() as made:
        made.vault.seal(ALL)
    gone = sealed_bytes(place, CASE.subject)
    assert len(gone) == 3
    with place.open() as opened:
        erase(opened, CASE.subject)
        while_open = every_byte(place.db.parent)
        assert revealed(opened) == ["a", "d"]
    for content in (while_open, every_byte(place.db.parent)):
        pieces = [one[at : at + 24] for one in gone for at in range(0, len(one) - 24, 1024)]
        assert [piece for piece in pieces if piece in content] == []
    assert (place.key.parent / LOG).stat().st_mode & 0o777 == 0o600


def test_a_restored_backup_erases_again_before_it_opens(place: Place, tmp_path: Path) -> None:
    """The log beside the key remembers; who was erased does not come back with an old copy."""
    with place.create() as made:
        made.vault.seal(ALL)
    backup = tmp_path / "backup"
    shutil.copy(place.db, backup)
    with place.open() as opened:
        erase(opened, OWNER.subject)
    shutil.copy(backup, place.db)
    gone = sealed_bytes(Place(f"sqlite:///{backup}", _copy_key(place, tmp_path)), OWNER.subject)
    with place.open() as opened:
        assert revealed(opened) == ["b", "c", "d"]
        assert opened.vault.whose_phone("13800138000") == {CASE.subject}
    backup.unlink()
    assert [one for one in gone if one in every_byte(place.db.parent)] == []


def _copy_key(place: Place, tmp_path: Path) -> Path:
    apart = tmp_path / "apart"
    apart.mkdir()
    return Path(shutil.copy(place.key, apart / "master.key"))


def test_a_new_key_after_an_erasure_stays(place: Place) -> None:
    """An erasure that this store has seen is not carried out twice."""
    with place.create() as made:
        made.vault.seal([OWNER])
        erase(made, OWNER.subject)
        made.vault.seal([Secret("e" * 32, OWNER.subject, "phone", "1")])
    with place.open() as opened:
        assert opened.vault.reveal("e" * 32) == "1"


def test_a_crash_before_the_log_was_written_is_made_good(place: Place) -> None:
    """An erasure committed and not yet noted is noted by the next opening; a cut line is mended."""
    with place.create() as made:
        made.vault.seal(ALL)
        with made.transaction():
            made.vault.destroy([OWNER.subject])
    log = place.key.parent / LOG
    assert not log.exists()
    log.write_text('{"erasure": "cut', encoding="utf-8")
    place.open().close()
    assert log.read_text(encoding="utf-8").count(OWNER.subject) == 1
    assert "cut" not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("138 0013-8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("0086-138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("(0755) 8888 6666", "075588886666"),
        ("8613", "8613"),
    ],
)
def test_a_number_is_known_by_its_digits(written: str, digits: str) -> None:
    """However it is written, by hand or with full-width digits."""
    assert normalised(written) == digits


def test_whose_number_it_is_needs_the_key(place: Place) -> None:
    """The index answers by keyed hashes: the file has none that anybody could compute."""
    import hashlib

    with place.create() as made:
        made.vault.seal(ALL)
        assert made.vault.whose_phone("+8613800138000") == {OWNER.subject, CASE.subject}
        assert made.vault.same_phone(OWNER.subject) == {CASE.subject}
        assert made.vault.same_phone(OTHER.subject) == frozenset()
    for name in ("md5", "sha1", "sha256"):
        plain = hashlib.new(name, b"13800138000").hexdigest()
        assert plain.encode() not in every_byte(place.db.parent)


def test_rotation_changes_the_key_and_nothing_else(place: Place) -> None:
    """Every value opens with the new key, fingerprints and index stay, the old key is refused."""
    with place.create() as made:
        made.vault.seal(ALL)
        prints = made.vault.fingerprint(b"x")
    old = MasterKey.read_file(place.key)
    for _ in range(2):
        assert SqlStore.rotate(place.url, place.key) == 5
    assert MasterKey.read_file(place.key).check() != old.check()
    assert place.key.stat().st_mode & 0o777 == 0o600
    with place.open() as opened:
        assert revealed(opened) == ["a", "b", "c", "d"]
        assert opened.vault.fingerprint(b"x") == prints
        assert opened.vault.whose_phone("13900139000") == {OTHER.subject}
    place.key.unlink()
    place.key.touch(0o600)
    place.key.write_bytes(b"A" * 43 + b"=\n")
    with pytest.raises(errors.WrongKey):
        place.open()


@pytest.mark.parametrize("step", ["create_file", "rewrap", "put_in_place"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_rotation_that_dies_leaves_a_store_that_opens(
    place: Place, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    """With the old key or with the new one, whichever the store is wrapped by."""
    with place.create() as made:
        made.vault.seal(ALL)
    owner = {
        "create_file": MasterKey, "rewrap": type(made.vault), "put_in_place": store,
    }[step]  # fmt: skip
    whole = getattr(owner, step)

    def dies(*arguments: object) -> None:
        if when == "after":
            whole(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(owner, step, dies)
    with pytest.raises(KeyboardInterrupt):
        SqlStore.rotate(place.url, place.key)
    monkeypatch.undo()
    with place.open() as opened:
        assert revealed(opened) == ["a", "b", "c", "d"]
    assert not rotation.beside(place.key).exists()
    SqlStore.rotate(place.url, place.key)
    with place.open() as opened:
        assert revealed(opened) == ["a", "b", "c", "d"]
