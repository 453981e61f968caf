"""The documentation is true: pages as generated, links that lead somewhere, examples that run."""

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer

from guanjia.cli import app
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.messages import TOPICS
from guanjia.projections import PUBLIC_VIEWS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
NOT_FOLLOWED = {"import-a-ticket-log.md"}  # its log is not ours to keep here
FOLLOWED = [
    page
    for page in (*ROOT.glob("README*.md"), *DOCS.glob("tutorial/*.md"), *DOCS.glob("how-to/*.md"))
    if page.name not in NOT_FOLLOWED
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def script(name: str) -> ModuleType:
    """Return a module of docs/, imported as a script there imports it."""
    sys.path.insert(0, str(DOCS))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(DOCS))


GENERATE = script("generate")
EXAMPLES = script("examples")
COMMAND_LINE = script("writers.command_line")
SUBCOMMANDS = [name for name, _ in COMMAND_LINE.subcommands(typer.main.get_command(app))]
DOCUMENTED = {
    "commands": [f"## {name}\n" for name in COMMANDS],
    "command-line": [f"## {name}\n" for name in SUBCOMMANDS],
    "events": [f"`{topic}`" for topic in TOPICS],
    "views": [f"## {name}\n" for name in PUBLIC_VIEWS],
}


def _id(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("name", GENERATE.PAGES)
def test_reference_is_as_generated(name: str) -> None:
    """The reference says what the code says; run docs/generate.py after a change."""
    assert (DOCS / name).read_text("utf-8") == GENERATE.PAGES[name](), "run docs/generate.py"


@pytest.mark.parametrize("name", DOCUMENTED)
def test_everything_is_in_the_reference(name: str) -> None:
    """No command, subcommand, event or view is left out of its page."""
    text = (DOCS / "reference" / f"{name}.md").read_text("utf-8")
    assert [one for one in DOCUMENTED[name] if one not in text] == []


def test_every_refusal_a_command_names_is_explained() -> None:
    """The links from commands to their refusals lead to an entry."""
    named = re.findall(r"refusals\.md#(\w+)", (DOCS / "reference/commands.md").read_text("utf-8"))
    known = re.findall(r'<a id="(\w+)">', (DOCS / "reference/refusals.md").read_text("utf-8"))
    assert sorted(set(named) - set(known)) == []


def test_every_command_says_who_may_do_it() -> None:
    """No rule about posts escapes the reader of the rules."""
    text = (DOCS / "reference/commands.md").read_text("utf-8")
    assert len(re.findall(r"^\*\*Who\*\*: \S", text, re.MULTILINE)) == len(COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=_id)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of every page names a file that is there."""
    text = EXAMPLES.FENCE.sub("", page.read_text("utf-8"))
    targets = [link.partition("#")[0] for link in LINK.findall(text) if "://" not in link]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_index_names_every_page() -> None:
    """docs/README.md leads to each page of the documentation."""
    index = (DOCS / "README.md").read_text("utf-8")
    pages = [page for page in DOCS.rglob("*.md") if page != DOCS / "README.md"]
    assert [_id(page) for page in pages if f"({page.relative_to(DOCS)})" not in index] == []


def test_the_two_readmes_show_the_same_code() -> None:
    """The Chinese README has the blocks of the English one."""
    english, chinese = (
        EXAMPLES.FENCE.findall((ROOT / name).read_text("utf-8"))
        for name in ("README.md", "README.zh-CN.md")
    )
    assert chinese == english


@pytest.mark.parametrize("page", FOLLOWED, ids=_id)
def test_examples_print_what_is_shown(page: Path, tmp_path: Path) -> None:
    """Who types what a page says sees what it shows; docs/examples.py writes it anew."""
    assert EXAMPLES.refreshed(page, tmp_path) == page.read_text("utf-8")
