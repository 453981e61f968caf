"""The demonstration's homes, keys, renovations and parcels: every view has rows, some bad."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from guanjia.demo import build
from guanjia.labels import NAMES
from guanjia.projections.views import PUBLIC_VIEWS

from .conftest import END, SIZE, Town, new_office

OF_NO_CENTRE = {"parked", "unusual-access"}
"""Views of what should never happen, and of people across the centres."""


def _rows(town: Town, view: str) -> list[dict[str, Any]]:
    return town.office.query(view, as_of=END).rows()


@pytest.mark.parametrize("view", sorted(PUBLIC_VIEWS.keys() - OF_NO_CENTRE))
def test_every_view_shows_something_of_every_centre(town: Town, view: str) -> None:
    """No view is empty but that of what cannot be read; not every centre has leavers."""
    centres = {row["centre"] for row in _rows(town, view)} - {None}
    expected = {"garden", "river"} if view == "leavers" else set(town.summary.centres)
    assert centres == expected


def test_every_promise_is_kept_mostly_and_missed_sometimes(town: Town) -> None:
    """Each promise about a home, key, renovation or parcel is met more often than missed."""
    outcomes: dict[str, Counter[str]] = {}
    for row in _rows(town, "sla"):
        if row["kind"] != "complaint" and row["commitment"] != "parcel_search":
            outcomes.setdefault(row["commitment"], Counter())[row["outcome"]] += 1
    assert set(outcomes) == {
        "handover_notice",
        "glass_review",
        "greeting",
        "data_update",
        "document_due_back",
        "key_due_back",
        "parcel_notice",
        "parcel_pickup",
        "patrol",
        "permit_validity",
    }
    late = set(outcomes) - {"permit_validity"}
    assert all(outcomes[name]["met"] > outcomes[name]["missed"] > 0 for name in late)


def test_what_stopped_or_ended_a_promise_has_a_chinese_name(town: Town) -> None:
    """Whoever reads a page in Chinese reads why in Chinese."""
    causes = {row["cause"] for row in _rows(town, "sla")} - {None}
    assert len(causes) > 15
    assert causes <= NAMES["clock_cause"].keys()


def test_homes_are_at_every_stage(town: Town) -> None:
    """Most homes are handed over; some were only inspected, noticed or registered."""
    stages = Counter(row["status"] for row in _rows(town, "units"))
    assert set(stages) == {"registered", "noticed", "inspected", "handed_over"}
    assert stages["handed_over"] > sum(stages.values()) * 0.8


def test_defects_are_of_every_kind(town: Town) -> None:
    """The eight kinds, inside and outside the warranty, one of the design; some stay open."""
    defects = _rows(town, "defects")
    assert len({row["kind"] for row in defects}) == 8
    assert {row["warranty"] for row in defects} == {"inside", "outside"}
    assert any(row["design"] for row in defects)
    assert 0 < sum(row["finished_at"] is None for row in defects) < len(defects) / 2
    explained = [row for row in _rows(town, "warranty") if row["explained"]]
    assert any(row["below_target"] for row in explained)


def test_most_days_of_a_renovation_are_patrolled(town: Town) -> None:
    """Patrols cover most days of each renovation, and not all of them; one violation is open."""
    rows = _rows(town, "patrol-coverage")
    assert all(row["rate"] > 0.5 for row in rows)
    assert 0 < sum(row["missing"] for row in rows) < sum(row["days"] for row in rows) * 0.3
    steps = Counter(row["open"] for row in _rows(town, "violations"))
    assert steps[False] > steps[True] > 0


def test_something_is_not_where_it_should_be(town: Town) -> None:
    """A key and a document are overdue, a document and a card are missing, a count differs."""
    assert any(row["overdue"] for row in _rows(town, "keys-out"))
    documents = _rows(town, "documents")
    assert any(row["overdue"] for row in documents)
    assert {row["status"] for row in documents} == {"filed", "borrowed", "missing"}
    counts = _rows(town, "key-counts")
    assert any(row["missing"] for row in counts)
    assert sum(row["missing"] + row["unregistered"] == 0 for row in counts) > len(counts) / 2


def test_parcels_wait_and_some_too_long(town: Town) -> None:
    """Parcels wait in time and overdue, and a fax is 待查."""
    waiting = _rows(town, "parcels-waiting")
    assert {row["overdue"] for row in waiting} == {True, False}
    assert {row["kind"] for row in waiting if row["status"] == "pending"} == {"fax"}


def test_who_left_or_moved_has_things_still(town: Town) -> None:
    """The technician who left has a key and papers, the steward who moved papers and homes."""
    things: dict[str, set[str]] = {}
    for row in _rows(town, "leavers"):
        things.setdefault(row["account"], set()).add(row["kind"])
    assert things["river.tech2"] >= {"key", "paper_copy"}
    assert things["garden.steward2"] >= {"paper_copy", "document", "area"}


def test_some_quotas_of_visits_are_kept(town: Town) -> None:
    """Visits reach the quota in many months and fall short in others, most in the weak centre."""
    met = Counter((row["centre"], row["met"]) for row in _rows(town, "visit-quotas"))
    assert all(met[centre, True] > 0 and met[centre, False] > 0 for centre in town.summary.centres)
    assert min(town.summary.centres, key=lambda centre: met[centre, True]) != "north"


def test_the_year_may_end_at_another_time() -> None:
    """With the holidays elsewhere in the year nothing but what was provoked is refused."""
    end = END - timedelta(weeks=20, hours=5)
    with new_office() as office:
        assert build(office, end=end, seed=7, cases_per_centre=SIZE).end == end


def test_owners_data_is_looked_at_and_once_too_often(town: Town) -> None:
    """Most questions are answered, some denied; one desk stands out, and one file is left."""
    asked = Counter(row["outcome"] for row in _rows(town, "access"))
    assert asked["disclosed"] > asked["denied"] > 0
    most = max(_rows(town, "unusual-access"), key=lambda row: row["score"] or 0)
    assert (most["person"], most["unusual"]) == ("P-river-desk2", True)
    files = {row["centre"]: row["status"] for row in _rows(town, "exports")}
    assert files == {"north": "destroyed", "garden": "destroyed", "river": "released"}


def test_duties_are_mostly_done(town: Town) -> None:
    """Each duty is done more often than not in every centre's rounds, and not always."""
    rounds = [row for row in _rows(town, "duties") if row["duty"] != "training"]
    outcomes = Counter((row["duty"], row["outcome"]) for row in rounds)
    for duty in ("self_check", "quality_check", "case_review", "web_check"):
        assert outcomes[duty, "met"] > outcomes[duty, "missed"] > 0
