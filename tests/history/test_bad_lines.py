"""Every way in which a line can be wrong has a code of its own, and repeats nothing."""

from typing import Any

import pytest

from .conftest import STAFF, Desk, Line, counts, line, received, rejected, rejects

CANARY = "Kanarienvogel13800138000"
GOOD = received("N-1")


def with_(**fields: object) -> dict[str, Any]:
    """Return a good line with some fields changed."""
    return {**GOOD, "text": CANARY, **fields}


def without(name: str) -> dict[str, Any]:
    """Return a good line with a field left out."""
    return {key: value for key, value in with_().items() if key != name}


BAD: dict[str, tuple[Line, str]] = {
    "no JSON": (f"{{{CANARY}", "broken_json"),
    "two values": (f'{{"do":"{CANARY}"}} {{}}', "broken_json"),
    "deep nesting": ("[" * 100_000 + CANARY, "broken_json"),
    "digits without end": ('{"do":' + "9" * 5000 + "}", "broken_json"),
    "a list": (f'["{CANARY}"]', "not_an_object"),
    "a text": (f'"{CANARY}"', "not_an_object"),
    "null": ("null", "not_an_object"),
    "a key twice": (f'{{"do":"post_staff","do":"{CANARY}"}}', "duplicate_key"),
    "a key twice inside": (f'{{"contact":{{"name":"a","name":"{CANARY}"}}}}', "duplicate_key"),
    "NaN": (f'{{"do":NaN,"text":"{CANARY}"}}', "not_a_number"),
    "Infinity": ('{"do":-Infinity}', "not_a_number"),
    "a number beyond all": ('{"do":1e999}', "not_a_number"),
    "bytes that are no text": (b'{"text":"' + CANARY.encode() + b'\xff"}', "bad_encoding"),
    "half a character": (f'{{"do":"post_staff","staff":"{CANARY}\\ud800"}}', "invalid_value"),
    "too long": (with_(text=CANARY * 60_000), "line_too_long"),
    "no command": (without("do"), "missing_field"),
    "an unknown command": (with_(do=CANARY), "unknown_command"),
    "a number for a command": (with_(do=5), "unknown_command"),
    "an unknown field": (with_(**{CANARY: CANARY}), "unknown_field"),
    "an unknown field inside": (with_(contact={CANARY: CANARY}), "unknown_field"),
    "a field of another command": (with_(handler=CANARY), "unknown_field"),
    "a missing field": (without("topic"), "missing_field"),
    "no time": (without("at"), "missing_field"),
    "a naive time": (with_(at="2025-10-10T09:00:00"), "naive_time"),
    "fractions": (with_(at="2025-10-10T09:00:00.5+08:00"), "fractional_seconds"),
    "an impossible date": (with_(at="2025-02-30T09:00:00+08:00"), "invalid_time"),
    "a number for a time": (with_(at=1760000000), "invalid_time"),
    "words for a time": (with_(at=CANARY), "invalid_time"),
    "a naive time inside": (with_(posted_at="2025-10-10T09:00:00"), "naive_time"),
    "a naive recorded_at": (with_(recorded_at="2025-10-10T09:00:00"), "naive_time"),
    "a long text": (with_(text=CANARY * 1000), "text_too_long"),
    "an empty text": (with_(text=""), "invalid_value"),
    "a number for a text": (with_(text=13800138000), "invalid_value"),
    "a text for a flag": (with_(read_back="yes"), "invalid_value"),
    "a number for a flag": (with_(read_back=1), "invalid_value"),
    "an unknown channel": (with_(channel=CANARY), "invalid_value"),
    "a broken identifier": (with_(complaint=f"@{CANARY}"), "invalid_value"),
    "a broken account": (with_(by=f"@{CANARY}"), "invalid_value"),
    "an unknown account": (with_(by=CANARY), "unknown_staff"),
    "an unknown centre": (with_(centre=CANARY), "unknown_centre"),
    "the future": (with_(at="2999-01-01T00:00:00+08:00"), "in_future"),
    "an early recorded_at": (
        with_(recorded_at="2025-10-09T09:00:00+08:00"),
        "recorded_too_early",
    ),
    "a case that is not": (line("accept_complaint", complaint=CANARY), "unknown_complaint"),
    "a policy value that is not": (
        {
            "do": "adopt_policy",
            "version": "2",
            "effective_from": "2025-10-10T09:00:00+08:00",
            "at": "2025-10-10T09:00:00+08:00",
            CANARY: 1,
        },
        "unknown_policy_value",
    ),
}


@pytest.mark.parametrize(("bad", "code"), BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("keep", [False, True], ids=["strict", "keeping"])
def test_a_bad_line_is_rejected_and_not_repeated(
    desk: Desk, bad: Line, code: str, *, keep: bool
) -> None:
    """Malformed and impossible lines leave nothing but a number, a code and a reason."""
    desk.imported(*STAFF)
    before = desk.store.last_position()
    summary = desk.imported(bad, keep_irregular=keep)
    assert rejected(summary) == [(1, code)]
    assert counts(summary) == (1, 0, 1, 0, 0)
    assert desk.store.last_position() == before
    assert summary.rejects is not None
    assert CANARY not in summary.rejects.read_text("utf-8")
    assert "13800138000" not in summary.rejects.read_text("utf-8")


def test_a_reason_names_the_field(desk: Desk) -> None:
    """Known fields are named, inside others too; unknown ones by their place on the line."""
    summary = desk.imported(
        with_(text=""),
        with_(contact={"name": 5}),
        with_(at="x"),
        {**with_(), CANARY: 1},
        with_(contact={CANARY: 1}),
    )
    reasons = [reject["reason"] for reject in rejects(summary)]
    assert [reason.split(":")[0] for reason in reasons] == [
        "`text`",
        "`contact.name`",
        "`at`",
        f"field {len(with_()) + 1} of the line",
        "in `contact`",
    ]


def test_good_lines_around_a_bad_one_are_imported(desk: Desk) -> None:
    """A line too long to read is passed over in pieces, and the next one counts again."""
    long = '{"text":"' + "x" * 3_000_000 + '"}'
    summary = desk.imported(*STAFF, long, "", "   ", received("N-1"), "{", received("N-2"))
    assert rejected(summary) == [(4, "line_too_long"), (8, "broken_json")]
    assert counts(summary) == (7, 5, 2, 0, 0)


def test_a_line_of_just_1_mib_is_read(desk: Desk) -> None:
    """The limit is 1 MiB without the line's end, whichever end that is."""
    body = b'{"text":"' + b"x" * (1024 * 1024 - 11) + b'"}'
    assert len(body) == 1024 * 1024
    lines = (body, body + b"\r", body[:-2] + b'x"}', body[:-2] + b'x"}\r', body)
    assert [code for _, code in rejected(desk.imported(*lines))] == [
        "missing_field",
        "missing_field",
        "line_too_long",
        "line_too_long",
        "missing_field",
    ]


def test_a_byte_order_mark_and_carriage_returns_are_no_fault(desk: Desk) -> None:
    """A file that an editor on Windows saved is read all the same."""
    path = desk.write(*STAFF, received("N-1"))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    summary = desk.imported(path.read_bytes())
    assert counts(summary) == (4, 4, 0, 0, 0)


def test_an_empty_file_is_no_fault(desk: Desk) -> None:
    """Nothing was read, nothing is written."""
    assert counts(desk.imported("")) == (0, 0, 0, 0, 0)
    assert desk.store.last_position() == 0
