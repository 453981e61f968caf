"""What people do with an export in clear."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..matrix import PersonalField, Purpose
from ..messages import Command, Id


class ExportCommand(Command):
    """A command about one export, named by ``export``."""

    export: Id


class RequestExport(ExportCommand):
    """申请明文导出: ask for fields of the residents of these homes, in clear."""

    do: Literal["request_export"] = "request_export"
    centre: Id
    units: tuple[Id, ...] = Field(min_length=1, max_length=20_000)
    fields_asked: tuple[PersonalField, ...] = Field(min_length=1)
    purpose: Purpose


class ApproveExport(ExportCommand):
    """批准明文导出: let it be written, as the second person."""

    do: Literal["approve_export"] = "approve_export"


class ReleaseExport(ExportCommand):
    """Record what is about to be written; only the gateway does it, once."""

    do: Literal["release_export"] = "release_export"


class DestroyExport(ExportCommand):
    """销毁导出文件: the file is destroyed."""

    do: Literal["destroy_export"] = "destroy_export"
