"""What people call about, how often, and in which months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ..domain.complaint.commands import Category, Channel


def _months(factor: float, *months: int) -> Mapping[int, float]:
    return MappingProxyType(dict.fromkeys(months, factor))


RAIN = _months(3.0, 5, 6, 7, 8)
SUMMER = _months(2.0, 6, 7, 8, 9)
FROST = _months(2.0, 12, 1, 2)
HEATING_ONLY = {**_months(1.0, 11, 12, 1, 2, 3), **_months(0.0, 4, 5, 6, 7, 8, 9, 10)}
LATE_YEAR = _months(2.5, 12, 1)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's code, its share within the category, and its season's factor by month."""

    code: str
    category: Category
    weight: float
    season: Mapping[int, float] = field(default_factory=dict[int, float])
    emergency: float = 0.0
    night: float = 1.0
    department: str = "engineering"


TOPICS = (
    Topic("leak", "repair", 6, RAIN),
    Topic("pipe_burst", "repair", 1.5, FROST, emergency=1.0, night=3),
    Topic("power_cut", "repair", 2.5, SUMMER, emergency=0.8, night=2),
    Topic("lift_trapped", "repair", 1.2, emergency=1.0, night=1.5),
    Topic("lift_fault", "repair", 3),
    Topic("drain", "repair", 5),
    Topic("lighting", "repair", 5, night=2),
    Topic("door_access", "repair", 5),
    Topic("heating", "repair", 9, HEATING_ONLY),
    Topic("window_door", "repair", 3),
    Topic("intercom", "repair", 2),
    Topic("facility", "repair", 2, department="service"),
    Topic("noise", "complaint", 6, night=3, department="service"),
    Topic("parking", "complaint", 6, department="order"),
    Topic("hygiene", "complaint", 4, SUMMER, department="service"),
    Topic("security", "complaint", 2, night=1.5, department="order"),
    Topic("attitude", "complaint", 1.5, department="service"),
    Topic("pets", "complaint", 2, department="service"),
    Topic("renovation", "complaint", 4, department="service"),
    Topic("e_bike", "complaint", 3, department="order"),
    Topic("fee", "complaint", 2, LATE_YEAR, department="service"),
    Topic("greenery", "complaint", 1.5, department="service"),
    Topic("fee_inquiry", "inquiry", 4, LATE_YEAR, department="service"),
    Topic("parking_card", "inquiry", 4, department="service"),
    Topic("moving", "inquiry", 3, department="service"),
    Topic("water_stop", "inquiry", 2, SUMMER, department="service"),
    Topic("heating_schedule", "inquiry", 3, _months(3.0, 10, 11), department="service"),
    Topic("renovation_rules", "inquiry", 3, department="service"),
    Topic("facilities_idea", "suggestion", 3, department="service"),
    Topic("activities_idea", "suggestion", 2, department="service"),
    Topic("traffic_idea", "suggestion", 2, department="order"),
    Topic("thanks_staff", "praise", 3, department="service"),
    Topic("thanks_cleaning", "praise", 1.5, department="service"),
    Topic("home_cleaning", "special_service", 3, LATE_YEAR, department="service"),
    Topic("appliance_install", "special_service", 4),
    Topic("aircon_cleaning", "special_service", 2, _months(4.0, 5, 6, 7)),
    Topic("moving_help", "special_service", 1.5, department="service"),
    Topic("plant_care", "special_service", 1.5, _months(2.0, 1, 2, 7, 8), department="service"),
)

CATEGORIES: Mapping[Category, float] = {
    "repair": 46,
    "complaint": 19,
    "inquiry": 15,
    "special_service": 11,
    "suggestion": 5,
    "praise": 4,
}

CHANNELS: Mapping[Category, Mapping[Channel, float]] = {
    "repair": {"phone": 60, "app": 22, "visit": 10, "patrol": 6, "web": 1.5, "authority": 0.5},
    "complaint": {
        "phone": 40,
        "visit": 14,
        "app": 12,
        "web": 12,
        "forum": 7,
        "authority": 6,
        "letter": 4,
        "patrol": 5,
    },
    "inquiry": {"phone": 60, "visit": 28, "app": 10, "web": 2},
    "special_service": {"phone": 55, "app": 35, "visit": 10},
    "suggestion": {"app": 30, "web": 22, "visit": 20, "letter": 15, "phone": 10, "forum": 3},
    "praise": {"visit": 30, "phone": 25, "app": 20, "letter": 20, "web": 5},
}

UNNAMED: Mapping[Channel, tuple[float, float]] = {
    "phone": (0.02, 0.01),
    "letter": (0.25, 0.1),
    "web": (0.2, 0.1),
    "forum": (0.45, 0.3),
    "patrol": (0.7, 0.0),
}
"""Channel → the share of anonymous and of pathless reports; elsewhere everyone leaves a number."""

BY_HOUR = (4, 2, 1, 1, 1, 3, 8, 22, 40, 45, 42, 34, 26, 24, 30, 34, 34, 36, 40, 38, 30, 24, 16, 8)
"""How many calls each hour of the day brings, relative to the others."""
