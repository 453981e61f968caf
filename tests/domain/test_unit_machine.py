"""What holds for any home: random commands on two homes and their keys, by anybody, at any time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.key.events import KeyIssued
from guanjia.domain.key.state import Key
from guanjia.domain.promises import merged
from guanjia.domain.streams import CENTRE, KEY, UNIT
from guanjia.domain.unit import events as e
from guanjia.domain.unit.commands import UnitCommand
from guanjia.domain.unit.rows import TABLES
from guanjia.domain.unit.state import Unit
from tests import scenarios as s
from tests.spec import Line, World, line, moment, t

from .machine import modest

UNITS = {"U1": ("K1", "C1", "C2"), "U2": ("K2", "C3", "C4")}
"""The homes with the key and the cards that the builder handed over for each."""

KEYS = [name for names in UNITS.values() for name in names]
BY = ["head1"] * 20 + ["desk1", "tech1", "guard1", "keeper1", "desk2", "audit1"]
AGO = [0, 0, 0, 0, 2, 50]
CONTACT = {"name": "张三", "phone": "13800138000"}
DUE = [t("2025-11-20 18:00"), t("2026-03-01 18:00")]
FOUND = [{"defect": name, "kind": "plumbing", "text": "渗水"} for name in ("D1", "D3")]

OPTIONS: dict[str, list[Any]] = {
    "unit": [*UNITS],
    "key": KEYS,
    "resident": ["R1", "R2"],
    "space": ["B-1"],
    "document": ["A1"],
    "copy": ["P-1", "P-2"],
    "defect": ["D1", "D2"],
    "to": ["stew1", "desk1", "tech1"],
}
"""The names that fields of lines have everywhere."""

ON_A_HOME: dict[str, dict[str, list[Any]]] = {
    "register_unit": {"centre": ["north"], "building": ["1"]},
    "register_resident": {"resident": [], "role": ["owner", "tenant"], "contact": [CONTACT]},
    "change_owner": {"resident": []},
    "end_residence": {"resident": []},
    "update_contact": {"resident": [], "contact": [CONTACT]},
    "assign_parking": {"space": [], "resident": []},
    "end_parking": {"space": []},
    "give_handover_notice": {"handover_on": ["2025-11-10", "2025-12-01", "2026-02-01"]},
    "inspect_unit": {"water": ["1"], "electricity": ["2"], "defects": [[], FOUND[:1], FOUND]},
    "hand_over_unit": {
        "documents": [["id_copy"]],
        "fees_paid": [True, True, False],
        "confirmation": ["JF-1", "JF-2"],
        "keys": [["K1"], ["K2"]],
        "cards": [["C1", "C2"], ["C3", "C4"], ["C1", "C3"]],
    },
    "record_visit": {"kind": ["greeting", "regular"]},
    "file_document": {"document": [], "kind": ["inspection", "inspection", "parking"]},
    "copy_document": {"document": [], "to": []},
    "borrow_document": {
        "document": [],
        "borrower": ["desk1"],
        "signed_by": ["head1", "head1", "tech1"],
        "due_back": DUE,
    },
    "return_document": {"document": []},
    "report_document_missing": {"document": []},
    "issue_paper_copy": {"copy": [], "to": []},
    "replace_copy_pages": {"copy": [], "pages": [[1], [2, 3]]},
    "recall_paper_copy": {"copy": []},
    "report_defect": {
        "defect": [],
        "kind": ["civil", "other"],
        "where": ["inside", "outside"],
        "text": ["空鼓"],
    },
    "notify_builder": {"defect": [], "letter": ["BX-1", "BX-2"]},
    "finish_defect": {"defect": []},
    "verify_defect": {"defect": [], "accepted": [True, False]},
}
"""The fields of each command with what they may be; none named: any of ``OPTIONS``."""

WITH_A_KEY: dict[str, dict[str, list[Any]]] = {
    "issue_key": {"resident": [], "signature": ["QS-1"]},
    "entrust_key": {"resident": [], "purpose": ["repair"], "until": DUE},
    "lend_key": {"to": ["tech1"], "permit": [None], "complaint": ["N-1"], "due_back": DUE},
    "return_key": {},
    "report_key_lost": {"lock_changed": [True, False]},
}
REPAIRS = ("report_defect", "notify_builder", "finish_defect", "verify_defect")
"""Longer ways than the others: drawn more often."""

STEPS: list[Line] = [
    line("register_resident", "head1", "2025-11-01 09:00", resident="R1", role="owner"),
    line("give_handover_notice", "head1", "2025-11-01 10:00", handover_on="2025-11-20"),
    line("inspect_unit", "head1", "2025-11-02 10:00", water="1", electricity="2", defects=[]),
]
"""What comes before a handover."""


def anything(chance: Random) -> Line:
    """Return a line about one of the homes or of their keys."""
    do = chance.choice([*ON_A_HOME, *WITH_A_KEY, *REPAIRS, *REPAIRS])
    fields = (ON_A_HOME | WITH_A_KEY)[do]
    whose = "key" if do in WITH_A_KEY else "unit"
    asked = {whose: [], **fields}
    return {"do": do} | {n: chance.choice(some or OPTIONS[n]) for n, some in asked.items()}


def begun(unit: str, steps: int) -> list[Line]:
    """Return how a home came into the register with its keys, and so many steps after it."""
    first = line("register_unit", "head1", "2025-11-01 08:00", centre="north", building="1")
    kinds = dict.fromkeys(UNITS[unit], "card") | {UNITS[unit][0]: "door"}
    more = {"centre": "north", "record": "YJ-1", "signed_by_both": True}
    received = [
        line("receive_key", "head1", "2025-11-01 08:30", key=name, kind=kind, **more)
        for name, kind in kinds.items()
    ]
    papers = {"documents": ["id_copy"], "fees_paid": True, "confirmation": "JF-1"}
    door, *cards = UNITS[unit]
    passed = line("hand_over_unit", "head1", "2025-11-03 08:00", keys=[door], cards=cards, **papers)
    steps_taken = [*STEPS, passed][:steps]
    return [{**one, "unit": unit} for one in (first, *received, *steps_taken)]


class Homes(RuleBasedStateMachine):
    """Two homes, their time going on by hours to days, some entries typed in late."""

    irregular = False

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.now = moment("2025-11-03 09:00")
        self.read: dict[str, tuple[int, list[e.UnitEvent]]] = {}

    @initialize(first=st.integers(0, 4), second=st.integers(0, 4))
    def begin(self, first: int, second: int) -> None:
        """Both homes are registered, and may have come to their handover."""
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

    @rule(seed=st.integers(0, 2**32), count=st.integers(5, 25))
    def act(self, seed: int, count: int) -> None:
        """People do things, one after the other."""
        chance = Random(seed)  # noqa: S311 - a test's dice
        for _ in range(count):
            self.attempt(anything(chance), chance.choice(BY), chance.choice(AGO))

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
            if isinstance(event, KeyIssued) and event.signature.startswith("JF")
        )
        assert issued == told
        for name, _, owner, at in told:
            custody = self.key(name).on(at)
            assert self.irregular or (
                custody and (custody.place, custody.resident) == ("owner", owner)
            )

    def key(self, name: str) -> Key:
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


TestHomes = Homes.TestCase
TestHomes.settings = modest(25, 10)
TestIrregularHomes = IrregularHomes.TestCase
TestIrregularHomes.settings = modest(12, 8)


def test_every_command_of_a_home_is_drawn() -> None:
    """No command escapes the machine."""
    ours = {name for name, cls in COMMANDS.items() if issubclass(cls, UnitCommand)}
    assert set(ON_A_HOME) == ours
