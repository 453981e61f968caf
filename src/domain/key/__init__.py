"""Key 钥匙: in one place at a time, from the builder's hand to its end.

Read in this order: ``commands`` (what people do), ``events`` (what happened), ``state`` (what
decisions need) and ``evolve`` (how events change it), ``custody`` (the rules), ``clocks`` (the
promise to bring it back).
"""

from __future__ import annotations

from collections.abc import Iterable

from ..context import Context
from ..errors import DuplicateKey, UnknownKey
from . import commands as c
from . import custody
from .events import KeyEvent
from .state import Key


def decide(  # noqa: C901, PLR0911 - a case per command
    key: Key | None, command: c.KeyCommand, ctx: Context, occasions: Iterable[str]
) -> KeyEvent:
    """Return the event of one command; ``occasions`` are the centres of what it names.

    Raises ``Rejected`` and its children.
    """
    if isinstance(command, c.ReceiveKey):
        if key is not None:
            raise DuplicateKey(command.key)
        return custody.receive(command, ctx)
    if key is None:
        raise UnknownKey(command.key)
    match command:
        case c.IssueKey():
            return custody.issue(key, command, ctx)
        case c.EntrustKey():
            return custody.entrust(key, command, ctx, occasions)
        case c.LendKey():
            return custody.lend(key, command, ctx, occasions)
        case c.ReturnKey():
            return custody.take_back(key, command, ctx)
        case c.SurrenderKey():
            return custody.surrender(key, command, ctx)
        case c.ReportKeyLost():
            return custody.lose(key, command, ctx)
        case c.DestroyKey():
            return custody.destroy(key, command, ctx)
        case _:
            raise TypeError(command.do)
