"""What columns are called in Chinese; the English name is the column's own."""

from __future__ import annotations

from typing import Literal

Language = Literal["both", "zh", "en"]

CHINESE = {
    "kind": "种类",
    "subject": "对象",
    "complaint": "诉求",
    "centre": "服务中心",
    "department": "部门",
    "commitment": "承诺",
    "round": "轮次",
    "started_at": "起算",
    "due_at": "到期",
    "stopped_at": "停止",
    "outcome": "结果",
    "provisional": "暂定",
    "late_seconds": "超时秒数",
    "irregular": "不合规",
    "missed_at": "失约时间",
    "term": "时限",
    "policy": "政策版本",
    "calendar": "日历版本",
    "cause": "原因",
    "ended_at": "终止",
    "customer_caused": "客户改期天数",
    "customer_caused_days": "客户改期天数",
    "unit": "房号",
    "month": "月份",
    "scope": "口径",
    "finished": "处理完成",
    "not_owing": "无须回访类",
    "exempt": "免回访",
    "invalid": "无效",
    "pending": "未到期",
    "due": "应回访",
    "revisited": "已回访",
    "on_time": "按时",
    "void": "作废",
    "unreachable": "未联系上",
    "forced": "强行关闭",
    "first_pass_satisfied": "首次满意",
    "final_satisfied": "最终满意",
    "unsatisfied": "不满意",
    "undetermined": "待定",
    "rate": "回访率",
    "received": "受理",
    "closed": "闭合",
    "backlog": "在办",
    "rung": "层级",
    "person": "人员",
    "reason": "理由",
    "cases": "件数",
    "number": "编号",
    "channel": "渠道",
    "category": "类别",
    "urgency": "紧急程度",
    "level": "级别",
    "topic": "主题",
    "validity": "有效性",
    "reach": "联系方式",
    "major": "重大",
    "sensitive": "敏感",
    "status": "状态",
    "received_at": "受理时间",
    "recorded_at": "登记时间",
    "escalated_at": "升级时间",
    "closed_at": "闭合时间",
    "merged_into": "并入",
    "merged_at": "并案时间",
    "voided_at": "作废时间",
    "late_registration_seconds": "迟登秒数",
    "staff": "账号",
    "post": "岗位",
    "since": "自",
    "value": "值",
    "name": "名称",
    "version": "版本",
    "day": "日期",
    "counted": "计入",
}


def heading(column: str, language: Language) -> str:
    """Return a column's heading in the language asked for."""
    chinese = CHINESE.get(column)
    if language == "en" or chinese is None:
        return column
    return chinese if language == "zh" else f"{chinese}\n{column}"
