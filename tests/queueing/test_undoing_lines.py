"""Undo of a visit: lines that were cancelled as one come back as one."""

from typing import Any

import pytest

from app.errors import Forbidden, UndoBlocked
from app.queueing.change import Actor
from app.queueing.commands import calling, cancelling, serving, transferring
from app.queueing.commands.undoing import undo_at_counter, undo_on_ticket
from tests.support.rules import KEPALA, RESEPSI, SARI, RulesHarness, refusal_of


def undo(rules: RulesHarness, counter: int = 1) -> Any:
    return rules.at(counter, undo_at_counter)


def undo_ticket(
    rules: RulesHarness, ticket: int, actor: Any = KEPALA, **named: Any
) -> Any:
    return rules.do(undo_on_ticket, ticket_id=ticket, actor=actor, **named)


def cancelled_as_one(rules: RulesHarness, ticket: int, actor: Any = RESEPSI) -> None:
    facts = {"ticket_id": ticket, "actor": actor, "reason": "duplicate"}
    rules.do(cancelling.cancel_every_line, **facts)


@pytest.mark.parametrize("leg", [None, 0, 1])
def test_lines_cancelled_as_one_come_back_as_one(
    rules: RulesHarness, leg: int | None
) -> None:
    ticket = rules.issue(1, 3)
    was = rules.entries(ticket)
    cancelled_as_one(rules, ticket)
    assert rules.states(ticket) == ["cancelled"] * 2

    named = None if leg is None else was[leg].id
    undo_ticket(rules, ticket, RESEPSI, entry_id=named)

    assert rules.entries(ticket) == was
    refused = refusal_of(lambda: undo_ticket(rules, ticket, RESEPSI))
    assert isinstance(refused, UndoBlocked)


def test_all_of_them_come_back_or_none(rules: RulesHarness) -> None:
    ticket = rules.issue(1, 3)
    first, second = rules.entries(ticket)
    cancelled_as_one(rules, ticket)
    rules.do(transferring.add, ticket_id=ticket, service_id=3, actor=RESEPSI)

    for leg in (first, second):
        with pytest.raises(UndoBlocked):
            undo_ticket(rules, ticket, RESEPSI, entry_id=leg.id)
    assert rules.states(ticket) == ["cancelled", "cancelled", "waiting"]


def test_a_called_line_of_them_is_parked_where_others_are_by_then(
    rules: RulesHarness,
) -> None:
    ticket = rules.called(1, 3)
    cancelled_as_one(rules, ticket)
    rules.issue(1)
    rules.at(1, calling.call_next)

    undo_ticket(rules, ticket, RESEPSI)

    assert rules.states(ticket) == ["parked", "waiting"]


def test_the_holder_of_its_counter_takes_back_all_of_them(rules: RulesHarness) -> None:
    ticket = rules.called(1)
    rules.do(transferring.add, ticket_id=ticket, service_id=2, actor=SARI)
    cancelled_as_one(rules, ticket, SARI)

    undo(rules)

    assert rules.states(ticket) == ["called", "waiting"]


def test_lines_a_visitor_gave_up_come_back_by_a_supervisor(rules: RulesHarness) -> None:
    ticket = rules.issue(1, 3)
    was = rules.entries(ticket)
    visitor = Actor("visitor", "visitor", ticket)
    rules.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=visitor)

    assert isinstance(
        refusal_of(lambda: undo_ticket(rules, ticket, RESEPSI)), Forbidden
    )
    undo_ticket(rules, ticket, KEPALA)

    assert rules.entries(ticket) == was


def test_a_no_show_comes_back_beside_the_line_it_waits_in_anew(
    rules: RulesHarness,
) -> None:
    ticket = rules.called(1)
    rules.at(1, serving.no_show, reason="left")
    rules.do(transferring.add, ticket_id=ticket, service_id=1, actor=RESEPSI)
    was = rules.entries(ticket)
    cancelled_as_one(rules, ticket)

    undo_ticket(rules, ticket, RESEPSI)

    assert rules.entries(ticket) == was
    assert rules.states(ticket) == ["no_show", "waiting"]


def test_each_takes_back_the_own_though_another_acted_last(rules: RulesHarness) -> None:
    ticket = rules.issue(3, 1)
    (was, _) = rules.entries(ticket)
    staff = {"ticket_id": ticket, "actor": RESEPSI, "reason": "visitor"}
    rules.do(cancelling.cancel_by_staff, **staff, entry_id=was.id)
    rules.open()
    rules.at(1, calling.call_next)
    rules.at(1, serving.start)

    undo_ticket(rules, ticket, RESEPSI)

    assert rules.states(ticket) == ["waiting", "serving"]
