"""The verifier that is copied to others: what it accepts, and how it refuses everything else."""

from __future__ import annotations

import ast
import base64
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from guanjia import verifier
from guanjia.storage import Signer
from guanjia.storage.proof.leaves import leaf
from guanjia.verifier import Checkpoint, Key, Refused, check_receipt, check_update

from .conftest import SIZES
from .logs import Log, append, signed

POSITION = 200
SOURCE = Path(verifier.__file__)


@dataclass(frozen=True)
class Proofs:
    """What an outsider has: receipt and event, update and older checkpoint, and the key."""

    receipt: str
    event: bytes
    update: str
    older: Checkpoint
    key: Key
    public: str


@pytest.fixture(scope="module")
def proofs(original: Log) -> Proofs:
    """Proofs about the log."""
    older = signed(original)[SIZES.index(100)]
    with original.opened() as (_, audit):
        receipt, event = audit.receipt(POSITION)
        return Proofs(receipt, event, audit.update(100), older, original.signer.key, audit.key)


def refused(text: str, proofs: Proofs, key: Key | None = None) -> str:
    """Return the code with which a receipt or an update is refused."""
    with pytest.raises(Refused) as refusal:
        if text.startswith("old"):
            check_update(text, key or proofs.key, proofs.older)
        else:
            check_receipt(text, key or proofs.key, proofs.event)
    return refusal.value.code


def test_a_receipt_proves_its_event(proofs: Proofs) -> None:
    """It says which event it is, of which log, and is small."""
    event, checkpoint = check_receipt(proofs.receipt, proofs.key, proofs.event)
    assert (event.position, checkpoint.size) == (POSITION, 300)
    assert event.topic == "complaint.head_alerted.1"
    assert len(proofs.receipt.encode()) <= 2048


def test_a_receipt_of_a_huge_log_is_small(proofs: Proofs) -> None:
    """With 30 hashes, the longest names in use and two witnesses it stays below 2 KB."""
    more = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n" * (30 - proofs.receipt.count("=\n"))
    assert len(proofs.receipt.encode()) + len(more) + 2 * 150 <= 2048


def test_an_update_proves_that_the_log_only_grew(proofs: Proofs) -> None:
    """The newer checkpoint is returned, to be kept in the older one's place."""
    assert check_update(proofs.update, proofs.key, proofs.older).size == 300


def test_every_size_continues_every_older_one(log: Log) -> None:
    """Updates from each stored checkpoint, and from the newest to itself."""
    with log.opened() as (store, audit):
        append(store, 1)
        for older in signed(log):
            assert check_update(audit.update(older.size), log.signer.key, older).size >= older.size


@pytest.mark.parametrize("what", ["receipt", "update"])
def test_no_flipped_bit_is_accepted(proofs: Proofs, what: str) -> None:
    """Each bit of each byte, one after the other."""
    text: str = getattr(proofs, what)
    data = bytearray(text.encode())
    for place in range(len(data)):
        for bit in range(8):
            data[place] ^= 1 << bit
            refused_bytes(bytes(data), proofs, what)
            data[place] ^= 1 << bit


def refused_bytes(data: bytes, proofs: Proofs, what: str) -> None:
    """Refuse what a file of these bytes would say."""
    text = data.decode(errors="replace")
    with pytest.raises(Refused):
        if what == "update":
            check_update(text, proofs.key, proofs.older)
        else:
            check_receipt(text, proofs.key)


@pytest.mark.parametrize("what", ["receipt", "update"])
def test_no_lost_repeated_or_moved_line_is_accepted(proofs: Proofs, what: str) -> None:
    """Every line left out, doubled, emptied, and exchanged with every other that differs."""
    lines: list[str] = getattr(proofs, what).split("\n")
    for first, line in enumerate(lines):
        before, after = lines[:first], lines[first + 1 :]
        changed = [[*before, *after], [*before, "", *after], [*before, line, line, *after]]
        for second in range(first):
            if lines[second] != line:
                exchanged = lines.copy()
                exchanged[first], exchanged[second] = lines[second], line
                changed.append(exchanged)
        for one in changed:
            text = "\n".join(one)
            # The signature twice is twice the same proof.
            if text != "\n".join(lines) and not (line.startswith("—") and one.count(line) == 2):
                refused_bytes(text.encode(), proofs, what)


