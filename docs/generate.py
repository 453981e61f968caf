"""Writes docs/reference/ from the code: run it after a change of commands, events or views.

    .venv/bin/python docs/generate.py

Words that the code does not have (Chinese terms, what a column means) are in words.toml. Who may
do a command and what may refuse it are read from the rules themselves, call by call.
"""  # noqa: INP001 - a script beside the pages it writes

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, get_args

import typer

from guanjia import open_in_memory
from guanjia.api.codes import codes
from guanjia.cli import app
from guanjia.domain import (
    centre,
    context,
    duties,
    errors,
    handler,
    matrix,
    policy,
    posts,
    promises,
    roster,
    workdays,
)
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.complaint import commands, standing, state
from guanjia.domain.complaint.events import ComplaintEvent
from guanjia.domain.complaint.orders import commands as orders
from guanjia.domain.disclosure import judging
from guanjia.domain.key import commands as key
from guanjia.domain.key import standing as key_standing
from guanjia.domain.key.events import KeyEvent
from guanjia.domain.messages import TOPICS, Command, Event, Message, _marks
from guanjia.domain.parcel import commands as parcel
from guanjia.domain.parcel import standing as parcel_standing
from guanjia.domain.parcel.events import ParcelEvent
from guanjia.domain.permit import commands as permit
from guanjia.domain.permit import standing as permit_standing
from guanjia.domain.permit.events import PermitEvent
from guanjia.domain.subjects import SUBJECTS
from guanjia.domain.unit import commands as unit
from guanjia.domain.unit import standing as unit_standing
from guanjia.domain.unit.events import UnitEvent
from guanjia.labels import CHINESE, NAMES
from guanjia.office import Office
from guanjia.projections import contract

DOCS = Path(__file__).parent
WORDS: dict[str, Any] = tomllib.loads((DOCS / "words.toml").read_text("utf-8")) | NAMES
HEAD = "<!-- Made by docs/generate.py from the code; do not edit. -->\n\n"


# --- What a rule asks: read from the functions that decide ---------------------------------------

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
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id  # type: ignore[attr-defined]
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
    call = isinstance(test, ast.Call) and ast.unparse(test.func) == "isinstance"
    if call and ast.unparse(test.args[0]) == "command":  # type: ignore[attr-defined]
        return ast.unparse(test.args[1]).rpartition(".")[2]  # type: ignore[attr-defined]
    return None


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


# --- Fields ---------------------------------------------------------------------------------------


def fields(model: type[Command] | type[Event], leave_out: Iterable[str] = ()) -> Iterator[str]:
    """Yield a table row for each field of a model."""
    schema = model.model_json_schema()
    required = set(schema.get("required", ()))
    marks = _marks(model)
    for name, rule in schema["properties"].items():
        if name in leave_out:
            continue
        sealed = "" if name not in marks else f"; sealed as `{marks[name]}`"
        if name == "contact" and issubclass(model, Command):
            sealed = "; each part sealed"
        yield f"| `{name}` | {kind(rule)}{sealed} | {_need(name in required, rule)} |"


def _need(required: bool, rule: dict[str, Any]) -> str:
    if required:
        return "required"
    default = rule.get("default")
    return f"default `{str(default).lower()}`" if default not in (None, [], "") else ""


STRUCTURES = {
    "About": "`kind`, `id`",
    "Contact": "contact: `name`, `phone`, `address_other`",
    "Meters": "readings: `water`, `electricity`, `gas`",
    "FoundDefect": "defects: `defect`, `kind`, `where`, `text` (sealed)",
}


