"""Set aside and back again: grace, how often, and reminders."""

from typing import Any

import pytest

from app.errors import Invalid, NotFound, WrongState
from app.queueing.commands import calling, parking, serving, undoing
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    RESEPSI,
    VISITOR,
    RulesHarness,
    clock_time,
    mall_with_breaks,
    refusal_of,
)


@pytest.fixture
def own_mall() -> CustomMall:
    return mall_with_breaks()


def requeued_behind(rules: RulesHarness, line: list[int]) -> int:
    rules.open()
    first = line[0]
    assert rules.at(1, calling.call_next) == first
    rules.at(1, parking.park)
    rules.do(parking.requeue, ticket_id=first, actor=RESEPSI)
    return first


def test_it_comes_after_the_next_three(rules: RulesHarness) -> None:
    line = [rules.issue() for _ in range(5)]
    ticket = requeued_behind(rules, line)

    called = []
    for _ in range(4):
        called.append(rules.at(1, calling.call_next))
        rules.at(1, serving.serve)

    assert called == [*line[1:4], ticket]


def test_grace_stands_still_in_the_break(rules: RulesHarness) -> None:
    rules.now = clock_time("11:55")
    ticket = rules.serving()
    rules.at(1, parking.park)
    rules.now = clock_time("14:24")

    rules.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)

    assert rules.states(ticket) == ["waiting"]


def test_grace_ends(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.at(1, parking.park)
    rules.now = clock_time("10:12")

    refused = refusal_of(
        lambda: rules.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)
    )

    assert isinstance(refused, parking.GraceOver)


def test_a_visitor_comes_back_as_often_as_the_site_allows(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.at(1, parking.park)
    rules.do(parking.requeue, ticket_id=ticket, actor=VISITOR)
    rules.at(1, calling.call_next)
    rules.at(1, serving.no_show, reason="left")

    def back(actor: Any) -> Any:
        action = parking.requeue
        return refusal_of(lambda: rules.do(action, ticket_id=ticket, actor=actor))

    assert isinstance(back(VISITOR), parking.RequeuesUsedUp)
    assert back(RESEPSI) is None


@pytest.mark.parametrize(
    ("at", "goes_off"),
    [("11:59", "11:59"), ("12:10", "13:30"), ("13:30", "13:30"), ("16:00", "16:00")],
)
def test_a_reminder_waits_for_the_end_of_a_break(
    rules: RulesHarness, at: str, goes_off: str
) -> None:
    ticket = rules.serving()
    rules.at(1, parking.park, remind_at=clock_time(at))

    assert rules.entries(ticket)[0].remind_at == clock_time(goes_off)


def test_a_reminder_for_a_moment_that_is_over_is_refused(rules: RulesHarness) -> None:
    ticket = rules.serving()

    refused = refusal_of(
        lambda: rules.at(1, parking.park, remind_at=clock_time("08:59"))
    )

    assert isinstance(refused, Invalid)
    assert rules.states(ticket) == ["serving"]


def test_who_works_through_a_break_is_reminded_in_it(rules: RulesHarness) -> None:
    ticket = rules.issue()
    rules.now = clock_time("12:35")
    rules.open()
    rules.at(1, calling.call_next)
    rules.at(1, parking.park, remind_at=clock_time("12:50"))

    assert rules.entries(ticket)[0].remind_at == clock_time("12:50")


def test_a_parked_time_is_kept_apart_from_the_serving_time(rules: RulesHarness) -> None:
    ticket = rules.serving()
    began = rules.entries(ticket)[0].started_at
    rules.wait(minutes=5)
    rules.at(1, parking.park)
    rules.wait(minutes=10)
    rules.at(1, calling.resume, ticket_id=ticket)
    rules.at(1, serving.start)

    (entry,) = rules.entries(ticket)
    assert entry.started_at == began, "the first start stands"
    assert entry.parked_seconds == 600


def test_a_visitor_names_which_entry_comes_back(rules: RulesHarness) -> None:
    ticket = rules.called(1)
    rules.at(1, serving.no_show, reason="left")
    visitor = {"ticket_id": ticket, "actor": VISITOR}
    named = rules.entries(ticket)[0].id
    requeue = parking.requeue

    missing = refusal_of(lambda: rules.do(requeue, **visitor, entry_id=99))
    assert isinstance(missing, NotFound)
    rules.do(requeue, **visitor, entry_id=named)
    assert rules.states(ticket) == ["waiting"]
    assert isinstance(refusal_of(lambda: rules.do(requeue, **visitor)), WrongState)
    waiting = refusal_of(lambda: rules.do(requeue, **visitor, entry_id=named))
    assert isinstance(waiting, WrongState)


def test_a_requeue_of_who_was_never_called_is_undone(rules: RulesHarness) -> None:
    ticket = rules.issue()
    rules.open()
    rules.at(1, serving.take, ticket_id=ticket)
    rules.at(1, parking.park)
    (was,) = rules.entries(ticket)
    rules.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)

    rules.do(undoing.undo_on_ticket, ticket_id=ticket, actor=RESEPSI)

    assert rules.entries(ticket) == [was]
