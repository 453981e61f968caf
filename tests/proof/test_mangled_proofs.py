"""Proofs that were altered on their way: no bit, line or number may be another."""

from __future__ import annotations

import base64

import pytest

from guanjia.verifier import Key, Refused, check_receipt, check_update

from .proofs import POSITION, Proofs, refused


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
