"""Whole lines at once, and one ticket in several of them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from app.errors import (
    Invalid,
    NotFound,
    TicketBusy,
    Unavailable,
    WrongState,
)
from app.queueing import rows
from app.queueing.commands import calling, cancelling, lines, parking, serving
from app.queueing.commands.closures import close_by_hand
from app.queueing.commands.priority import set_priority
from app.queueing.commands.transferring import Target, transfer_ticket
from app.queueing.line.ranking import rank_of
from tests.support.custom_mall import CustomMall
from tests.support.rules import (
    ADMIN,
    KEPALA,
    MADE,
    RESEPSI,
    VISITOR,
    RulesHarness,
    partly_served,
    refusal_of,
)


@pytest.fixture
def own_mall() -> CustomMall:
    return partly_served()


def test_a_whole_line_is_transferred_in_its_order(rules: RulesHarness) -> None:
    line_of_three = [rules.issue(1) for _ in range(3)]

    moved = rules.do(lines.transfer_line, service_id=1, actor=KEPALA, target=Target(3))

    assert moved == line_of_three
    assert rules.line(3) == line_of_three
    assert rules.line(1) == []


def test_put_before_another_line_it_keeps_its_order_too(rules: RulesHarness) -> None:
    there, moving = rules.issue(3), [rules.issue(1) for _ in range(3)]
    target = Target(3, position="next")

    moved = rules.do(lines.transfer_line, service_id=1, actor=KEPALA, target=target)

    assert moved == moving
    assert rules.line(3) == [*moving, there]


def test_who_waits_there_already_stays_and_stops_nobody(rules: RulesHarness) -> None:
    alone, both = rules.issue(1), rules.issue(1, 3)

    moved = rules.do(lines.transfer_line, service_id=1, actor=KEPALA, target=Target(3))

    assert moved == [alone]
    assert rules.states(both) == ["waiting", "waiting"]


def test_a_whole_line_is_cancelled_and_closed(rules: RulesHarness) -> None:
    away, waiting = rules.called(2), [rules.issue(1) for _ in range(2)]

    stopped = rules.do(lines.close_line, service_id=1, actor=KEPALA)
    cancelled = rules.do(lines.cancel_line, service_id=1, actor=KEPALA)

    assert (stopped, cancelled) == ([], waiting)
    assert rules.states(away) == ["called"]
    assert isinstance(refusal_of(rules.issue), Unavailable)
    rules.wait(days=1)
    assert rules.issue(1), "closed for the day, not for good"


@pytest.mark.parametrize("action", [lines.cancel_line, lines.close_line])
def test_nobody_commands_another_agencys_line(rules: RulesHarness, action: Any) -> None:
    with pytest.raises(NotFound):
        rules.do(action, service_id=3, actor=KEPALA)


def test_priority_moves_every_line_in_which_a_ticket_waits(rules: RulesHarness) -> None:
    first, ticket = rules.issue(1, 3), rules.issue(1, 3)
    staff = {"ticket_id": ticket, "actor": RESEPSI}

    rules.do(set_priority, **staff, priority="hamil")

    assert rules.line(1) == rules.line(3) == [ticket, first]
    rules.do(set_priority, **staff, priority="regular")
    assert rules.line(1) == [first, ticket]
    hidden = {"ticket_id": 99, "actor": RESEPSI, "priority": "anak"}
    assert isinstance(refusal_of(lambda: rules.do(set_priority, **hidden)), NotFound)
    unseen = rules.issue(3)
    theirs = {"ticket_id": unseen, "actor": KEPALA, "priority": "anak"}
    assert isinstance(refusal_of(lambda: rules.do(set_priority, **theirs)), NotFound)


def test_a_ticket_in_three_lines_is_called_once_at_a_time(rules: RulesHarness) -> None:
    family = rules.called(1, 2, 3)
    rules.open(3)
    rules.open(2)
    other = rules.issue(2)

    assert rules.at(3, calling.call_next) is None
    assert rules.at(2, calling.call_next) == other
    busy = {"counter_id": 3, "ticket_id": family, "actor": MADE}
    assert isinstance(refusal_of(lambda: rules.do(calling.call, **busy)), TicketBusy)
    rules.at(1, serving.serve)
    assert rules.at(3, calling.call_next) == family, "it kept its place"


def test_a_visitor_cancels_one_line_or_all(rules: RulesHarness) -> None:
    ticket = rules.issue(1, 2, 3)
    named = rules.entries(ticket)[1].id
    visitor = {"ticket_id": ticket, "actor": VISITOR}

    rules.do(cancelling.cancel_by_visitor, **visitor, entry_id=named)
    assert rules.states(ticket) == ["waiting", "cancelled", "waiting"]
    rules.do(cancelling.cancel_by_visitor, **visitor)
    assert rules.states(ticket) == ["cancelled"] * 3
    again = refusal_of(lambda: rules.do(cancelling.cancel_by_visitor, **visitor))
    assert isinstance(again, WrongState)
    other = refusal_of(
        lambda: rules.do(cancelling.cancel_by_visitor, **visitor, entry_id=99)
    )
    assert isinstance(other, NotFound)


def test_a_visitor_names_which_leg_comes_back(rules: RulesHarness) -> None:
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


def test_a_class_set_during_a_call_counts_when_it_is_returned(
    rules: RulesHarness,
) -> None:
    first = rules.called(1, 3)
    later = rules.issue(1)

    def set_class(priority: str) -> None:
        facts = {"ticket_id": first, "priority": priority, "actor": RESEPSI}
        rules.do(set_priority, **facts)

    set_class("lansia")
    rules.at(1, calling.return_)
    arrived = rules.entries(first)[0].arrived_at
    assert rules.entries(first)[0].rank == rank_of(arrived, timedelta(minutes=20))

    set_class("regular")

    assert [e.rank for e in rules.entries(first)] == [rank_of(arrived, timedelta())] * 2
    assert rules.line(1) == [first, later]


def test_a_return_without_a_class_is_a_regulars(rules: RulesHarness) -> None:
    ticket = rules.issue(1, priority="lansia")
    rules.open()
    rules.at(1, calling.call_next)
    with rules.engine.begin() as db:
        db.execute(delete(rows.private))

    rules.at(1, calling.return_)

    (entry,) = rules.entries(ticket)
    assert entry.rank == rank_of(entry.arrived_at, timedelta())


def test_a_class_moves_nobody_who_was_placed_by_hand(rules: RulesHarness) -> None:
    ticket = rules.called(1)
    rules.at(1, serving.no_show, reason="left")
    rules.issue(1)
    rules.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)
    (was,) = rules.entries(ticket)

    sent = rules.issue(1)
    to = {"target": Target(3, position="next"), "ticket_id": sent, "actor": RESEPSI}
    rules.do(transfer_ticket, **to)
    first = rules.entries(sent)[1]

    for each in (ticket, sent):
        rules.do(set_priority, ticket_id=each, priority="lansia", actor=RESEPSI)

    assert rules.entries(ticket)[0].rank == was.rank
    assert rules.entries(sent)[1].rank == first.rank


def test_a_visitor_who_cancels_leaves_no_parked_line_behind(
    rules: RulesHarness,
) -> None:
    ticket = rules.called(1, 3)
    rules.at(1, parking.park)

    rules.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=VISITOR)

    assert rules.states(ticket) == ["cancelled", "cancelled"]


def test_the_line_that_waits_is_called_before_the_one_of_a_no_show(
    rules: RulesHarness,
) -> None:
    ticket = rules.called(1, 2)
    rules.at(1, serving.no_show, reason="left")

    rules.at(1, calling.call, ticket_id=ticket)

    assert rules.states(ticket) == ["no_show", "called"]


def test_a_line_command_for_nowhere_is_refused_though_nobody_waits(
    rules: RulesHarness,
) -> None:
    def refused(service: int, target: Target) -> Any:
        facts = {"service_id": service, "actor": ADMIN, "target": target}
        return refusal_of(lambda: rules.do(lines.transfer_line, **facts))

    assert isinstance(refused(1, Target(99)), Invalid)
    assert isinstance(refused(99, Target(1)), NotFound)


def test_closing_a_line_for_today_shortens_no_longer_closure(
    rules: RulesHarness,
) -> None:
    rules.do(close_by_hand, actor=KEPALA, service_id=1)

    rules.do(lines.close_line, service_id=1, actor=KEPALA)

    rules.wait(days=1)
    assert isinstance(refusal_of(rules.issue), Unavailable)
