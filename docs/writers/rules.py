"""What a command meets on its way, read from the syntax of the functions that decide."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, get_args

from guanjia.domain import context, errors, handler, posts, roster
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.messages import Command
from guanjia.domain.subjects import SUBJECTS

DOMAIN = "guanjia.domain."
OBJECTS = (handler.Handler, context.Context, roster.Roster)
SETS = {name.lower(): getattr(posts, name) for name in ("ANY", "DESK", "OFFICE", "SENIOR")}
MADE = {cls.__name__: {base.__name__ for base in cls.__mro__} for cls in COMMANDS.values()}
LIVE = {"merged": "case_merged", "closed": "case_closed"}


class Rules:
    """What one command meets on its way: refusals by code, and whom the rules let pass."""

    def __init__(self, command: type[Command]) -> None:
        self.codes: dict[str, None] = {}
        self.who: dict[str, None] = {}
        self._names = {cls.__name__ for cls in command.__mro__}
        self._seen: set[str] = set()
        subject = next((s for s in SUBJECTS if issubclass(command, s.commands)), None)
        start = handler.Handler._decide  # noqa: SLF001 - where each rule begins
        self._function(subject.decide if subject else start)

    def _function(self, function: Callable[..., Any]) -> None:
        if function.__qualname__ + function.__module__ in self._seen:
            return
        self._seen.add(function.__qualname__ + function.__module__)
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        if isinstance(tree, ast.FunctionDef):
            self._block(tree.body, sys.modules[function.__module__])

    def _block(self, body: list[ast.stmt], module: ModuleType) -> bool:
        """Visit statements; return whether the command surely left the function there."""
        for statement in body:
            if isinstance(statement, ast.Match):
                self._match(statement, module)
            elif isinstance(statement, ast.If) and (wanted := _instance_of(statement.test)):
                if wanted in self._names and self._block(statement.body, module):
                    return True
            else:
                self._visit(statement, module)
            if isinstance(statement, ast.Return | ast.Raise):
                return True
        return False

    def _match(self, statement: ast.Match, module: ModuleType) -> None:
        for case in statement.cases:
            if _classes(case.pattern) & self._names:
                self._block(case.body, module)
                return

    def _visit(self, node: ast.AST, module: ModuleType) -> None:
        if isinstance(node, ast.Call) and self._call(node, module):
            return
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        refusal = getattr(errors, name, None) if name else None
        if isinstance(refusal, type) and issubclass(refusal, errors.Rejected):
            self.codes[refusal.code] = None
        for child in ast.iter_child_nodes(node):
            self._visit(child, module)

    def _call(self, node: ast.Call, module: ModuleType) -> bool:
        """Follow a call; return whether nothing inside it is left to visit."""
        if isinstance(node.func, ast.Subscript):
            self._function(self._chosen(node.func.value, module))
            return False
        name = ast.unparse(node.func).rpartition(".")[2]
        given = {k.arg: ast.unparse(k.value) for k in node.keywords if k.arg}
        if name == "Malformed" and len(node.args) == 2:
            self.codes[ast.literal_eval(node.args[1])] = None
            return True
        if name == "require_live":
            codes = {"case_voided", "case_merged", "case_closed", "out_of_order"}
            self.codes |= dict.fromkeys(
                sorted(codes - {LIVE[flag] for flag in given if flag in LIVE})
            )
            return True
        if name == "require_role":
            self._role(node, given, module)
            return True
        self._names |= MADE.get(name, set())
        if name == "require_post":
            self.who[_set(node.args[0], module)] = None
        if name == "require_head":
            self._allow("department_head", given)
        if name == "require_administration":
            self.who[_names(posts.ADMINISTRATION)] = None
        function = _resolve(node.func, module)
        if function is not None and name not in ("require_head", "require_role"):
            self._function(function)
        if name == "require_head":
            self.codes |= dict.fromkeys(("wrong_post", "other_centre"))
        return False

    def _chosen(self, table: ast.expr, module: ModuleType) -> FunctionType:
        """Return the rule of this command in a table of rules by command."""
        rules = eval(ast.unparse(table), vars(module))  # noqa: S307 - our own names
        found: FunctionType = next(r for of, r in rules.items() if of.__name__ in self._names)
        return found

    def _role(self, node: ast.Call, given: dict[str, str], module: ModuleType) -> None:
        allowed = _set(node.args[2], module) if len(node.args) > 2 else ""
        self._allow(allowed, given)
        self.codes |= dict.fromkeys(("wrong_post" if allowed else "not_handler", "other_centre"))

    def _allow(self, allowed: str, given: dict[str, str]) -> None:
        parts = [allowed] if allowed else []
        parts += ["the handler"] if given.get("handler") == "True" else []
        parts += ["a delegate"] if given.get("right") else []
        self.who[", ".join(parts)] = None


def _instance_of(test: ast.expr) -> str | None:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        test = test.values[0]
    if not isinstance(test, ast.Call) or ast.unparse(test.func) != "isinstance":
        return None
    of_command = ast.unparse(test.args[0]) == "command"
    return ast.unparse(test.args[1]).rpartition(".")[2] if of_command else None


def _classes(pattern: ast.pattern) -> set[str]:
    if isinstance(pattern, ast.MatchOr):
        return set().union(*(_classes(one) for one in pattern.patterns))
    if isinstance(pattern, ast.MatchClass):
        return {ast.unparse(pattern.cls).rpartition(".")[2]}
    return {"Command"}  # what nothing before it matched


def _resolve(node: ast.expr, module: ModuleType) -> FunctionType | None:
    """Return the function of ours that is called: by its name, or a method of what arrives."""
    try:
        found = eval(ast.unparse(node), vars(module))  # noqa: S307 - our own names
    except (NameError, AttributeError, TypeError):
        name = node.attr if isinstance(node, ast.Attribute) else ""
        found = next((vars(cls)[name] for cls in OBJECTS if name in vars(cls)), None)
    ours = isinstance(found, FunctionType) and found.__module__.startswith(DOMAIN)
    return found if ours else None


def _set(node: ast.expr, module: ModuleType) -> str:
    try:
        found: frozenset[str] = eval(ast.unparse(node), vars(module))  # noqa: S307 - our own names
    except NameError:  # posts | what depends on the case
        return _set(node.left, module) if isinstance(node, ast.BinOp) else ast.unparse(node)
    return _names(found)


def _names(found: frozenset[str]) -> str:
    """Return a set of posts in the domain's words."""
    named = next((f"**{name}**" for name, known in SETS.items() if known == found), None)
    order = (*get_args(posts.Post), posts.SYSTEM)
    rest = found
    parts: list[str] = []
    if named is None:
        best = max((k for k in SETS.items() if k[1] < found), key=lambda k: len(k[1]), default=None)
        if best:
            parts, rest = [f"**{best[0]}**"], found - best[1]
    return named or ", ".join([*parts, *(post for post in order if post in rest)])
