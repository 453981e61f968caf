"""What only PostgreSQL has: a server, roles, other sessions, notifications."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from guanjia.domain.disclosure.seen import Denied
from guanjia.domain.moments import parse
from guanjia.domain.ports import Secret, Tally
from guanjia.folder import init
from guanjia.office import Office, open_office
from guanjia.storage import SqlStore, errors

from .. import postgres
from .. import scenarios as s
from ..spec import Line, command_of
from .conftest import Place, on_server
from .events import event

GRANTS = Path(__file__).parents[2] / "docs" / "how-to" / "guanjia-app.sql"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return an empty place on a server."""
    return on_server(tmp_path)


@contextmanager
def session(url: str) -> Iterator[psycopg.Connection]:
    """Yield a session of the driver's own on a store's schema."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "update events set state = ''",
        "update events set position = position + 10",
        "delete from events where position = 2",
        "truncate events",
        "insert into events values (4, 'X-1', 1, 't', '', 0, '')",
        "insert into events values (2, 'X-1', 1, 't', '', 0, '')",
        "insert into events values (2, 'X-1', 1, 't', '', 0, '') on conflict do nothing",
        "insert into events values (3, 'N-1', 2, 't', '', 0, '')",
        "merge into events using (values (1)) v on position = 1 when matched then delete",
    ],
)
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_what_is_recorded_cannot_be_changed(place: Place, statement: str, role: str) -> None:
    """No change but a proper append gets past the triggers, not even for a replicating session."""
    with place.create() as store, session(place.url) as raw:
        store.recorder.insert_events([event(version=1), event(version=2)])
        before = store.read(0, 9)
        raw.execute(f"set session_replication_role = {role}".encode())
        with pytest.raises(psycopg.IntegrityError):
            raw.execute(statement.encode())
        assert store.read(0, 9) == before
        raw.execute("insert into events values (3, 'N-1', 3, 't', '', 0, '')")


def granted(url: str) -> str:
    """Grant what the documentation says; return the address for the application's role."""
    schema = url.rpartition("%3D")[2]
    for statement in GRANTS.read_text("utf-8").replace(":schema", schema).split(";"):
        with suppress(psycopg.errors.DuplicateObject):  # the role is the whole server's
            if statement.strip():
                postgres.run(statement)
    return postgres.url(schema, user="guanjia_app")


def execute(office: Office, *lines: Line) -> None:
    """Execute lines of a history at their times."""
    for each in lines:
        office.execute(command_of(each), by=each.get("by"), at=parse(each["at"]))


def test_an_office_works_under_the_application_role(tmp_path: Path) -> None:
    """Opened twice: commands, views, denials that are counted, checkpoints, proofs."""
    owner = postgres.new_url()
    folder = init(tmp_path / "data", store=owner)
    config = folder / "guanjia.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"store": granted(owner)}))
    for lines in ([*s.STAFFED, s.receive()], [s.receive(complaint="N-2")]):
        with open_office(folder) as office:
            execute(office, *lines)
            for _ in range(3):
                with pytest.raises(Denied):
                    office.disclose(
                        complaint="N-1", fields=["phone"], purpose="callback", by="guard1"
                    )
            checkpoint = office.audit.checkpoint()
            assert office.audit.receipt(checkpoint.size)
            assert office.audit.verify().ok
            assert office.query("cases").rows()


