"""Follows a page: writes its files, types its commands, runs its Python, shows what is printed.

    .venv/bin/python docs/examples.py docs/tutorial/first-complaint.md …

writes into the pages named what their examples print now. A ```json NAME block is a file; a
```console block is typed line by line; a ```python block is run, and a ```text printed block is
what it prints. A rehearsal's lines about itself are left out; standard error comes first. Commands
are those of guanjia, sqlite3 and the verifier.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sqlite3
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from guanjia import verifier
from guanjia.cli import app

FENCE = re.compile(r"^```(\w+)[ ]?([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = {"json", "toml", "csv"}
CAT = re.compile(r"\$\(cat (.+)\)")
LEFT_OUT = ("[rehearsal] the ", "stored at ")  # what differs each time
DIGEST = re.compile("[0-9a-f]{64}")


def refreshed(page: Path, folder: Path) -> str:
    """Return the page with what its examples print when followed in the empty ``folder``."""
    text = page.read_text("utf-8")
    with _inside(folder):
        reader = _Reader()
        return FENCE.sub(lambda match: reader.block(*match.groups()), text)


class _Reader:
    """What a reader of the page has at hand: the names defined, and what was said last."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {"__name__": "example"}
        self._said = ""

    def block(self, language: str, label: str, text: str) -> str:
        """Follow a block; return it with what it prints."""
        if language in FILES and label:
            Path(label).write_text(text, "utf-8")
        elif language == "console":
            commands = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
            text = "".join(_typed(command) for command in commands)
        elif language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as said:
                exec(compile(text, "example", "exec"), self._names)  # noqa: S102 - our own page
            self._said = said.getvalue()
        elif (language, label) == ("text", "printed"):
            text = self._said
        return f"```{language}{' ' if label else ''}{label}\n{text}```"


def _typed(text: str) -> str:
    """Type one command, which a backslash continues; return it with what it prints."""
    lines = text.split("\n")
    count = next(n for n, line in enumerate(lines, 1) if not line.endswith("\\"))
    command = "\n".join(lines[:count])
    words = shlex.split(command.replace("\\\n", " "))
    said = ""
    if words[0] == "export":
        name, _, value = words[1].partition("=")
        os.environ[name] = value
    elif words[0] == "guanjia":
        result = CliRunner().invoke(app, words[1:])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        said = f"{result.stderr}{result.stdout}"
    elif words[0] == "sqlite3":
        said = _edited(*words[1:])
    elif words[:3] == ["python", "-m", "guanjia.verifier"]:
        said = _verified([CAT.sub(_line, word) for word in words[3:]])
    else:
        raise ValueError(command)
    kept = [line.rstrip() for line in said.splitlines() if not line.startswith(LEFT_OUT)]
    return "\n".join([f"$ {command}", *kept]) + "\n"


def _edited(database: str, statement: str) -> str:
    """Do as the client of SQLite does; return what it says."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        try:
            connection.execute(statement)
            connection.commit()
        except sqlite3.Error as error:
            return f"{error}"
    return ""


def _verified(words: list[str]) -> str:
    """Run the verifier; return what it prints, with digests shortened to an ellipsis."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        verifier.main(words)
    return DIGEST.sub("…", said.getvalue())


def _line(match: re.Match[str]) -> str:
    return Path(match[1]).read_text("utf-8").strip()


@contextlib.contextmanager
def _inside(folder: Path) -> Generator[None, None, None]:
    before, environment = Path.cwd(), dict(os.environ)
    os.environ.pop("GUANJIA_DATA", None)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(environment)


def main() -> None:
    """Refresh the pages named on the command line."""
    for name in sys.argv[1:]:
        page = Path(name).resolve()
        with tempfile.TemporaryDirectory() as folder:
            text = refreshed(page, Path(folder))
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
