"""Who signs: the keeper, an office as it closes, and the key in its file."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import guanjia as gj
from guanjia.domain.disclosure.gateway import Gateway
from guanjia.folder import (
    NEWEST,
    SIGNER,
    OfficeError,
    open_audit,
    rotate_keys,
)
from guanjia.storage import Keeper, Signer, errors
from guanjia.verifier import Checkpoint, Key

from .logs import POSTED, Log, append


def test_the_keeper_signs_what_is_new_and_at_the_end(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wakes by itself, and its closing leaves nothing unsigned."""
    monkeypatch.setattr(Keeper, "EVERY", 0.001)
    waited = threading.Event()
    with log.opened() as (store, audit):
        append(store, 1)
        sign = audit.checkpoint

        def checkpoint() -> Checkpoint:
            made = sign()
            waited.set()
            return made

        monkeypatch.setattr(audit, "checkpoint", checkpoint)
        keeper = Keeper(audit)
        assert waited.wait(60)
        monkeypatch.setattr(Keeper, "EVERY", 3600)
        append(store, 1)
        keeper.close()
        assert audit.stored()[-1][0] == 302


def test_a_keeper_survives_what_fails(log: Log) -> None:
    """A store that is closed under it, or differs, ends no thread and no closing in an error."""
    with log.opened() as (store, audit):
        keeper = Keeper(audit)
        store.close()
        keeper.close()


def test_closing_an_office_signs_what_it_recorded(tmp_path: Path) -> None:
    """Nothing is left outside of a checkpoint when an office was closed."""
    folder = tmp_path / "data"
    with gj.open(folder) as office:
        office.execute(POSTED)
        assert office.audit.verify().ok
    with open_audit(folder) as audit:
        report = audit.verify()
    assert (report.events, report.signed) == (1, 1)
    for name in (SIGNER, NEWEST):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_an_office_in_memory_can_be_verified() -> None:
    """Tests may ask the same as an auditor."""
    with gj.open_in_memory() as office:
        office.execute(POSTED)
        assert office.audit.verify().ok
        assert office.audit.checkpoint().size == 1
        assert Key.parse(office.audit.key).name.startswith("guanjia/")


def test_an_office_that_cannot_be_opened_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the store, nor the views, nor the thread that signs."""
    folder = gj.init(tmp_path / "data")

    def busy(*_: object, **__: object) -> None:
        raise errors.StoreBusy

    monkeypatch.setattr(Gateway, "count_denials", busy)
    with pytest.raises(errors.StoreBusy):
        gj.open(folder)
    monkeypatch.undo()
    assert "guanjia-checkpoints" not in {thread.name for thread in threading.enumerate()}
    rotate_keys(folder)
    with gj.open(folder) as office:
        assert office.views.status().elected


def test_a_folder_without_its_signing_key_is_not_opened(tmp_path: Path) -> None:
    """The key is never made anew in silence: its checkpoints would prove nothing."""
    gj.init(tmp_path / "data")
    (tmp_path / "data" / SIGNER).unlink()
    with pytest.raises(errors.KeyFileMissing):
        gj.open(tmp_path / "data")
    with pytest.raises(OfficeError), open_audit(tmp_path):
        pass


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line[:0],
        lambda line: line[:-3],
        lambda line: line + "A",
        lambda line: line.removeprefix("PRIVATE+KEY+"),
        lambda line: line.replace("guanjia/", "other/"),
        lambda line: line[:-10] + "=" * 10,
        lambda line: "\xff" + line,
    ],
)
def test_a_spoilt_signing_key_is_refused(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    """Only what was written is read back; others may not read it."""
    path = tmp_path / SIGNER
    signer = Signer.create_file(path)
    assert Signer.read_file(path).key == signer.key
    assert "object at" in repr(signer)
    path.write_text(spoil(path.read_text("utf-8").strip()), "latin-1")
    with pytest.raises(errors.SignerMalformed):
        Signer.read_file(path)
    path.chmod(0o640)
    with pytest.raises(errors.KeyFileExposed):
        Signer.read_file(path)
    with pytest.raises(errors.KeyFileExists):
        Signer.create_file(path)
