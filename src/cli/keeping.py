"""The event store as a whole: checked, backed up, restored, moved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..folder import copy_store, open_store, restore_store
from ..storage import check
from .session import DATA, Data, refusing, say

store_app = typer.Typer(
    help="The event store: checking, backing up, restoring, moving.", no_args_is_help=True
)

FINDINGS_SAID = 100


@store_app.command("check")
def check_store(data: Data = DATA) -> None:
    """Read every event and say what is wrong; ends with 1 if anything is."""
    found = 0
    with refusing(), open_store(data) as store:
        for found, finding in enumerate(check(store), 1):
            if found <= FINDINGS_SAID:
                say(str(finding))
        last = store.last_position()
    if found:
        say(f"{found} found wrong in {last} positions")
        raise typer.Exit(1)
    sys.stdout.write(f"{last} positions, nothing wrong\n")


@store_app.command("backup")
def back_up(
    file: Annotated[Path, typer.Argument(help="The file to make.")], data: Data = DATA
) -> None:
    """Write a copy as of one moment, while others go on writing. The key is not in it."""
    with refusing(), open_store(data) as store:
        store.database.back_up(file)
    sys.stdout.write(f"{file}\n")


@store_app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A backup.")],
    data: Data = DATA,
) -> None:
    """Check a backup and put it into a data folder whose store was moved away."""
    with refusing():
        position = restore_store(data, file)
    sys.stdout.write(f"restored to position {position}\n")


@store_app.command("copy")
def copy(
    url: Annotated[str, typer.Argument(help="The new store's URL.")],
    data: Data = DATA,
    switch: Annotated[
        bool, typer.Option("--switch", help="Let the data folder use the copy from now on.")
    ] = False,
) -> None:
    """Copy everything into another database, unchanged and compared; nobody writes meanwhile."""
    with refusing():
        position = copy_store(data, url, switch=switch)
    sys.stdout.write(f"copied to position {position}\n")
