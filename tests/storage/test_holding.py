"""Who has a store open: nobody changes its key or its place meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from guanjia import folder as folders
from guanjia.domain.ports import Secret
from guanjia.folder import copy_store, init, open_store, read_config, restore_store, rotate_keys
from guanjia.storage import Hold, SqlStore, errors
from guanjia.storage.keys import MasterKey
from guanjia.storage.rotation import beside

from .conftest import Place, on_server

OWNER = Secret("a" * 32, "resident:U1/R1", "phone", "13800138000")
LATER = Secret("b" * 32, "resident:U2/R1", "phone", "13900139000")
CHILD = """
import sys, time
from guanjia.folder import open_store
from pathlib import Path
store = open_store(Path(sys.argv[1]))
print("open", flush=True)
time.sleep(60)
"""
"""Has a store open until it is killed; were it forgotten, it would end by itself."""


def test_a_key_is_not_rotated_beside_a_store_that_is_open(lasting: Place) -> None:
    """What is sealed under the old key meanwhile would be lost for good."""
    with lasting.create() as opened:
        opened.vault.seal([OWNER])
        with pytest.raises(errors.StoreInUse):
            SqlStore.rotate(lasting.url, lasting.key)
        opened.vault.seal([LATER])
    SqlStore.rotate(lasting.url, lasting.key)
    with lasting.open() as opened:
        assert opened.vault.reveal(OWNER.ref) == OWNER.value
        assert opened.vault.reveal(LATER.ref) == LATER.value


def test_no_store_is_opened_beside_a_rotation(lasting: Place) -> None:
    """Opening would take the new key that waits for one that a crash has left."""
    lasting.create().close()
    with closing(Hold(lasting.key, alone=True)):
        MasterKey.create_file(beside(lasting.key))
        with pytest.raises(errors.StoreInUse):
            lasting.open()
    assert beside(lasting.key).exists()


def test_many_have_a_store_open_at_once(lasting: Place) -> None:
    """A hold is shared; closing twice lets go once."""
    with lasting.create() as one, lasting.open() as other:
        one.close()
        with pytest.raises(errors.StoreInUse):
            Hold(lasting.key, alone=True)
        other.close()
    Hold(lasting.key, alone=True).close()


def test_another_machine_does_not_seal_under_a_key_that_was_rotated(tmp_path: Path) -> None:
    """A server's store is open where no lock of ours is seen: there the new key is refused."""
    place = on_server(tmp_path)
    place.create().close()
    (tmp_path / "elsewhere").mkdir()
    far = tmp_path / "elsewhere" / place.key.name
    far.write_bytes(place.key.read_bytes())
    far.chmod(0o600)
    with SqlStore.open(place.url, far) as stale:
        SqlStore.rotate(place.url, place.key)
        with pytest.raises(errors.WrongKey):
            stale.vault.seal([OWNER])
    with place.open() as opened, pytest.raises(KeyError):
        opened.vault.reveal(OWNER.ref)


def test_a_folder_is_not_changed_beside_a_service(tmp_path: Path) -> None:
    """Neither key nor place of its store; a copy is made, and a killed process holds nothing."""
    folder = init(tmp_path / "data")
    with open_store(folder) as store:
        store.database.back_up(tmp_path / "backup.db")
    other = f"sqlite:///{tmp_path}/other.db"
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, folder], stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout is not None
        assert service.stdout.readline() == "open\n"
        with pytest.raises(errors.StoreInUse):
            rotate_keys(folder)
        with pytest.raises(errors.StoreInUse):
            copy_store(folder, other, switch=True)
        with pytest.raises(errors.StoreInUse):
            restore_store(folder, tmp_path / "backup.db")
        assert copy_store(folder, f"sqlite:///{tmp_path}/third.db", switch=False) == 0
        os.kill(service.pid, signal.SIGKILL)
    rotate_keys(folder)
    copy_store(folder, other, switch=True)
    assert read_config(folder).store == other
    open_store(folder).close()


def test_a_folder_that_is_moved_while_it_is_opened_is_opened_where_it_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the configuration said before the store was held is asked again."""
    folder = init(tmp_path / "data")
    other = f"sqlite:///{tmp_path}/other.db"
    url = folders._url

    def moved_first(path: Path, config: folders.Config) -> str:
        monkeypatch.undo()
        copy_store(folder, other, switch=True)
        return url(path, config)

    monkeypatch.setattr(folders, "_url", moved_first)
    with open_store(folder) as store:
        assert store.address == other


@pytest.mark.parametrize("left", [b"", b"A" * 43 + b"=\n"])
def test_a_new_key_that_was_never_used_is_dropped(place: Place, left: bytes) -> None:
    """A crash may leave it empty; the key that the store is wrapped by stays."""
    with place.create() as made:
        made.vault.seal([OWNER])
    beside(place.key).touch(0o600)
    beside(place.key).write_bytes(left)
    with place.open() as opened:
        assert opened.vault.reveal(OWNER.ref) == OWNER.value
    assert not beside(place.key).exists()
