"""The HTTP interface: what a command costs above its validation, and the board served."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

import httpx
import uvicorn

import guanjia as gj
from guanjia.api import create_app, issue, local_trust, office_key
from guanjia.domain.application import Application, Done
from guanjia.domain.messages import Command, Envelope
from guanjia.folder import Config
from guanjia.office import Office
from guanjia.projections import Warehouse
from guanjia.storage import Signer

from .measuring import Row, at_least, interleave, medians, p95, per, within
from .workload import END, ZONE, multiplied, open_store, year

EACH = 200
CLIENTS = 8
BASE = 120
BOARD = {"centre": "north", "outcome": "open"}


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the rows about serving."""
    for clients in (CLIENTS, 1):
        yield _command(folder / f"command-{clients}", clients, 5 if quick else 15)
    yield _board(folder, quick=quick)


def _command(folder: Path, clients: int, rounds: int) -> Row:
    with gj.open(folder) as office, ThreadPoolExecutor(clients) as pool:
        place = {"centre": "north", "department": "service"}
        posted = {"staff": "desk1", "person": "p1", "post": "front_desk", **place}
        office.execute(gj.PostStaff.model_validate(posted))
        contenders = {"validates": _validating(office), "records": office}
        with _served(contenders, folder) as served:
            numbers = count()

            def work(name: str) -> None:
                def post(number: int) -> None:
                    served[name].post("/complaints", json=_case(number)).raise_for_status()

                for _ in pool.map(post, islice(numbers, EACH)):
                    pass

            taken = interleave({name: lambda n=name: work(n) for name in contenders}, rounds)
    took = medians(taken)
    alone = ", one client" if clients == 1 else ""
    return at_least(
        f"command endpoint, against the same endpoint that only validates{alone}",
        took["validates"] / took["records"],
        0.45,
        rounds,
        f"{per(took['records'], EACH)} against {per(took['validates'], EACH)}, clients: {clients}",
    )


def _case(number: int) -> dict[str, Any]:
    return {
        "complaint": f"N-{number}",
        "centre": "north",
        "channel": "phone",
        "category": "complaint",
        "topic": "noise",
        "text": "楼上装修噪音",
        "contact": {"name": "张三", "phone": "13800138000"},
    }


def _validating(office: Office) -> Office:
    """Return the office with an application that carries nothing out."""

    def execute(command: Command, envelope: Envelope | None = None) -> Done:  # noqa: ARG001
        return Done(1)

    idle = copy.copy(office)
    idle.application = copy.copy(office.application)
    idle.application.execute = execute  # type: ignore[method-assign]
    return idle


def _board(folder: Path, *, quick: bool) -> Row:
    base = year(folder / "year", BASE)
    store, _, cases = multiplied(base, folder / "store", 100_000 if quick else 1_000_000)
    n = 12 if quick else 40
    taken: list[float] = []
    with _opened(store) as office, _served({"board": office}, store, _head(office)) as clients:
        for turn in range(-2, n):
            started = time.perf_counter()
            answer = clients["board"].get("/views/sla", params=BOARD).raise_for_status()
            if not answer.json()["rows"]:
                raise RuntimeError
            if turn >= 0:
                taken.append((time.perf_counter() - started) * 1000)
    size = "" if cases >= 100_000 else "; the target is for 100k"
    note = f"a page of 200 rows as JSON{size}"
    return within(f"SLA board served at {cases:,} complaints, p95", p95(taken), 20, n, note)


def _opened(folder: Path) -> Office:
    store = open_store(folder)
    views = Warehouse(store, ZONE, folder / "views.duckdb")
    audit = store.audit(Signer.generate())
    return Office(Application(store, ZONE, lambda: END), views, Config(), audit)


def _head(office: Office) -> str:
    """Return an account of a head of the centre that is asked about."""
    roster = office.application.roster()
    actors = (roster.last_known(account, END) for account in roster.postings)
    heads = (a for a in actors if (a.post, a.centre) == ("department_head", BOARD["centre"]))
    return next(heads).account


@contextmanager
def _served(
    offices: dict[str, Office], folder: Path, account: str = "desk1"
) -> Generator[dict[str, httpx.Client], None, None]:
    """Serve each office on a port of its own; yield a client of each."""
    key = office_key(folder)
    headers = {"Authorization": f"Bearer {issue(key, account, timedelta(hours=1))}"}
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []
    clients: dict[str, httpx.Client] = {}
    try:
        for name, office in offices.items():
            app = create_app(office, [local_trust(key)])
            server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
            thread = threading.Thread(target=server.run, daemon=True)
            thread.start()
            servers.append((server, thread))
            while not server.started:
                time.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            url = f"http://127.0.0.1:{port}"
            clients[name] = httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False)
        yield clients
    finally:
        for client in clients.values():
            client.close()
        for server, thread in servers:
            server.should_exit = True
            thread.join()
