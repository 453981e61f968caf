"""A CSV log by a mapping: what rows become, in which order and zone, and what cannot be."""

import codecs
from pathlib import Path

import pytest

from guanjia.history import MappingError, mapping

from .conftest import Desk, counts, rejected, rejects

MAPPING = """
source = "desk log"
case = "T-{id}"
activity = "{what}"
by = "{who}"
ignore = ["seen"]

[time]
column = "when"
zone = "Europe/Rome"

[staff]
account = "{who}"
post = "steward"
centre = "north"
department = "service"

[[rows]]
activity = "opened"
when = "first"
  [[rows.commands]]
  do = "receive_complaint"
  centre = "north"
  channel = "{how}"
  category = "repair"
  topic = "desk-{how}"
  text = "{id}: {text}"
  contact = { name = "{name}" }
  read_back = true

[[rows]]
activity = "opened"
when = "later"
  [[rows.commands]]
  do = "report_progress"
  text = "asked again"

[[rows]]
activity = ["taken", "given back"]
  [[rows.commands]]
  do = "dispatch_complaint"
  department = "service"
  handler = "{who}"
  [[rows.commands]]
  do = "accept_complaint"

[[rows]]
activity = "told"
commands = []

[[rows]]
activity = "done"
  [[rows.commands]]
  do = "finish_handling"
  result = "done"

[values.how]
tel = "phone"
"*" = "visit"
"""
HEADER = "id,what,who,when,how,text,name\n"


def log(*rows: str) -> str:
    """Return a CSV file of rows without the last two columns."""
    return HEADER + "".join(f"{row},words,Rossi\n" for row in rows)


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


def test_a_mended_mapping_does_not_import_rows_twice(desk: Desk) -> None:
    """A row is known by its cells, not by what they became."""
    rows = log("1,opened,Anna,2025-07-10 09:00:00,tel")
    desk.imported_csv(rows, MAPPING)
    changed = MAPPING.replace('topic = "desk-{how}"', 'topic = "other"')
    assert counts(desk.imported_csv(rows, changed)) == (1, 0, 0, 1, 0)


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


def test_a_value_the_mapping_does_not_know_rejects_the_row(desk: Desk) -> None:
    """The reason names the command's field, neither the column nor the value."""
    mapping = MAPPING.replace('"*" = "visit"', "")
    row = "1,opened,Anna,2025-07-10 09:00:00,Kanarienvogel"
    (reject,) = rejects(desk.imported_csv(log(row), mapping))
    assert reject["code"] == "unmapped_value"
    assert reject["reason"].startswith("`channel`")
    assert "Kanarienvogel" not in str(reject)


def test_a_column_may_be_a_time(desk: Desk) -> None:
    """{column|time} is read as the row's own time is."""
    mapping = MAPPING.replace("read_back = true", 'promised_reply_at = "{text|time}"')
    row = "1,opened,Anna,2025-07-10 09:00:00,tel,2025-07-10 18:00:00,Rossi\n"
    desk.imported_csv(HEADER + row, mapping)
    promised = desk.events()["complaint:T-1"][0]["promised_reply_at"]
    assert promised == "2025-07-10T18:00:00+08:00".replace("10T18", "11T00")


BAD_MAPPINGS = {
    "no TOML": ("source = ", "mapping_unreadable"),
    "an unknown key": ("colour = 1\n" + MAPPING, "mapping_invalid"),
    "a key left out": (MAPPING.replace('by = "{who}"', ""), "mapping_invalid"),
    "an unknown zone": (MAPPING.replace("Europe/Rome", "Europe/Roma"), "mapping_invalid"),
    "an unknown encoding": (MAPPING + '[file]\nencoding = "utf-9"\n', "mapping_invalid"),
    "an encoding without lines": (MAPPING + '[file]\nencoding = "utf-16"\n', "mapping_invalid"),
    "a long delimiter": (MAPPING + '[file]\ndelimiter = ",,"\n', "mapping_invalid"),
    "an unknown command": (MAPPING.replace("accept_complaint", "accept"), "mapping_invalid"),
    "an unknown field": (MAPPING.replace("result =", "words ="), "mapping_invalid"),
    "a field left out": (MAPPING.replace('result = "done"', ""), "mapping_invalid"),
    "an activity twice": (MAPPING.replace('["seen"]', '["seen", "done"]'), "mapping_invalid"),
    "first without later": (MAPPING.replace('when = "later"', ""), "mapping_invalid"),
    "staff without a centre": (MAPPING.replace('centre = "north"\n', "", 1), "mapping_invalid"),
    "an unknown post": (MAPPING.replace('"steward"', '"waiter"'), "mapping_invalid"),
    "an unknown column": (MAPPING.replace("{who}", "{whom}"), "unknown_column"),
    "a column of values that is not": (MAPPING.replace("values.how", "values.x"), "unknown_column"),
    "an unmapped activity": (MAPPING.replace('"given back"', '"x"'), "unmapped_activity"),
}


@pytest.mark.parametrize(("mapping", "code"), BAD_MAPPINGS.values(), ids=BAD_MAPPINGS.keys())
def test_a_mapping_that_does_not_fit_is_refused_before_anything_is_written(
    desk: Desk, mapping: str, code: str
) -> None:
    """One error with a code; neither the store nor a rejects file is touched."""
    rows = log("1,opened,Anna,2025-07-10 09:00:00,tel", "1,given back,Anna,broken,tel")
    with pytest.raises(MappingError) as error:
        desk.imported_csv(rows, mapping)
    assert error.value.code == code
    assert error.value.reason
    assert desk.store.last_position() == 0
    assert not list(desk.folder.glob("*.rejects.*"))


@pytest.mark.parametrize("empty", ["", "\n", "\n\n"])
def test_a_file_without_a_header_is_refused(desk: Desk, empty: str) -> None:
    """There is nothing the mapping's columns could be."""
    with pytest.raises(MappingError):
        desk.imported_csv(empty, MAPPING)


def test_the_page_documents_every_key_of_a_mapping() -> None:
    """Who writes a mapping finds each key in the how-to."""
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "import-a-ticket-log.md").read_text(
        encoding="utf-8"
    )
    tables = (mapping.Mapping, mapping.FileTable, mapping.TimeTable, mapping.StaffTable)
    keys = {name for table in (*tables, mapping.RowsTable) for name in table.model_fields}
    missing = {key for key in keys - {"digest"} if key not in page}
    assert not missing
