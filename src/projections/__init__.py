"""The read side: facts taken from events, and one SQL file per relation, in DuckDB."""

from .errors import ProjectionError, UnknownView
from .query import Result
from .views import PUBLIC_VIEWS
from .warehouse import Warehouse

__all__ = ["PUBLIC_VIEWS", "ProjectionError", "Result", "UnknownView", "Warehouse"]
