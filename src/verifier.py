"""Checks, offline, what a guanjia log proves: receipts of events, and that a log only grew.

    python -m guanjia.verifier RECEIPT --key VKEY [--event FILE]
    python -m guanjia.verifier UPDATE --key VKEY --old CHECKPOINT
    python -m guanjia.verifier UPDATE --key VKEY --state FILE

The first checks that an event is in the log (FILE: its stored bytes), the second that the log of
an older checkpoint is the beginning of the newer. The third is a witness: it does the second with
the checkpoint in FILE and then puts the newer in its place; to begin, put a first one there. VKEY
is the log's public key: get it from elsewhere than the proof. Status 0: proved; 1: refused.

The tree is that of RFC 6962, one leaf per event. Checkpoints, receipts and updates are texts as
C2SP defines them: signed-note, tlog-checkpoint, tlog-proof, and the request of tlog-witness.
This file needs Python 3.11 and the package ``cryptography``, nothing else of guanjia: copy it.
"""

from __future__ import annotations

import argparse
import base64
import fcntl
import hashlib
import os
import re
import struct
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

EMPTY_ROOT = hashlib.sha256(b"").digest()
RECEIPT_KIND = "c2sp.org/tlog-proof@v1"
LEAF_KIND, LEAF_START = b"guanjia event 1\n", struct.Struct(">16sqqqII")
ED25519 = b"\x01"  # signed-note's byte for this kind of key
LARGEST_FILE = 16_384  # bytes; a receipt needs 2,048

NAME = r"[^\s+\x00-\x1f\x7f\ud800-\udfff\ufffd]+"  # no control characters, nothing but UTF-8
NUMBER = "(0|[1-9][0-9]{0,17})"
BASE64 = "[A-Za-z0-9+/]+=*"
HASH = "[A-Za-z0-9+/]{43}="
PROOF = rf"{NUMBER}\n((?:{HASH}\n)*)\n(.+)"
KEY = rf"({NAME})\+([0-9a-f]{{8}})\+([A-Za-z0-9+/]{{44}})"
CHECKPOINT = rf"(({NAME})\n{NUMBER}\n({HASH})\n)\n((?:— {NAME} {BASE64}\n)+)"
RECEIPT = rf"{re.escape(RECEIPT_KIND)}\nextra ({BASE64})\nindex {PROOF}"
UPDATE = rf"old {PROOF}"


class Refused(Exception):
    """Nothing is proved; ``code`` says why.

    malformed: not exactly the form it must have; not_signed: not by this key, or not this text;
    other_log: a checkpoint of a log of another name; out_of_range: an index beyond the tree, or a
    log that became smaller; not_proved: hashes too few, too many, or not leading to the root;
    other_event: not the event's position or bytes.
    """

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


def _need(holds: bool, code: str, text: str) -> None:
    if not holds:
        raise Refused(code, text)


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf's bytes (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two hashes (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def check_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> None:
    """Prove that the hash ``leaf`` is number ``index``, from 0, of the ``size`` under ``root``."""
    _need(0 <= index < size, "out_of_range", f"leaf {index} is not in a tree of {size}")
    # From where the way up meets the tree's right edge, every sibling is on the left.
    inner = (index ^ (size - 1)).bit_length()
    on_left = [index >> level & 1 for level in range(inner)] + [1] * (index >> inner).bit_count()
    _need(len(path) == len(on_left), "not_proved", f"{len(path)} hashes are the wrong number")
    for left, sibling in zip(on_left, path, strict=True):
        leaf = node_hash(sibling, leaf) if left else node_hash(leaf, sibling)
    _need(leaf == root, "not_proved", "the hashes do not lead to the signed root")


