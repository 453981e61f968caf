"""Customers who do not exist: names put together by chance, numbers that nobody has."""

from __future__ import annotations

from random import Random

from ..domain.complaint.commands import Channel
from ..domain.messages import Contact
from .topics import UNNAMED

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
GIVEN = (
    "晓明",
    "小雨",
    "建国",
    "丽华",
    "志强",
    "秀英",
    "子涵",
    "雨桐",
    "海燕",
    "国平",
    "美玲",
    "一诺",
    "文博",
    "桂兰",
    "思远",
    "春梅",
)
INVENTED = "1210000"
"""No telephone number in China begins like this: the demonstration calls nobody."""


def contact(channel: Channel, rng: Random) -> Contact | None:
    """Return how one customer can be reached; some leave no number, some not even a name."""
    anonymous, pathless = UNNAMED.get(channel, (0.0, 0.0))
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    chance = rng.random()
    if chance < anonymous:
        return None
    if chance < anonymous + pathless:
        return Contact(name=name)
    return Contact(name=name, phone=f"{INVENTED}{rng.randrange(10_000):04}")