def test_no_truncated_proof_is_accepted(proofs: Proofs) -> None:
    """Cut after every byte."""
    for what in ("receipt", "update"):
        data = getattr(proofs, what).encode()
        for end in range(len(data)):
            refused_bytes(data[:end], proofs, what)


def numbered(text: str, number: str) -> str:
    """Return a receipt or an update that names another index or size."""
    name, old = ("old", "100") if text.startswith("old") else ("index", str(POSITION - 1))
    return text.replace(f"{name} {old}\n", f"{name} {number}\n")


@pytest.mark.parametrize(
    "number",
    ["-1", "+199", "0199", "1e2", " 199", "199 ", "١٩٩", "", "1_99", "0x1", "9" * 19, "9" * 5000],
)
def test_numbers_have_one_form(proofs: Proofs, number: str) -> None:
    """Signs, zeros in front, other digits and what is beyond 18 digits are malformed."""
    assert refused(numbered(proofs.receipt, number), proofs) == "malformed"
    assert refused(numbered(proofs.update, number), proofs) == "malformed"


@pytest.mark.parametrize(
    ("number", "receipt", "update"),
    [
        ("0", "not_proved", "out_of_range"),
        ("198", "not_proved", "out_of_range"),
        ("299", "not_proved", "out_of_range"),
        ("300", "out_of_range", "out_of_range"),
        ("9" * 18, "out_of_range", "out_of_range"),
    ],
)
def test_other_numbers_prove_nothing(
    proofs: Proofs, number: str, receipt: str, update: str
) -> None:
    """An index or size that is not the proof's own, and one that is not in the log."""
    assert refused(numbered(proofs.receipt, number), proofs) == receipt
    assert refused(numbered(proofs.update, number), proofs) == update


def test_base64_has_one_form(proofs: Proofs) -> None:
    """Unused bits that are set, missing padding, other alphabets, spaces and lengths."""
    hash_ = proofs.receipt.split("\n")[3]
    sloppy = hash_[:-2] + chr(ord(hash_[-2]) + 1) + "="
    assert base64.b64decode(sloppy) == base64.b64decode(hash_)
    short = base64.b64encode(bytes(31)).decode()
    wrong = (sloppy, hash_[:-1], hash_ + "=", f" {hash_}", f"{hash_} ", f"{hash_}\r", short, "====")
    for one in (*wrong, base64.b64encode(bytes(33)).decode(), hash_.lower() + "_"):
        assert refused(proofs.receipt.replace(hash_, one), proofs) == "malformed"


def resigned(text: str, log: Log, size: int | None = None, root: bytes | None = None) -> str:
    """Return a proof whose checkpoint says something else, signed by the log's own key."""
    head, _, note = text.partition("\n\n")
    own = Checkpoint.parse(note, log.signer.key)
    signed = log.signer.sign(own.size if size is None else size, root or own.root)
    return f"{head}\n\n{signed.note}"


def test_what_the_key_signed_is_still_checked(proofs: Proofs, original: Log) -> None:
    """A log's own signature under other numbers or roots does not make the hashes lead there."""
    for text in (proofs.receipt, proofs.update):
        assert refused(resigned(text, original, size=1000), proofs) == "not_proved"
        assert refused(resigned(text, original, root=bytes(32)), proofs) == "not_proved"
        assert refused(resigned(text, original, size=0), proofs) == "out_of_range"
        assert refused(resigned(text, original, size=10**18), proofs) == "malformed"


def test_another_key_is_refused(proofs: Proofs, original: Log) -> None:
    """Another log's key, one of the same name, and a signature that another key made."""
    stranger = Signer.generate()
    namesake = Signer(original.signer.key.name, bytes(32))
    for text in (proofs.receipt, proofs.update):
        assert refused(text, proofs, stranger.key) == "not_signed"
        assert refused(text, proofs, namesake.key) == "not_signed"
        head, _, note = text.partition("\n\n")
        root = Checkpoint.parse(note, proofs.key).root
        for signer in (stranger, namesake):
            assert refused(f"{head}\n\n{signer.sign(300, root).note}", proofs) == "not_signed"