def check_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Prove that the ``old`` leaves under ``old_root`` are the first of the ``new``."""
    _need(0 <= old <= new, "out_of_range", f"a log of {old} cannot become one of {new}")
    left = list(path)
    roots = _both_roots(old, new, left, old_root) if old else (EMPTY_ROOT, new_root)
    _need(new > 0 or new_root == EMPTY_ROOT, "not_proved", "an empty log has another root")
    proved = roots == (old_root, new_root) and not left
    _need(proved, "not_proved", "the hashes do not lead from the old root to the new")


def _both_roots(old: int, new: int, path: list[bytes], known: bytes | None) -> tuple[bytes, bytes]:
    """Make both roots of the same hashes (RFC 6962, 2.1.2); ``known`` is not in the path."""
    if old == new and known is not None:
        return known, known
    _need(bool(path), "not_proved", "there are too few hashes")
    beside = path.pop()
    if old == new:
        return beside, beside
    split = 1 << (new - 1).bit_length() - 1
    if old <= split:
        older, newer = _both_roots(old, split, path, known)
        return older, node_hash(newer, beside)
    older, newer = _both_roots(old - split, new - split, path, None)
    return node_hash(beside, older), node_hash(beside, newer)


class EventLeaf(NamedTuple):
    """What the log holds of an event; ``stored_at`` in microseconds since 1970, UTC."""

    position: int
    originator_id: str
    originator_version: int
    topic: str
    stored_at: int
    state_sha256: bytes

    def to_bytes(self) -> bytes:
        """Return the leaf's bytes; this is their only definition.

        The line "guanjia event 1"; position, originator_version and stored_at, signed, in 8 bytes
        each; the lengths of originator_id and topic in 4 bytes each; these two in UTF-8; the
        SHA-256 of the stored bytes. Every number has its high byte first.
        """
        id, topic = self.originator_id.encode(), self.topic.encode()
        numbers = (self.position, self.originator_version, self.stored_at, len(id), len(topic))
        return LEAF_START.pack(LEAF_KIND, *numbers) + id + topic + self.state_sha256

    @classmethod
    def from_bytes(cls, leaf: bytes) -> EventLeaf:
        """Return the event whose leaf has exactly these bytes."""
        start, words = leaf[: LEAF_START.size].ljust(LEAF_START.size), leaf[LEAF_START.size : -32]
        _, position, version, at, length, _ = LEAF_START.unpack(start)
        id, topic = (part.decode(errors="replace") for part in (words[:length], words[length:]))
        made = cls(position, id, version, topic, at, leaf[-32:])
        _need(made.to_bytes() == leaf, "malformed", "these are not the bytes of an event's leaf")
        return made


class Key(NamedTuple):
    """A log's name, its Ed25519 public key, and the four bytes that stand for both."""

    name: str
    public: bytes
    id: bytes

    @classmethod
    def parse(cls, text: str) -> Key:
        """Return the key that is written as ``text``."""
        name, id, encoded = _fields(KEY, text, "key")
        kind_and_key = _base64(encoded)
        own = hashlib.sha256(f"{name}\n".encode() + kind_and_key).digest()[:4]
        proper = own.hex() == id and kind_and_key[:1] == ED25519
        _need(proper, "malformed", "the key's hash is not its own, or it is of another kind")
        return cls(name, kind_and_key[1:], own)


class Checkpoint(NamedTuple):
    """What a log signed: its first ``size`` leaves have this ``root``. ``note`` is the text."""

    size: int
    root: bytes
    note: str

    @classmethod
    def parse(cls, note: str, key: Key) -> Checkpoint:
        """Return what ``key`` signed; signatures of other keys (witnesses) are passed over."""
        text, name, size, root, signatures = _fields(CHECKPOINT, note, "checkpoint")
        _check_signed(text.encode(), signatures, key)
        _need(name == key.name, "other_log", "the checkpoint names another log than the key")
        return cls(int(size), _base64(root), note)


def _check_signed(text: bytes, signatures: str, key: Key) -> None:
    named = map(_base64, re.findall(rf"— {re.escape(key.name)} (\S+)\n", signatures))
    ours = [blob[4:] for blob in named if blob[:4] == key.id]
    _need(bool(ours), "not_signed", "this key has not signed it")
    for signature in ours:
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            raise Refused("not_signed", "the signature does not verify") from None


