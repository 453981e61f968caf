"""The HTTP interface (extra ``api``): ``create_app(office, trusts)`` for one's own server."""

from .app import create_app
from .settings import Settings
from .tokens import Trust, issue, local_trust, office_key, provider_trust

__all__ = [
    "Settings",
    "Trust",
    "create_app",
    "issue",
    "local_trust",
    "office_key",
    "provider_trust",
]
