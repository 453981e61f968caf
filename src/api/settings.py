"""What an operator may set about the interface."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..projections.sandbox import Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits: bytes of a body; what one account may ask for in a minute: disclosures, telephone
    numbers, statements of SQL and verifications; how many of the last two run at once, and what a
    statement may use; how many streams one account may have open; of a stream, the seconds between
    beats, and the beats after which its listener connects anew.
    """

    largest_body: int = 1_000_000
    disclosures_per_minute: int = 60
    look_ups_per_minute: int = 10
    statements_per_minute: int = 20
    statements_at_once: int = 2
    statement: Limits = field(default_factory=Limits)
    streams_at_once: int = 5
    beat: float = 5.0
    beats: int = 720
