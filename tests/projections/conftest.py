"""A staffed register in memory for every test that wants one."""

from collections.abc import Iterator

import pytest

from .register import Register, in_memory


@pytest.fixture
def register() -> Iterator[Register]:
    """Yield a staffed register whose present is 2028-01-01."""
    register = in_memory()
    with register.office:
        yield register
