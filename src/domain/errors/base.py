"""What every refusal is: a code, a reason, and whether irregular history may keep it."""

from __future__ import annotations

import re
from typing import ClassVar


class Rejected(Exception):
    """The command was refused and nothing was recorded."""

    code: str = "rejected"
    keepable: ClassVar[bool] = True
    """Whether an import that keeps irregular history may record it all the same."""

    reason: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.reason = " ".join((cls.__doc__ or "").split())

    # Guards make the refusals they require not to be given: making one must cost nothing.
    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(detail)

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}" + (f" ({self.detail})" if self.detail else "")


class Malformed(Rejected):
    """The command itself is not well formed; mend it as the detail says and send it again."""

    # Its ``code`` may name the fault of one field more closely.

    keepable = False

    def __init__(self, detail: str = "", code: str = "malformed") -> None:
        self.code = code
        super().__init__(detail)


class Impossible(Rejected):
    """The command speaks of something that cannot be."""

    keepable = False
