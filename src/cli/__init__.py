"""The command line: ``guanjia``."""

from .main import app

__all__ = ["app"]
