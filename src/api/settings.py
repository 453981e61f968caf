"""What an operator may set about the interface."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits: bytes of a body, disclosures of one account a minute; of a stream, the seconds
    between beats, and the beats after which its listener connects anew.
    """

    largest_body: int = 1_000_000
    disclosures_per_minute: int = 60
    beat: float = 5.0
    beats: int = 720
