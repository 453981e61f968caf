"""The proof of what was recorded: a Merkle log over the events, and signed checkpoints of it."""

from .audit import Audit
from .check import Finding, Report
from .keeper import Keeper
from .signer import Signer

__all__ = ["Audit", "Finding", "Keeper", "Report", "Signer"]