def kind(rule: dict[str, Any]) -> str:
    """Return a JSON Schema rule in words."""
    if "anyOf" in rule:
        return " or ".join(kind(one) for one in rule["anyOf"] if one.get("type") != "null")
    if "$ref" in rule:
        name = rule["$ref"].rpartition("/")[2]
        return STRUCTURES.get(name, f"`{name}`")
    if "enum" in rule:
        return ", ".join(f"`{value}`" for value in rule["enum"])
    if rule.get("type") == "array":
        return f"list of {kind(rule.get('items', {}))}"
    if rule.get("type") == "string":
        form = {"date-time": "time", "date": "date"}
        plain = "decimal text" if r"\d" in rule.get("pattern", "") else "text"
        plain = "identifier" if r"\w" in rule.get("pattern", "") else plain
        return form.get(rule.get("format", ""), plain)
    return {"integer": "number", "boolean": "true or false"}.get(rule.get("type", ""), _map(rule))


def _map(rule: dict[str, Any]) -> str:
    if "propertyNames" not in rule:
        return "object"
    return f"{kind(rule['additionalProperties'])} by {kind(rule['propertyNames'])}"


def sentence(thing: type) -> str:
    """Return the first paragraph of a docstring as one line, with Markdown's code quotes."""
    text = (thing.__doc__ or "").strip().split("\n\n")[0]
    text = re.sub(r" \(\[\d+\][^)]*\)", "", text)  # where the rule comes from
    return " ".join(text.split()).replace("``", "`")


# --- The pages ------------------------------------------------------------------------------------


def commands_page() -> str:
    """Return the catalogue of commands."""
    text = HEAD + WORDS["page"]["commands"]
    text += "\n".join(f"- **{name}**: {_plain(known)}" for name, known in SETS.items())
    text += WORDS["page"]["commands_more"]
    for name, command in sorted(COMMANDS.items(), key=_place):
        text += _command(name, command)
    return text.rstrip() + "\n"


def _place(named: tuple[str, type[Command]]) -> tuple[bool, str, int]:
    """Return where a command stands: aggregates first, each in the order of its module."""
    command = named[1]
    of_aggregate = any(issubclass(command, subject.commands) for subject in SUBJECTS)
    place = [*vars(sys.modules[command.__module__])].index(command.__name__)
    return not of_aggregate, command.__module__, place


def _plain(known: frozenset[str]) -> str:
    return ", ".join(post for post in get_args(posts.Post) if post in known)


def _command(name: str, command: type[Command]) -> str:
    rules = Rules(command)
    who = WORDS["who"].get(name) or " and ".join(rules.who)
    refusals = ", ".join(f"[`{code}`](refusals.md#{code})" for code in sorted(rules.codes))
    rows = "\n".join(fields(command, {"do"}))
    if command is policy.AdoptPolicy:
        kept = [row for row in rows.splitlines() if "`version`" in row or "`effective_from`" in row]
        rows = "\n".join([*kept, "| any policy value by name | number | |"])
    return (
        f"## {name}\n\n{sentence(command)} Python: `{command.__name__}`.\n\n**Who**: {who}\n\n"
        f"| field | what | |\n|---|---|---|\n{rows}\n\n**May refuse with**: {refusals}\n\n"
    )


def events_page() -> str:
    """Return the catalogue of events."""
    text = HEAD + WORDS["page"]["events"]
    for group in dict.fromkeys(topic.split(".")[0] for topic in sorted(TOPICS)):
        text += f"## {group}\n\n| topic | what happened | its own fields |\n|---|---|---|\n"
        for topic, event in sorted(TOPICS.items()):
            if topic.split(".")[0] == group:
                own = (n for n in event.model_fields if n not in _common(event))
                text += f"| `{topic}` | {sentence(event)} | {', '.join(f'`{n}`' for n in own)} |\n"
        text += "\n"
    text += "## The rows that ride on a complaint's events\n\n"
    text += _rows(standing.CaseRow, standing.RoundRow, standing.WorkOrderRow, promises.Clock)
    text += (
        "## The rows that ride on a renovation's events\n\nAnd its clocks, as a complaint's.\n\n"
    )
    text += _rows(permit_standing.PermitRow, permit_standing.WorkRow, permit_standing.ViolationRow)
    text += "## The rows that ride on a home's events\n\nAnd its clocks, as a complaint's.\n\n"
    text += _rows(*UNIT_ROWS)
    text += "## The row that rides on a key's or a parcel's events, beside its clocks\n\n"
    text += _rows(key_standing.KeyRow, parcel_standing.ParcelRow)
    return text.rstrip() + "\n"