def test_a_checkpoint_of_another_log_is_refused(proofs: Proofs) -> None:
    """The key's own signature under the name of another log."""
    signer = Signer.generate()
    text = f"elsewhere\n0\n{base64.b64encode(verifier.EMPTY_ROOT).decode()}\n"
    blob = base64.b64encode(signer.key.id + signer._private.sign(text.encode())).decode()
    with pytest.raises(Refused) as refusal:
        Checkpoint.parse(f"{text}\n— {signer.key.name} {blob}\n", signer.key)
    assert refusal.value.code == "other_log"
    assert proofs.key.name != signer.key.name


def test_witnesses_may_add_their_signatures(proofs: Proofs) -> None:
    """Signatures of keys that nobody asked about are passed over, as signed-note wants it."""
    other = Signer.generate().sign(1, bytes(32)).note.partition("\n\n")[2]
    assert check_receipt(proofs.receipt + other, proofs.key)[0].position == POSITION
    assert refused(proofs.receipt + other.replace("— ", "- "), proofs) == "malformed"


def test_the_event_must_be_the_one(proofs: Proofs) -> None:
    """Other bytes than the stored ones are refused by a receipt that is right."""
    with pytest.raises(Refused) as refusal:
        check_receipt(proofs.receipt, proofs.key, proofs.event + b" ")
    assert refusal.value.code == "other_event"


def test_a_leaf_that_names_another_position_is_refused(original: Log) -> None:
    """A log that was made to hold an event of another position proves nothing."""
    with original.opened() as (store, _):
        row = store.read(4, 1)[0]
    made = leaf(7, row, row.stored_at).to_bytes()
    root = verifier.leaf_hash(made)
    extra = base64.b64encode(made).decode()
    text = (
        f"{verifier.RECEIPT_KIND}\nextra {extra}\nindex 0\n\n{original.signer.sign(1, root).note}"
    )
    with pytest.raises(Refused) as refusal:
        check_receipt(text, original.signer.key)
    assert refusal.value.code == "other_event"


@pytest.mark.parametrize("cut", [0, 1, 15, 16, 47, 48, 60, 79, -1])
def test_what_is_no_leaf_of_an_event_is_refused(original: Log, cut: int) -> None:
    """Too short, too long or with other lengths inside: even when it is in the log."""
    with original.opened() as (store, _):
        row = store.read(0, 1)[0]
    whole = leaf(1, row, row.stored_at).to_bytes()
    made = whole[:cut] if cut >= 0 else whole + b"x"
    extra = base64.b64encode(made).decode()
    note = original.signer.sign(1, verifier.leaf_hash(made)).note
    text = f"{verifier.RECEIPT_KIND}\nextra {extra}\nindex 0\n\n{note}"
    with pytest.raises(Refused) as refusal:
        check_receipt(text, original.signer.key)
    assert refusal.value.code == "malformed"


def test_no_flipped_bit_of_a_key_is_accepted(proofs: Proofs) -> None:
    """A key is either the one that was published, or refused."""
    assert Key.parse(proofs.public) == proofs.key
    for place in range(len(proofs.public)):
        for bit in range(7):
            data = bytearray(proofs.public.encode())
            data[place] ^= 1 << bit
            with pytest.raises(Refused):
                Key.parse(data.decode())
    endings = (proofs.public + "=", proofs.public + "\n", "\udc80" + proofs.public)
    for wrong in ("", "+", "++", f" {proofs.public}", *endings):
        with pytest.raises(Refused):
            Key.parse(wrong)


