"""The file of the views: kills, foreign and broken files, two processes, what is never in it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

import guanjia as gj
from guanjia.folder import OfficeError, open_store, restore_store
from guanjia.office import Office
from guanjia.projections import PUBLIC_VIEWS, Part, UnknownView, Warehouse, rebuild, seat, warehouse
from guanjia.projections.errors import (
    RebuildFailed,
    UnknownFilter,
    ViewsBroken,
    ViewsClosed,
    ViewsInUse,
)
from guanjia.projections.source import NoEvents, StoredRow
from guanjia.storage import SqlStore
from guanjia.storage.errors import StoreUnreachable

from .histories import player, seeded
from .register import PRESENT, SHANGHAI, Register, moment

CANARY = "13712345678"

FOLLOW = """
import sys
from pathlib import Path
from zoneinfo import ZoneInfo
from guanjia.projections import Warehouse, rebuild
from guanjia.storage import SqlStore

folder, batch, what = sys.argv[1:4]
rebuild.CHUNK = int(batch) * 10
if sys.argv[4:]:
    rebuild.WORTH_A_PROCESS = 1
store = SqlStore.open(f"sqlite:///{folder}/events.db", Path(folder, "master.key"))
views = Warehouse(store, ZoneInfo("Asia/Shanghai"), Path(folder, "views.duckdb"), batch=int(batch))
print("open", flush=True)

def progress(reached, last):
    print(reached, flush=True)
    sys.stdin.readline()

getattr(views, what)(progress)
print("done", flush=True)
sys.stdin.readline()
"""


def opened(folder: Path) -> Register:
    """Open a rehearsal folder on disk."""
    return Register(gj.open(folder, clock=lambda: moment(PRESENT)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder with a history and no views yet."""
    folder = tmp_path / "data"
    gj.init(folder, rehearsal=True)
    register = opened(folder)
    with register.office:
        register.staff()
        contact = {"name": "欧阳测试", "phone": CANARY}
        register.receive("C-1", "2025-10-08 10:00", contact=contact, text=f"请回电{CANARY}")
        player(register, 1).play(seeded(5, 12))
        register.office.query("sla")
    (folder / "views.duckdb").unlink()
    return folder


@pytest.fixture
def path(folder: Path) -> Path:
    """Return the folder's views file, made before the store's first event."""
    path = folder / "views.duckdb"
    Warehouse(NoEvents(), SHANGHAI, path).close()
    return path


def rows(views: Warehouse) -> dict[str, list[dict[str, Any]]]:
    """Return every view's rows at the present."""
    return {name: views.query(name, moment(PRESENT)).rows() for name in PUBLIC_VIEWS}


@pytest.fixture
def store(folder: Path) -> Iterator[SqlStore]:
    """Yield the folder's store."""
    with SqlStore.open(f"sqlite:///{folder}/events.db", folder / "master.key") as store:
        yield store


