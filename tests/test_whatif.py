"""The history under another policy: other promises, the same facts, and nothing written."""

from pathlib import Path

import pytest
from eventsourcing.persistence import StoredEvent

from guanjia.folder import OfficeError
from guanjia.projections import PUBLIC_VIEWS, Warehouse
from guanjia.whatif import Replay, compare

from .projections.histories import player, seeded
from .projections.register import PRESENT, SHANGHAI, Register, in_memory, moment


@pytest.fixture
def register() -> Register:
    """Return a register with cases of a few months."""
    register = in_memory()
    player(register, 1).play(seeded(5, 25))
    return register


def test_replayed_under_its_own_policy_the_history_is_what_it_was(register: Register) -> None:
    """Without a change every view has the rows that it has."""
    with register.office as office:
        replayed = Warehouse(Replay(office.views.source, office.application, {}), SHANGHAI)
        for name in PUBLIC_VIEWS:
            expected = office.query(name, as_of=moment(PRESENT)).rows()
            assert replayed.query(name, moment(PRESENT)).rows() == expected
        replayed.close()


def test_a_stream_that_cannot_be_read_is_parked_there_too(register: Register) -> None:
    """An event of a later release stops neither the history nor the figures of the others."""
    with register.office as office:
        received = register.store.read(0, 10)[-1]
        later = StoredEvent("complaint:Z-1", 1, "complaint.received.99", received.state)
        register.store.append([later])
        replayed = Warehouse(Replay(office.views.source, office.application, {}), SHANGHAI)
        assert [one.stream for one in replayed.parked()] == ["complaint:Z-1"]
        assert replayed.query("volume", moment(PRESENT)).rows()
        replayed.close()


def test_other_values_make_other_promises(register: Register) -> None:
    """A reply an hour after the call missed its half hour, and would have kept two hours."""
    with register.office as office:
        register.receive("X-1", "2026-06-01 10:00")
        register.reply("X-1", "2026-06-01 11:00")
        position = register.store.last_position()
        figures = {
            row["figure"]: (row["promised"], row["what_if"])
            for row in compare(office, {"respond_normal_minutes": 120}, "2026-06")
        }
        assert figures["respond missed"] == (1, None)
        assert figures["respond met"] == (None, 1)
        assert register.store.last_position() == position
        assert office.query("sla", complaint="X-1", commitment="respond").rows()[0]["policy"] == "1"


def test_a_value_that_is_none_is_refused(register: Register) -> None:
    """Names and values are those of the policy."""
    with register.office as office:
        for changes in ({"nonsense": 1}, {"revisit_working_days": "soon"}):
            with pytest.raises(OfficeError) as refused:
                compare(office, changes, "2026-06")
            assert refused.value.code == "policy_invalid"


def test_the_command_line_shows_both_figures(tmp_path: Path) -> None:
    """A file with values, a month, and a row for each figure of each centre."""
    from typer.testing import CliRunner

    import guanjia as gj
    from guanjia.cli import app

    folder, values = tmp_path / "data", tmp_path / "policy.toml"
    gj.init(folder, rehearsal=True)
    register = Register(gj.open(folder, clock=lambda: moment("2026-07-01 00:00")))
    with register.office:
        register.staff()
        register.receive("X-1", "2026-06-01 10:00")
        register.reply("X-1", "2026-06-01 11:00")
    values.write_text("respond_normal_minutes = 120\n", encoding="utf-8")
    asked = ["what-if", "--policy", values, "--month", "2026-06", "--data", folder]
    shown = CliRunner().invoke(app, [str(word) for word in (*asked, "--format", "csv")])
    assert shown.exit_code == 0, shown.stderr
    assert "north,respond met,,1" in shown.stdout
