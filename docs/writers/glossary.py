"""The glossary: terms, the codes of every list of values, and the built-in policy."""

from __future__ import annotations

from typing import get_args

from guanjia.domain import centre, duties, matrix, policy, posts, promises, workdays
from guanjia.domain.complaint import commands, standing, state
from guanjia.domain.complaint.orders import commands as orders
from guanjia.domain.disclosure import judging
from guanjia.domain.key import commands as key
from guanjia.domain.key import standing as key_standing
from guanjia.domain.parcel import commands as parcel
from guanjia.domain.parcel import standing as parcel_standing
from guanjia.domain.permit import commands as permit
from guanjia.domain.permit import standing as permit_standing
from guanjia.domain.unit import commands as unit
from guanjia.domain.unit import standing as unit_standing

from .words import WORDS, beginning, same

COMMITMENTS = (*get_args(promises.Commitment), "progress", "patrol")
ENUMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "posts": ("Posts 岗位", (*get_args(posts.Post), posts.SYSTEM)),
    "channel": ("Channels 渠道", get_args(commands.Channel)),
    "category": ("Categories 类别", get_args(commands.Category)),
    "urgency": ("Urgency 紧急程度", get_args(commands.Urgency)),
    "level": ("Levels 级别", get_args(commands.Level)),
    "validity": ("Validity 有效性", get_args(commands.Validity)),
    "cause": ("Causes 原因", get_args(commands.Cause)),
    "commitment": ("Commitments 承诺", COMMITMENTS),
    "outcome": ("Outcomes of a promise 承诺结果", ("met", "missed", "open", "superseded", "void")),
    "revisit": ("Outcomes of a revisit 回访结果", get_args(commands.Outcome)),
    "duty": ("Whether a revisit is owed 回访义务", get_args(standing.Duty)),
    "implied": (
        "Implied outcomes 推定结果",
        ("satisfied", "unsatisfied", "neutral", "undetermined"),
    ),
    "status": ("Status of a case 诉求状态", ("open", "closed", "forced", "voided")),
    "rung": ("Rungs 层级", state.RUNGS),
    "charge": ("Who pays for the work 收费类别", get_args(orders.Charge)),
    "order_status": ("Status of a work order 工作单状态", get_args(standing.OrderStatus)),
    "escalation": ("Reasons to escalate 升级理由", get_args(commands.EscalationReason)),
    "right": ("Rights that can be delegated 可授权事项", get_args(centre.Right)),
    "fact": ("Facts that can be corrected 可更正事项", get_args(commands.Fact)),
    "permit_status": ("Status of a renovation 装修状态", get_args(permit_standing.Status)),
    "step": ("Steps against a violation 违章处理阶段", get_args(permit.Step)),
    "key_kind": ("Kinds of key 钥匙种类", get_args(key.KeyKind)),
    "key_place": ("Where a key is 钥匙去向", get_args(key_standing.Place)),
    "key_purpose": ("Purposes of entrusting 委托用途", get_args(key.Purpose)),
    "parcel_kind": ("Kinds of mail 邮件种类", get_args(parcel.ParcelKind)),
    "parcel_status": (
        "Status of a parcel 邮件状态",
        (*get_args(parcel_standing.Keeping), *get_args(parcel_standing.Ending)),
    ),
    "parcel_condition": ("Condition 外观", get_args(parcel.Condition)),
    "notice_channel": ("How an addressee is told 通知方式", get_args(parcel.NoticeChannel)),
    "identity": ("How identity was verified 身份核实", get_args(parcel.Identity)),
    "return_reason": ("Reasons to return a parcel 退回原因", get_args(parcel.ReturnReason)),
    "role": ("Roles in a home 住户身份", get_args(unit.Role)),
    "unit_status": ("How far a handover is 交付状态", get_args(unit_standing.Status)),
    "visit": ("Kinds of visit 走访种类", get_args(unit.VisitKind)),
    "document_kind": ("Kinds of document 档案种类", get_args(unit.DocumentKind)),
    "document_status": ("Where a document is 档案状态", get_args(unit_standing.DocumentStatus)),
    "defect_kind": ("Kinds of defect 缺陷种类", get_args(unit.DefectKind)),
    "defect_where": ("Inside or outside the warranty 保修期内外", get_args(unit.Warranty)),
    "defect_status": ("Status of a defect 缺陷状态", get_args(unit_standing.DefectStatus)),
    "day": ("Kinds of day 日期种类", get_args(workdays.DayKind)),
    "personal_field": ("Personal fields 个人信息字段", get_args(matrix.PersonalField)),
    "purpose": ("Purposes 用途", get_args(matrix.Purpose)),
    "condition": ("Conditions 条件", get_args(matrix.Condition)),
    "denial": ("Denials 拒绝查阅原因", get_args(judging.Reason)),
    "duties": ("Duties 例行职责", (*get_args(centre.Duty), *get_args(duties.Once))),
    "dimension": ("Dimensions of opinions 统计维度", tuple(WORDS["dimension"])),
}


def page() -> str:
    """Return every term with its Chinese one; a value without one stops it."""
    text = beginning("glossary")
    text += "| English | 中文 | meaning |\n|---|---|---|\n"
    terms = WORDS["terms"].items()
    text += "".join(f"| {english} | {chinese} | {why} |\n" for english, (chinese, why) in terms)
    for name, (title, values) in ENUMS.items():
        same(name, WORDS[name], values)
        text += f"\n## {title}\n\n| code | 中文 |\n|---|---|\n"
        text += "".join(f"| `{value}` | {WORDS[name][value]} |\n" for value in values)
    text += "\n## Policy values 政策值\n\n`guanjia policy show` prints the values in force.\n\n"
    text += "| name | built in |\n|---|---|\n"
    built_in = policy.built_in().model_dump()
    return text + "".join(f"| `{name}` | {value} |\n" for name, value in built_in.items())