@pytest.fixture
def right(store: SqlStore) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that are right, from views built in memory."""
    views = Warehouse(store, SHANGHAI)
    views.catch_up()
    found = rows(views)
    views.close()
    assert found["sla"]
    return found


def follow(folder: Path, batch: int, what: str, *more: str) -> subprocess.Popen[str]:
    """Start another process on the views of a folder."""
    return subprocess.Popen(
        [sys.executable, "-c", FOLLOW, str(folder), str(batch), what, *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def steps(child: subprocess.Popen[str], count: int) -> list[str]:
    """Let the other process take some batches; return what it printed."""
    assert child.stdin is not None
    assert child.stdout is not None
    printed = [child.stdout.readline().strip()]
    for _ in range(count):
        printed.append(child.stdout.readline().strip())
        if printed[-1] == "done":
            break
        child.stdin.write("\n")
        child.stdin.flush()
    return printed


@pytest.mark.parametrize("batches", [1, 3, 8])
def test_killed_while_following_nothing_is_lost_or_doubled(
    folder: Path, path: Path, store: SqlStore, right: dict[str, Any], batches: int
) -> None:
    """After kill -9 the views go on where they were, and come to what a rebuild says."""
    with follow(folder, 7, "catch_up") as child:
        steps(child, batches)
        child.send_signal(signal.SIGKILL)
    views = Warehouse(store, SHANGHAI, path, batch=7)
    assert 0 < views.position() < store.last_position()
    views.catch_up()
    assert rows(views) == right
    views.close()


@pytest.mark.parametrize("more", [(), ("a process of its own",)])
def test_a_rebuild_killed_in_the_middle_leaves_the_old_views(
    folder: Path, store: SqlStore, right: dict[str, Any], more: tuple[str, ...]
) -> None:
    """The old file stays in service, with its position; the next rebuild ends well."""
    path = folder / "views.duckdb"
    views = Warehouse(store, SHANGHAI, path)
    views.catch_up()
    views.close()
    with follow(folder, 7, "rebuild", *more) as child:
        steps(child, 1 if more else 3)
        child.send_signal(signal.SIGKILL)
    assert path.with_suffix(".new").exists()
    views = Warehouse(store, SHANGHAI, path)
    assert views.position() == store.last_position()
    assert rows(views) == right
    views.rebuild()
    assert rows(views) == right
    assert not path.with_suffix(".new").exists()
    views.close()


def test_a_second_process_answers_from_a_copy_until_the_first_ends(
    folder: Path, store: SqlStore, right: dict[str, Any]
) -> None:
    """One process follows the file; another one follows a copy, and then takes the file over."""
    path = folder / "views.duckdb"
    with follow(folder, 1000, "catch_up") as child:
        steps(child, 2)
        second = Warehouse(store, SHANGHAI, path)
        second.catch_up()
        assert not second.status().elected
        assert rows(second) == right
        with pytest.raises(ViewsInUse):
            second.rebuild()
        child.kill()
    second.catch_up()
    assert second.status().elected
    assert rows(second) == right
    assert [*folder.glob(".views-*")] == []
    second.rebuild()
    second.close()


def test_a_take_over_that_fails_is_tried_again(
    folder: Path, store: SqlStore, right: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile the copy answers, and the seat is free for another process."""
    path = folder / "views.duckdb"
    with follow(folder, 1000, "catch_up") as child:
        steps(child, 2)
        second = Warehouse(store, SHANGHAI, path)
        second.catch_up()
        child.kill()

    def unreachable(*_: int) -> list[StoredRow]:
        raise StoreUnreachable

    with monkeypatch.context() as patch:
        patch.setattr(store, "read", unreachable)
        with pytest.raises(StoreUnreachable):
            second.catch_up()
    assert rows(second) == right
    assert not second.status().elected
    Warehouse(store, SHANGHAI, path).close()
    second.catch_up()
    assert second.status().elected
    assert rows(second) == right
    second.close()


@pytest.mark.parametrize("swapped", [False, True])
def test_a_swap_that_fails_is_mended_by_the_next_event(
    folder: Path,
    store: SqlStore,
    right: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    swapped: bool,
) -> None:
    """Until then questions are refused by name; whichever file is there is opened again."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    views.catch_up()

    def full(*_: object) -> None:
        raise OSError

    where, what = (warehouse, "connect") if swapped else (Path, "replace")
    with monkeypatch.context() as patch:
        patch.setattr(where, what, full)
        with pytest.raises(OSError):  # noqa: PT011 - any will do
            views.rebuild()
        with pytest.raises(ViewsClosed):
            views.query("sla", moment(PRESENT))
        with pytest.raises(ViewsClosed):
            views.parked()
    assert views.catch_up() == store.last_position()
    assert rows(views) == right
    views.rebuild()
    views.close()


def test_a_comparison_that_fails_leaves_nothing_open(
    folder: Path, store: SqlStore, right: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old views stay in service, and the next rebuild begins anew."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    views.catch_up()

    def failing(*_: object) -> None:
        raise duckdb.Error

    with monkeypatch.context() as patch:
        patch.setattr(warehouse, "compare", failing)
        with pytest.raises(duckdb.Error):
            views.rebuild()
    assert rows(views) == right
    assert views.rebuild().differing == ()
    views.close()


def test_the_copies_of_killed_processes_are_removed(folder: Path, store: SqlStore) -> None:
    """By whoever opens the views next, once nobody alive has a copy."""
    path = folder / "views.duckdb"
    first = Warehouse(store, SHANGHAI, path)
    first.catch_up()
    with follow(folder, 1000, "catch_up") as child:
        steps(child, 1)
        (left,) = folder.glob(".views-*")
        Warehouse(store, SHANGHAI, path).close()
        assert [*folder.glob(".views-*")] == [left]
        child.kill()
    Warehouse(store, SHANGHAI, path).close()
    assert [*folder.glob(".views-*")] == []
    first.close()


def test_without_a_snapshot_a_second_process_is_told_to_wait(
    folder: Path, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for the file or for a snapshot of it, and no longer than it has patience."""
    monkeypatch.setattr(seat, "PATIENCE", 0.1)
    first = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    (folder / "views.snapshot").unlink()
    with pytest.raises(ViewsInUse):
        Warehouse(store, SHANGHAI, folder / "views.duckdb")
    first.close()