def test_the_application_role_can_append_and_no_more(place: Place) -> None:
    """With the documented grants a store works, and what must not change is not even tried."""
    place.create().close()
    mine = granted(place.url)
    with SqlStore.open(mine, place.key) as store, session(mine) as raw:
        assert store.recorder.insert_events([event()]) == [1]
        store.vault.seal([Secret("a" * 32, "unit:U1/R1", "phone", "13800138000")])
        assert store.vault.whose_phone("13800138000") == {"unit:U1/R1"}
        once = datetime(2025, 10, 9, 8, tzinfo=UTC)
        store.tallies.put(Tally("k", "{}", 1, once, once))
        store.tallies.drop("k")
        with store.transaction():
            store.vault.destroy(["unit:U1/R1"])
        assert store.vault.whose_phone("13800138000") == frozenset()
        for statement in ("update events set topic = ''", "delete from events", "truncate events"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(statement.encode())
        for statement in ("alter table events disable trigger all", "drop table receipts"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(statement.encode())


def test_create_refuses_a_schema_with_a_store(place: Place, tmp_path: Path) -> None:
    """A second store in the same schema is refused and leaves no key; one in another is not."""
    place.create().close()
    with pytest.raises(errors.StoreExists):
        SqlStore.create(place.url, tmp_path / "second.key")
    assert not (tmp_path / "second.key").exists()
    with SqlStore.create(postgres.new_url(), tmp_path / "third.key") as other:
        assert other.last_position() == 0


def test_two_creators_at_once_make_one_store(place: Place, tmp_path: Path) -> None:
    """Whoever comes second is refused and leaves no key behind."""
    made: list[Path] = []

    def create(name: str) -> None:
        key = tmp_path / name
        try:
            SqlStore.create(place.url, key).close()
        except errors.StoreExists:
            assert not key.exists()
        else:
            made.append(key)

    threads = [threading.Thread(target=create, args=(f"{n}.key",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (key,) = made
    SqlStore.open(place.url, key).close()


def test_a_database_of_another_encoding_is_refused(tmp_path: Path) -> None:
    """Text that may come back changed is not stored in the first place."""
    postgres.run("create database bytes encoding 'SQL_ASCII' locale 'C' template template0")
    url = f"postgresql://postgres@/bytes?host={postgres.server().pgdata}"
    with pytest.raises(errors.StoreUnsupported):
        SqlStore.create(url, tmp_path / "master.key")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere.invalid:5432"])
def test_a_server_that_does_not_answer_is_named_without_its_password(
    address: str, tmp_path: Path
) -> None:
    """Neither the error nor what it came from repeats the address."""
    with pytest.raises(errors.StoreUnreachable) as caught:
        SqlStore.create(f"postgresql://u:hunter2@{address}/x", tmp_path / "master.key")
    assert "hunter2" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert list(tmp_path.iterdir()) == []


def test_no_store_is_no_store_of_ours(place: Place) -> None:
    """A schema without our tables is not opened."""
    place.create().close()
    with pytest.raises(errors.SchemaMismatch):
        SqlStore.open(postgres.new_url(), place.key)


def test_a_subscription_is_woken_by_another_process(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server tells of an append elsewhere; nobody has to look again."""
    monkeypatch.setattr("guanjia.storage.postgres.PostgresDatabase.POLL", 60.0)
    with place.create() as store, place.open() as other, store.recorder.subscribe() as tail:
        threading.Timer(0.3, lambda: other.recorder.insert_events([event()])).start()
        began = time.monotonic()
        assert next(tail).id == 1
        assert time.monotonic() - began < 30


def test_a_store_survives_the_loss_of_its_connections(place: Place) -> None:
    """When the server ends every session, the next transaction and reading get new ones."""
    with place.create() as store, store.recorder.subscribe() as tail:
        store.recorder.insert_events([event()])
        assert next(tail).id == 1
        with pytest.raises(psycopg.OperationalError), store.transaction():
            _end_sessions()
            store.last_position()
        assert [row.position for row in store.read(0, 9)] == [1]
        assert store.recorder.insert_events([event(version=2)]) == [2]
        assert next(tail).id == 2


def _end_sessions() -> None:
    postgres.run(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where pid <> pg_backend_pid() and backend_type = 'client backend'"
    )


def test_the_servers_zone_and_language_change_nothing(place: Place) -> None:
    """Times and bytes are the same whatever the session is set to."""
    strange = place.url + "%20-cTimeZone%3DAmerica/St_Johns%20-cDateStyle%3DGerman"
    state = '{"text":"楼上装修噪音 ꙮ 𠮷"}'.encode()
    with SqlStore.create(strange, place.key) as store, place.open() as other:
        before = time.time_ns() // 1000
        store.recorder.insert_events([event(state=state)])
        (row,) = other.read(0, 9)
        assert row.state == state
        assert before <= row.stored_at <= time.time_ns() // 1000
        assert list(other.scan("complaint.", "𠮷".encode())) == ["N-1"]


@pytest.mark.parametrize("over", ["socket", "tcp"])
def test_large_batches_arrive(place: Place, over: str) -> None:
    """Ten thousand events of some kilobytes in one transaction, over either kind of connection."""
    place.create().close()
    with _address(over) as url, SqlStore.open(url(place.url), place.key) as store:
        state = bytes(range(256)) * 16
        batch = [event(version=number, state=state) for number in range(1, 10_001)]
        assert store.append(batch) == 10_000
        assert {row.state for row in store.read(0, 20_000)} == {state}


@contextmanager
def _address(over: str) -> Iterator[Callable[[str], str]]:
    """Yield what turns an address over a socket file into one over TCP, if that is asked."""
    if over == "socket":
        yield lambda url: url
        return
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_forward_all, args=(listener,), daemon=True).start()
        port = listener.getsockname()[1]
        yield lambda url: postgres.url(url.rpartition("%3D")[2], address=f"127.0.0.1:{port}")
        listener.shutdown(socket.SHUT_RDWR)


def _forward_all(listener: socket.socket) -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{postgres.server().pgdata}/.s.PGSQL.5432")
        for pair in ((near, far), (far, near)):
            threading.Thread(target=_forward, args=pair, daemon=True).start()


def _forward(source: socket.socket, target: socket.socket) -> None:
    with source, suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def test_a_dump_restored_is_the_same_store(place: Place, tmp_path: Path) -> None:
    """What the how-to says: pg_dump while somebody writes, pg_restore, and nothing is wrong."""
    schema = place.url.rpartition("%3D")[2]
    bin_path, host = postgres.server().bin_path, str(postgres.server().pgdata)
    dump = tmp_path / "store.dump"
    said = [f"--host={host}", "--username=postgres"]
    with place.create() as store, place.open() as other:
        store.recorder.insert_events([event(), event(version=2)])
        before = store.read(0, 9)
        with other.transaction():
            other.recorder.insert_events([event(version=3)])
            asked = ["--format=custom", f"--schema={schema}", f"--file={dump}", "postgres"]
            subprocess.run([f"{bin_path}/pg_dump", *said, *asked], check=True)
    postgres.run("create database restored encoding 'UTF8' template template0")
    subprocess.run([f"{bin_path}/pg_restore", *said, "--dbname=restored", dump], check=True)
    with SqlStore.open(place.url.replace("/postgres?", "/restored?"), place.key) as store:
        assert store.read(0, 9) == before
        assert store.recorder.insert_events([event(version=3)]) == [3]
    with psycopg.connect(place.url.replace("/postgres?", "/restored?"), autocommit=True) as raw:
        raw.execute("set session_replication_role = replica")
        with pytest.raises(psycopg.IntegrityError):
            raw.execute("delete from events")
