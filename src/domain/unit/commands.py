"""What people do with a home, its owner and its records; each class is one command (domain
section 4).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, StringConstraints

from ..messages import Command, Contact, Flag, FreeText, Id, Message, Sealed
from ..moments import Given

Role = Literal["owner", "tenant", "family"]
VisitKind = Literal["greeting", "regular", "key_client", "renovation_call"]
DocumentKind = Literal[
    "purchase_contract",
    "handover_flow_sheet",
    "goods_receipt",
    "registration",
    "inspection",
    "renovation",
    "parking",
    "id_copy",
    "title_copy",
]
"""The nine archive kinds [000]: 购房合同, 交付流程表, 钥匙/物品签收单, 业户登记(更名)资料,
验房资料, 装修资料, 车位资料, 业主身份证复印件, 产权证复印件.
"""
DefectKind = Literal[
    "civil",
    "plumbing",
    "electrical",
    "doors_windows",
    "public_facility",
    "smart_system",
    "entrance_door",
    "other",
]
"""The eight warranty kinds [001]: 土建, 给排水, 电气, 门窗, 公共设施, 智能化, 入户门, 其他."""
Warranty = Literal["inside", "outside"]

Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2999, 12, 31))]
"""A calendar day; one beyond these is a slip of the keyboard."""

Reading = Annotated[str, StringConstraints(pattern=r"^\d{1,9}(\.\d{1,3})?$")]
"""What a meter shows, as decimal text."""

IdNumber = Annotated[str, StringConstraints(min_length=1, max_length=50), Sealed("id_number")]
Copy = Annotated[
    Id, Field(validation_alias=AliasChoices("copy", "copy_"), serialization_alias="copy")
]
Vehicle = Annotated[str, StringConstraints(min_length=1, max_length=200), Sealed("vehicle")]


class UnitCommand(Command):
    """A command about one home, named by ``unit``."""

    unit: Id


class HouseholdCommand(UnitCommand):
    """A command about ``resident`` of the home: what it tells is sealed under that person's key."""

    resident: Id


# --- The register and the people ------------------------------------------------------------------


class RegisterUnit(UnitCommand):
    """登记房屋: enter a home; ``warranty_until`` gives the last day by kind of defect."""

    do: Literal["register_unit"] = "register_unit"
    centre: Id
    building: Id
    area: Id | None = None
    warranty_until: dict[DefectKind, Day] = Field(default_factory=dict)


class RegisterResident(HouseholdCommand):
    """业户登记: enter an owner, a tenant or a member of the family.

    ``family_of`` names the owner or tenant whose family it is; the owner unless it is given.
    """

    do: Literal["register_resident"] = "register_resident"
    role: Role
    family_of: Id | None = None
    contact: Contact | None = None
    id_number: IdNumber | None = None


class ChangeOwner(HouseholdCommand):
    """过户/更名: the home passes to another owner, registered with it or before as a resident."""

    do: Literal["change_owner"] = "change_owner"
    contact: Contact | None = None
    id_number: IdNumber | None = None


class EndResidence(UnitCommand):
    """迁出: a resident who is not the owner moved out."""

    do: Literal["end_residence"] = "end_residence"
    resident: Id


class UpdateContact(HouseholdCommand):
    """变更联系方式: what is given replaces what was known."""

    do: Literal["update_contact"] = "update_contact"
    contact: Contact


class AssignParking(HouseholdCommand):
    """车位办理: a parking space of this home's, with the vehicle on it."""

    do: Literal["assign_parking"] = "assign_parking"
    space: Id
    vehicle: Vehicle | None = None


class EndParking(UnitCommand):
    """车位退租: the home has the parking space no longer."""

    do: Literal["end_parking"] = "end_parking"
    space: Id


# --- Handover -------------------------------------------------------------------------------------


class GiveHandoverNotice(UnitCommand):
    """收楼通知书: tell the owner on which day the home will be handed over."""

    do: Literal["give_handover_notice"] = "give_handover_notice"
    handover_on: Day