UNIT_ROWS = (
    unit_standing.UnitRow,
    unit_standing.ResidentRow,
    unit_standing.ParkingRow,
    unit_standing.DocumentRow,
    unit_standing.CopyRow,
    unit_standing.DefectRow,
)


def _rows(*rows: type[Message]) -> str:
    text = ""
    for row in rows:
        names = ", ".join(f"`{name}`" for name in row.model_fields)
        about = " ".join((row.__doc__ or "").split()).replace("``", "`")
        text += f"**{row.__name__}**: {about} Fields: {names}.\n\n"
    return text


def _common(event: type[Event]) -> set[str]:
    """Return the fields that every event of this kind has: the envelope and the rows."""
    kinds = (ComplaintEvent, PermitEvent, KeyEvent, ParcelEvent, UnitEvent)
    base = next((kind for kind in kinds if issubclass(event, kind)), Event)
    return set(base.model_fields)


def refusals_page() -> str:
    """Return the table of refusals."""
    text = HEAD + WORDS["page"]["refusals"]
    bases = {errors.Rejected, errors.Malformed, errors.Impossible}
    for refusal in _descendants(errors.Rejected):
        if refusal in bases:
            continue
        code = f'<a id="{refusal.code}"></a>`{refusal.code}`'
        text += f"| {code} | {sentence(refusal)} | {'yes' if refusal.keepable else ''} |\n"
    return text + WORDS["page"]["refusals_more"]


def problems_page() -> str:
    """Return the table of all codes that a problem of the HTTP interface can have."""
    text = HEAD + WORDS["page"]["problems"]
    for code, meaning in sorted(codes().items()):
        anchor = f'<a id="{code}"></a>`{code}`'
        text += f"| {anchor} | {meaning.status.value} | {meaning.en} | {meaning.zh} |\n"
    return text


def _descendants(cls: type[errors.Rejected]) -> Iterator[type[errors.Rejected]]:
    for child in cls.__subclasses__():
        if child.__module__.startswith(f"{errors.__name__}."):
            yield child
            yield from _descendants(child)


def views_page() -> str:
    """Return the public views with their columns; a column without a meaning stops it."""
    text = HEAD + WORDS["page"]["views"].format(version=contract.VERSION)
    for name, promised in contract.described().items():
        meanings = WORDS["columns"][name]
        _same(f"columns.{name}", meanings, promised["columns"])
        titles = promised["title"]
        text += f"## {name}\n\n{titles['zh']}. {titles['en']}: {promised['grain']}.\n"
        text += f"In SQL `{promised['sql']}`, ordered by {promised['order']}."
        source = promised["source"]
        text += f" Source of the rules: {source}.\n\n" if source else "\n\n"
        text += "| column | 中文 | type | unit | meaning |\n|---|---|---|---|---|\n"
        for column, kind in promised["columns"].items():
            unit = promised["units"].get(column, "") if kind != "time" else ""
            cells = [f"`{column}`", CHINESE.get(column, ""), kind, unit, meanings[column]]
            text += f"| {' | '.join(cells)} |\n"
        text += "\n"
    return text.rstrip() + "\n"


def _same(name: str, words: Iterable[str], code: Iterable[str]) -> None:
    differing = set(words) ^ set(code)
    if differing:
        sys.exit(f"words.toml, [{name}]: {', '.join(sorted(differing))}")


