"""Counters: who leaves what behind, and what an officer may not do."""

from collections.abc import Iterator
from pathlib import Path
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
from tests.queueing.floor import (
    ADMIN,
    BUDI,
    KEPALA,
    SARI,
    Floor,
    floor_of,
    mall,
    refusal_of,
)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path, mall(policy={"officers_may_choose": False})) as floor:
        yield floor


def test_signing_out_closes_what_is_idle_and_keeps_who_has_a_visitor(
    floor: Floor,
) -> None:
    ticket = floor.called()
    floor.do(counter_states.open_, counter_id=2, actor=SARI)

    floor.do(counter_states.close_idle_counters_of, actor=SARI)

    assert (floor.counter_state(1), floor.counter_state(2)) == ("open", "closed")
    taken = {"counter_id": 1, "actor": BUDI}
    assert isinstance(
        refusal_of(lambda: floor.do(counter_states.open_, **taken)), CounterTaken
    )
    floor.do(serving.serve, counter_id=1, actor=KEPALA)
    assert floor.states(ticket) == ["served"]


def test_where_only_supervisors_choose_an_officer_may_not(floor: Floor) -> None:
    floor.open()
    ticket = floor.issue()
    chosen = {"counter_id": 1, "ticket_id": ticket}

    refused = refusal_of(lambda: floor.do(calling.call, actor=SARI, **chosen))

    assert isinstance(refused, Forbidden)
    assert floor.do(calling.call, actor=KEPALA, reason="sakit", **chosen) == ticket


def test_somebody_without_a_ticket_is_served_at_once(floor: Floor) -> None:
    floor.open()

    ticket = floor.at(1, walk_up, service_id=2)

    (entry,) = floor.entries(ticket)
    assert (entry.state, entry.counter_id) == ("serving", 1)
    assert entry.started_at == floor.now
    assert not any(fact.startswith("sound:") for fact in floor.facts)
    shown = floor.see(visit, ticket_id=ticket, now=floor.now)
    assert shown.ticket.number == "A-001"
    assert shown.legs[0].zones == ["Z"]


def test_a_walk_up_is_refused_elsewhere_and_in_doubt(floor: Floor) -> None:
    floor.open()

    def walk(service: int) -> Any:
        return refusal_of(lambda: floor.at(1, walk_up, service_id=service))

    assert isinstance(walk(3), Invalid)
    floor.is_in_doubt = True
    assert isinstance(walk(1), ClockInDoubt)
    assert isinstance(refusal_of(floor.issue), ClockInDoubt)


def test_an_insert_that_tells_no_id_is_a_mistake() -> None:
    told_none = cast("CursorResult[Any]", SimpleNamespace(inserted_primary_key=None))

    with pytest.raises(LookupError):
        new_id(told_none)


def test_the_list_of_counters_shows_a_family_where_it_is_and_where_it_waits(
    floor: Floor,
) -> None:
    floor.called(1, 3)

    first, *others = floor.see(visible_counters, actor=ADMIN)

    assert first.ticket is not None
    assert first.ticket.place == "Loket 1"
    assert [leg.place for leg in first.ticket.entries] == ["Loket 1", None]
    assert [counter.ticket for counter in others] == [None, None]
