"""What lets a case go on to its end: approvals, signatures, and all that closing needs."""

from __future__ import annotations

import pytest

from tests import scenarios as s
from tests.spec import Line, given, moment

from .complaints import (
    APPROVED_REPLY,
    AT,
    COMPANY,
    LATER,
    MAJOR,
    PRAISE,
    SENSITIVE,
    do,
)

CLOSING: list[tuple[str, list[Line], Line]] = [
    ("an invalid complaint once replied to", [
        *s.RECEIVED,
        s.classify("2025-11-03 09:15", "invalid", signed_by="head1"),
        s.reply("2025-11-03 09:20"),
    ], s.close(AT)),
    ("praise once replied to", [*PRAISE, s.reply("2025-11-03 09:20")], s.close(AT)),
    ("an inquiry once replied to", [*s.INQUIRY, s.reply("2025-11-03 09:20")], s.close(AT)),
    ("a suggestion of nobody, to whom nobody can reply", [
        *s.STAFFED, s.receive(category="suggestion", contact=None),
    ], s.close(AT)),
    ("an exempt case without any revisit", [
        *SENSITIVE, s.confirm("2025-11-04 16:00"),
    ], s.close(LATER)),
    ("a company case that the commissioner verified", [
        *COMPANY, do("verify_closure", "comm1", "2025-11-05 12:00"),
    ], s.close(LATER)),
    ("a forum case that the commissioner verified", [
        *s.WEB,
        s.classify("2025-11-03 09:15", "invalid", signed_by="head1"),
        s.reply(AT, approved_by="head1"),
        do("verify_closure", "comm1"),
    ], s.close(LATER)),
    ("any case, by the head's right", list(s.RECEIVED), s.force_close(AT)),
    ("a company case, unverified, by the head's right", COMPANY, s.force_close(LATER)),
    ("a major case, by the commissioner", MAJOR, s.force_close(LATER, by="comm1")),
    ("a major case, by the general manager", MAJOR, s.force_close(LATER, by="gm1")),
    ("a company's inquiry, answered unverified", [
        *s.STAFFED, s.receive(category="inquiry", level="company"),
    ], do("answer_complaint", "desk1", text="好")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("history", "command"), [one[1:] for one in CLOSING], ids=[one[0] for one in CLOSING]
)
def test_closes(history: list[Line], command: Line) -> None:
    """What closing needs is there: the case is closed and every clock of it decided."""
    world = given(history).run(command)
    assert world.case().closed_at == moment(command["at"])
    for clock in world.clocks():
        stays = clock.commitment == "revisit" and command["do"] == "force_close_complaint"
        assert stays or clock.stopped_at or clock.ended or clock.due_at < moment(command["at"])


def test_a_reply_needs_a_new_approval_each_time() -> None:
    """One approval, one reply; the next one waits for the next approval."""
    world = given(APPROVED_REPLY, s.reply("2025-11-03 11:00"))
    world.when(s.reply(AT)).then_refused("not_approved")
    world.run(do("approve_reply", "head1"), s.reply("2025-11-03 12:01"))
    assert world.case().approved_replies == (moment("2025-11-03 11:00"), moment("2025-11-03 12:01"))


def test_an_approval_before_the_last_reply_is_spent() -> None:
    """Typed in late, it approves no reply but one before that."""
    signed = s.reply("2025-11-03 09:30", approved_by="head1")
    world = given(s.WEB, signed, do("approve_reply", "head1", "2025-11-03 09:20"))
    world.when(s.reply("2025-11-03 11:00")).then_refused("not_approved")
    world.when(s.reply("2025-11-03 09:25")).then("complaint.replied.1")


def test_a_reply_typed_in_late_leaves_the_approval_of_the_next_one() -> None:
    """What was approved after a reply was not approved for it."""
    world = given(APPROVED_REPLY, s.reply("2025-11-03 09:30", approved_by="head1"))
    world.when(s.reply("2025-11-03 11:00")).then("complaint.replied.1")


def test_the_reply_stops_the_clock_not_its_approval() -> None:
    """A head who approves in time does not make a late reply timely."""
    world = given(APPROVED_REPLY, s.reply("2025-11-04 08:30:01"))
    assert world.outcomes("reply", "2025-12-01 00:00") == ["missed"]


def test_an_imported_approval_is_not_held_up_by_a_later_one() -> None:
    """A reply signed on its line needs no other approval, whenever that was given."""
    world = given(APPROVED_REPLY)
    world.when(s.reply("2025-11-03 09:30", approved_by="head1")).then("complaint.replied.1")


def test_an_approval_typed_in_late_lets_the_finish_in() -> None:
    """The remedy counts as approved from the earliest approval on."""
    world = given(s.VALID, s.approve("2025-11-03 14:00"), s.approve("2025-11-03 11:00"))
    world.when(s.finish(AT)).then("complaint.finished.1")
    world.run(s.confirm("2025-11-03 17:00"), s.confirm("2025-11-03 13:00"))
    world.run(s.revisit("2025-11-03 15:00"))
    world.when(s.close("2025-11-03 16:00")).then("complaint.closed.1")


def test_a_second_dispatch_does_not_shut_out_what_came_before_it() -> None:
    """An acceptance typed in late follows the first dispatch."""
    world = given(s.DISPATCHED, s.dispatch(AT))
    world.when(s.accept("2025-11-03 09:10")).then("complaint.accepted.1")


def test_the_head_signs_the_validity_in_force_again() -> None:
    """A signature under what is in force changes nothing, and withdraws a waiting invalid."""
    world = given(s.VALID, s.classify("2025-11-03 10:00", "invalid"), s.sign(AT, "valid"))
    world.when(s.sign("2025-11-03 13:00")).then_refused("not_classified")
    assert world.row().validity == "valid"
