"""Undo: each kind, by whom and how long; what came as one is taken back as one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import Forbidden, NotFound, Stale, UndoBlocked
from app.queueing import rows
from app.queueing.commands import (
    calling,
    cancelling,
    counter_states,
    due,
    parking,
    serving,
    transferring,
)
from app.queueing.commands.transferring import Target
from app.queueing.commands.undoing import undo_at_counter, undo_on_ticket
from app.queueing.rows import ticket_row
from app.queueing.views.tickets import staff_ticket_view
from tests.queueing.floor import (
    ADMIN,
    BUDI,
    KEPALA,
    MADE,
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


AT_COUNTER: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (serving.start, {}, "called"),
    (serving.serve, {}, "called"),
    (serving.no_show, {"reason": "left"}, "called"),
    (parking.park, {}, "called"),
    (transferring.transfer_active, {"target": Target(2)}, "called"),
]


@pytest.mark.parametrize(("action", "facts", "before"), AT_COUNTER)
def test_an_officer_undoes_what_was_last_done_here(
    floor: Floor, action: Callable[..., Any], facts: dict[str, Any], before: str
) -> None:
    ticket = floor.called()
    (was,) = floor.entries(ticket)
    floor.at(1, action, **facts)
    floor.wait(minutes=29)

    assert undo(floor) == ticket

    now = floor.entries(ticket)[0]
    assert now._replace(event_id=0) == was
    assert now.state == before


def test_a_cancel_and_a_requeue_are_undone_by_the_ticket(floor: Floor) -> None:
    ticket = floor.issue()
    (was,) = floor.entries(ticket)
    staff = {"ticket_id": ticket, "actor": RESEPSI}
    floor.do(cancelling.cancel_by_staff, **staff, reason="duplicate")
    undo_ticket(floor, ticket, RESEPSI)
    assert floor.entries(ticket) == [was]
    floor.open()
    floor.at(1, calling.call_next)
    floor.at(1, serving.no_show, reason="left")
    (was,) = floor.entries(ticket)
    floor.do(parking.requeue, **staff)

    undo_ticket(floor, ticket, RESEPSI)

    assert floor.entries(ticket) == [was]


def test_an_undo_announces_nothing(floor: Floor) -> None:
    floor.called()
    floor.at(1, serving.start)

    undo(floor)

    assert not any(fact.startswith("sound:") for fact in floor.facts)


def test_undone_twice_is_blocked(floor: Floor) -> None:
    floor.serving()
    undo(floor)

    assert isinstance(refusal_of(lambda: undo(floor)), UndoBlocked)


def test_the_next_event_of_the_entry_blocks_it(floor: Floor) -> None:
    ticket = floor.serving()
    floor.at(1, parking.park)
    floor.at(1, calling.resume, ticket_id=ticket)

    assert isinstance(refusal_of(lambda: undo(floor)), UndoBlocked)


def test_time_blocks_it(floor: Floor) -> None:
    ticket = floor.serving()
    floor.wait(minutes=31)

    assert isinstance(refusal_of(lambda: undo(floor)), UndoBlocked)
    refused = refusal_of(lambda: undo_ticket(floor, ticket))
    assert isinstance(refused, UndoBlocked)


def test_midnight_blocks_it(floor: Floor) -> None:
    floor.wait(hours=14, minutes=50)
    ticket = floor.serving()
    floor.at(1, serving.serve)
    floor.wait(minutes=15)

    refused = refusal_of(lambda: undo_ticket(floor, ticket))

    assert isinstance(refused, UndoBlocked)
    assert floor.states(ticket) == ["served"]


def test_nothing_done_is_blocked(floor: Floor) -> None:
    floor.open()

    assert isinstance(refusal_of(lambda: undo(floor)), UndoBlocked)


def test_only_who_gave_it_and_supervisors_undo(floor: Floor) -> None:
    ticket = floor.serving()
    floor.at(1, serving.serve)

    assert isinstance(refusal_of(lambda: undo_ticket(floor, ticket, BUDI)), Forbidden)
    assert isinstance(refusal_of(lambda: undo_ticket(floor, ticket, MADE)), NotFound)
    undo_ticket(floor, ticket, SARI)
    assert floor.states(ticket) == ["serving"]
    floor.at(1, serving.serve)
    undo_ticket(floor, ticket, ADMIN)
    assert floor.states(ticket) == ["serving"]


def test_a_version_that_was_not_seen_is_stale(floor: Floor) -> None:
    ticket = floor.serving()
    seen = floor.see(ticket_row, ticket_id=ticket).version

    with pytest.raises(Stale):
        floor.at(1, undo_at_counter, version=seen - 1)
    floor.at(1, undo_at_counter, version=seen)


def test_where_the_counter_is_busy_by_then_it_is_parked_there(floor: Floor) -> None:
    ticket = floor.serving()
    floor.at(1, serving.serve)
    other = floor.issue()
    floor.at(1, calling.call_next)

    undo_ticket(floor, ticket)

    (entry,) = floor.entries(ticket)
    assert (entry.state, entry.parked_by_counter_id) == ("parked", 1)
    assert entry.parked_at == entry.set_aside_at == floor.now
    assert floor.states(other) == ["called"]


def test_where_the_counter_is_closed_it_is_parked(floor: Floor) -> None:
    ticket = floor.serving()
    floor.at(1, serving.serve)
    floor.at(1, counter_states.close)

    undo_ticket(floor, ticket)

    assert floor.states(ticket) == ["parked"]


def test_where_the_ticket_is_at_another_counter_it_is_parked(floor: Floor) -> None:
    ticket = floor.serving(1, 3)
    floor.at(1, serving.serve)
    floor.open(3)
    floor.at(3, calling.call_next)

    undo_ticket(floor, ticket, entry_id=floor.entries(ticket)[0].id)

    assert floor.states(ticket) == ["parked", "called"]


def test_serve_next_is_undone_as_one(floor: Floor) -> None:
    first, second, third = floor.serving(), floor.issue(), floor.issue()
    (was,) = floor.entries(second)
    assert floor.at(1, serving.serve_next) == (first, second)

    assert undo(floor) == first

    assert floor.states(first) == ["serving"]
    (now,) = floor.entries(second)
    assert (now.state, now.rank, now.call_count) == ("waiting", was.rank, 0)
    assert floor.at(1, serving.serve_next) == (first, second)
    assert floor.states(third) == ["waiting"]


def test_serve_next_is_not_undone_once_the_next_has_come(floor: Floor) -> None:
    first, second = floor.serving(), floor.issue()
    floor.at(1, serving.serve_next)
    floor.at(1, serving.start)

    refused = refusal_of(lambda: undo_ticket(floor, first))

    assert isinstance(refused, UndoBlocked)
    assert floor.states(first) + floor.states(second) == ["served", "serving"]


def test_an_undone_transfer_withdraws_the_new_entry(floor: Floor) -> None:
    ticket = floor.serving()
    floor.at(1, transferring.transfer_active, target=Target(3))

    undo(floor)

    assert floor.states(ticket) == ["serving", "cancelled"]


def test_a_transfer_is_not_undone_once_the_other_line_has_called(floor: Floor) -> None:
    ticket = floor.serving()
    floor.at(1, transferring.transfer_active, target=Target(3))
    floor.open(3)
    floor.at(3, calling.call_next)

    assert isinstance(refusal_of(lambda: undo(floor)), UndoBlocked)
    assert floor.states(ticket) == ["transferred", "called"]


def test_an_undone_serve_withdraws_the_way_back(floor: Floor) -> None:
    ticket = floor.serving()
    floor.at(1, transferring.transfer_active, target=Target(3, back=True))
    floor.open(3)
    floor.at(3, calling.call_next)
    floor.at(3, serving.serve)
    assert floor.states(ticket) == ["transferred", "served", "waiting"]

    undo(floor, 3)

    assert floor.states(ticket) == ["transferred", "called", "cancelled"]


def test_undone_too_when_serve_next_called_the_one_who_came_back(floor: Floor) -> None:
    ticket = floor.serving()
    back = Target(2, position="next", back=True)
    floor.at(1, transferring.transfer_active, target=back)
    floor.at(1, calling.call_next)
    floor.at(1, serving.start)
    assert floor.at(1, serving.serve_next) == (ticket, ticket)

    undo(floor)

    assert floor.states(ticket) == ["transferred", "serving", "cancelled"]


def test_no_undo_puts_a_ticket_into_one_line_twice(floor: Floor) -> None:
    ticket = floor.called()
    floor.at(1, serving.no_show, reason="left")
    floor.do(transferring.add, ticket_id=ticket, service_id=1, actor=RESEPSI)

    assert isinstance(refusal_of(lambda: undo(floor)), UndoBlocked)
    assert floor.states(ticket) == ["no_show", "waiting"]


def test_without_its_side_table_a_ticket_can_still_be_undone(floor: Floor) -> None:
    ticket = floor.serving()
    with floor.engine.begin() as db:
        db.execute(rows.private.delete())

    undo(floor)

    assert floor.states(ticket) == ["called"]


def test_each_agency_undoes_what_it_did_though_another_acted_last(floor: Floor) -> None:
    ticket = floor.serving(1, 3)
    floor.at(1, serving.serve)
    floor.open(3)
    floor.at(3, calling.call_next)
    floor.at(3, parking.park)

    undo_ticket(floor, ticket, SARI)

    assert floor.states(ticket) == ["serving", "parked"]


def test_what_another_agency_did_is_not_found_or_nothing_to_undo(floor: Floor) -> None:
    ticket = floor.serving(1, 3)
    theirs = floor.entries(ticket)[0].id

    def refusal(**named: Any) -> Any:
        return refusal_of(lambda: undo_ticket(floor, ticket, MADE, **named))

    assert isinstance(refusal(), UndoBlocked)
    assert isinstance(refusal(entry_id=theirs), NotFound)
    assert floor.states(ticket) == ["serving", "waiting"]


def test_what_others_did_to_whom_one_set_aside_blocks_no_undo(floor: Floor) -> None:
    aside = floor.called()
    floor.at(1, parking.park)
    served = floor.issue()
    floor.at(1, calling.call_next)
    floor.at(1, serving.serve)
    floor.do(
        cancelling.cancel_by_staff, ticket_id=aside, actor=RESEPSI, reason="visitor"
    )

    assert undo(floor) == served
    assert floor.states(served) == ["called"]


def test_that_somebody_came_due_is_not_undone(floor: Floor) -> None:
    ticket = floor.called()
    floor.at(1, serving.no_show, reason="left")
    floor.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)
    before = floor.now
    floor.wait(minutes=16)
    floor.do(due.run_timed, after=before)
    (was,) = floor.entries(ticket)

    blocked = refusal_of(lambda: undo_ticket(floor, ticket))

    assert isinstance(blocked, UndoBlocked)
    assert floor.entries(ticket) == [was]


def test_undone_after_the_counter_changed_hands_it_is_parked(floor: Floor) -> None:
    ticket = floor.called()
    floor.at(1, serving.serve)
    floor.at(1, counter_states.close)
    floor.do(counter_states.open_, counter_id=1, actor=BUDI)

    undo_ticket(floor, ticket, SARI)

    assert floor.states(ticket) == ["parked"]


def test_parked_by_an_undo_it_is_what_the_ticket_shows(floor: Floor) -> None:
    ticket = floor.serving()
    floor.at(1, transferring.transfer_active, target=Target(2))
    other = floor.issue()
    floor.at(1, calling.call, ticket_id=other)

    undo(floor)

    assert floor.states(ticket) == ["parked", "cancelled"]
    view = floor.see(staff_ticket_view, ticket_id=ticket, actor=RESEPSI)
    assert view.state == "parked"


def test_a_return_leaves_earlier_calls_as_they_were(floor: Floor) -> None:
    late = floor.called()
    floor.at(1, serving.no_show, reason="left")
    floor.do(parking.requeue, ticket_id=late, actor=RESEPSI)
    (was,) = floor.entries(late)
    floor.at(1, calling.call_next)
    floor.at(1, calling.return_)

    (now,) = floor.entries(late)

    assert was.called_at is not None
    names = ("called_at", "last_called_at", "call_count", "due_at", "rank", "call_id")
    assert [getattr(now, n) for n in names] == [getattr(was, n) for n in names]
