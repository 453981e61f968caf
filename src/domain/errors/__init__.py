"""Refusals: every reason for which a command is not carried out, a file per aggregate.

A refusal's ``code`` is its class name in snake case and never changes; its docstring is what the
person reads. Only identifiers go into the detail, never an input value that could be personal.
"""

from __future__ import annotations

from .base import *  # noqa: F403 - each refusal is known by its own name
from .complaint import *  # noqa: F403 - each refusal is known by its own name
from .disclosure import *  # noqa: F403 - each refusal is known by its own name
from .duty import *  # noqa: F403 - each refusal is known by its own name
from .entry import *  # noqa: F403 - each refusal is known by its own name
from .export import *  # noqa: F403 - each refusal is known by its own name
from .key import *  # noqa: F403 - each refusal is known by its own name
from .organisation import *  # noqa: F403 - each refusal is known by its own name
from .parcel import *  # noqa: F403 - each refusal is known by its own name
from .permit import *  # noqa: F403 - each refusal is known by its own name
from .privacy import *  # noqa: F403 - each refusal is known by its own name
from .unit import *  # noqa: F403 - each refusal is known by its own name
from .work_order import *  # noqa: F403 - each refusal is known by its own name
