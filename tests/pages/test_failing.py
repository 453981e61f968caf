"""What goes wrong unexpectedly is told by its kind alone."""

from __future__ import annotations

import logging

from guanjia.pages.failing import Nameless


def test_an_exception_is_logged_without_its_words() -> None:
    """The words could be an owner's."""
    logger = logging.getLogger("tests.nameless")
    error = ValueError("13800138000")
    record = logger.makeRecord(
        logger.name, logging.ERROR, __file__, 1, error, (), (ValueError, error, None)
    )
    assert Nameless().filter(record)
    assert record.getMessage() == "ValueError"
    assert record.exc_info is None
