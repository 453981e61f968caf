"""The Merkle tree over the leaf hashes (RFC 6962, section 2.1), grown behind the events."""

from __future__ import annotations

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.engine.interfaces import DBAPICursor

from ...verifier import EMPTY_ROOT, node_hash
from ..database import Database
from ..errors import HistoryDiffers
from ..schema import Statement, events, tree_nodes

# Only the nodes at every eighth level are stored, one row for 256 events; what lies between is made
# of them when it is asked for, of at most 128 hashes.
BAND = 8


class Tree:
    """Answers with roots and proofs of the log's first leaves. Safe to share between threads.

    A node is the complete subtree over ``2**level`` leaves that begins with leaf
    ``number * 2**level``; leaves are counted from 0. Asked for what was not grown yet, or what
    somebody removed, it raises HistoryDiffers.
    """

    GROWN_AT_ONCE = 64

    def __init__(self, database: Database) -> None:
        self._database = database
        dialect = database.dialect
        level, number = tree_nodes.c.level, tree_nodes.c.number
        first, end = (bindparam(name, type_=BigInteger) for name in ("first", "end"))
        self._leaves = Statement(
            select(events.c.leaf)
            .where(events.c.position > first, events.c.position <= end)
            .order_by(events.c.position),
            dialect,
        )
        self._nodes = Statement(
            select(tree_nodes.c.hash)
            .where(level == bindparam("level"), number >= first, number < end)
            .order_by(number),
            dialect,
        )
        self._last = Statement(select(func.max(number)).where(level == bindparam("level")), dialect)
        self._add = Statement(tree_nodes.insert(), dialect)

    def grow(self, size: int) -> None:
        """Store what is missing of the complete nodes over the first ``size`` leaves.

        Commits as it goes: killed at any moment, it is continued by the next call.
        """
        level = BAND
        while wanted := size >> level:
            while self._grow(level, wanted):
                pass
            level += BAND

    def root(self, size: int) -> bytes:
        """Return the root over the first ``size`` leaves."""
        return self._root(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the path from leaf ``index`` to the root over ``size`` leaves (2.1.1)."""
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(start, middle))
                start = middle
        return [*reversed(path)]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the first ``old`` of ``new`` leaves are the older log (2.1.2)."""
        path: list[bytes] = []
        start, end = 0, new if old else 0  # of the empty log there is nothing to prove
        while old < end:
            middle = start + _split(end - start)
            if old <= middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(start, middle))
                start = middle
        # The old root itself is known to who has the older checkpoint.
        return [*([self._root(start, end)] if start else []), *reversed(path)]

    def _root(self, start: int, end: int) -> bytes:
        """Return the root over the leaves from ``start``, which must be a split's, to ``end``."""
        size = end - start
        if size & (size - 1) == 0:
            return self._node(size.bit_length() - 1, start // size)
        middle = start + _split(size)
        return node_hash(self._root(start, middle), self._root(middle, end))

    def _node(self, level: int, number: int) -> bytes:
        above = level % BAND
        first = number << above
        with self._database.reading() as cursor:
            hashes = self._stored(cursor, level - above, first, first + (1 << above))
        return _folded(hashes)

    def _stored(self, cursor: DBAPICursor, level: int, first: int, end: int) -> list[bytes]:
        """Return the nodes from ``first`` to ``end`` of a stored level."""
        if level:
            rows = self._nodes.run(cursor, level=level, first=first, end=end).fetchall()
        else:
            rows = self._leaves.run(cursor, first=first, end=end).fetchall()
        if len(rows) != end - first:
            msg = f"hashes of level {level} are missing between {first} and {end}"
            raise HistoryDiffers(msg)
        return [bytes(node) for (node,) in rows]

    def _grow(self, level: int, wanted: int) -> bool:
        """Store some nodes of ``level``; return whether there were any to store."""
        with self._database.transaction() as cursor:
            row = self._last.run(cursor, level=level).fetchone()
            have = 0 if row is None or row[0] is None else row[0] + 1
            numbers = range(have, min(wanted, have + self.GROWN_AT_ONCE))
            if not numbers:
                return False
            below = self._stored(cursor, level - BAND, numbers.start << BAND, numbers.stop << BAND)
            rows: list[dict[str, bytes | str | int]] = [
                {"level": level, "number": number, "hash": _folded(below[at : at + (1 << BAND)])}
                for number, at in zip(numbers, range(0, len(below), 1 << BAND), strict=True)
            ]
            self._add.run_many(cursor, rows)
        return True


def _split(size: int) -> int:
    """Return the largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _folded(hashes: list[bytes]) -> bytes:
    """Return the root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
