"""Messages and their fields in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from guanjia.domain.messages import Command, Event, _marks

STRUCTURES = {
    "About": "`kind`, `id`",
    "Contact": "contact: `name`, `phone`, `address_other`",
    "Meters": "readings: `water`, `electricity`, `gas`",
    "FoundDefect": "defects: `defect`, `kind`, `where`, `text` (sealed)",
}


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
