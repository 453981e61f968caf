"""Mappings of CSV files: what fits, what is refused, and that the page documents all of it."""

from pathlib import Path

import pytest

from guanjia.history import MappingError, mapping

from .conftest import Desk, counts, rejects
from .mapped import HEADER, MAPPING, log


def test_a_mended_mapping_does_not_import_rows_twice(desk: Desk) -> None:
    """A row is known by its cells, not by what they became."""
    rows = log("1,opened,Anna,2025-07-10 09:00:00,tel")
    desk.imported_csv(rows, MAPPING)
    changed = MAPPING.replace('topic = "desk-{how}"', 'topic = "other"')
    assert counts(desk.imported_csv(rows, changed)) == (1, 0, 0, 1, 0)


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


def test_the_page_documents_every_key_of_a_mapping() -> None:
    """Who writes a mapping finds each key in the how-to."""
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "import-a-ticket-log.md").read_text(
        encoding="utf-8"
    )
    tables = (mapping.Mapping, mapping.FileTable, mapping.TimeTable, mapping.StaffTable)
    keys = {name for table in (*tables, mapping.RowsTable) for name in table.model_fields}
    missing = {key for key in keys - {"digest"} if key not in page}
    assert not missing
