"""A register in memory, and a folder on disk with a history and views, for tests that want one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import guanjia as gj
from guanjia.projections import Warehouse
from guanjia.projections.source import NoEvents
from guanjia.storage import SqlStore

from .histories import player, seeded
from .holding import Centre
from .lines import load
from .on_disk import CANARY, opened, rows
from .register import SHANGHAI, Register, in_memory
from .repairs import HISTORY
from .sites import Site


@pytest.fixture
def register() -> Iterator[Register]:
    """Yield a staffed register whose present is 2028-01-01."""
    register = in_memory()
    with register.office:
        yield register


@pytest.fixture
def site(register: Register) -> Site:
    """Return a renovation whose permit is about to be issued."""
    return Site(register)


@pytest.fixture
def centre(register: Register) -> Centre:
    """Return a centre in which nobody has anything yet."""
    return Centre(register)


@pytest.fixture
def repairs(register: Register, tmp_path: Path) -> Register:
    """Return the register with a history of defects and repairs imported."""
    assert load(register, tmp_path, HISTORY) == []
    return register


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
