"""What an outsider is given to check, and how the checks are asked."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from guanjia.verifier import Checkpoint, Key, Refused, check_receipt, check_update

from .logs import Log

POSITION = 200


@dataclass(frozen=True)
class Proofs:
    """What an outsider has: receipt and event, update and older checkpoint, and the key."""

    receipt: str
    event: bytes
    update: str
    older: Checkpoint
    key: Key
    public: str


def refused(text: str, proofs: Proofs, key: Key | None = None) -> str:
    """Return the code with which a receipt or an update is refused."""
    with pytest.raises(Refused) as refusal:
        if text.startswith("old"):
            check_update(text, key or proofs.key, proofs.older)
        else:
            check_receipt(text, key or proofs.key, proofs.event)
    return refusal.value.code


def resigned(text: str, log: Log, size: int | None = None, root: bytes | None = None) -> str:
    """Return a proof whose checkpoint says something else, signed by the log's own key."""
    head, _, note = text.partition("\n\n")
    own = Checkpoint.parse(note, log.signer.key)
    signed = log.signer.sign(own.size if size is None else size, root or own.root)
    return f"{head}\n\n{signed.note}"
