"""The verifier that is copied to others: what it accepts, and which other proofs it refuses."""

from __future__ import annotations

import base64

import pytest

from guanjia import verifier
from guanjia.storage import Signer
from guanjia.storage.proof.leaves import leaf
from guanjia.verifier import Checkpoint, Refused, check_receipt, check_update

from .logs import Log, append, signed
from .proofs import POSITION, Proofs, refused, resigned


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