TERMS = (
    ("complaint", "客户诉求/客户意见", "anything a customer brings, of whatever category"),
    ("service centre", "物业服务中心", "every case belongs to one"),
    ("department", "部门", "where a case is sent"),
    ("unit", "房号", "the home"),
    ("receive", "受理", "record what a customer brings"),
    ("triage", "调整紧急程度", "change the urgency"),
    ("classify", "有效性判定", "say whether the company is responsible"),
    ("dispatch", "派单", "send it to a handler"),
    ("accept", "接单", "the handler takes it"),
    ("consult", "向当事人了解", "talk with the people concerned"),
    ("reply", "回复", "tell the customer what happens"),
    ("handle", "处理", "do the work"),
    ("finish", "处理完成", "the round's work is done"),
    ("confirm the result", "确认处理结果", "the head checks and signs it"),
    ("revisit", "回访", "ask the customer afterwards, by someone who did not handle the case"),
    ("verify the closure", "关闭验证", "the company's commissioner checks a round"),
    ("close", "闭合", "end the case"),
    ("force-close", "强行关闭", "end it by right of post, reported to the company"),
    ("reopen", "重新打开", "begin a new round of a closed case"),
    ("merge", "并案", "several reporters of one matter"),
    ("void", "作废", "entered by mistake, or of no effect"),
    ("correct", "更正", "a fact was typed wrong"),
    ("escalate, rung", "升级, 层级", "handler → supervisor → department_head → company"),
    ("round", "轮次", "one turn of handling and revisit; an unsatisfied revisit opens the next"),
    ("valid / invalid", "有效 / 无效", "is the company responsible"),
    ("duty handover", "值班交接", "the night's cases pass to the day desk"),
    ("corrective action", "纠正预防措施", "cause, correction and prevention of repeated cases"),
    ("delegate", "授权", "a head lends rights for a time"),
    ("renovation permit", "装修许可", "a household's renovation, from the application to the file"),
    ("three-party agreement", "三方协议", "owner, contractor and centre sign before the issue"),
    ("closed-water test", "闭水试验", "before the work, and at its acceptance"),
    ("worker's pass", "出入证", "issued while the work lasts, and returned"),
    ("patrol", "装修巡查", "fire safety, passes, violations and site, each calendar day of work"),
    ("violation", "违章", "found, dissuaded, notice, reported, legal; corrected at any step"),
    ("acceptance", "竣工验收", "closed-water test and structure; else the work goes back"),
    ("deposit", "装修押金", "refunded, or withheld with a reason"),
    ("work order", "工作单/派工单", "the numbered form that a repair or a service is done on"),
    ("return an order", "工作单返回", "it comes back to dispatch with the work done"),
    ("verify an order", "核实", "customer service checks the work and signs the order"),
    ("void order", "废单", "spoiled, signed by a supervisor; its number stays"),
    ("three equalities", "三个相等", "requests = dispatched = work orders = returned"),
    ("commitment, clock", "承诺, 时限", "a promise with its start and its due time"),
    ("working day, make-up day", "工作日, 调休", "a Saturday or Sunday can be a working day"),
    ("provisional", "暂定", "a due time that waits for a year's calendar"),
    ("service policy", "服务政策", "every limit a value, adopted in versions"),
    ("disclosure", "信息披露", "the only way to a clear value; an event before it is shown"),
    ("breaking the glass", "紧急查看", "seeing outside the matrix for 15 minutes, reviewed"),
    ("erasure", "删除", "a person's key and sealed values are destroyed; events stay"),
    ("legal hold", "法律保全", "nothing is erased; what was to be is shown for legal purposes"),
    ("permission matrix", "权限一览表", "which post may see which field for which purpose"),
    ("data custodian", "客户资料管理员", "keeps owner data"),
    ("sealed", "密存", "encrypted in the vault, apart from the events"),
    ("irregular", "不合规", "recorded from an old register although a rule refuses it"),
    ("late registration", "迟登", "typed in later after the receipt than the policy tolerates"),
    ("as of", "截至", "answered from what had been recorded by then"),
    ("position", "位置", "an event's number in the store, without gaps"),
    ("rehearsal", "演练", "a data folder that takes another present"),
)

