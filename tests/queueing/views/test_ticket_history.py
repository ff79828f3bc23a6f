"""The history of a ticket, and what other agencies' officers are told of it."""

import pytest

from app.errors import NotFound
from app.queueing.change import Actor
from app.queueing.commands import calling, serving
from app.queueing.commands.transferring import Target, transfer_active
from app.queueing.commands.undoing import undo_at_counter
from app.queueing.views.ticket_history import EventView, event_views
from tests.support.rules.harness import ADMIN, MADE, RESEPSI, RulesHarness

STRANGER = Actor("staff", "officer", 4, agency_ids=frozenset({7}))


@pytest.fixture
def ticket(rules: RulesHarness) -> int:
    """Return a ticket that agency 1 served and agency 2 has called."""
    ticket = rules.serving(1, 3)
    rules.at(1, serving.serve, result="papers_missing")
    rules.open(3)
    rules.at(3, calling.call_next)
    return ticket


def history(rules: RulesHarness, ticket: int, actor: Actor) -> list[EventView]:
    found: list[EventView] = rules.see(event_views, ticket_id=ticket, actor=actor)
    return found


def test_the_site_reads_everything_in_order(rules: RulesHarness, ticket: int) -> None:
    events = history(rules, ticket, RESEPSI)

    assert [event.event for event in events] == [
        *("issued", "issued", "called", "started", "served", "called")
    ]
    served, called = events[4], events[5]
    assert (served.counter, served.reason) == ("Loket 1", "papers_missing")
    assert (called.counter_id, called.service_id) == (3, 3)
    assert served.actor == "officer"
    assert events[0].staff is None
    assert [event.at for event in events] == sorted(event.at for event in events)


def test_an_officer_reads_of_other_entries_only_that_they_were(
    rules: RulesHarness, ticket: int
) -> None:
    events = history(rules, ticket, MADE)

    own, others = (
        [event for event in events if (event.service_id == 3) is mine]
        for mine in (True, False)
    )
    assert [event.event for event in own] == ["issued", "called"]
    assert [event.event for event in others] == ["issued", "called", "served"]
    for event in others:
        hidden = (event.service_id, event.counter, event.counter_id, event.reason)
        assert hidden == (None, None, None, None)
        assert (event.actor, event.staff) == (None, None)


def test_who_has_no_entry_of_it_finds_nothing(rules: RulesHarness, ticket: int) -> None:
    with pytest.raises(NotFound):
        history(rules, ticket, STRANGER)
    with pytest.raises(NotFound):
        history(rules, 99, ADMIN)


def test_of_other_entries_transfers_and_undos_are_told_too(rules: RulesHarness) -> None:
    ticket = rules.serving(1, 3)
    rules.at(1, transfer_active, target=Target(2))
    rules.at(1, undo_at_counter)

    names = [event.event for event in history(rules, ticket, MADE)]

    assert names == [
        *("issued", "issued", "called", "transferred", "added", "undone", "undone")
    ]
