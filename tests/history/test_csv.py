"""A CSV log by a mapping: what rows become, in which order and zone, and what cannot be."""

import codecs

import pytest

from guanjia.history import MappingError

from .conftest import Desk, counts, rejected
from .mapped import HEADER, MAPPING, log


def test_rows_become_commands(desk: Desk) -> None:
    """A row may be several commands, or none on purpose; people are posted as they appear."""
    summary = desk.imported_csv(
        log(
            "1,opened,Anna,2025-07-10 09:00:00,tel",
            "1,seen,nobody,never,tel",
            "1,taken,Bruno,2025-07-10 10:00,tel",
            "1,told,Bruno,2025-07-10 10:30,tel",
            "1,opened,Bruno,2025-07-10 11:00:00,tel",
            "1,done,Bruno,2025-07-10 12:00:00,tel",
        ),
        MAPPING,
    )
    assert counts(summary) == (6, 4, 0, 0, 2)
    assert desk.topics("complaint:T-1") == [
        "received",
        "dispatched",
        "accepted",
        "progress_reported",
        "finished",
    ]
    received = desk.events()["complaint:T-1"][0]
    assert (received["channel"], received["topic_code"], received["read_back"]) == (
        "phone",
        "desk-phone",
        True,
    )
    posted = desk.events()["roster"]
    assert [(each["staff"], each["by"], each["at"]) for each in posted] == [
        ("Anna", "system", "2025-07-10T15:00:00+08:00"),
        ("Bruno", "system", "2025-07-10T16:00:00+08:00"),
    ]


def test_rows_are_put_in_order_of_time_within_their_case(desk: Desk) -> None:
    """The newest first is how many logs are written; equal times keep the file's order."""
    summary = desk.imported_csv(
        log(
            "1,done,Anna,2025-07-10 12:00:00,tel",
            "2,opened,Anna,2025-07-09 09:00:00,tel",
            "1,opened,Anna,2025-07-10 09:00:00,tel",
            "1,taken,Anna,2025-07-10 09:00:00,tel",
        ),
        MAPPING,
    )
    assert counts(summary) == (4, 4, 0, 0, 0)
    assert desk.events()["roster"][0]["at"] == "2025-07-09T15:00:00+08:00"


def test_a_row_is_taken_as_a_whole_or_not_at_all(desk: Desk) -> None:
    """The dispatch of a row whose acceptance is refused is not recorded either."""
    rows = (
        "1,opened,Anna,2025-07-10 09:00:00,tel",
        "1,taken,Anna,2025-07-10 10:00:00,tel",
        "1,done,Anna,2025-07-10 11:00:00,tel",
        "1,taken,Anna,2025-07-10 12:00:00,tel",
        "1,opened,Anna,2025-07-10 13:00:00,tel",
    )
    summary = desk.imported_csv(log(*rows), MAPPING)
    assert rejected(summary) == [(5, "already_finished")]
    assert counts(summary) == (5, 4, 1, 0, 0)
    assert desk.topics("complaint:T-1").count("dispatched") == 1
    before = desk.events()
    assert counts(desk.imported_csv(log(*rows), MAPPING)) == (5, 0, 1, 4, 0)
    assert desk.events() == before
    kept = desk.imported_csv(log(*rows), MAPPING, keep_irregular=True)
    assert (counts(kept), kept.irregular) == ((5, 1, 0, 4, 0), {"already_finished": 1})
    assert desk.topics("complaint:T-1").count("dispatched") == 2


@pytest.mark.parametrize(
    ("local", "moment"),
    [
        ("2025-07-10 09:00:00", "2025-07-10T15:00:00+08:00"),
        ("2025-01-10T09:00", "2025-01-10T16:00:00+08:00"),
        ("2025-01-10T09:00:00+02:00", "2025-01-10T15:00:00+08:00"),
        ("2024-10-27 02:30:00", "2024-10-27T08:30:00+08:00"),
        ("2025-03-30 02:30:00", "2025-03-30T09:30:00+08:00"),
    ],
    ids=["summer", "winter", "with an offset", "twice: the earlier", "never: moved on"],
)
def test_local_times_are_of_the_mappings_zone(desk: Desk, local: str, moment: str) -> None:
    """A clock that is put back or forward leaves no doubt either."""
    desk.imported_csv(log(f"1,opened,Anna,{local},tel"), MAPPING)
    assert desk.events()["complaint:T-1"][0]["at"] == moment