TERMS += (
    (
        "leaf",
        "叶",
        "what the Merkle log holds of an event: position, stream, time, digest of its bytes",
    ),
    ("checkpoint", "检查点", "how many events there are and the root over them, signed"),
    ("receipt", "收据", "proves one event to an outsider, offline"),
    ("update, witness", "续证, 见证方", "who keeps checkpoints and takes only what continues them"),
    ("exposure window", "暴露窗口", "what no checkpoint elsewhere covers yet"),
)

TERMS += (
    ("key, card", "钥匙, IC卡", "in one place at a time"),
    ("take over, record", "接收, 钥匙移交记录表", "from the builder, signed by both sides"),
    ("issue", "发放", "the resident signs and has it"),
    ("entrust", "委托", "a resident leaves the key for a purpose"),
    ("lend, due back", "借出, 应还", "to a member of staff, for a permit or a case"),
    ("count", "盘点", "compare the cabinet with the register"),
    ("parcel", "代收邮件/快递", "what the centre keeps for an addressee"),
    ("addressee, collector", "收件人, 代领人", "whom it is for, and whom they named"),
    ("consent", "代收同意", "the addressee wants it held"),
    ("pending", "待查", "nobody is named on it; archived when nobody is found"),
)

TERMS += (
    (
        "owner, tenant, family",
        "业主, 租户, 家庭成员",
        "the home's; one owner in the register at a time",
    ),
    ("handover", "交付/入伙", "the home passes to its owner, with keys and cards"),
    ("handover notice", "收楼通知书", "tells the owner the day"),
    ("joint inspection", "验房", "owner and centre look at the home and read the meters"),
    ("change of owner", "过户/更名", "the home passes to another owner"),
    ("area", "责任区/片区", "the homes that a steward answers for"),
    ("visit, greeting", "走访, 问候", "somebody of the centre saw or called the customer at home"),
    ("household's file", "客户档案", "nine kinds of documents, lent only under a head's signature"),
    ("paper copy", "受控纸质资料", "numbered; replaced page by page, recalled from who moves"),
    ("defect", "房屋缺陷", "of the warranty's eight kinds, or of the design with evidence"),
    ("builder's letter", "书面通知施工单位", "inside the warranty the builder is told in writing"),
)

TERMS += (
    (
        "token, account",
        "令牌, 账号",
        "who calls over HTTP; what the account may do, the roster says",
    ),
    ("idempotency key", "幂等键", "the same command under it is carried out once"),
    ("problem", "问题", "a refusal over HTTP, with a stable code and a page about it"),
    ("webhook", "推送", "tells another system of promises and of broken glass, at least once"),
)

