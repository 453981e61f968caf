"""What holds for any home: random commands on two homes and their keys, by anybody, at any time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from guanjia.domain import key
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.promises import merged
from guanjia.domain.streams import CENTRE, KEY, UNIT
from guanjia.domain.unit import events as e
from guanjia.domain.unit.commands import UnitCommand
from guanjia.domain.unit.rows import TABLES
from guanjia.domain.unit.state import Unit
from tests import scenarios as s
from tests.spec import Line, World, line, moment, t

UNITS = {"U1": ("K1", "C1", "C2"), "U2": ("K2", "C3", "C4")}
"""The homes with the key and the cards that the builder handed over for each."""

KEYS = [name for names in UNITS.values() for name in names]
NAMES = {"resident": ["R1", "R2", "R3"], "space": ["B-1", "B-2"], "document": ["A1", "A2"]}
NAMES |= {"copy": ["P-1", "P-2", "P-3"], "defect": ["D1", "D2", "D3"], "to": ["stew1", "desk1"]}
CONTACT = {"name": "张三", "phone": "13800138000"}
DUE = [t("2025-11-20 18:00"), t("2026-03-01 18:00")]
BY = ["head1"] * 12 + ["desk1", "tech1", "guard1", "keeper1", "desk2", "audit1"]
SETS = [("K1", "C1", "C2"), ("K2", "C3", "C4"), ("K1", "C1", "C3"), ("K2", "C2", "C3")]

Fields = st.SearchStrategy[dict[str, Any]]


def of(*named: str, **fields: Any) -> Fields:  # noqa: ANN401 - a strategy, a list, or a value
    """Return a strategy of fields: ids by the field's name, one of a list, or the value itself."""
    options = {name: NAMES[name] for name in named} | fields
    return st.fixed_dictionaries(
        {
            name: one
            if isinstance(one, st.SearchStrategy)
            else st.sampled_from(one if isinstance(one, list) else [one])
            for name, one in options.items()
        }
    )


FOUND = st.lists(of("defect", kind=["plumbing", "civil"], text="渗水"), max_size=2)
MOSTLY = st.sampled_from([True, True, True, False])

ON_A_HOME: dict[str, Fields] = {
    "register_unit": of(centre="north", building="1"),
    "register_resident": of("resident", role=["owner", "tenant", "family"], contact=CONTACT),
    "change_owner": of("resident"),
    "end_residence": of("resident"),
    "update_contact": of("resident", contact=CONTACT),
    "assign_parking": of("space", "resident"),
    "end_parking": of("space"),
    "give_handover_notice": of(handover_on=["2025-11-10", "2025-12-01", "2026-02-01"]),
    "inspect_unit": of(water="1", electricity="2", defects=FOUND),
    "hand_over_unit": st.one_of(
        of(
            documents=[["id_copy"]],
            fees_paid=MOSTLY,
            confirmation=["JF-1", "JF-2"],
            keys=[[door]],
            cards=[cards],
        )
        for door, *cards in SETS
    ),
    "record_visit": of(kind=["greeting", "regular"]),
    "file_document": of("document", kind=["inspection", "parking"]),
    "copy_document": of("document", "to"),
    "borrow_document": of("document", borrower="desk1", signed_by=["head1", "tech1"], due_back=DUE),
    "return_document": of("document"),
    "report_document_missing": of("document"),
    "issue_paper_copy": of("copy", "to"),
    "replace_copy_pages": of("copy", pages=[[1], [2, 3]]),
    "recall_paper_copy": of("copy"),
    "report_defect": of("defect", kind=["civil", "other"], where=["inside", "outside"], text="空鼓"),
    "notify_builder": of("defect", letter=["BX-1", "BX-2"]),
    "finish_defect": of("defect"),
    "verify_defect": of("defect", accepted=MOSTLY),
}
WITH_A_KEY: dict[str, Fields] = {
    "issue_key": of(resident=NAMES["resident"], signature="QS-1"),
    "entrust_key": of(resident=NAMES["resident"], purpose="repair", until=DUE),
    "lend_key": of(to="tech1", permit=None, complaint="N-1", due_back=DUE),
    "return_key": of(),
    "report_key_lost": of(lock_changed=MOSTLY),
}
STEPS: list[Line] = [
    line("register_resident", "head1", "2025-11-01 09:00", resident="R1", role="owner"),
    line("give_handover_notice", "head1", "2025-11-01 10:00", handover_on="2025-11-20"),
    line("inspect_unit", "head1", "2025-11-02 10:00", water="1", electricity="2", defects=[]),
]
"""What comes before a handover."""