def test_a_snapshot_is_only_a_beginning(folder: Path) -> None:
    """Who works on a copy of an old snapshot answers from the newest events all the same."""
    register = opened(folder)
    with register.office:
        other = opened(folder)
        with other.office:
            assert not other.office.views.status().elected
            position = register.receive("C-9", "2025-10-08 10:00").position
            assert other.office.query("cases", complaint="C-9").position == position


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


def test_views_of_another_definition_are_rebuilt(
    folder: Path, store: SqlStore, right: dict[str, Any]
) -> None:
    """A release that takes facts otherwise takes them anew."""
    path = folder / "views.duckdb"
    views = Warehouse(store, SHANGHAI, path)
    views.catch_up()
    views.close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("update meta set definition = 'older'")
        connection.execute("drop table contact_facts")
    views = Warehouse(store, SHANGHAI, path)
    assert rows(views) == right
    views.close()


@pytest.mark.parametrize("bursts", [3, 40])
def test_views_of_another_store_are_rebuilt(
    tmp_path: Path, store: SqlStore, right: dict[str, Any], bursts: int
) -> None:
    """Whether that store was shorter or longer than this one."""
    other = tmp_path / "other"
    gj.init(other, rehearsal=True)
    register = opened(other)
    with register.office as office:
        register.staff()
        register.receive("X-1", "2025-01-01 10:00")
        player(register, 2, prefix="X").play(seeded(9, bursts))
        shorter = office.views.catch_up() < store.last_position()
    assert shorter == (bursts == 3)
    views = Warehouse(store, SHANGHAI, other / "views.duckdb")
    assert rows(views) == right
    views.close()


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


def test_a_batch_is_taken_whole_or_not_at_all(path: Path, store: SqlStore) -> None:
    """When it fails on its way, nothing of a batch is there, and it is asked for again."""

    class Failing(NoEvents):
        def last_position(self) -> int:
            return store.last_position()

        def read(self, after: int, limit: int) -> list[StoredRow]:
            return [*store.read(after, limit)]

        def read_streams(self, originator_ids: Sequence[str], upto: int) -> list[StoredRow]:
            if self.failing and upto > 20:
                raise OSError
            return [*store.read_streams(originator_ids, upto)]

        failing = True

    source = Failing()
    views = Warehouse(source, SHANGHAI, path, batch=10)
    with pytest.raises(OSError):  # noqa: PT011 - any will do
        views.catch_up()
    assert views.position() == 20
    source.failing = False
    assert views.catch_up() == store.last_position()
    views.close()


