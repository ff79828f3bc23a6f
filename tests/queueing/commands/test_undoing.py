"""Undo: each kind, by whom and how long; what came as one is taken back as one."""

from collections.abc import Callable
from typing import Any

import pytest

from app.errors import Forbidden, NotFound, Stale, UndoBlocked
from app.queueing import rows
from app.queueing.commands import (
    calling,
    cancelling,
    counter_states,
    parking,
    serving,
    timed,
    transferring,
)
from app.queueing.commands.transferring import Target
from app.queueing.commands.undoing import undo_at_counter, undo_on_ticket
from app.queueing.rows import ticket_row
from app.queueing.views.tickets import staff_ticket_view
from tests.support.rules.harness import (
    ADMIN,
    BUDI,
    KEPALA,
    MADE,
    RESEPSI,
    SARI,
    RulesHarness,
    refusal_of,
)


def undo(rules: RulesHarness, counter: int = 1) -> Any:
    return rules.at(counter, undo_at_counter)


def undo_ticket(
    rules: RulesHarness, ticket: int, actor: Any = KEPALA, **named: Any
) -> Any:
    return rules.do(undo_on_ticket, ticket_id=ticket, actor=actor, **named)


AT_COUNTER: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (serving.start, {}, "called"),
    (serving.serve, {}, "called"),
    (serving.no_show, {"reason": "left"}, "called"),
    (parking.park, {}, "called"),
    (transferring.transfer_active, {"target": Target(2)}, "called"),
]


@pytest.mark.parametrize(("action", "arguments", "before"), AT_COUNTER)
def test_an_officer_undoes_what_was_last_done_here(
    rules: RulesHarness,
    action: Callable[..., Any],
    arguments: dict[str, Any],
    before: str,
) -> None:
    ticket = rules.called()
    (was,) = rules.entries(ticket)
    rules.at(1, action, **arguments)
    rules.wait(minutes=29)

    assert undo(rules) == ticket

    now = rules.entries(ticket)[0]
    assert now._replace(event_id=0) == was
    assert now.state == before


def test_a_cancel_and_a_requeue_are_undone_by_the_ticket(rules: RulesHarness) -> None:
    ticket = rules.issue()
    (was,) = rules.entries(ticket)
    staff = {"ticket_id": ticket, "actor": RESEPSI}
    rules.do(cancelling.cancel_by_staff, **staff, reason="duplicate")
    undo_ticket(rules, ticket, RESEPSI)
    assert rules.entries(ticket) == [was]
    rules.open()
    rules.at(1, calling.call_next)
    rules.at(1, serving.no_show, reason="left")
    (was,) = rules.entries(ticket)
    rules.do(parking.requeue, **staff)

    undo_ticket(rules, ticket, RESEPSI)

    assert rules.entries(ticket) == [was]


def test_an_undo_announces_nothing(rules: RulesHarness) -> None:
    rules.called()
    rules.at(1, serving.start)

    undo(rules)

    assert rules.disk.count("announcement") == 1


def test_undone_twice_is_blocked(rules: RulesHarness) -> None:
    rules.serving()
    undo(rules)

    assert isinstance(refusal_of(lambda: undo(rules)), UndoBlocked)


