"""Histories by their seed: some thousand lines of many cases, with all that goes wrong in files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ..projections.register import COMPANY, CONTACT, SHANGHAI, STAFF

Line = dict[str, Any]

START = datetime(2025, 9, 1, 8, tzinfo=SHANGHAI)
CENTRES = ("north", "south")


def history(seed: int, cases: int) -> list[str]:
    """Return the lines of a history file: cases interleaved, refused, repeated and broken lines."""
    random = Random(seed)  # noqa: S311 - chance is only chance
    told = [_case(f"C-{number}", random) for number in range(cases)]
    lines = sorted((line for case in told for line in case), key=lambda line: str(line["at"]))
    texts = [json.dumps(line, ensure_ascii=False) for line in [*_staff(), *lines]]
    for _ in range(cases // 20):
        place = random.randrange(20, len(texts))
        broken = ("{broken", '["no object"]', random.choice(texts), random.choice(texts))
        texts.insert(place, random.choice(broken))
    return texts


def _staff() -> Iterator[Line]:
    at = "2020-01-01T00:00:00+08:00"
    for number, centre in enumerate(CENTRES, 1):
        for name, (post, department) in STAFF.items():
            place = {"centre": centre, "department": department}
            account = f"{name}{number}"
            yield _line("post_staff", at, staff=account, person=f"p-{account}", post=post, **place)
    for name, post in COMPANY.items():
        yield _line("post_staff", at, staff=name, person=f"p-{name}", post=post)


def _line(do: str, at: str, **fields: object) -> Line:
    return {"do": do, **fields, "at": at}


def _case(case: str, random: Random) -> list[Line]:
    """Return a case's lines; about one in eight is refused by the rules."""
    now = START + timedelta(minutes=random.randrange(90 * 24 * 60))
    number = random.choice((1, 2))
    lines: list[Line] = []

    def add(do: str, by: str, **fields: object) -> None:
        nonlocal now
        now += timedelta(minutes=random.choice((1, 7, 20, 90, 600, 1500)))
        account = by if by in COMPANY else f"{by}{number}"
        if random.random() < 0.08:
            account = random.choice(("tech1", "desk2", "nobody", "fitter1"))
        lines.append(_line(do, now.isoformat(), complaint=case, **fields, by=account))

    add(
        "receive_complaint", "desk", centre=CENTRES[number - 1],
        channel=random.choice(("phone", "phone", "visit")),
        category=random.choice(("complaint", "repair", "repair", "inquiry")),
        urgency=random.choice(("normal", "normal", "emergency")),
        level=random.choice(("department", "department", "company")),
        topic=random.choice(("noise", "leak")), text=f"{case} 漏水",
        contact=random.choice((CONTACT, CONTACT, {"name": "李四"}, None)),
    )  # fmt: skip
    add("dispatch_complaint", "desk", department="engineering", handler=f"tech{number}")
    add("classify_complaint", "desk", validity="valid")
    for _ in range(random.choice((1, 1, 2))):
        _round(add, random)
    add("close_complaint", "head")
    if random.random() < 0.1:
        add("reopen_complaint", "super", reason="又坏了")
        _round(add, random)
    return lines


def _round(add: Any, random: Random) -> None:  # noqa: ANN401 - a closure with loose fields
    add("reply_to_complaint", "desk", channel="phone", text="正在处理")
    add("start_handling", "tech")
    if random.random() < 0.5:
        add("report_progress", "desk", text="还在修")
    add("approve_remedy", "head")
    add("finish_handling", "tech", result="修好了")
    add("confirm_result", "head")
    outcome = random.choice(("satisfied", "satisfied", "unsatisfied", "unreachable"))
    add("revisit_complaint", "desk", outcome=outcome, channel="phone")
