"""A community to ask about: homes in and out of an area, cases in every standing, two centres.

U1 (R1 its owner, T1 a tenant, F1 of the owner's family) is in stew1's area and U2 is not; U3 is the
south's. N-1 of U1 is open and in tech2's hands, N-2 of U1 finished, N-3 closed, N-4 of company
level, N-5 without a home but of the owner's contact, S-1 the south's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from guanjia.domain.disclosure.commands import Ask
from guanjia.domain.disclosure.gateway import Gateway
from guanjia.domain.disclosure.seen import Denied, Seen
from guanjia.domain.messages import Event
from guanjia.folder import Config
from guanjia.office import Office
from guanjia.projections import Warehouse
from guanjia.storage import Signer
from tests import scenarios as s
from tests import units as u
from tests.spec import Line, World, line, moment

NOW = "2025-12-01 10:00"


def case(name: str, **changes: Any) -> Line:  # noqa: ANN401
    """Return the receipt of a repair of U1."""
    fields = {"category": "repair", "unit": "U1", "contact": u.TENANT, **changes}
    return s.receive("2025-11-03 09:00", complaint=name, **fields)


HOMES = [
    *s.STAFFED,
    u.register(),
    u.register(unit="U2"),
    u.register(unit="U3", centre="south", by="desk2"),
    u.resident("2025-10-02 09:00", "R1", id_number="440301199001011234"),
    u.resident("2025-10-03 09:00", "T1", "tenant"),
    u.resident("2025-10-04 09:00", "F1", "family", contact={"name": "张小三"}),
    u.resident("2025-10-02 09:00", "R2", unit="U2", contact={"name": "欧阳修", "phone": "1"}),
    u.do("assign_parking", "2025-10-21 09:00", space="B-1", resident="R1", vehicle="粤B12345"),
    u.area("2025-10-05 09:00", "U1"),
]
COMMUNITY = [
    *HOMES,
    case("N-1"),
    s.dispatch("2025-11-03 09:05", "tech2", complaint="N-1"),
    case("N-2"),
    s.dispatch("2025-11-03 09:05", "tech2", complaint="N-2"),
    s.finish("2025-11-04 15:00", by="tech2", complaint="N-2"),
    case("N-3"),
    s.force_close("2025-11-04 16:00", complaint="N-3"),
    case("N-4", level="company", channel="authority"),
    case("N-5", unit=None, contact={"phone": "+86 138-0013-8000"}),
    case("S-1", centre="south", unit="U3", by="desk2"),
]


class Community(World):
    """A world at ``NOW`` that answers requests."""

    def __post_init__(self) -> None:
        """Begin at the moment the questions are asked."""
        self.now = moment(NOW)
        super().__post_init__()
        self.gateway = Gateway(self.app)

    def ask(
        self, fields: str = "phone", purpose: str = "repair", by: str = "desk1", **about: str
    ) -> Seen:
        """Ask for fields; raises ``Denied``."""
        return self.gateway.disclose(Ask.of(fields.split(), purpose, **about), by=by)

    def why(self, *args: str, **about: str) -> str:
        """Return why the gateway denies it."""
        try:
            self.ask(*args, **about)
        except Denied as denied:
            return denied.why
        return "disclosed"

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def trail(self) -> list[Event]:
        """Return what the record of accesses has, oldest first."""
        rows = self.store.read(0, 1_000_000)
        names = dict.fromkeys(r.originator_id for r in rows if r.topic.startswith("access."))
        events = [event for name in names for event in self.stream(name)]
        return sorted(events, key=lambda event: event.recorded_at)


def community(*lines: object) -> Community:
    """Return the community after these further lines."""
    world = Community()
    world.run(COMMUNITY, *lines)
    return world


def about_data(do: str, by: str, at: str = "2025-11-10 10:00", **fields: Any) -> Line:  # noqa: ANN401
    """Return a line about the data of U1's owner."""
    return u.do(do, at, by, **{"resident": "R1", **fields})


GRANT = {"posts": ["finance"], "fields": ["bank"], "purposes": ["fee"]}
HOME = {"kind": "unit", "id": "U1"}
BROKEN = line("break_glass", "guard1", "2025-11-10 10:00", glass="G-1", about=HOME, reason="漏水")
REVIEWED = line("review_glass", "keeper1", "2025-11-10 12:00", glass="G-1", justified=True)
REQUESTED = about_data("request_erasure", "keeper1", complaints=["N-3"])
ERASED = about_data("erase_resident", "head1", "2025-11-10 11:00")
HELD = about_data("place_legal_hold", "head1", "2025-11-10 10:30", reason="诉讼")
LIFTED = about_data("lift_legal_hold", "head1", "2025-11-10 12:00")

EXPORT = [
    line("request_export", "keeper1", "2025-11-10 10:00", export="X-1", centre="north",
         units=["U1", "U2"], fields_asked=["name", "phone"], purpose="owner_request"),
    line("approve_export", "head1", "2025-11-10 11:00", export="X-1"),
]  # fmt: skip


def office(world: Community) -> Office:
    """Return an office around the world."""
    return Office(
        world.app,
        Warehouse(world.store, world.zone),
        Config(),
        world.store.audit(Signer.generate()),
    )


def privacy_worlds() -> Iterator[World]:
    """Yield worlds in which everything about owners' data has happened once."""
    yield community(BROKEN, REVIEWED, REQUESTED, ERASED)
    yield community(
        line(
            "adopt_matrix",
            None,
            "2025-11-01 09:00",
            version="2",
            grants=[GRANT],
            effective_from="2025-11-05T00:00:00+08:00",
        ),
        line("approve_matrix", "gm1", "2025-11-02 09:00", version="2"),
        line(
            "record_duty",
            "head1",
            "2025-11-08 09:00",
            centre="north",
            duty="training",
            trained=["desk1"],
            findings="到场一人",
        ),
    )
    yield community(REQUESTED, HELD, ERASED, LIFTED)
    exported = community(EXPORT)
    exported.gateway.release("X-1", by="keeper1")
    yield exported.run(line("destroy_export", "keeper1", NOW, export="X-1"))
    asked = community()
    asked.ask("phone", complaint="N-1")
    for _ in range(2):
        asked.why("phone", "security", "guard1", unit="U1")
    asked.gateway.look_up("13800138000", by="desk1")
    asked.gateway.count_denials(ended=True)
    yield asked