def run(*arguments: object) -> int:
    """Run the verifier as a program does; return its exit status."""
    return verifier.main([str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path: Path, proofs: Proofs) -> Path:
    """The proofs as files."""
    for name in ("receipt", "update"):
        (tmp_path / name).write_bytes(getattr(proofs, name).encode())
    (tmp_path / "event").write_bytes(proofs.event)
    (tmp_path / "older").write_bytes(proofs.older.note.encode())
    return tmp_path


def test_the_program_says_what_is_proved(
    files: Path, proofs: Proofs, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 0 and what the proof is about, or status 1 and one line."""
    key = ("--key", proofs.public)
    assert run(files / "receipt", *key, "--event", files / "event") == 0
    assert run(files / "update", *key, "--old", files / "older") == 0
    said = capsys.readouterr().out
    assert "proved: event 200 of a log of 300" in said
    assert "'complaint.head_alerted.1', number 12 of 'complaint:N-13'" in said
    assert "the log of 300 events begins with the older one" in said
    assert run(files / "receipt", *key, "--event", files / "older") == 1
    assert run(files / "update", *key) == 1
    assert run(files / "nothing", *key) == 1
    (files / "receipt").write_bytes(b"\xff" * 20_000)
    assert run(files / "receipt", *key) == 1
    refusals = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in refusals] == [
        "other_event", "malformed", "unreadable", "malformed",
    ]  # fmt: skip


def test_a_witness_keeps_only_what_continues(
    files: Path, proofs: Proofs, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    """It takes the newer checkpoint once, and neither an older nor an inconsistent one."""
    state = files / "state"
    arguments = (files / "update", "--key", proofs.public, "--state", state)
    assert run(*arguments) == 1
    assert not state.exists()
    shutil.copy(files / "older", state)
    assert run(*arguments) == 0
    newest = state.read_text("utf-8")
    assert proofs.update.endswith(newest)
    assert run(*arguments) == 1
    with log.opened() as (store, audit):
        (files / "update").write_bytes(audit.update(300).encode())
        assert run(*arguments) == 0
        append(store, 5)
        audit.checkpoint()
        other = resigned(audit.update(300), log, root=bytes(32))
        (files / "update").write_bytes(other.encode())
        assert run(*arguments) == 1
        assert state.read_text("utf-8") == newest
        (files / "update").write_bytes(audit.update(300).encode())
        assert run(*arguments) == 0
    codes = [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()]
    assert codes == ["unreadable", "out_of_range", "not_proved"]
    assert Checkpoint.parse(verifier.read(state), proofs.key).size == 305


def test_a_damaged_state_is_refused(files: Path, proofs: Proofs) -> None:
    """A witness whose own file was altered does not go on from it."""
    state = files / "state"
    state.write_text(proofs.older.note.replace("100", "101"), "utf-8")
    assert run(files / "update", "--key", proofs.public, "--state", state) == 1


def test_a_crash_leaves_the_witness_the_old_state(
    files: Path, proofs: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the new state cannot be made durable, the old one stays in its place."""
    state = files / "state"
    shutil.copy(files / "older", state)

    def fail(_descriptor: int) -> None:
        raise OSError(28, "no space left on device")

    arguments = (files / "update", "--key", proofs.public, "--state", state)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        assert run(*arguments) == 1
    assert state.read_text("utf-8") == proofs.older.note
    assert run(*arguments) == 0


def test_of_two_witnesses_on_one_state_one_takes_the_step(files: Path, proofs: Proofs) -> None:
    """The step from an older checkpoint is taken once, however many try it together."""
    state = files / "state"
    shutil.copy(files / "older", state)
    arguments = (files / "update", "--key", proofs.public, "--state", state)
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: run(*arguments), range(8)))
    assert sorted(done) == [0, *[1] * 7]


def test_the_verifier_needs_nothing_but_cryptography() -> None:
    """It imports the standard library and cryptography, and can be read in one sitting."""
    tree = ast.parse(SOURCE.read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any(isinstance(node, ast.ImportFrom) and node.level for node in imports)
    modules = [node.module or "" for node in imports if isinstance(node, ast.ImportFrom)]
    modules += [one.name for node in imports if isinstance(node, ast.Import) for one in node.names]
    names = {module.partition(".")[0] for module in modules}
    assert names - sys.stdlib_module_names == {"cryptography"}
    assert len(SOURCE.read_text("utf-8").splitlines()) <= 300


def test_the_verifier_works_as_a_copy_of_one_file(files: Path, proofs: Proofs) -> None:
    """Copied alone, and run where guanjia is not."""
    copy = shutil.copy(SOURCE, files / "check.py")
    program = [sys.executable, "-I", str(copy), str(files / "receipt"), "--key", proofs.public]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("proved: event 200")
