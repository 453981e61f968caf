"""Hashes, roots and proofs: against known vectors and against the RFC, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanjia.storage import SqlStore
from guanjia.storage.proof import tree
from guanjia.storage.proof.check import Growing
from guanjia.storage.proof.leaves import leaf
from guanjia.verifier import (
    EMPTY_ROOT,
    Refused,
    check_consistency,
    check_inclusion,
    leaf_hash,
)

from . import naive
from .logs import append

# The leaves and roots that implementations of RFC 6962 are commonly tried with.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = st.integers(1, 300)
DATA = [number.to_bytes(2, "big") for number in range(300)]


@cache
def root(start: int, end: int) -> bytes:
    """Return the RFC's root over some of the data."""
    return naive.mth(DATA[start:end])


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_known_ones(size: int) -> None:
    """Both ways of making a root give the published ones."""
    growing = Growing()
    for data in LEAVES[:size]:
        list(growing.add(leaf_hash(data)))
    assert naive.mth(LEAVES[:size]).hex() == growing.root().hex() == ROOTS[size]


@given(SIZES, st.data())
def test_inclusion_is_proved_at_every_size(size: int, draw: st.DataObject) -> None:
    """The RFC's path of any leaf proves it, and proves no other leaf, index or size."""
    index = draw.draw(st.integers(0, size - 1))
    path, hash_ = naive.path(index, DATA[:size]), leaf_hash(DATA[index])
    check_inclusion(index, size, hash_, path, root(0, size))
    other = draw.draw(st.integers(0, size))
    if other != index:
        with pytest.raises(Refused):
            check_inclusion(other, size, hash_, path, root(0, size))
        with pytest.raises(Refused):
            check_inclusion(index, size, leaf_hash(DATA[other - 1] + b"x"), path, root(0, size))


@given(SIZES, st.data())
def test_consistency_is_proved_at_every_size(new: int, draw: st.DataObject) -> None:
    """The RFC's proof of any older size proves it, and proves no other size or root."""
    old = draw.draw(st.integers(0, new))
    path = naive.proof(old, DATA[:new]) if old else []
    check_consistency(old, new, root(0, old), root(0, new), path)
    if old:
        for wrong in ((old, new, root(1, old + 1)), (old - 1, new, root(0, old))):
            with pytest.raises(Refused):
                check_consistency(*wrong, root(0, new), path)
    with pytest.raises(Refused):
        check_consistency(old, new, root(0, old), root(0, new), [*path, EMPTY_ROOT])


@pytest.fixture(params=[2, 3, 8])
def grown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    """A store of 300 events; the tree's stored levels are closer together, or as they are."""
    monkeypatch.setattr(tree, "BAND", request.param)
    with SqlStore.in_memory() as store:
        append(store, 300)
        yield store


def test_the_stored_tree_says_what_the_rfc_says(grown: SqlStore) -> None:
    """Roots, paths and proofs of many sizes, from stored nodes and leaf hashes."""
    data = [leaf(row.position, row, row.stored_at).to_bytes() for row in grown.read(0, 300)]
    stored = tree.Tree(grown._database)
    stored.grow(300)
    for size in (1, 2, 3, 4, 7, 8, 9, 64, 100, 255, 256, 257, 299, 300):
        assert stored.root(size) == naive.mth(data[:size])
        for number in {0, 1, size // 3, size // 2, size - 2, size - 1} & {*range(size)}:
            assert stored.inclusion(number, size) == naive.path(number, data[:size])
            assert stored.consistency(number + 1, size) == naive.proof(number + 1, data[:size])


def test_nothing_is_inside_an_empty_log() -> None:
    """Size zero and numbers out of range are refused, not computed with."""
    for index, size in ((0, 0), (-1, 0), (-1, 1), (1, 1), (2**70, 2**70)):
        with pytest.raises(Refused, match="not in a tree"):
            check_inclusion(index, size, EMPTY_ROOT, [], EMPTY_ROOT)
    for old, new in ((1, 0), (-1, 0), (2, 1)):
        with pytest.raises(Refused, match="cannot become"):
            check_consistency(old, new, EMPTY_ROOT, EMPTY_ROOT, [])
    with pytest.raises(Refused):
        check_consistency(0, 0, EMPTY_ROOT, leaf_hash(b""), [])