def begun(unit: str, steps: int) -> list[Line]:
    """Return how a home came into the register with its keys, and so many steps after it."""
    first = line("register_unit", "head1", "2025-11-01 08:00", centre="north", building="1")
    kinds = dict.fromkeys(UNITS[unit], "card") | {UNITS[unit][0]: "door"}
    more = {"centre": "north", "record": "YJ-1", "signed_by_both": True}
    received = [
        line("receive_key", "head1", "2025-11-01 08:30", key=name, kind=kind, **more)
        for name, kind in kinds.items()
    ]
    return [{**one, "unit": unit} for one in (first, *received, *STEPS[:steps])]


class Homes(RuleBasedStateMachine):
    """Two homes, their time going on by hours to days, some entries typed in late."""

    irregular = False

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.now = moment("2025-11-03 09:00")
        self.read: dict[str, tuple[int, list[e.UnitEvent]]] = {}

    @initialize(first=st.integers(0, 3), second=st.integers(0, 3))
    def begin(self, first: int, second: int) -> None:
        """Both homes are registered, and may be ready for their handover."""
        case = s.receive("2025-11-01 08:00", category="repair")
        self.world.run(s.STAFFED, case, begun("U1", first), begun("U2", second))

    @rule(hours=st.integers(1, 200))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self.now += timedelta(hours=hours)

    def attempt(self, command: Line, by: str, ago: int) -> None:
        """Do something; a refusal leaves no event and changes no state."""
        at = (self.now - timedelta(hours=ago)).isoformat()
        self.now += timedelta(minutes=1)
        before = self.standing()
        keep = self.irregular
        if self.world.when({**command, "by": by, "at": at}, keep_irregular=keep).refusal:
            assert self.standing() == before

    @rule(
        drawn=st.one_of([st.tuples(st.just(do), fields) for do, fields in ON_A_HOME.items()]),
        unit=st.sampled_from([*UNITS]),
        by=st.sampled_from(BY),
        ago=st.sampled_from([0, 0, 0, 0, 2, 50]),
    )
    def act(self, drawn: tuple[str, dict[str, Any]], unit: str, by: str, ago: int) -> None:
        """Somebody does something about a home."""
        do, fields = drawn
        self.attempt({"do": do, "unit": unit, **fields}, by, ago)

    @rule(
        drawn=st.one_of([st.tuples(st.just(do), fields) for do, fields in WITH_A_KEY.items()]),
        name=st.sampled_from(KEYS),
        ago=st.sampled_from([0, 0, 2]),
    )
    def move(self, drawn: tuple[str, dict[str, Any]], name: str, ago: int) -> None:
        """Somebody moves a key."""
        do, fields = drawn
        self.attempt({"do": do, "key": name, **fields}, "head1", ago)

    def homes(self) -> dict[str, Unit]:
        """Return the homes as decisions see them."""
        found = {name: self.world.app._streams.state(UNIT, name) for name in UNITS}
        return {name: home for name, home in found.items() if home}

    def standing(self) -> dict[str, Any]:
        """Return all that may not change unseen."""
        state = self.world.app._streams.state
        keys = {name: state(KEY, name) for name in KEYS}
        return {
            "position": self.world.position,
            "homes": self.homes(),
            "keys": keys,
            "centre": state(CENTRE, "north"),
        }

    def events(self, unit: str) -> list[e.UnitEvent]:
        """Return the stored events of a home, read once as long as nothing happens."""
        position, events = self.read.get(unit, (0, []))
        if position != self.world.position:
            position = self.world.position
            events = [cast("e.UnitEvent", event) for event in self.world.stream(f"unit:{unit}")]
            self.read[unit] = (position, events)
        return events

    @invariant()
    def the_stored_events_fold_to_the_state_in_use(self) -> None:
        """What was cached is what a restart would find."""
        seen = self.standing()
        self.world.app._streams.forget()
        assert self.standing() == seen

    @invariant()
    def the_rows_on_the_events_are_the_state(self) -> None:
        """The latest row of each key, as the read side takes it, is that of the state."""
        for name, home in self.homes().items():
            for table in TABLES:
                carried = {
                    next(iter(row.model_dump().values())): row
                    for event in self.events(name)
                    for row in getattr(event, table)
                }
                assert carried == getattr(home, table)
            assert [one.unit for one in self.events(name) if one.unit][-1] == home.row

    @invariant()
    def promises_have_one_row_each(self) -> None:
        """A clock is kept or ends otherwise, never both; no event carries one twice."""
        for name, home in self.homes().items():
            rows: dict[Any, Any] = {}
            for event in self.events(name):
                assert len({clock.key for clock in event.clocks}) == len(event.clocks)
                rows = merged(rows, event.clocks)
            assert rows == home.clocks
            assert all(not (one.stopped_at and one.ended) for one in rows.values())

    @invariant()
    def the_handover_is_in_both_streams_or_in_none(self) -> None:
        """Each of its keys passed to the owner at that moment, and none by such a paper else."""
        told: Counter[tuple[str, str, str | None, datetime]] = Counter()
        for name in self.homes():
            for event in self.events(name):
                if isinstance(event, e.UnitHandedOver) and event.owner:
                    names = dict.fromkeys((*event.keys, *event.cards))
                    told.update((id, event.confirmation, event.owner, event.at) for id in names)
        issued = Counter(
            (name, event.signature, event.resident, event.at)
            for name in KEYS
            for event in self.world.stream(f"key:{name}")
            if isinstance(event, key.KeyIssued) and event.signature.startswith("JF")
        )
        assert issued == told
        for name, _, owner, at in told:
            custody = self.key(name).on(at)
            assert self.irregular or (custody and (custody.place, custody.resident) == ("owner", owner))

    def key(self, name: str) -> key.Key:
        """Return a key as decisions see it."""
        found = self.world.app._streams.state(KEY, name)
        assert found
        return found

    @invariant()
    def the_number_of_a_paper_copy_is_used_once(self) -> None:
        """In whichever home, and the centre's register knows it."""
        issued = Counter(
            event.copy_no
            for name in self.homes()
            for event in self.events(name)
            if isinstance(event, e.CopyIssued)
        )
        assert set(issued.values()) <= {1}
        assert self.world.app._streams.state(CENTRE, "north").copies == set(issued)

    @invariant()
    def a_home_has_one_owner(self) -> None:
        """And is handed over once, after its inspection; irregular registers may say otherwise."""
        if self.irregular:
            return
        for name, home in self.homes().items():
            present = [one for one in home.residents.values() if one.until is None]
            assert sum(one.role == "owner" for one in present) <= 1
            kinds = [type(event) for event in self.events(name)]
            assert kinds.count(e.UnitHandedOver) <= 1
            assert not home.handed_over or home.inspected_at
            assert all(not one.verified_at or one.finished_at for one in home.defects.values())

    def teardown(self) -> None:
        """Close the store."""
        self.world.app.close()
        self.world.store.close()


class IrregularHomes(Homes):
    """The same, of an old register whose irregular entries are kept."""

    irregular = True


def sized(examples: int, steps: int) -> settings:
    """Return settings of so many histories of so many steps."""
    return settings(
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


TestHomes = Homes.TestCase
TestHomes.settings = sized(20, 40)
TestIrregularHomes = IrregularHomes.TestCase
TestIrregularHomes.settings = sized(10, 40)


def test_every_command_of_a_home_is_drawn() -> None:
    """No command escapes the machine."""
    ours = {name for name, cls in COMMANDS.items() if issubclass(cls, UnitCommand)}
    assert set(ON_A_HOME) == ours