@pytest.mark.parametrize(
    ("local", "code"),
    [
        ("10/07/2025 09:00", "invalid_time"),
        ("2025-02-30 09:00:00", "invalid_time"),
        ("0001-01-01 00:00:00", "invalid_time"),
        ("2025-07-10", "invalid_time"),
        ("", "invalid_time"),
        ("2025-07-10 09:00:00.250", "fractional_seconds"),
        ("2999-07-10 09:00:00", "in_future"),
    ],
)
def test_a_time_that_cannot_be_read_rejects_the_row(desk: Desk, local: str, code: str) -> None:
    """The row's line number stands in the rejects; the header is line 1."""
    summary = desk.imported_csv(log(f"1,opened,Anna,{local},tel"), MAPPING)
    assert rejected(summary) == [(2, code)]


def test_times_may_be_written_as_anyone_likes(desk: Desk) -> None:
    """Strptime's notation, and fractions cut if the mapping says so."""
    written = 'format = "%d.%m.%Y %H:%M:%S.%f"\ncut_fractions = true\nzone'
    mapping = MAPPING.replace("zone", written, 1)
    desk.imported_csv(log("1,opened,Anna,10.07.2025 09:00:00.999,tel"), mapping)
    assert desk.events()["complaint:T-1"][0]["at"] == "2025-07-10T15:00:00+08:00"


def test_without_a_zone_a_naive_time_is_refused(desk: Desk) -> None:
    """Nobody can know which hour was meant."""
    mapping = MAPPING.replace('zone = "Europe/Rome"', "")
    summary = desk.imported_csv(log("1,opened,Anna,2025-07-10 09:00:00,tel"), mapping)
    assert rejected(summary) == [(2, "naive_time")]


def test_cells_may_hold_anything_a_csv_can(desk: Desk) -> None:
    """Other delimiters and encodings, quotes, line breaks, a byte order mark, blank lines."""
    row = '1;opened;Anna;2025-07-10 09:00:00;tel;"said: ""好\n的; ja""";罗西\r\n\r\n'
    more = row.replace("1;", "2;", 1)
    encoded = (HEADER.replace(",", ";") + row + more).encode("gb18030")
    mapping = MAPPING + '[file]\ndelimiter = ";"\nencoding = "gb18030"\n'
    assert counts(desk.imported_csv(encoded, mapping)) == (2, 2, 0, 0, 0)
    marked = codecs.BOM_UTF8 + log("3,opened,Anna,2025-07-10 09:00:00,tel").encode()
    assert counts(desk.imported_csv(marked, MAPPING)) == (1, 1, 0, 0, 0)


def test_an_empty_contact_is_an_anonymous_case(desk: Desk) -> None:
    """A field of which nothing is left is left out."""
    row = "1,opened,Anna,2025-07-10 09:00:00,tel,words,\n"
    desk.imported_csv(HEADER + row, MAPPING)
    assert desk.events()["complaint:T-1"][0]["reach"] == "anonymous"


def test_broken_rows_are_rejected_and_the_next_line_counts(desk: Desk) -> None:
    """A quote left open must not swallow the rest of the file; nothing is repeated of the row."""
    good = "{},opened,Anna,2025-07-10 09:00:00,tel,words,Rossi"
    lines = [
        good.format(1),
        "2,opened,Kanarienvogel",
        f"5,opened,Anna,2025-07-10 09:00:00,tel,{'x' * 1_100_000},Rossi",
        good.format("@6"),
        '3,opened,Anna,2025-07-10 09:00:00,tel,"Kanarienvogel,Rossi',
        good.format(4),
        good.format("").replace("Anna", "", 1),
        good.format(8),
    ]
    encoded = (HEADER + "\n".join(lines) + "\n").encode() + b"9,opened,\xff,,,,\n"
    summary = desk.imported_csv(encoded, MAPPING)
    assert rejected(summary) == [
        (3, "broken_row"),
        (4, "line_too_long"),
        (5, "invalid_value"),
        (6, "broken_row"),
        (8, "missing_field"),
        (10, "bad_encoding"),
    ]
    assert counts(summary) == (9, 3, 6, 0, 0)
    assert summary.rejects is not None
    assert "Kanarienvogel" not in summary.rejects.read_text("utf-8")


@pytest.mark.parametrize("empty", ["", "\n", "\n\n"])
def test_a_file_without_a_header_is_refused(desk: Desk, empty: str) -> None:
    """There is nothing the mapping's columns could be."""
    with pytest.raises(MappingError):
        desk.imported_csv(empty, MAPPING)
