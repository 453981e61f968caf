"""What auditors ask: whether the record is what was recorded, and proofs to take away."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from .. import verifier
from ..folder import OfficeError, open_audit
from ..storage import Audit
from .session import DATA, Data, refusing, say

audit_app = typer.Typer(
    help="审计 Whether the record is what was recorded, and proofs of it.", no_args_is_help=True
)

Out = Annotated[Path | None, typer.Option("--out", help="Write it there.")]


@contextmanager
def _audit(data: Path) -> Generator[Audit, None, None]:
    with refusing():
        if not data.exists():
            code = "no_office"
            raise OfficeError(code, f"no data folder at {data}; guanjia init makes one")
        with open_audit(data) as audit:
            yield audit


def _put(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_bytes(text.encode())


@audit_app.command("verify")
def audit_verify(
    data: Data = DATA,
    checkpoint: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A checkpoint that was kept elsewhere."),
    ] = None,
) -> None:
    """Compute the log anew from the stored bytes; name each event or checkpoint that differs."""
    with _audit(data) as audit:
        report = audit.verify(verifier.read(checkpoint) if checkpoint else None)
    for finding in report.findings:
        say(str(finding))
    if not report.ok:
        raise typer.Exit(1)
    sys.stdout.write(
        f"ok: {report.events} events, {report.checkpoints} checkpoints;"
        f" {report.signed} events are signed\n"
    )


@audit_app.command("checkpoint")
def audit_checkpoint(data: Data = DATA, out: Out = None) -> None:
    """Sign the log as it stands; keep the checkpoint where this machine cannot change it."""
    with _audit(data) as audit:
        _put(audit.checkpoint().note, out)


@audit_app.command("proof")
def audit_proof(
    data: Data = DATA,
    position: Annotated[int | None, typer.Option(min=1, help="A receipt of this event.")] = None,
    since: Annotated[
        int | None, typer.Option(min=0, help="An update for who holds the checkpoint of this size.")
    ] = None,
    out: Out = None,
    event: Annotated[
        Path | None, typer.Option(help="With --position: also write the event's stored bytes.")
    ] = None,
) -> None:
    """Make a proof that guanjia.verifier checks offline: a receipt, or an update."""
    if (position is None) == (since is None) or (event and position is None):
        msg = "either --position, which may have --event, or --since"
        raise typer.BadParameter(msg)
    with _audit(data) as audit:
        if position is None:
            _put(audit.update(since or 0), out)
            return
        receipt, stored = audit.receipt(position)
        _put(receipt, out)
        if event:
            event.write_bytes(stored)


@audit_app.command("key")
def audit_key(data: Data = DATA, out: Out = None) -> None:
    """Print the public key that verifies this log; publish it."""
    with _audit(data) as audit:
        _put(f"{audit.key}\n", out)
