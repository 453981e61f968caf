"""What happened to a home: immutable facts, stored under stable topics."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from ..messages import ContactRefs, Event, Message, Ref, Sealed, stored_as
from ..moments import Moment
from ..promises import Clock
from .commands import DefectKind, DocumentKind, Role, VisitKind, Warranty
from .standing import CopyRow, DefectRow, DocumentRow, ParkingRow, ResidentRow, UnitRow


class UnitEvent(Event):
    """A fact about one home, with the rows of its standing that it changed."""

    unit: UnitRow | None = None
    residents: tuple[ResidentRow, ...] = ()
    parking: tuple[ParkingRow, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    copies: tuple[CopyRow, ...] = ()
    defects: tuple[DefectRow, ...] = ()
    clocks: tuple[Clock, ...] = ()


@stored_as("unit.registered.1")
class UnitRegistered(UnitEvent):
    """登记房屋: the home is in the register and bound by this policy version."""

    policy: str
    centre: str
    building: str
    area: str | None = None
    warranty_until: dict[DefectKind, date] = Field(default_factory=dict)


@stored_as("unit.resident_registered.1")
class ResidentRegistered(UnitEvent):
    """业户登记: an owner, tenant or member of the family."""

    resident: str
    role: Role
    family_of: str | None = None
    contact: ContactRefs | None = None
    id_number: Annotated[str | None, Sealed("id_number")] = None


@stored_as("unit.owner_changed.1")
class OwnerChanged(UnitEvent):
    """过户/更名: the home has another owner; the former one's residence ended.

    The former owner's family left too, unless the new owner is one of them.
    """

    resident: str
    former: str | None = None
    contact: ContactRefs | None = None
    id_number: Annotated[str | None, Sealed("id_number")] = None


@stored_as("unit.residence_ended.1")
class ResidenceEnded(UnitEvent):
    """迁出: a resident moved out."""

    resident: str


@stored_as("unit.contact_updated.1")
class ContactUpdated(UnitEvent):
    """变更联系方式: the fields whose references stand here are new."""

    resident: str
    contact: ContactRefs


@stored_as("unit.parking_assigned.1")
class ParkingAssigned(UnitEvent):
    """车位办理: the home has a parking space."""

    space: str
    resident: str
    vehicle: Annotated[str | None, Sealed("vehicle")] = None


@stored_as("unit.parking_ended.1")
class ParkingEnded(UnitEvent):
    """车位退租: the home has the space no longer."""

    space: str


@stored_as("unit.handover_noticed.1")
class HandoverNoticed(UnitEvent):
    """收楼通知书: the owner was told the day."""

    handover_on: date


class DefectFound(Message):
    """A defect found at the inspection."""

    defect: str
    kind: DefectKind
    where: Warranty
    text: Ref


@stored_as("unit.inspected.1")
class UnitInspected(UnitEvent):
    """验房: what the meters showed (decimal text) and the defects found."""

    water: str
    electricity: str
    found: tuple[DefectFound, ...] = ()


@stored_as("unit.handed_over.1")
class UnitHandedOver(UnitEvent):
    """交付/入伙: the home passed to its owner with these keys and cards."""

    verified: tuple[str, ...]
    fees_paid: bool
    confirmation: str
    owner: str | None = None
    keys: tuple[str, ...]
    cards: tuple[str, ...]


@stored_as("unit.visited.1")
class UnitVisited(UnitEvent):
    """走访: the actor saw or called the customer at home."""

    kind: VisitKind
    text: Ref | None = None


class DocumentEvent(UnitEvent):
    """A fact about one document of the household's file."""

    document: str


@stored_as("unit.document_filed.1")
class DocumentFiled(DocumentEvent):
    """归档: a document is in the household's file."""

    kind: DocumentKind


@stored_as("unit.document_copied.1")
class DocumentCopied(DocumentEvent):
    """复印: somebody was handed a copy."""

    to: str
    to_person: str


@stored_as("unit.document_borrowed.1")
class DocumentBorrowed(DocumentEvent):
    """借阅: a document went out under a head's signature, due back at a time.

    The policy version in force then is that of its promise.
    """

    borrower: str
    borrower_person: str
    signed_by: str | None = None
    due_back: Moment
    policy: str


@stored_as("unit.document_returned.1")
class DocumentReturned(DocumentEvent):
    """归还: a document is back in the file."""


@stored_as("unit.document_missing.1")
class DocumentMissing(DocumentEvent):
    """遗失: a document is not where it should be."""


@stored_as("unit.copy_issued.1")
class CopyIssued(UnitEvent):
    """发放受控纸质资料: a numbered paper copy went to an account with its post."""

    copy_no: str
    to: str
    to_person: str
    to_post: str


@stored_as("unit.copy_pages_replaced.1")
class CopyPagesReplaced(UnitEvent):
    """按页更新: these pages of a paper copy are new."""

    copy_no: str
    pages: tuple[int, ...]


@stored_as("unit.copy_recalled.1")
class CopyRecalled(UnitEvent):
    """回收: a paper copy came back."""

    copy_no: str


@stored_as("unit.defect_reported.1")
class DefectReported(UnitEvent):
    """缺陷反馈: a defect, inside or outside the warranty; evidence and words are sealed."""

    defect: str
    kind: DefectKind
    where: Warranty
    design: bool = False
    evidence: Ref | None = None
    text: Ref
    complaint: str | None = None


@stored_as("unit.builder_notified.1")
class BuilderNotified(UnitEvent):
    """书面通知施工单位: the builder was told of a defect by ``letter``."""

    defect: str
    letter: str


@stored_as("unit.defect_finished.1")
class DefectFinished(UnitEvent):
    """整改完成: a defect was put right."""

    defect: str


@stored_as("unit.defect_verified.1")
class DefectVerified(UnitEvent):
    """结果验证: the repair was accepted, or is to be done again."""

    defect: str
    accepted: bool
