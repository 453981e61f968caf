"""The table of transitions in the documentation, tried cell by cell.

``python -m tests.domain.test_permit_transitions`` writes docs/reference/transitions-permit.md.
"""

from __future__ import annotations

from pathlib import Path

from guanjia.domain.permit.state import LADDER
from tests import permits as p
from tests import scenarios as s
from tests.spec import Line, given

PAGE = Path(__file__).parents[2] / "docs/reference/transitions-permit.md"
AT = "2025-10-30 09:00"
PASS = p.do("issue_pass", p.ISSUED_AT, **{"pass": "W-1"})

COMMANDS: dict[str, Line] = {
    "apply_for_permit": p.apply(AT),
    "review_permit: approved": p.review(AT),
    "review_permit: rejected": p.review(AT, "rejected"),
    "sign_agreement": p.sign(AT),
    "issue_permit": p.issue(AT),
    "extend_permit": p.extend(AT, "2026-01-20"),
    "issue_pass": p.do("issue_pass", AT, **{"pass": "W-2"}),
    "return_pass": p.do("return_pass", AT, **{"pass": "W-1"}),
    "patrol_renovation": p.patrol(AT),
    "record_violation: found": p.violation(AT, "found"),
    "stop_work": p.stop(AT),
    "resume_work": p.do("resume_work", AT),
    "complete_renovation": p.complete(AT),
    "accept_renovation: in order": p.accept(AT),
    "accept_renovation: failed": p.accept(AT, structure=False),
    "settle_deposit": p.settle(AT),
    "archive_permit": p.archive(AT),
}

INTRODUCTION = """\
<!-- Written by tests/domain/test_permit_transitions.py, which tries every cell; do not edit. -->

# A renovation's transitions 装修流程

What each command does in each status: the **status** after it, or the [refusal](refusals.md). The
command comes later than all that led to the status, by a post that may do it; for the two commands
about passes, one worker's pass is out.

Not in the table, because they do not depend on the status:

- The permit is issued once the agreement is signed, the fees are paid and the closed-water test is
  in order; until then the agreement is signed again.
- The day of completion can still be patrolled after the completion. Stopped work is patrolled
  every day.
- A pass, a patrol or an extension typed in late is judged by when it happened.
- Work that failed its acceptance is sent back: its next round begins, under the validity it had.
- Nothing is accepted while a violation is open, nor archived while a pass is out.

"""
LADDER_INTRODUCTION = """
## A violation's ladder 违章处理

What each step does to a violation that stands on another: **taken**, or the refusal. The step on
which it stands can be taken again and changes nothing.

"""


def outcome(history: list[Line], command: Line) -> tuple[str, str]:
    """Return the status after a command, and the code of its refusal if it was refused."""
    result = given(history).when(command)
    found = p.state(result.world)
    return found.status if found else "", result.refusal.code if result.refusal else ""


def cell(history: list[Line], name: str) -> str:
    """Return what a command does after a history, as the table has it."""
    status, refused = outcome(history, COMMANDS[name])
    return f"`{refused}`" if refused else f"**{status}**"


def with_pass(status: str, history: list[Line]) -> list[Line]:
    """Return the history with a pass out, where there can be one."""
    if p.issue() not in history or status == "archived":
        return history
    place = history.index(p.issue()) + 1
    return [*history[:place], PASS, *history[place:]]


def transitions() -> str:
    """Return the table of commands and statuses."""
    starts = {"–": s.STAFFED, **p.STATUSES}
    rows = [["", *starts]]
    for name in COMMANDS:
        passes = name in ("return_pass", "issue_pass")
        histories = [with_pass(k, h) if passes else h for k, h in starts.items()]
        rows.append([name, *(cell(history, name) for history in histories)])
    return table(rows)


def ladder() -> str:
    """Return the table of steps against a violation."""
    starts: dict[str, list[Line]] = {"–": p.ISSUED}
    for rung, step in enumerate(LADDER):
        starts[step] = [*p.ISSUED, *(p.violation(p.AT, below) for below in LADDER[: rung + 1])]
    starts["corrected"] = p.CORRECTED
    rows = [["", *starts]]
    for step in (*LADDER, "corrected"):
        results = [outcome(history, p.violation(AT, step))[1] for history in starts.values()]
        rows.append([step, *(f"`{code}`" if code else "**taken**" for code in results)])
    return table(rows)


def table(rows: list[list[str]]) -> str:
    """Return rows as a Markdown table."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:], ""])


def page() -> str:
    """Return the whole page."""
    return INTRODUCTION + transitions() + LADDER_INTRODUCTION + ladder()


def test_the_table_says_what_the_code_does() -> None:
    """Every cell of both tables is tried."""
    assert PAGE.read_text("utf-8") == page(), "python -m tests.domain.test_permit_transitions"


def test_every_status_is_reached() -> None:
    """The histories of the columns end where they say."""
    for status, history in p.STATUSES.items():
        assert p.permit(given(history)).status == status


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
