"""Personal values nobody could have made up, and where to look for them afterwards."""

from __future__ import annotations

import base64
import gzip
import secrets
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

CHARACTERS = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹"


class Canary:
    """Random values of every personal field; each is remembered, to be looked for."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def _kept(self, value: str) -> str:
        self.values.append(value)
        return value

    def words(self) -> str:
        """Return words of a customer."""
        return self._kept("".join(secrets.choice(CHARACTERS) for _ in range(12)))

    def digits(self, count: int = 11) -> str:
        """Return a number, as of a telephone."""
        return self._kept("1" + "".join(secrets.choice("0123456789") for _ in range(count - 1)))

    def contact(self) -> dict[str, str]:
        """Return a contact of which every part is personal."""
        return {"name": self.words(), "phone": self.digits(), "address_other": self.words()}

    def found_in(self, content: bytes) -> list[str]:
        """Return which values stand in the content, in any of the forms."""
        whole = b"\n".join([content, *_inflated(content)])
        lower = whole.lower()
        return [
            value
            for value in self.values
            for form in _forms(value)
            if (form in whole if form != form.lower() else form in lower)
        ]


def _forms(value: str) -> Iterator[bytes]:
    """Yield a value as text, hexadecimal, UTF-16, escaped, and base64 at every alignment."""
    clear = value.encode()
    yield from (clear, clear.hex().encode(), value.encode("utf-16-le"), value.encode("utf-16-be"))
    if not value.isascii():
        yield value.encode("unicode_escape")
        yield value.encode("gb18030")
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + clear)
        yield coded[4 if shift else 0 : -4]
        yield base64.urlsafe_b64encode(bytes(shift) + clear)[4 if shift else 0 : -4]


def _inflated(content: bytes) -> Iterator[bytes]:
    """Yield what any zlib or gzip stream in the content holds."""
    for magic in (b"\x1f\x8b\x08", b"\x78\x01", b"\x78\x9c", b"\x78\xda"):
        at = content.find(magic)
        while at >= 0:
            with suppress(zlib.error, EOFError, gzip.BadGzipFile):
                yield zlib.decompressobj(wbits=47).decompress(content[at : at + 1_000_000])
            at = content.find(magic, at + 1)


def every_file(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of every file; another program reads them."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            done = subprocess.run(["/bin/cat", path], check=True, capture_output=True)
            yield path.name, done.stdout


def every_table(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what DuckDB's own compression hides: every cell of its files, as text."""
    for path in folder.rglob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as views:
            names = views.execute("SELECT table_name FROM information_schema.tables").fetchall()
            cells: list[Any] = [
                views.sql(f'FROM "{name}"').to_arrow_table().to_pylist() for (name,) in names
            ]
        yield f"{path.name}, unpacked", repr(cells).encode()
