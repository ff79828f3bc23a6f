"""Whole lines at once, and one ticket in several of them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
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
from tests.queueing.floor import (
    ADMIN,
    KEPALA,
    MADE,
    RESEPSI,
    VISITOR,
    Floor,
    floor_of,
    line,
    partly_served,
    refusal_of,
)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path, partly_served()) as floor:
        yield floor


def test_a_whole_line_is_transferred_in_its_order(floor: Floor) -> None:
    line_of_three = [floor.issue(1) for _ in range(3)]

    moved = floor.do(lines.transfer_line, service_id=1, actor=KEPALA, target=Target(3))

    assert moved == line_of_three
    assert line(floor, 3) == line_of_three
    assert line(floor, 1) == []


def test_put_before_another_line_it_keeps_its_order_too(floor: Floor) -> None:
    there, moving = floor.issue(3), [floor.issue(1) for _ in range(3)]
    target = Target(3, position="next")

    moved = floor.do(lines.transfer_line, service_id=1, actor=KEPALA, target=target)

    assert moved == moving
    assert line(floor, 3) == [*moving, there]


def test_who_waits_there_already_stays_and_stops_nobody(floor: Floor) -> None:
    alone, both = floor.issue(1), floor.issue(1, 3)

    moved = floor.do(lines.transfer_line, service_id=1, actor=KEPALA, target=Target(3))

    assert moved == [alone]
    assert floor.states(both) == ["waiting", "waiting"]


def test_a_whole_line_is_cancelled_and_closed(floor: Floor) -> None:
    away, waiting = floor.called(2), [floor.issue(1) for _ in range(2)]

    stopped = floor.do(lines.close_line, service_id=1, actor=KEPALA)
    cancelled = floor.do(lines.cancel_line, service_id=1, actor=KEPALA)

    assert (stopped, cancelled) == ([], waiting)
    assert floor.states(away) == ["called"]
    assert isinstance(refusal_of(floor.issue), Unavailable)
    floor.wait(days=1)
    assert floor.issue(1), "closed for the day, not for good"


@pytest.mark.parametrize("action", [lines.cancel_line, lines.close_line])
def test_nobody_commands_another_agencys_line(floor: Floor, action: Any) -> None:
    with pytest.raises(NotFound):
        floor.do(action, service_id=3, actor=KEPALA)


def test_priority_moves_every_line_in_which_a_ticket_waits(floor: Floor) -> None:
    first, ticket = floor.issue(1, 3), floor.issue(1, 3)
    staff = {"ticket_id": ticket, "actor": RESEPSI}

    floor.do(set_priority, **staff, priority="hamil")

    assert line(floor, 1) == line(floor, 3) == [ticket, first]
    floor.do(set_priority, **staff, priority="regular")
    assert line(floor, 1) == [first, ticket]
    hidden = {"ticket_id": 99, "actor": RESEPSI, "priority": "anak"}
    assert isinstance(refusal_of(lambda: floor.do(set_priority, **hidden)), NotFound)
    unseen = floor.issue(3)
    theirs = {"ticket_id": unseen, "actor": KEPALA, "priority": "anak"}
    assert isinstance(refusal_of(lambda: floor.do(set_priority, **theirs)), NotFound)


def test_a_ticket_in_three_lines_is_called_once_at_a_time(floor: Floor) -> None:
    family = floor.called(1, 2, 3)
    floor.open(3)
    floor.open(2)
    other = floor.issue(2)

    assert floor.at(3, calling.call_next) is None
    assert floor.at(2, calling.call_next) == other
    busy = {"counter_id": 3, "ticket_id": family, "actor": MADE}
    assert isinstance(refusal_of(lambda: floor.do(calling.call, **busy)), TicketBusy)
    floor.at(1, serving.serve)
    assert floor.at(3, calling.call_next) == family, "it kept its place"


def test_a_visitor_cancels_one_line_or_all(floor: Floor) -> None:
    ticket = floor.issue(1, 2, 3)
    named = floor.entries(ticket)[1].id
    visitor = {"ticket_id": ticket, "actor": VISITOR}

    floor.do(cancelling.cancel_by_visitor, **visitor, entry_id=named)
    assert floor.states(ticket) == ["waiting", "cancelled", "waiting"]
    floor.do(cancelling.cancel_by_visitor, **visitor)
    assert floor.states(ticket) == ["cancelled"] * 3
    again = refusal_of(lambda: floor.do(cancelling.cancel_by_visitor, **visitor))
    assert isinstance(again, WrongState)
    other = refusal_of(
        lambda: floor.do(cancelling.cancel_by_visitor, **visitor, entry_id=99)
    )
    assert isinstance(other, NotFound)


def test_a_visitor_names_which_leg_comes_back(floor: Floor) -> None:
    ticket = floor.called(1)
    floor.at(1, serving.no_show, reason="left")
    visitor = {"ticket_id": ticket, "actor": VISITOR}
    named = floor.entries(ticket)[0].id
    requeue = parking.requeue

    missing = refusal_of(lambda: floor.do(requeue, **visitor, entry_id=99))
    assert isinstance(missing, NotFound)
    floor.do(requeue, **visitor, entry_id=named)
    assert floor.states(ticket) == ["waiting"]
    assert isinstance(refusal_of(lambda: floor.do(requeue, **visitor)), WrongState)
    waiting = refusal_of(lambda: floor.do(requeue, **visitor, entry_id=named))
    assert isinstance(waiting, WrongState)


def test_a_class_set_during_a_call_counts_when_it_is_returned(floor: Floor) -> None:
    first = floor.called(1, 3)
    later = floor.issue(1)

    def set_class(priority: str) -> None:
        facts = {"ticket_id": first, "priority": priority, "actor": RESEPSI}
        floor.do(set_priority, **facts)

    set_class("lansia")
    floor.at(1, calling.return_)
    arrived = floor.entries(first)[0].arrived_at
    assert floor.entries(first)[0].rank == rank_of(arrived, timedelta(minutes=20))

    set_class("regular")

    assert [e.rank for e in floor.entries(first)] == [rank_of(arrived, timedelta())] * 2
    assert line(floor, 1) == [first, later]


def test_a_return_without_a_class_is_a_regulars(floor: Floor) -> None:
    ticket = floor.issue(1, priority="lansia")
    floor.open()
    floor.at(1, calling.call_next)
    with floor.engine.begin() as db:
        db.execute(delete(rows.private))

    floor.at(1, calling.return_)

    (entry,) = floor.entries(ticket)
    assert entry.rank == rank_of(entry.arrived_at, timedelta())


def test_a_class_moves_nobody_who_was_placed_by_hand(floor: Floor) -> None:
    ticket = floor.called(1)
    floor.at(1, serving.no_show, reason="left")
    floor.issue(1)
    floor.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)
    (was,) = floor.entries(ticket)

    sent = floor.issue(1)
    to = {"target": Target(3, position="next"), "ticket_id": sent, "actor": RESEPSI}
    floor.do(transfer_ticket, **to)
    first = floor.entries(sent)[1]

    for each in (ticket, sent):
        floor.do(set_priority, ticket_id=each, priority="lansia", actor=RESEPSI)

    assert floor.entries(ticket)[0].rank == was.rank
    assert floor.entries(sent)[1].rank == first.rank


def test_a_visitor_who_cancels_leaves_no_parked_line_behind(floor: Floor) -> None:
    ticket = floor.called(1, 3)
    floor.at(1, parking.park)

    floor.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=VISITOR)

    assert floor.states(ticket) == ["cancelled", "cancelled"]


def test_the_line_that_waits_is_called_before_the_one_of_a_no_show(
    floor: Floor,
) -> None:
    ticket = floor.called(1, 2)
    floor.at(1, serving.no_show, reason="left")

    floor.at(1, calling.call, ticket_id=ticket)

    assert floor.states(ticket) == ["no_show", "called"]


def test_a_line_command_for_nowhere_is_refused_though_nobody_waits(
    floor: Floor,
) -> None:
    def refused(service: int, target: Target) -> Any:
        facts = {"service_id": service, "actor": ADMIN, "target": target}
        return refusal_of(lambda: floor.do(lines.transfer_line, **facts))

    assert isinstance(refused(1, Target(99)), Invalid)
    assert isinstance(refused(99, Target(1)), NotFound)


def test_closing_a_line_for_today_shortens_no_longer_closure(floor: Floor) -> None:
    floor.do(close_by_hand, actor=KEPALA, service_id=1)

    floor.do(lines.close_line, service_id=1, actor=KEPALA)

    floor.wait(days=1)
    assert isinstance(refusal_of(floor.issue), Unavailable)
