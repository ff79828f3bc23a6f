"""Take over: a supervisor, or who is handed a visitor, goes on elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.errors import Invalid, UndoBlocked
from app.queueing import counters, rows
from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.transferring import Target, transfer_active
from app.queueing.commands.undoing import undo_at_counter
from tests.queueing.floor import ADMIN, KEPALA, Floor, floor_of, mall, refusal_of


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path, mall()) as floor:
        yield floor


def taken_over(floor: Floor, ticket: int, *, at: int = 2, actor: Any = KEPALA) -> int:
    if floor.see(counters.counter_row, counter_id=at).holder_id is None:
        floor.open(at)
    take_over = serving.take_over
    return int(floor.do(take_over, counter_id=at, ticket_id=ticket, actor=actor))


def spoken(floor: Floor) -> list[tuple[int, bool]]:
    """Return at which counters somebody was called, and whether it still holds."""
    asked = select(rows.announcement.c.counter_id, rows.announcement.c.expires_at)
    with floor.engine.begin() as db:
        found = db.execute(asked.order_by(rows.announcement.c.id)).all()
    return [(counter_id, until > floor.now) for counter_id, until in found]


def test_who_is_on_the_way_is_told_the_new_place(floor: Floor) -> None:
    ticket = floor.called()
    first = floor.entries(ticket)[0]
    floor.wait(seconds=5)

    taken_over(floor, ticket)

    entry = floor.entries(ticket)[0]
    assert (entry.state, entry.counter_id) == ("called", 2)
    assert (entry.called_at, entry.call_count) == (first.called_at, 1)
    assert entry.call_id == first.call_id
    assert spoken(floor) == [(1, False), (2, True)]
    assert {"counter:1", "counter:2", "sound:1"} <= floor.facts


def test_the_seconds_before_a_no_show_begin_anew(floor: Floor) -> None:
    ticket = floor.called()
    floor.wait(seconds=30)
    floor.at(1, calling.recall)
    floor.wait(seconds=30)

    taken_over(floor, ticket)

    assert floor.entries(ticket)[0].last_called_at == floor.now


def test_it_is_no_call_of_this_counter_that_ends_a_pass_over(floor: Floor) -> None:
    ticket = floor.called()
    returned, other = floor.issue(), floor.issue()
    floor.open(2)
    assert floor.at(2, calling.call_next) == returned
    floor.at(2, calling.return_)
    taken_over(floor, ticket)
    floor.at(2, serving.serve)

    assert floor.at(2, calling.call_next) == other


def test_a_visitor_is_not_handed_over_to_practice(floor: Floor) -> None:
    floor.called()
    with floor.engine.begin() as db:
        here = rows.counter.c.id == 2
        db.execute(update(rows.counter).where(here).values(zone_id=2))

    refused = refusal_of(lambda: floor.at(1, counter_states.pause, hand_to=2))

    assert isinstance(refused, Invalid)
    assert floor.counter_state() == "open"


def test_a_counter_that_there_is_not_is_named(floor: Floor) -> None:
    floor.called()
    target = Target(counter_id=99)

    handed = refusal_of(lambda: floor.at(1, counter_states.pause, hand_to=99))
    sent = refusal_of(lambda: floor.at(1, transfer_active, target=target))

    assert isinstance(handed, Invalid)
    assert isinstance(sent, Invalid)
    assert (handed.details["field"], sent.details["field"]) == ("hand_to", "counter_id")
    assert floor.counter_state() == "open"


def test_who_is_being_served_is_not_called_again(floor: Floor) -> None:
    ticket = floor.serving()
    before = spoken(floor)

    taken_over(floor, ticket)

    assert len(spoken(floor)) == len(before)
    assert floor.states(ticket) == ["serving"]


def test_serve_next_is_not_undone_over_a_take_over(floor: Floor) -> None:
    first = floor.serving()
    second = floor.issue()
    floor.at(1, serving.serve_next)
    taken_over(floor, second)

    refused = refusal_of(lambda: floor.at(1, undo_at_counter))

    assert isinstance(refused, UndoBlocked)
    assert (floor.states(first), floor.states(second)) == (["served"], ["called"])
    assert floor.entries(second)[0].counter_id == 2


@pytest.mark.parametrize("practice", [1, 2])
def test_practice_and_the_real_hall_stay_apart(floor: Floor, practice: int) -> None:
    ticket = floor.called()
    with floor.engine.begin() as db:
        here = rows.counter.c.id == practice
        db.execute(update(rows.counter).where(here).values(zone_id=2))

    refused = refusal_of(lambda: taken_over(floor, ticket, actor=ADMIN))

    assert isinstance(refused, Invalid)
    assert floor.entries(ticket)[0].counter_id == 1
