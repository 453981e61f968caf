"""The demonstration: three centres and a year of their life, through real commands."""

from .build import DemoFailed, DemoSummary, build

__all__ = ["DemoFailed", "DemoSummary", "build"]
