"""What people do with a key; each class is one command (domain section 5)."""

from __future__ import annotations

from typing import Literal

from ..messages import Command, Flag, FreeText, Id
from ..moments import Given

KeyKind = Literal["door", "card"]
Purpose = Literal["renovation", "repair", "other"]


class KeyCommand(Command):
    """A command about one key or card, named by ``key``."""

    key: Id


class OccasionCommand(KeyCommand):
    """A command that moves a key for a renovation ``permit`` or for a case, ``complaint``."""

    permit: Id | None = None
    complaint: Id | None = None


class ReceiveKey(KeyCommand):
    """接收: take a key over from the builder; who records it is the receiver named in the record.

    ``record`` is the number of the 钥匙移交记录表 that both sides sign.
    """

    do: Literal["receive_key"] = "receive_key"
    centre: Id
    unit: Id
    kind: KeyKind
    record: Id
    signed_by_both: Flag


class IssueKey(KeyCommand):
    """发放: give the key to the resident; ``signature`` is the number of the signed receipt."""

    do: Literal["issue_key"] = "issue_key"
    resident: Id
    signature: Id


class EntrustKey(OccasionCommand):
    """委托: take the key back from a resident for a purpose, until a time.

    Entrusted for one permit or case it is lent for no other.
    """

    do: Literal["entrust_key"] = "entrust_key"
    resident: Id
    purpose: Purpose
    until: Given


class LendKey(OccasionCommand):
    """借出: lend the key to a member of staff for a permit or a case, due back at a time."""

    do: Literal["lend_key"] = "lend_key"
    to: Id
    due_back: Given


class ReturnKey(KeyCommand):
    """归还: a lent key goes back where it was, an entrusted one to its resident, a found one in."""

    do: Literal["return_key"] = "return_key"


class SurrenderKey(KeyCommand):
    """交回: the resident gives the key up for good, as when moving out; both sign ``record``."""

    do: Literal["surrender_key"] = "surrender_key"
    record: Id
    signed_by_both: Flag


class ReportKeyLost(KeyCommand):
    """挂失: the key is lost; once more, with ``lock_changed``, when the lock was changed later."""

    do: Literal["report_key_lost"] = "report_key_lost"
    lock_changed: Flag = False


class DestroyKey(KeyCommand):
    """销毁: destroy a key that opens nothing any more."""

    do: Literal["destroy_key"] = "destroy_key"
    reason: FreeText
