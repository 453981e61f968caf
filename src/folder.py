"""A data folder: its configuration, its event store and its keys."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .storage import Audit, Hold, Signer, SqlStore, address_of, copy, restore

CONFIG = "guanjia.json"
STORE = "events.db"
KEY = "master.key"
SIGNER = "signer.key"
NEWEST = "newest.checkpoint"
VIEWS = "views.duckdb"


class OfficeError(Exception):
    """A data folder cannot be made or opened; ``code`` says why."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Config:
    """What a data folder says of itself. The store's address may hold a password."""

    zone: str = "Asia/Shanghai"
    store: str | None = field(default=None, repr=False)
    rehearsal: bool = False
    demo: bool = False


def init(
    folder: str | os.PathLike[str],
    *,
    zone: str = "Asia/Shanghai",
    store: str | None = None,
    rehearsal: bool = False,
    demo: bool = False,
) -> Path:
    """Make a data folder with its configuration, event store and keys; return its path.

    Raises ``OfficeError`` when something is there already, the path cannot be used or the zone is
    unknown, and the store's own errors.
    """
    path = Path(folder)
    known_zone(zone)
    if "?" in str(path.absolute()):
        raise OfficeError("folder_unsupported", "DuckDB opens no file whose path has a ?")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise OfficeError("folder_exists", "the folder is not empty; nothing was overwritten")
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(PermissionError):  # it is somebody else's, who gave us the right to write there
        path.chmod(0o700)
    config = Config(zone=zone, store=store, rehearsal=rehearsal, demo=demo)
    SqlStore.create(_url(path, config), path / KEY).close()
    Signer.create_file(path / SIGNER)
    _write_config(path, config)
    return path


@contextmanager
def open_audit(folder: str | os.PathLike[str]) -> Generator[Audit, None, None]:
    """Open a data folder for verification alone: whatever its events have become, beside others.

    Raises ``OfficeError`` and the store's own errors.
    """
    path = Path(folder)
    store, audit = open_audited(path, read_config(path))
    with store:
        yield audit


def rotate_keys(folder: str | os.PathLike[str]) -> int:
    """Give a data folder a new master key; return how many keys it wraps.

    Raises ``OfficeError`` and the store's own errors.
    """
    path = Path(folder)
    with _alone(path) as (config, held):
        return SqlStore.rotate(_url(path, config), path / KEY, held)


def open_store(folder: Path) -> SqlStore:
    """Open a data folder's event store alone; raises ``OfficeError`` and the store's own errors."""
    return _opened(folder, read_config(folder))


def copy_store(folder: Path, url: str, *, switch: bool) -> int:
    """Copy a data folder's event store into another database; return the last position.

    With ``switch`` the folder uses the copy from then on. Raises ``OfficeError`` and the store's
    own errors.
    """
    if not switch:
        with open_store(folder) as store:
            return copy(store, url, folder / KEY)
    with _alone(folder) as (config, held):
        with SqlStore.open(_url(folder, config), folder / KEY, held) as store:
            position = copy(store, url, folder / KEY)
        _write_config(folder, replace(config, store=url))
        return position


def restore_store(folder: Path, backup: Path) -> int:
    """Put a backup where a data folder's event store was; return its last position.

    Raises ``OfficeError`` and the store's own errors; nothing is ever overwritten.
    """
    with _alone(folder) as (config, held):
        if config.store is not None:
            raise OfficeError("store_elsewhere", "the events are not in this folder")
        return restore(backup, folder / STORE, folder / KEY, held)


def read_config(path: Path) -> Config:
    """Read a data folder's configuration; raises ``OfficeError``."""
    try:
        return Config(**json.loads((path / CONFIG).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise OfficeError("no_office", "no data folder here; guanjia init makes one") from None
    except (ValueError, TypeError):
        raise OfficeError("config_invalid", f"{CONFIG} cannot be read") from None


def open_audited(path: Path, config: Config) -> tuple[SqlStore, Audit]:
    """Open a data folder's event store with its audit; raises the store's own errors."""
    signer = Signer.read_file(path / SIGNER)
    store = _opened(path, config)
    return store, store.audit(signer, path / NEWEST)


def _opened(path: Path, config: Config) -> SqlStore:
    store = SqlStore.open(_url(path, config), path / KEY)
    if read_config(path) == config:
        return store
    store.close()  # it was moved before this process held it
    return open_store(path)


@contextmanager
def _alone(path: Path) -> Generator[tuple[Config, Hold], None, None]:
    """Keep everybody else from the event store; raises StoreInUse while somebody has it open."""
    read_config(path)
    with closing(Hold(path / KEY, alone=True)) as held:
        yield read_config(path), held


def known_zone(name: str) -> ZoneInfo:
    """Return a time zone by its name; raises ``OfficeError``."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise OfficeError("unknown_zone", "no time zone of that name") from None


def _write_config(path: Path, config: Config) -> None:
    """Put the configuration in its place at once; it was never readable by others."""
    beside = path / f"{CONFIG}.new"
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(asdict(config), ensure_ascii=False, indent=2) + "\n", "utf-8")
    beside.replace(path / CONFIG)


def _url(path: Path, config: Config) -> str:
    return config.store or address_of(path / STORE)