class FoundDefect(Message):
    """A defect found while the home was inspected."""

    defect: Id
    kind: DefectKind
    where: Warranty = "inside"
    text: FreeText


class InspectUnit(UnitCommand):
    """验房: owner and centre look at the home together, read the meters, sign the 收楼意见书."""

    do: Literal["inspect_unit"] = "inspect_unit"
    water: Reading
    electricity: Reading
    defects: tuple[FoundDefect, ...] = Field(default=(), max_length=500)


class HandOverUnit(UnitCommand):
    """交付/入伙: papers verified, fees paid, 房屋交接确认单 signed, keys and cards issued."""

    do: Literal["hand_over_unit"] = "hand_over_unit"
    documents: tuple[Id, ...] = Field(min_length=1, max_length=50)
    fees_paid: Flag
    confirmation: Id
    keys: tuple[Id, ...] = Field(min_length=1, max_length=50)
    cards: tuple[Id, ...] = Field(max_length=50)


# --- Visits ---------------------------------------------------------------------------------------


class RecordVisit(UnitCommand):
    """走访: somebody of the centre saw or called the customer at home."""

    do: Literal["record_visit"] = "record_visit"
    kind: VisitKind
    text: FreeText | None = None


# --- The archive ----------------------------------------------------------------------------------


class FileDocument(UnitCommand):
    """归档: file a document of the household, or a newer version of it."""

    do: Literal["file_document"] = "file_document"
    document: Id
    kind: DocumentKind


class CopyDocument(UnitCommand):
    """复印: hand somebody a copy; the original stays."""

    do: Literal["copy_document"] = "copy_document"
    document: Id
    to: Id


class BorrowDocument(UnitCommand):
    """借阅: lend a document under the signature of an authorised head."""

    do: Literal["borrow_document"] = "borrow_document"
    document: Id
    borrower: Id
    signed_by: Id | None = None
    due_back: Given


class ReturnDocument(UnitCommand):
    """归还: a borrowed document came back, or a missing one was found."""

    do: Literal["return_document"] = "return_document"
    document: Id


class ReportDocumentMissing(UnitCommand):
    """遗失: a document is not where it should be."""

    do: Literal["report_document_missing"] = "report_document_missing"
    document: Id


class IssuePaperCopy(UnitCommand):
    """发放受控纸质资料: hand a numbered paper copy of the household's data to a post."""

    do: Literal["issue_paper_copy"] = "issue_paper_copy"
    copy_: Copy
    to: Id


class ReplaceCopyPages(UnitCommand):
    """按页更新: replace the pages of a paper copy whose data changed."""

    do: Literal["replace_copy_pages"] = "replace_copy_pages"
    copy_: Copy
    pages: tuple[Annotated[int, Field(ge=1, le=10_000)], ...] = Field(min_length=1, max_length=500)


class RecallPaperCopy(UnitCommand):
    """回收: a paper copy came back from its holder."""

    do: Literal["recall_paper_copy"] = "recall_paper_copy"
    copy_: Copy


# --- Defects --------------------------------------------------------------------------------------


class ReportDefect(UnitCommand):
    """缺陷反馈: a defect inside or outside the warranty; one of the design comes with evidence."""

    do: Literal["report_defect"] = "report_defect"
    defect: Id
    kind: DefectKind
    where: Warranty
    design: Flag = False
    evidence: FreeText | None = None
    text: FreeText
    complaint: Id | None = None


class NotifyBuilder(UnitCommand):
    """书面通知施工单位: tell the builder of a defect in writing; ``letter`` is its number."""

    do: Literal["notify_builder"] = "notify_builder"
    defect: Id
    letter: Id


class FinishDefect(UnitCommand):
    """整改完成: the builder, or whoever it was, has put the defect right."""

    do: Literal["finish_defect"] = "finish_defect"
    defect: Id


class VerifyDefect(UnitCommand):
    """结果验证: the centre looked at the repair; one not accepted is open again."""

    do: Literal["verify_defect"] = "verify_defect"
    defect: Id
    accepted: Flag
