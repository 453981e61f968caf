"""The proof of what was recorded: the newest checkpoint, and verification on demand."""

from __future__ import annotations

from .pieces.buttons import act
from .pieces.tags import Tag
from .visit import Visit, threaded


async def put_proof(visit: Visit) -> None:
    """Put the state of the proof."""
    words, audit = visit.words, visit.office.audit
    if audit.doubt:
        Tag("p", words("proof_doubted"), role="alert", style="refused")
    stored = await threaded(audit.stored)
    events = await threaded(visit.office.views.source.last_position)
    if stored:
        signed, note = stored[-1]
        Tag("p", words("proof_signed", events=events, signed=signed, unsigned=events - signed))
        Tag("h3", words("checkpoint"))
        Tag("pre", note, style="note")
    else:
        Tag("p", words("proof_none"))
    Tag("h3", words("public_key"))
    Tag("pre", audit.key, style="note")
    _put_verify(visit)


def _put_verify(visit: Visit) -> None:
    words = visit.words

    async def verify() -> None:
        now = await visit.again()
        report = await threaded(now.office.audit.verify)
        result.clear()
        with result:
            if report.ok:
                counts = {"checkpoints": report.checkpoints, "signed": report.signed}
                Tag("p", words("verified_all", events=report.events, **counts), style="good")
            for finding in report.findings:
                Tag("p", str(finding), style="bad")

    act(words("verify"), verify)
    result = Tag("div", role="status")