def test_a_failed_rebuild_leaves_the_old_views(
    folder: Path, store: SqlStore, right: dict[str, Any]
) -> None:
    """An interrupted rebuild can be tried again in the same process."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb", batch=10)
    views.catch_up()

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        views.rebuild(interrupt)
    assert rows(views) == right
    views.rebuild()
    assert rows(views) == right
    views.close()


def test_a_process_of_its_own_rebuilds_the_same(
    folder: Path, store: SqlStore, right: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB reads the store itself there; the rows are the same, and a check says so."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    monkeypatch.setattr(rebuild, "WORTH_A_PROCESS", 1)
    seen: list[tuple[int, int]] = []
    last = store.last_position()
    assert views.rebuild(lambda *reached: seen.append(reached)) == (last, ())
    assert seen == [(last, last)]
    assert rows(views) == right
    assert {one.name for one in views.verify() if one.same} == set(PUBLIC_VIEWS)
    assert not (folder / "views.check").exists()
    views.close()


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


def test_a_process_that_fails_leaves_the_old_views(
    folder: Path, store: SqlStore, right: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and the old views serve on."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    monkeypatch.setattr(rebuild, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(rebuild, "CHILD", "raise SystemExit(1)")
    with pytest.raises(RebuildFailed):
        views.rebuild()
    assert rows(views) == right
    views.close()


def test_a_rebuild_says_which_views_had_other_rows(folder: Path, store: SqlStore) -> None:
    """And verifying said so before."""
    views = Warehouse(store, SHANGHAI, folder / "views.duckdb")
    views._edition._opened.writer.execute("update kept_cases set urgency = 'emergency'")
    assert [one.name for one in views.verify() if not one.same] == ["cases"]
    assert views.rebuild().differing == ("cases",)
    assert views.rebuild().differing == ()
    views.close()


def test_the_projector_follows_and_wakes_who_waits(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for a position is woken by it; a failure is tried again."""
    register = opened(folder)
    with register.office as office:
        position = register.receive("W-1", "2025-10-08 10:00").position
        office.wait(position, timeout=60)
        assert office.views.position() >= position
        follow = office.views._edition.catch_up
        failing = True

        def fails(*arguments: Any) -> int:  # noqa: ANN401 - passed on
            if failing:
                raise OSError
            return follow(*arguments)

        monkeypatch.setattr(office.views._edition, "catch_up", fails)
        position = register.receive("W-2", "2025-10-08 10:00").position
        with pytest.raises(TimeoutError):
            office.wait(position, timeout=0.1)
        failing = False
        office.wait(position, timeout=60)


def test_parts_of_an_answer_make_up_the_whole(folder: Path) -> None:
    """Rows have one order, so they can be asked for some at a time."""
    with opened(folder).office as office:
        whole = office.query("sla").rows()
        ask = partial(office.views.query, "sla", moment(PRESENT))
        parts = [ask(part=Part(start, 7)).rows() for start in range(0, len(whole) + 7, 7)]
    assert len(whole) > 7
    assert [row for part in parts for row in part] == whole
    assert parts[-1] == []


def test_nothing_is_drawn_on_standard_output(folder: Path) -> None:
    """DuckDB would show the progress of a long statement amid what is printed there."""
    setting = "select current_setting('enable_progress_bar')"
    with opened(folder).office as office:
        views = office.views._edition._opened
        for connection in (views.writer, views.reader):
            assert connection.execute(setting).fetchall() == [(False,)]
        assert office.sql(f"{setting} as drawn").rows() == [{"drawn": False}]


def test_names_that_are_not_there_are_refused(folder: Path) -> None:
    """Views and columns come from the contract; nothing else reaches the SQL."""
    with opened(folder).office as office:
        with pytest.raises(UnknownView):
            office.query("clocks")
        with pytest.raises(UnknownFilter):
            office.views.query("volume", moment(PRESENT), filters={"centre = 'x' or 1": "1"})
        assert office.query("volume", centre="x' or '1'='1").rows() == []


@pytest.fixture
def office() -> Iterator[Office]:
    """Yield an office in memory."""
    with gj.open_in_memory() as office:
        yield office


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy (select 1) to '/tmp/guanjia-out.csv'",
        "copy meta from '/etc/passwd'",
        "attach '/tmp/guanjia-other.duckdb' as other",
        "export database '/tmp/guanjia-out'",
        "install httpfs",
        "load sqlite",
        "select * from sqlite_scan('/tmp/x.db', 'y')",
        "select * from outside",
        "set enable_external_access = true",
        "set python_enable_replacements = true",
        "set lock_configuration = false",
        "reset lock_configuration",
        "pragma profiling_output = '/tmp/guanjia-profile.json'",
    ],
)
def test_the_connection_is_locked_down(office: Office, statement: str) -> None:
    """No file, no extension, no other database, no Python variable, and no way to unlock it."""
    outside = duckdb.sql("select 1 as secret").to_arrow_table()
    assert outside.num_rows == 1
    with pytest.raises(duckdb.Error):
        office.views._edition._opened.reader.execute(statement)
