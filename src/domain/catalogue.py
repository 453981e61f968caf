"""Every command by its ``do`` tag; events register themselves under their topics."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import get_annotations

from . import centre, matrix, policy, roster, warranty_report, workdays
from .complaint import commands as complaint
from .complaint.orders import commands as orders
from .disclosure import commands as disclosure
from .export import commands as export
from .key import commands as key
from .messages import Command
from .parcel import commands as parcel
from .permit import commands as permit
from .privacy import commands as privacy
from .unit import commands as unit


def _concrete(base: type[Command]) -> Iterator[type[Command]]:
    for cls in base.__subclasses__():
        if "do" in get_annotations(cls):
            yield cls
        yield from _concrete(cls)


_MODULES = (
    centre,
    complaint,
    orders,
    disclosure,
    export,
    key,
    matrix,
    parcel,
    permit,
    policy,
    privacy,
    roster,
    unit,
    warranty_report,
    workdays,
)

_OF_THE_GATEWAY = (disclosure.AccessCommand, export.ReleaseExport)

COMMANDS: dict[str, type[Command]] = {
    cls.model_fields["do"].default: cls
    for cls in _concrete(Command)
    if not issubclass(cls, _OF_THE_GATEWAY)
    and cls.__module__ in {module.__name__ for module in _MODULES}
}
"""The commands of this library by their ``do`` tag."""