COMMITMENTS = (*get_args(promises.Commitment), "progress", "patrol")
ENUMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "posts": ("Posts 岗位", (*get_args(posts.Post), posts.SYSTEM)),
    "channel": ("Channels 渠道", get_args(commands.Channel)),
    "category": ("Categories 类别", get_args(commands.Category)),
    "urgency": ("Urgency 紧急程度", get_args(commands.Urgency)),
    "level": ("Levels 级别", get_args(commands.Level)),
    "validity": ("Validity 有效性", get_args(commands.Validity)),
    "cause": ("Causes 原因", get_args(commands.Cause)),
    "commitment": ("Commitments 承诺", COMMITMENTS),
    "outcome": ("Outcomes of a promise 承诺结果", ("met", "missed", "open", "superseded", "void")),
    "revisit": ("Outcomes of a revisit 回访结果", get_args(commands.Outcome)),
    "duty": ("Whether a revisit is owed 回访义务", get_args(standing.Duty)),
    "implied": (
        "Implied outcomes 推定结果",
        ("satisfied", "unsatisfied", "neutral", "undetermined"),
    ),
    "status": ("Status of a case 诉求状态", ("open", "closed", "forced", "voided")),
    "rung": ("Rungs 层级", state.RUNGS),
    "charge": ("Who pays for the work 收费类别", get_args(orders.Charge)),
    "order_status": ("Status of a work order 工作单状态", get_args(standing.OrderStatus)),
    "escalation": ("Reasons to escalate 升级理由", get_args(commands.EscalationReason)),
    "right": ("Rights that can be delegated 可授权事项", get_args(centre.Right)),
    "fact": ("Facts that can be corrected 可更正事项", get_args(commands.Fact)),
    "permit_status": ("Status of a renovation 装修状态", get_args(permit_standing.Status)),
    "step": ("Steps against a violation 违章处理阶段", get_args(permit.Step)),
    "key_kind": ("Kinds of key 钥匙种类", get_args(key.KeyKind)),
    "key_place": ("Where a key is 钥匙去向", get_args(key_standing.Place)),
    "key_purpose": ("Purposes of entrusting 委托用途", get_args(key.Purpose)),
    "parcel_kind": ("Kinds of mail 邮件种类", get_args(parcel.ParcelKind)),
    "parcel_status": (
        "Status of a parcel 邮件状态",
        (*get_args(parcel_standing.Keeping), *get_args(parcel_standing.Ending)),
    ),
    "parcel_condition": ("Condition 外观", get_args(parcel.Condition)),
    "notice_channel": ("How an addressee is told 通知方式", get_args(parcel.NoticeChannel)),
    "identity": ("How identity was verified 身份核实", get_args(parcel.Identity)),
    "return_reason": ("Reasons to return a parcel 退回原因", get_args(parcel.ReturnReason)),
    "role": ("Roles in a home 住户身份", get_args(unit.Role)),
    "unit_status": ("How far a handover is 交付状态", get_args(unit_standing.Status)),
    "visit": ("Kinds of visit 走访种类", get_args(unit.VisitKind)),
    "document_kind": ("Kinds of document 档案种类", get_args(unit.DocumentKind)),
    "document_status": ("Where a document is 档案状态", get_args(unit_standing.DocumentStatus)),
    "defect_kind": ("Kinds of defect 缺陷种类", get_args(unit.DefectKind)),
    "defect_where": ("Inside or outside the warranty 保修期内外", get_args(unit.Warranty)),
    "defect_status": ("Status of a defect 缺陷状态", get_args(unit_standing.DefectStatus)),
    "day": ("Kinds of day 日期种类", get_args(workdays.DayKind)),
    "personal_field": ("Personal fields 个人信息字段", get_args(matrix.PersonalField)),
    "purpose": ("Purposes 用途", get_args(matrix.Purpose)),
    "condition": ("Conditions 条件", get_args(matrix.Condition)),
    "denial": ("Denials 拒绝查阅原因", get_args(judging.Reason)),
    "duties": ("Duties 例行职责", (*get_args(centre.Duty), *get_args(duties.Once))),
    "dimension": ("Dimensions of opinions 统计维度", tuple(NAMES["dimension"])),
}


def glossary_page() -> str:
    """Return every term with its Chinese one; a value without one stops it."""
    text = HEAD + WORDS["page"]["glossary"]
    text += "| English | 中文 | meaning |\n|---|---|---|\n"
    text += "".join(f"| {english} | {chinese} | {why} |\n" for english, chinese, why in TERMS)
    for name, (title, values) in ENUMS.items():
        _same(name, WORDS[name], values)
        text += f"\n## {title}\n\n| code | 中文 |\n|---|---|\n"
        text += "".join(f"| `{value}` | {WORDS[name][value]} |\n" for value in values)
    text += "\n## Policy values 政策值\n\n`guanjia policy show` prints the values in force.\n\n"
    text += "| name | built in |\n|---|---|\n"
    values = policy.built_in().model_dump()
    return text + "".join(f"| `{name}` | {value} |\n" for name, value in values.items())


# --- What follows what: tried out on an office in memory ------------------------------------------

