"""What of a personal value may stand in a list: the mask; and what of a name is the surname."""

from __future__ import annotations

COMPOUND = frozenset(
    (
        *("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒"),
        *("夏侯", "长孙", "宇文", "轩辕", "端木", "独孤", "南宫", "百里", "东郭", "西门", "公冶"),
        *("太史", "申屠", "淳于", "单于", "澹台", "濮阳", "闻人", "赫连", "钟离", "鲜于", "司空"),
    )
)
"""Surnames of two characters."""

PHONE_SHOWN = (3, 4)
"""How many digits of a phone number a mask shows in front and behind (138****5678)."""


def surname(name: str) -> str:
    """Return the surname of a Chinese name; of another, its first word."""
    name = name.strip()
    if name[:2] in COMPOUND and len(name) > 2:
        return name[:2]
    return name[:1] if name[:1] >= "\u4e00" else name.split(" ")[0]


def mask(field: str, value: str) -> str:
    """Return the value as a list may show it: 张**, 138****5678, otherwise only stars."""
    if field == "name":
        shown = surname(value) if value[:1] >= "\u4e00" else value[:1]
        return shown + "**"
    front, behind = PHONE_SHOWN
    if field == "phone" and len(value) >= 2 * (front + behind) - 3:
        return value[:front] + "****" + value[-behind:]
    return "****"
