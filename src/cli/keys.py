"""The keys of a data folder."""

from __future__ import annotations

import sys

import typer

from ..folder import OfficeError, rotate_keys
from .session import DATA, Data, refusing

keys_app = typer.Typer(help="密钥 The keys of the data folder.", no_args_is_help=True)


@keys_app.command("rotate")
def keys_rotate(data: Data = DATA) -> None:
    """Wrap every person's key by a new master key; nothing else may have the folder open."""
    with refusing():
        if not data.exists():
            code = "no_office"
            raise OfficeError(code, f"no data folder at {data}; guanjia init makes one")
        count = rotate_keys(data)
    sys.stdout.write(f"{count} keys wrapped anew; back up the new master key\n")