CASE = {
    "complaint": "N-1", "centre": "north", "channel": "phone", "category": "repair",
    "topic": "leak", "text": "-",
}  # fmt: skip
LOAN = {"to": "desk1", "complaint": "N-1", "due_back": "2026-01-05T18:00:00+08:00"}
KEY_STEPS: dict[str, dict[str, Any]] = {
    "receive_key": {
        "centre": "north", "unit": "U1", "kind": "door", "record": "YJ-1", "signed_by_both": True,
    },
    "issue_key": {"resident": "R1", "signature": "QS-1"},
    "entrust_key": {
        "resident": "R1", "purpose": "repair", "until": "2026-02-01T18:00:00+08:00",
    },
    "lend_key": LOAN,
    "return_key": {},
    "surrender_key": {"record": "YJ-2", "signed_by_both": True},
    "report_key_lost": {},
    "report_key_lost, lock changed": {"lock_changed": True},
    "destroy_key": {"reason": "-"},
}  # fmt: skip
KEY_PATHS: dict[str, tuple[str, ...]] = {
    "cabinet": (),
    "owner": ("issue_key",),
    "entrusted": ("issue_key", "entrust_key"),
    "lent": ("lend_key",),
    "lent, entrusted before": ("issue_key", "entrust_key", "lend_key"),
    "lost": ("report_key_lost",),
    "replaced": ("report_key_lost, lock changed",),
    "destroyed": ("destroy_key",),
}
HELD = {"centre": "north", "kind": "ems", "unit": "U1", "consent": True, "condition": "intact"}
PARCEL_STEPS: dict[str, dict[str, Any]] = {
    "register_parcel": HELD,
    "register_parcel, of a fax without addressee": HELD | {"kind": "fax", "addressee": None},
    "register_parcel, of ordinary mail": HELD | {"kind": "ordinary"},
    "notify_addressee": {"channel": "phone"},
    "hand_out_parcel": {"identity": "known", "signature": "-"},
    "return_parcel": {"reason": "refused"},
    "return_parcel, overdue": {"reason": "overdue"},
    "report_parcel_lost": {"reason": "-"},
}
PARCEL_PATHS: dict[str, tuple[str, ...]] = {
    "held": (),
    "pending": ("register_parcel, of a fax without addressee",),
    "letter_box": ("register_parcel, of ordinary mail",),
    "handed_out": ("hand_out_parcel",),
    "returned": ("return_parcel",),
    "lost": ("report_parcel_lost",),
}
Steps = dict[str, dict[str, Any]]


def transitions_page() -> str:
    """Return what each command does to a key and a parcel in each place, as tried out."""
    text = HEAD + WORDS["page"]["transitions"]
    with open_in_memory(clock=lambda: datetime(2026, 1, 5, 1, tzinfo=UTC)) as office:
        for staff, post in (("desk1", "front_desk"), ("head1", "department_head")):
            place = {"centre": "north", "department": "service"}
            office.execute(roster.PostStaff(staff=staff, person=staff, post=post, **place))
        office.execute(commands.ReceiveComplaint.model_validate(CASE), by="desk1")
        text += "## Key 钥匙\n\n" + _tried(office, "key", "place", KEY_STEPS, KEY_PATHS)
        text += "## Parcel 邮件\n\n" + _tried(
            office, "parcel", "status", PARCEL_STEPS, PARCEL_PATHS
        )
    return text.rstrip() + "\n"


def _tried(
    office: Office, kind: str, column: str, steps: Steps, paths: dict[str, tuple[str, ...]]
) -> str:
    begin, *others = (step for step in steps if not step.startswith("register_parcel, "))
    text = f"| {column} | {' | '.join(f'`{step}`' for step in others)} |\n"
    text += f"|{'---|' * (len(others) + 1)}\n"
    for number, (state_, path) in enumerate(paths.items()):
        cells: list[str] = []
        for step in others:
            id = f"{number}-{len(cells)}"
            start = () if path and path[0].startswith("register") else (begin,)
            for before in (*start, *path):
                _try(office, kind, id, before, steps[before])
            cells.append(_try(office, kind, id, step, steps[step]))
        text += f"| **{state_}** | {' | '.join(cells)} |\n"
    return text + "\n"


