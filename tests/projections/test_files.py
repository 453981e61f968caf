"""The files of the views: broken and foreign ones, whose they are, what is never in them."""

import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

import guanjia as gj
from guanjia.folder import OfficeError, open_store, restore_store
from guanjia.projections import Warehouse, rebuild
from guanjia.projections.errors import (
    ViewsBroken,
)
from guanjia.storage import SqlStore

from .on_disk import CANARY, opened, rows
from .register import SHANGHAI


@pytest.mark.parametrize("content", [b"no database", b"\0" * 5000, "half"])
def test_a_broken_file_is_said_to_be_broken(
    folder: Path, store: SqlStore, right: dict[str, Any], content: bytes | str
) -> None:
    """It is left as it is, until somebody asks to have it mended."""
    path = folder / "views.duckdb"
    if isinstance(content, str):
        views = Warehouse(store, SHANGHAI, path)
        views.catch_up()
        views.close()
        content = path.read_bytes()[:6000]
    path.write_bytes(content)
    with pytest.raises(ViewsBroken):
        Warehouse(store, SHANGHAI, path)
    assert path.read_bytes() == content
    views = Warehouse(store, SHANGHAI, path, mend=True)
    assert views.position() == store.last_position()
    assert rows(views) == right
    views.close()


def test_a_foreign_table_in_the_way_is_said_to_be_broken(folder: Path, store: SqlStore) -> None:
    """Someone else's DuckDB file is not taken for ours."""
    path = folder / "views.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table meta (other int)")
    with pytest.raises(ViewsBroken):
        Warehouse(store, SHANGHAI, path)


def test_the_file_of_the_views_is_private(folder: Path) -> None:
    """Mode 0600, and no clear value of a customer in any byte of it."""
    register = opened(folder)
    with register.office as office:
        assert office.query("cases", complaint="C-1").rows()
        register.receive("C-2", "2025-10-08 11:00", contact={"name": "张三", "phone": CANARY})
        assert office.query("cases", complaint="C-2").rows()
        logged = (folder / "views.duckdb.wal").read_bytes()
    path = folder / "views.duckdb"
    assert path.stat().st_mode & 0o777 == 0o600
    for content in (path.read_bytes(), logged):
        for clear in (CANARY, "欧阳测试", "请回电", "楼上装修噪音", "张三", "13800138000"):
            assert clear.encode() not in content


def test_every_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the umask is, and whoever made the folder."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        gj.init(folder, rehearsal=True)
        register = opened(folder)
        with register.office as office, opened(folder).office as second:
            register.staff()
            office.query("cases")
            second.query("cases")
            assert (folder / "views.duckdb.wal").exists()
            files = [*folder.rglob("*")]
            modes = {path.name: path.stat().st_mode & 0o077 for path in [folder, *files]}
    finally:
        os.umask(before)
    assert {name: mode for name, mode in modes.items() if mode} == {}


def test_a_folder_with_a_question_mark_is_refused(tmp_path: Path) -> None:
    """Its files would be made beside it, under the name as far as that."""
    with pytest.raises(OfficeError) as refused:
        gj.init(tmp_path / "a?b" / "data")
    assert refused.value.code == "folder_unsupported"
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", ["数据 #1@x", "100%41", "file:x", "it's"])
def test_a_folder_may_have_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Its events are in it, are backed up, restored, and read by the process that rebuilds."""
    monkeypatch.setattr(rebuild, "WORTH_A_PROCESS", 1)
    folder = tmp_path / name
    gj.init(folder, rehearsal=True)
    register = opened(folder)
    with register.office as office:
        register.staff()
        assert office.views.rebuild().differing == ()
    with open_store(folder) as store:
        store.database.back_up(folder / "backup.db")
    (folder / "events.db").unlink()
    restore_store(folder, folder / "backup.db")
    opened(folder).office.close()
    assert [*tmp_path.iterdir()] == [folder]
