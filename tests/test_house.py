"""The house rules: what the package holds and what importing it costs."""

import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import guanjia
from guanjia.domain.catalogue import COMMANDS

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src"


def _name(path: Path) -> str:
    return ".".join(["guanjia", *path.relative_to(SRC).parts])


def _packages() -> list[str]:
    return sorted(_name(init.parent) for init in SRC.rglob("__init__.py"))


def _modules() -> list[str]:
    files = [file for file in SRC.rglob("*.py") if file.stem not in {"__init__", "__main__"}]
    return sorted(_packages() + [_name(file.with_suffix("")) for file in files])


def test_the_listed_packages_are_the_folders() -> None:
    """A new folder of code that pyproject.toml does not list would be missing from the wheel."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert sorted(project["tool"]["setuptools"]["packages"]) == _packages()


@pytest.mark.parametrize("module", _modules())
def test_every_module_imports(module: str) -> None:
    """Every module can be imported by its installed name."""
    assert importlib.import_module(module).__name__ == module


def test_every_command_is_at_hand() -> None:
    """Whoever embeds the library finds each command of the catalogue as ``gj.Name``."""
    for command in COMMANDS.values():
        assert getattr(guanjia, command.__name__) is command
        assert command.__name__ in guanjia.__all__


def test_the_domain_stays_light() -> None:
    """Embedding the domain loads no database, no web framework and no terminal library."""
    heavy = ["sqlalchemy", "duckdb", "pyarrow", "pandas", "cryptography", "fastapi", "typer"]
    program = f"import sys, guanjia.domain; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
