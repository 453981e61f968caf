"""Pages for people (extra ``dashboard``): ``add_pages(app)`` puts them under /pages of the API."""

from .mounting import add_pages

__all__ = ["add_pages"]
