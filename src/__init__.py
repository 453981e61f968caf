"""guanjia (管家): an event-sourced domain library for residential property service centres.

    import guanjia as gj
    office = gj.open("./guanjia-data")

What needs a database is imported when it is first used, so that ``guanjia.domain`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .domain.application import Done
from .domain.centre import (
    AssignArea,
    CountKeys,
    Delegate,
    HandOverDuty,
    RecordDuty,
    TakeCorrectiveAction,
)
from .domain.complaint.commands import (
    AcceptComplaint,
    AgreeAppointment,
    AlertHead,
    AnswerComplaint,
    ApproveRemedy,
    ApproveReply,
    ClassifyComplaint,
    CloseComplaint,
    ConfirmResult,
    ConsultOnComplaint,
    CorrectComplaint,
    DispatchComplaint,
    EscalateComplaint,
    FinishHandling,
    ForceCloseComplaint,
    MarkMajor,
    MarkSensitive,
    MergeComplaint,
    MoveAppointment,
    ReceiveComplaint,
    ReopenComplaint,
    ReplyToComplaint,
    ReportProgress,
    RevisitComplaint,
    SignClassification,
    StartHandling,
    TransferComplaint,
    TriageComplaint,
    VerifyClosure,
    VoidComplaint,
)
from .domain.complaint.orders.commands import (
    OpenWorkOrder,
    ReturnWorkOrder,
    VerifyWorkOrder,
    VoidWorkOrder,
)
from .domain.disclosure.commands import About, BreakGlass, ReviewGlass
from .domain.disclosure.seen import Denied, Seen
from .domain.errors import Rejected
from .domain.export.commands import ApproveExport, DestroyExport, RequestExport
from .domain.key.commands import (
    DestroyKey,
    EntrustKey,
    IssueKey,
    LendKey,
    ReceiveKey,
    ReportKeyLost,
    ReturnKey,
    SurrenderKey,
)
from .domain.matrix import AdoptMatrix, ApproveMatrix, Grant
from .domain.messages import Command, Contact, Event
from .domain.moments import now
from .domain.parcel.commands import (
    HandOutParcel,
    NotifyAddressee,
    RegisterParcel,
    ReportParcelLost,
    ReturnParcel,
)
from .domain.permit.commands import (
    AcceptRenovation,
    ApplyForPermit,
    ArchivePermit,
    CompleteRenovation,
    ExtendPermit,
    IssuePass,
    IssuePermit,
    Meters,
    PatrolRenovation,
    RecordViolation,
    ResumeWork,
    ReturnPass,
    ReviewPermit,
    SettleDeposit,
    SignAgreement,
    StopWork,
)
from .domain.policy import AdoptPolicy
from .domain.privacy.commands import EraseResident, LiftLegalHold, PlaceLegalHold, RequestErasure
from .domain.roster import PostStaff, StaffLeaves, TransferStaff
from .domain.unit.commands import (
    AssignParking,
    BorrowDocument,
    ChangeOwner,
    CopyDocument,
    EndParking,
    EndResidence,
    FileDocument,
    FinishDefect,
    FoundDefect,
    GiveHandoverNotice,
    HandOverUnit,
    InspectUnit,
    IssuePaperCopy,
    NotifyBuilder,
    RecallPaperCopy,
    RecordVisit,
    RegisterResident,
    RegisterUnit,
    ReplaceCopyPages,
    ReportDefect,
    ReportDocumentMissing,
    ReturnDocument,
    UpdateContact,
    VerifyDefect,
)
from .domain.warranty_report import ExplainWarranty
from .domain.workdays import LoadCalendar

if TYPE_CHECKING:
    from .folder import OfficeError, init
    from .office import Office, open_in_memory
    from .office import open_office as open  # noqa: A004 - the contract's name

_LAZY = {
    "Office": ("office", "Office"),
    "OfficeError": ("folder", "OfficeError"),
    "init": ("folder", "init"),
    "open": ("office", "open_office"),
    "open_in_memory": ("office", "open_in_memory"),
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    module, attribute = _LAZY[name]
    return getattr(import_module(f".{module}", __name__), attribute)


__all__ = [
    "About",
    "AcceptComplaint",
    "AcceptRenovation",
    "AdoptMatrix",
    "AdoptPolicy",
    "AgreeAppointment",
    "AlertHead",
    "AnswerComplaint",
    "ApplyForPermit",
    "ApproveExport",
    "ApproveMatrix",
    "ApproveRemedy",
    "ApproveReply",
    "ArchivePermit",
    "AssignArea",
    "AssignParking",
    "BorrowDocument",
    "BreakGlass",
    "ChangeOwner",
    "ClassifyComplaint",
    "CloseComplaint",
    "Command",
    "CompleteRenovation",
    "ConfirmResult",
    "ConsultOnComplaint",
    "Contact",
    "CopyDocument",
    "CorrectComplaint",
    "CountKeys",
    "Delegate",
    "Denied",
    "DestroyExport",
    "DestroyKey",
    "DispatchComplaint",
    "Done",
    "EndParking",
    "EndResidence",
    "EntrustKey",
    "EraseResident",
    "EscalateComplaint",
    "Event",
    "ExplainWarranty",
    "ExtendPermit",
    "FileDocument",
    "FinishDefect",
    "FinishHandling",
    "ForceCloseComplaint",
    "FoundDefect",
    "GiveHandoverNotice",
    "Grant",
    "HandOutParcel",
    "HandOverDuty",
    "HandOverUnit",
    "InspectUnit",
    "IssueKey",
    "IssuePaperCopy",
    "IssuePass",
    "IssuePermit",
    "LendKey",
    "LiftLegalHold",
    "LoadCalendar",
    "MarkMajor",
    "MarkSensitive",
    "MergeComplaint",
    "Meters",
    "MoveAppointment",
    "NotifyAddressee",
    "NotifyBuilder",
    "Office",
    "OfficeError",
    "OpenWorkOrder",
    "PatrolRenovation",
    "PlaceLegalHold",
    "PostStaff",
    "RecallPaperCopy",
    "ReceiveComplaint",
    "ReceiveKey",
    "RecordDuty",
    "RecordViolation",
    "RecordVisit",
    "RegisterParcel",
    "RegisterResident",
    "RegisterUnit",
    "Rejected",
    "ReopenComplaint",
    "ReplaceCopyPages",
    "ReplyToComplaint",
    "ReportDefect",
    "ReportDocumentMissing",
    "ReportKeyLost",
    "ReportParcelLost",
    "ReportProgress",
    "RequestErasure",
    "RequestExport",
    "ResumeWork",
    "ReturnDocument",
    "ReturnKey",
    "ReturnParcel",
    "ReturnPass",
    "ReturnWorkOrder",
    "ReviewGlass",
    "ReviewPermit",
    "RevisitComplaint",
    "Seen",
    "SettleDeposit",
    "SignAgreement",
    "SignClassification",
    "StaffLeaves",
    "StartHandling",
    "StopWork",
    "SurrenderKey",
    "TakeCorrectiveAction",
    "TransferComplaint",
    "TransferStaff",
    "TriageComplaint",
    "UpdateContact",
    "VerifyClosure",
    "VerifyDefect",
    "VerifyWorkOrder",
    "VoidComplaint",
    "VoidWorkOrder",
    "init",
    "now",
    "open",
    "open_in_memory",
]