def test_the_next_event_of_the_entry_blocks_it(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.at(1, parking.park)
    rules.at(1, calling.resume, ticket_id=ticket)

    assert isinstance(refusal_of(lambda: undo(rules)), UndoBlocked)


def test_time_blocks_it(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.wait(minutes=31)

    assert isinstance(refusal_of(lambda: undo(rules)), UndoBlocked)
    refused = refusal_of(lambda: undo_ticket(rules, ticket))
    assert isinstance(refused, UndoBlocked)


def test_midnight_blocks_it(rules: RulesHarness) -> None:
    rules.wait(hours=14, minutes=50)
    ticket = rules.serving()
    rules.at(1, serving.serve)
    rules.wait(minutes=15)

    refused = refusal_of(lambda: undo_ticket(rules, ticket))

    assert isinstance(refused, UndoBlocked)
    assert rules.states(ticket) == ["served"]


def test_nothing_done_is_blocked(rules: RulesHarness) -> None:
    rules.open()

    assert isinstance(refusal_of(lambda: undo(rules)), UndoBlocked)


def test_only_who_gave_it_and_supervisors_undo(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.at(1, serving.serve)

    assert isinstance(refusal_of(lambda: undo_ticket(rules, ticket, BUDI)), Forbidden)
    assert isinstance(refusal_of(lambda: undo_ticket(rules, ticket, MADE)), NotFound)
    undo_ticket(rules, ticket, SARI)
    assert rules.states(ticket) == ["serving"]
    rules.at(1, serving.serve)
    undo_ticket(rules, ticket, ADMIN)
    assert rules.states(ticket) == ["serving"]


def test_a_version_that_was_not_seen_is_stale(rules: RulesHarness) -> None:
    ticket = rules.serving()
    seen = rules.see(ticket_row, ticket_id=ticket).version

    with pytest.raises(Stale):
        rules.at(1, undo_at_counter, version=seen - 1)
    rules.at(1, undo_at_counter, version=seen)


def test_where_the_counter_is_busy_by_then_it_is_parked_there(
    rules: RulesHarness,
) -> None:
    ticket = rules.serving()
    rules.at(1, serving.serve)
    other = rules.issue()
    rules.at(1, calling.call_next)

    undo_ticket(rules, ticket)

    (entry,) = rules.entries(ticket)
    assert (entry.state, entry.parked_by_counter_id) == ("parked", 1)
    assert entry.parked_at == entry.set_aside_at == rules.now
    assert rules.states(other) == ["called"]


def test_where_the_counter_is_closed_it_is_parked(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.at(1, serving.serve)
    rules.at(1, counter_states.close)

    undo_ticket(rules, ticket)

    assert rules.states(ticket) == ["parked"]


def test_where_the_ticket_is_at_another_counter_it_is_parked(
    rules: RulesHarness,
) -> None:
    ticket = rules.serving(1, 3)
    rules.at(1, serving.serve)
    rules.open(3)
    rules.at(3, calling.call_next)

    undo_ticket(rules, ticket, entry_id=rules.entries(ticket)[0].id)

    assert rules.states(ticket) == ["parked", "called"]


def test_serve_next_is_undone_as_one(rules: RulesHarness) -> None:
    first, second, third = rules.serving(), rules.issue(), rules.issue()
    (was,) = rules.entries(second)
    assert rules.at(1, serving.serve_next) == (first, second)

    assert undo(rules) == first

    assert rules.states(first) == ["serving"]
    (now,) = rules.entries(second)
    assert (now.state, now.rank, now.call_count) == ("waiting", was.rank, 0)
    assert rules.at(1, serving.serve_next) == (first, second)
    assert rules.states(third) == ["waiting"]


def test_serve_next_is_not_undone_once_the_next_has_come(rules: RulesHarness) -> None:
    first, second = rules.serving(), rules.issue()
    rules.at(1, serving.serve_next)
    rules.at(1, serving.start)

    refused = refusal_of(lambda: undo_ticket(rules, first))

    assert isinstance(refused, UndoBlocked)
    assert rules.states(first) + rules.states(second) == ["served", "serving"]


def test_an_undone_transfer_withdraws_the_new_entry(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.at(1, transferring.transfer_active, target=Target(3))

    undo(rules)

    assert rules.states(ticket) == ["serving", "cancelled"]


def test_a_transfer_is_not_undone_once_the_other_line_has_called(
    rules: RulesHarness,
) -> None:
    ticket = rules.serving()
    rules.at(1, transferring.transfer_active, target=Target(3))
    rules.open(3)
    rules.at(3, calling.call_next)

    assert isinstance(refusal_of(lambda: undo(rules)), UndoBlocked)
    assert rules.states(ticket) == ["transferred", "called"]


def test_an_undone_serve_withdraws_the_way_back(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.at(1, transferring.transfer_active, target=Target(3, back=True))
    rules.open(3)
    rules.at(3, calling.call_next)
    rules.at(3, serving.serve)
    assert rules.states(ticket) == ["transferred", "served", "waiting"]

    undo(rules, 3)

    assert rules.states(ticket) == ["transferred", "called", "cancelled"]


def test_undone_too_when_serve_next_called_the_one_who_came_back(
    rules: RulesHarness,
) -> None:
    ticket = rules.serving()
    back = Target(2, position="next", back=True)
    rules.at(1, transferring.transfer_active, target=back)
    rules.at(1, calling.call_next)
    rules.at(1, serving.start)
    assert rules.at(1, serving.serve_next) == (ticket, ticket)

    undo(rules)

    assert rules.states(ticket) == ["transferred", "serving", "cancelled"]


def test_no_undo_puts_a_ticket_into_one_line_twice(rules: RulesHarness) -> None:
    ticket = rules.called()
    rules.at(1, serving.no_show, reason="left")
    rules.do(transferring.add, ticket_id=ticket, service_id=1, actor=RESEPSI)

    assert isinstance(refusal_of(lambda: undo(rules)), UndoBlocked)
    assert rules.states(ticket) == ["no_show", "waiting"]


def test_without_its_side_table_a_ticket_can_still_be_undone(
    rules: RulesHarness,
) -> None:
    ticket = rules.serving()
    with rules.engine.begin() as db:
        db.execute(rows.private.delete())

    undo(rules)

    assert rules.states(ticket) == ["called"]


def test_each_agency_undoes_what_it_did_though_another_acted_last(
    rules: RulesHarness,
) -> None:
    ticket = rules.serving(1, 3)
    rules.at(1, serving.serve)
    rules.open(3)
    rules.at(3, calling.call_next)
    rules.at(3, parking.park)

    undo_ticket(rules, ticket, SARI)

    assert rules.states(ticket) == ["serving", "parked"]


def test_what_another_agency_did_is_not_found_or_nothing_to_undo(
    rules: RulesHarness,
) -> None:
    ticket = rules.serving(1, 3)
    theirs = rules.entries(ticket)[0].id

    def refusal(**named: Any) -> Any:
        return refusal_of(lambda: undo_ticket(rules, ticket, MADE, **named))

    assert isinstance(refusal(), UndoBlocked)
    assert isinstance(refusal(entry_id=theirs), NotFound)
    assert rules.states(ticket) == ["serving", "waiting"]


def test_what_others_did_to_whom_one_set_aside_blocks_no_undo(
    rules: RulesHarness,
) -> None:
    aside = rules.called()
    rules.at(1, parking.park)
    served = rules.issue()
    rules.at(1, calling.call_next)
    rules.at(1, serving.serve)
    rules.do(
        cancelling.cancel_by_staff, ticket_id=aside, actor=RESEPSI, reason="visitor"
    )

    assert undo(rules) == served
    assert rules.states(served) == ["called"]


def test_that_somebody_came_due_is_not_undone(rules: RulesHarness) -> None:
    ticket = rules.called()
    rules.at(1, serving.no_show, reason="left")
    rules.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)
    before = rules.now
    rules.wait(minutes=16)
    rules.do(timed.run_timed, after=before)
    (was,) = rules.entries(ticket)

    blocked = refusal_of(lambda: undo_ticket(rules, ticket))

    assert isinstance(blocked, UndoBlocked)
    assert rules.entries(ticket) == [was]


def test_undone_after_the_counter_changed_hands_it_is_parked(
    rules: RulesHarness,
) -> None:
    ticket = rules.called()
    rules.at(1, serving.serve)
    rules.at(1, counter_states.close)
    rules.do(counter_states.open_, counter_id=1, actor=BUDI)

    undo_ticket(rules, ticket, SARI)

    assert rules.states(ticket) == ["parked"]


def test_parked_by_an_undo_it_is_what_the_ticket_shows(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.at(1, transferring.transfer_active, target=Target(2))
    other = rules.issue()
    rules.at(1, calling.call, ticket_id=other)

    undo(rules)

    assert rules.states(ticket) == ["parked", "cancelled"]
    view = rules.see(staff_ticket_view, ticket_id=ticket, actor=RESEPSI)
    assert view.state == "parked"


def test_a_return_leaves_earlier_calls_as_they_were(rules: RulesHarness) -> None:
    late = rules.called()
    rules.at(1, serving.no_show, reason="left")
    rules.do(parking.requeue, ticket_id=late, actor=RESEPSI)
    (was,) = rules.entries(late)
    rules.at(1, calling.call_next)
    rules.at(1, calling.return_)

    (now,) = rules.entries(late)

    assert was.called_at is not None
    names = ("called_at", "last_called_at", "call_count", "due_at", "rank", "call_id")
    assert [getattr(now, n) for n in names] == [getattr(was, n) for n in names]
