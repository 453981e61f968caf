"""The read side: facts taken from events, and one SQL file per relation, in DuckDB."""

from .edition import Parked
from .errors import ProjectionError, UnknownView
from .projector import Projector
from .query import WHOLE, Part, Result
from .views import PUBLIC_VIEWS
from .warehouse import Warehouse

__all__ = [
    "PUBLIC_VIEWS",
    "WHOLE",
    "Parked",
    "Part",
    "ProjectionError",
    "Projector",
    "Result",
    "UnknownView",
    "Warehouse",
]
