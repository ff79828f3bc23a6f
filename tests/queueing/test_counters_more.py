"""Counters: who leaves what behind, and what an officer may not do."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import CursorResult

from app.errors import ClockInDoubt, CounterTaken, Forbidden, Invalid
from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.issuing import walk_up
from app.queueing.rows import new_id
from app.queueing.views.counters import visible_counters
from app.queueing.views.visit import visit
from tests.support.custom_mall import CustomMall
from tests.support.rules import (
    ADMIN,
    BUDI,
    KEPALA,
    SARI,
    RulesHarness,
    custom_mall,
    refusal_of,
)


@pytest.fixture
def own_mall() -> CustomMall:
    return custom_mall(policy={"officers_may_choose": False})


def test_signing_out_closes_what_is_idle_and_keeps_who_has_a_visitor(
    rules: RulesHarness,
) -> None:
    ticket = rules.called()
    rules.do(counter_states.open_, counter_id=2, actor=SARI)

    rules.do(counter_states.close_idle_counters_of, actor=SARI)

    assert (rules.counter_state(1), rules.counter_state(2)) == ("open", "closed")
    taken = {"counter_id": 1, "actor": BUDI}
    assert isinstance(
        refusal_of(lambda: rules.do(counter_states.open_, **taken)), CounterTaken
    )
    rules.do(serving.serve, counter_id=1, actor=KEPALA)
    assert rules.states(ticket) == ["served"]


def test_where_only_supervisors_choose_an_officer_may_not(rules: RulesHarness) -> None:
    rules.open()
    ticket = rules.issue()
    chosen = {"counter_id": 1, "ticket_id": ticket}

    refused = refusal_of(lambda: rules.do(calling.call, actor=SARI, **chosen))

    assert isinstance(refused, Forbidden)
    assert rules.do(calling.call, actor=KEPALA, reason="sakit", **chosen) == ticket


def test_somebody_without_a_ticket_is_served_at_once(rules: RulesHarness) -> None:
    rules.open()

    ticket = rules.at(1, walk_up, service_id=2)

    (entry,) = rules.entries(ticket)
    assert (entry.state, entry.counter_id) == ("serving", 1)
    assert entry.started_at == rules.now
    assert rules.disk.count("announcement") == 0
    shown = rules.see(visit, ticket_id=ticket, now=rules.now)
    assert shown.ticket.number == "A-001"
    assert shown.legs[0].zones == ["Z"]


def test_a_walk_up_is_refused_elsewhere_and_in_doubt(rules: RulesHarness) -> None:
    rules.open()

    def walk(service: int) -> Any:
        return refusal_of(lambda: rules.at(1, walk_up, service_id=service))

    assert isinstance(walk(3), Invalid)
    rules.is_in_doubt = True
    assert isinstance(walk(1), ClockInDoubt)
    assert isinstance(refusal_of(rules.issue), ClockInDoubt)


def test_an_insert_that_tells_no_id_is_a_mistake() -> None:
    told_none = cast("CursorResult[Any]", SimpleNamespace(inserted_primary_key=None))

    with pytest.raises(LookupError):
        new_id(told_none)


def test_the_list_of_counters_shows_a_family_where_it_is_and_where_it_waits(
    rules: RulesHarness,
) -> None:
    rules.called(1, 3)

    first, *others = rules.see(visible_counters, actor=ADMIN)

    assert first.ticket is not None
    assert first.ticket.place == "Loket 1"
    assert [leg.place for leg in first.ticket.entries] == ["Loket 1", None]
    assert [counter.ticket for counter in others] == [None, None]