def _fields(form: str, text: str, what: str) -> tuple[str, ...]:
    match = re.fullmatch(form, text, re.DOTALL)
    if match is None:
        raise Refused("malformed", f"this has not the form of a proper {what}")
    return match.groups()


def _base64(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("malformed", "this is not base64") from None
    _need(base64.b64encode(decoded).decode() == text, "malformed", "base64 has one form only")
    return decoded


def check_receipt(text: str, key: Key, state: bytes | None = None) -> tuple[EventLeaf, Checkpoint]:
    """Return the event a receipt proves and the checkpoint it is in; ``state``: stored bytes."""
    extra, index, path, note = _fields(RECEIPT, text, "receipt")
    checkpoint, leaf, place = Checkpoint.parse(note, key), _base64(extra), int(index)
    hashes = [*map(_base64, path.split())]
    check_inclusion(place, checkpoint.size, leaf_hash(leaf), hashes, checkpoint.root)
    event = EventLeaf.from_bytes(leaf)
    _need(event.position == place + 1, "other_event", "the event names another position")
    same = state is None or hashlib.sha256(state).digest() == event.state_sha256
    _need(same, "other_event", "these are not the bytes that were stored")
    return event, checkpoint


def check_update(text: str, key: Key, older: Checkpoint) -> Checkpoint:
    """Return the checkpoint of an update that continues ``older``."""
    old, path, note = _fields(UPDATE, text, "update")
    _need(int(old) == older.size, "out_of_range", f"the update does not start from {older.size}")
    newer, hashes = Checkpoint.parse(note, key), [*map(_base64, path.split())]
    check_consistency(older.size, newer.size, older.root, newer.root, hashes)
    return newer


def witness(update: str, key: Key, state: Path) -> Checkpoint:
    """Put the update's checkpoint in the place of the one in ``state`` if it continues it."""
    with Path(f"{state}.lock").open("w") as lock:  # given back when closed, also by a kill
        fcntl.flock(lock, fcntl.LOCK_EX)
        newer = check_update(update, key, Checkpoint.parse(read(state), key))
        replace(state, newer.note)
    return newer


def replace(path: Path, text: str) -> None:
    """Put ``text`` in the place of a file, durably; a crash leaves the old or the new."""
    new = Path(f"{path}.new")
    with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def read(path: Path) -> str:
    """Return a file's text as it is; what is too large for a proof is cut off."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE).decode(errors="replace")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the command line names; return the exit status."""
    parser = argparse.ArgumentParser(prog="guanjia.verifier", description="Check a guanjia proof.")
    parser.add_argument("proof", type=Path, help="a receipt, or an update")
    parser.add_argument("--key", required=True, help="the log's public key")
    parser.add_argument("--event", type=Path, help="of a receipt: the event's stored bytes")
    parser.add_argument("--old", type=Path, help="of an update: the older checkpoint")
    parser.add_argument("--state", type=Path, help="of an update: what the witness keeps")
    try:
        sys.stdout.write(_checked(parser.parse_args(arguments)) + "\n")
    except (Refused, OSError, OverflowError) as refusal:
        sys.stderr.write(f"{getattr(refusal, 'code', 'unreadable')}: {refusal}\n")
        return 1
    return 0


def _checked(asked: argparse.Namespace) -> str:
    key, text = Key.parse(asked.key), read(asked.proof)
    if asked.state:
        newer = witness(text, key, asked.state)
        return f"kept: a log of {newer.size} events that continues what was kept"
    if asked.old:
        newer = check_update(text, key, Checkpoint.parse(read(asked.old), key))
        return f"proved: the log of {newer.size} events begins with the older one"
    event, checkpoint = check_receipt(text, key, asked.event and asked.event.read_bytes())
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=event.stored_at)
    return f"""proved: event {event.position} of a log of {checkpoint.size}
{event.topic!r}, number {event.originator_version} of {event.originator_id!r}
stored at {at.isoformat()}
sha256 of its bytes {event.state_sha256.hex()}"""


if __name__ == "__main__":
    sys.exit(main())
