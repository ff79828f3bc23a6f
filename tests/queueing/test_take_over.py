"""Take over: a supervisor, or who is handed a visitor, goes on elsewhere."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.errors import Invalid, UndoBlocked
from app.queueing import counters, rows
from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.transferring import Target, transfer_active
from app.queueing.commands.undoing import undo_at_counter
from tests.support.rules import ADMIN, KEPALA, RulesHarness, refusal_of


def taken_over(
    rules: RulesHarness, ticket: int, *, at: int = 2, actor: Any = KEPALA
) -> int:
    if rules.see(counters.counter_row, counter_id=at).holder_id is None:
        rules.open(at)
    take_over = serving.take_over
    return int(rules.do(take_over, counter_id=at, ticket_id=ticket, actor=actor))


def spoken(rules: RulesHarness) -> list[tuple[int, bool]]:
    """Return at which counters somebody was called, and whether it still holds."""
    asked = select(rows.announcement.c.counter_id, rows.announcement.c.expires_at)
    with rules.engine.begin() as db:
        found = db.execute(asked.order_by(rows.announcement.c.id)).all()
    return [(counter_id, until > rules.now) for counter_id, until in found]


def test_who_is_on_the_way_is_told_the_new_place(rules: RulesHarness) -> None:
    ticket = rules.called()
    first = rules.entries(ticket)[0]
    rules.wait(seconds=5)

    taken_over(rules, ticket)

    entry = rules.entries(ticket)[0]
    assert (entry.state, entry.counter_id) == ("called", 2)
    assert (entry.called_at, entry.call_count) == (first.called_at, 1)
    assert entry.call_id == first.call_id
    assert spoken(rules) == [(1, False), (2, True)]
    assert {"counter:1", "counter:2", "zone:1"} <= rules.facts


def test_the_seconds_before_a_no_show_begin_anew(rules: RulesHarness) -> None:
    ticket = rules.called()
    rules.wait(seconds=30)
    rules.at(1, calling.recall)
    rules.wait(seconds=30)

    taken_over(rules, ticket)

    assert rules.entries(ticket)[0].last_called_at == rules.now


def test_it_is_no_call_of_this_counter_that_ends_a_pass_over(
    rules: RulesHarness,
) -> None:
    ticket = rules.called()
    returned, other = rules.issue(), rules.issue()
    rules.open(2)
    assert rules.at(2, calling.call_next) == returned
    rules.at(2, calling.return_)
    taken_over(rules, ticket)
    rules.at(2, serving.serve)

    assert rules.at(2, calling.call_next) == other


def test_a_visitor_is_not_handed_over_to_practice(rules: RulesHarness) -> None:
    rules.called()
    with rules.engine.begin() as db:
        here = rows.counter.c.id == 2
        db.execute(update(rows.counter).where(here).values(zone_id=2))

    refused = refusal_of(lambda: rules.at(1, counter_states.pause, hand_to=2))

    assert isinstance(refused, Invalid)
    assert rules.counter_state() == "open"


def test_a_counter_that_there_is_not_is_named(rules: RulesHarness) -> None:
    rules.called()
    target = Target(counter_id=99)

    handed = refusal_of(lambda: rules.at(1, counter_states.pause, hand_to=99))
    sent = refusal_of(lambda: rules.at(1, transfer_active, target=target))

    assert isinstance(handed, Invalid)
    assert isinstance(sent, Invalid)
    assert (handed.details["field"], sent.details["field"]) == ("hand_to", "counter_id")
    assert rules.counter_state() == "open"


def test_who_is_being_served_is_not_called_again(rules: RulesHarness) -> None:
    ticket = rules.serving()
    before = spoken(rules)

    taken_over(rules, ticket)

    assert len(spoken(rules)) == len(before)
    assert rules.states(ticket) == ["serving"]


def test_serve_next_is_not_undone_over_a_take_over(rules: RulesHarness) -> None:
    first = rules.serving()
    second = rules.issue()
    rules.at(1, serving.serve_next)
    taken_over(rules, second)

    refused = refusal_of(lambda: rules.at(1, undo_at_counter))

    assert isinstance(refused, UndoBlocked)
    assert (rules.states(first), rules.states(second)) == (["served"], ["called"])
    assert rules.entries(second)[0].counter_id == 2


@pytest.mark.parametrize("practice", [1, 2])
def test_practice_and_the_real_hall_stay_apart(
    rules: RulesHarness, practice: int
) -> None:
    ticket = rules.called()
    with rules.engine.begin() as db:
        here = rows.counter.c.id == practice
        db.execute(update(rows.counter).where(here).values(zone_id=2))

    refused = refusal_of(lambda: taken_over(rules, ticket, actor=ADMIN))

    assert isinstance(refused, Invalid)
    assert rules.entries(ticket)[0].counter_id == 1
