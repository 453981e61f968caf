"""A centre in which everything that an account can hold changes hands."""

from __future__ import annotations

from typing import Any

from .register import Register, moment


class Centre:
    """Two homes of north with a steward's area, a file and a key each, and a case about U1."""

    def __init__(self, register: Register) -> None:
        self.register = register
        for account in ("stew1", "stew2"):
            register.post(account, "steward", centre="north", department="service")
        for number in ("1", "2"):
            unit = f"U{number}"
            self.do("register_unit", "2025-10-01 09:00", unit=unit, centre="north", building="1")
            self.do(
                "file_document", "2025-10-01 10:00",
                unit=unit, document=f"A{number}", kind="inspection",
            )  # fmt: skip
            self.do(
                "receive_key", "2025-10-01 10:00",
                key=f"K{number}", unit=unit, centre="north", kind="door", record="YJ-1",
                signed_by_both=True,
            )  # fmt: skip
        register.receive("N-1", "2025-10-02 09:00", unit="U1")

    def do(self, do: str, at: str, by: str = "desk1", **more: Any) -> None:  # noqa: ANN401
        """Execute a line."""
        self.register.do(do, at, by, **more)

    def move(self, do: str, at: str, staff: str, **more: Any) -> None:  # noqa: ANN401
        """Execute a line of the roster."""
        self.register.do(do, at, None, staff=staff, **more)

    def give_all(self, at: str, to: str = "stew1") -> None:
        """Let one account have one thing of each kind."""
        due = moment("2026-06-01 18:00")
        self.do("dispatch_complaint", at, complaint="N-1", department="service", handler=to)
        self.do("lend_key", at, key="K1", to=to, permit=None, complaint="N-1", due_back=due)
        self.do("issue_paper_copy", at, "head1", unit="U1", copy="P-1", to=to)
        self.do(
            "borrow_document", at,
            unit="U1", document="A1", borrower=to, signed_by="head1", due_back=due,
        )  # fmt: skip
        self.do("assign_area", at, "head1", staff=to, centre="north", units=["U1"])

    def held(self, as_of: str, **filters: str) -> set[tuple[str, str]]:
        """Return (kind, thing) of what is held."""
        rows = self.register.ask("holdings", as_of, **filters)
        return {(row["kind"], row["thing"]) for row in rows}

    def unsettled(self, as_of: str, **filters: str) -> set[tuple[str, str]]:
        """Return (kind, thing) of what somebody who left or moved has still."""
        rows = self.register.ask("leavers", as_of, **filters)
        return {(row["kind"], row["thing"]) for row in rows}
