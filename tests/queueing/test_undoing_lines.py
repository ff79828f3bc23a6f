"""Undo of a visit: lines that were cancelled as one come back as one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import Forbidden, UndoBlocked
from app.queueing.change import Actor
from app.queueing.commands import calling, cancelling, serving, transferring
from app.queueing.commands.undoing import undo_at_counter, undo_on_ticket
from tests.queueing.floor import (
    KEPALA,
    RESEPSI,
    SARI,
    Floor,
    floor_of,
    refusal_of,
)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path) as floor:
        yield floor


def undo(floor: Floor, counter: int = 1) -> Any:
    return floor.at(counter, undo_at_counter)


def undo_ticket(floor: Floor, ticket: int, actor: Any = KEPALA, **named: Any) -> Any:
    return floor.do(undo_on_ticket, ticket_id=ticket, actor=actor, **named)


def cancelled_as_one(floor: Floor, ticket: int, actor: Any = RESEPSI) -> None:
    facts = {"ticket_id": ticket, "actor": actor, "reason": "duplicate"}
    floor.do(cancelling.cancel_every_line, **facts)


@pytest.mark.parametrize("leg", [None, 0, 1])
def test_lines_cancelled_as_one_come_back_as_one(floor: Floor, leg: int | None) -> None:
    ticket = floor.issue(1, 3)
    was = floor.entries(ticket)
    cancelled_as_one(floor, ticket)
    assert floor.states(ticket) == ["cancelled"] * 2

    named = None if leg is None else was[leg].id
    undo_ticket(floor, ticket, RESEPSI, entry_id=named)

    assert floor.entries(ticket) == was
    refused = refusal_of(lambda: undo_ticket(floor, ticket, RESEPSI))
    assert isinstance(refused, UndoBlocked)


def test_all_of_them_come_back_or_none(floor: Floor) -> None:
    ticket = floor.issue(1, 3)
    first, second = floor.entries(ticket)
    cancelled_as_one(floor, ticket)
    floor.do(transferring.add, ticket_id=ticket, service_id=3, actor=RESEPSI)

    for leg in (first, second):
        with pytest.raises(UndoBlocked):
            undo_ticket(floor, ticket, RESEPSI, entry_id=leg.id)
    assert floor.states(ticket) == ["cancelled", "cancelled", "waiting"]


def test_a_called_line_of_them_is_parked_where_others_are_by_then(floor: Floor) -> None:
    ticket = floor.called(1, 3)
    cancelled_as_one(floor, ticket)
    floor.issue(1)
    floor.at(1, calling.call_next)

    undo_ticket(floor, ticket, RESEPSI)

    assert floor.states(ticket) == ["parked", "waiting"]


def test_the_holder_of_its_counter_takes_back_all_of_them(floor: Floor) -> None:
    ticket = floor.called(1)
    floor.do(transferring.add, ticket_id=ticket, service_id=2, actor=SARI)
    cancelled_as_one(floor, ticket, SARI)

    undo(floor)

    assert floor.states(ticket) == ["called", "waiting"]


def test_lines_a_visitor_gave_up_come_back_by_a_supervisor(floor: Floor) -> None:
    ticket = floor.issue(1, 3)
    was = floor.entries(ticket)
    visitor = Actor("visitor", "visitor", ticket)
    floor.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=visitor)

    assert isinstance(
        refusal_of(lambda: undo_ticket(floor, ticket, RESEPSI)), Forbidden
    )
    undo_ticket(floor, ticket, KEPALA)

    assert floor.entries(ticket) == was


def test_a_no_show_comes_back_beside_the_line_it_waits_in_anew(floor: Floor) -> None:
    ticket = floor.called(1)
    floor.at(1, serving.no_show, reason="left")
    floor.do(transferring.add, ticket_id=ticket, service_id=1, actor=RESEPSI)
    was = floor.entries(ticket)
    cancelled_as_one(floor, ticket)

    undo_ticket(floor, ticket, RESEPSI)

    assert floor.entries(ticket) == was
    assert floor.states(ticket) == ["no_show", "waiting"]


def test_each_takes_back_the_own_though_another_acted_last(floor: Floor) -> None:
    ticket = floor.issue(3, 1)
    (was, _) = floor.entries(ticket)
    staff = {"ticket_id": ticket, "actor": RESEPSI, "reason": "visitor"}
    floor.do(cancelling.cancel_by_staff, **staff, entry_id=was.id)
    floor.open()
    floor.at(1, calling.call_next)
    floor.at(1, serving.start)

    undo_ticket(floor, ticket, RESEPSI)

    assert floor.states(ticket) == ["waiting", "serving"]