def _try(office: Office, kind: str, id: str, step: str, fields: dict[str, Any]) -> str:
    """Return where a step brought the key or parcel, or the code of its refusal."""
    do = step.partition(",")[0]
    by = "head1" if do == "destroy_key" else "desk1"
    try:
        done = office.execute(COMMANDS[do].model_validate({kind: id, **fields}), by=by)
    except errors.Rejected as refusal:
        return f"*[{refusal.code}](refusals.md#{refusal.code})*"
    row = getattr(done.events[0], kind)
    return str(row.place if kind == "key" else row.status)


def command_line_page() -> str:
    """Return every subcommand with its arguments and options."""
    text = HEAD + WORDS["page"]["command_line"]
    for name, leaf in subcommands(typer.main.get_command(app)):
        arguments = [p for p in leaf.params if p.param_type_name == "argument"]
        options = [p for p in leaf.params if p.param_type_name == "option"]
        usage = " ".join(["guanjia", name, *(_argument(p) for p in arguments)])
        text += f"## {name}\n\n{' '.join((leaf.help or '').split())}\n\n```text\n{usage}\n```\n\n"
        for option in options:
            needed = "required" if option.required else ""
            about = "; ".join(part for part in (option.help or "", needed) if part)
            text += f"- `{', '.join(option.opts)}`{': ' if about else ''}{about}\n"
        text += "\n"
    return text.rstrip() + "\n"


def subcommands(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield (name, command) of every subcommand, groups resolved."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from subcommands(command, f"{prefix}{name} ")
        else:
            yield prefix + name, command


def _argument(parameter: Any) -> str:  # noqa: ANN401
    name = parameter.name.upper() + ("…" if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"


def benchmarks_page() -> str:
    """Return the page of what was measured, from the results of the last runs."""
    lines = [
        "# Benchmarks 测量",
        "",
        "What the last runs of `make bench` and `make soak` left in `benchmarks/results.json` and",
        "`benchmarks/soak.json`. Contenders take turns within one run; a ratio compares their",
        "medians, over `n` rounds. `x`: times as fast, or for `<=` times as long. How they are",
        "measured is in `benchmarks/`; figures differ from machine to machine, ratios less.",
        "",
        "| work | ratio | target | holds | n |",
        "|---|---:|---:|---|---:|",
    ]
    rows = _results("results")
    for row in rows:
        unit = "" if row["unit"] == "x" else f" {row['unit']}"
        holds = "yes" if row["holds"] else "**no**"
        lines.append(
            f"| {row['name']} | {row['ratio']:g}{unit} | {row['target']} | {holds} | {row['n']} |"
        )
    lines += ["", "## What each row compares", ""]
    lines += [f"- **{row['name']}**: {row['note']}." for row in rows]
    lines += ["", "## Long runs", "", "| run | runs | kills | failures | seconds |"]
    lines += ["|---|---:|---:|---:|---:|"]
    lines += [
        f"| {row['name']} | {row['runs']} | {row['kills']} | {row['failures']} | {row['seconds']} |"
        for row in _results("soak")
    ]
    return "\n".join(lines) + "\n"


def _results(name: str) -> list[dict[str, Any]]:
    path = DOCS.parent / "benchmarks" / f"{name}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found


PAGES: dict[str, Callable[[], str]] = {
    "reference/commands.md": commands_page,
    "reference/events.md": events_page,
    "reference/refusals.md": refusals_page,
    "reference/problems.md": problems_page,
    "reference/views.md": views_page,
    "reference/glossary.md": glossary_page,
    "reference/command-line.md": command_line_page,
    "reference/transitions.md": transitions_page,
    "reference/benchmarks.md": benchmarks_page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
