"""The history of a ticket, and what other agencies' officers are told of it."""

import pytest

from app.errors import NotFound
from app.queueing.change import Actor
from app.queueing.commands import calling, serving
from app.queueing.commands.transferring import Target, transfer_active
from app.queueing.commands.undoing import undo_at_counter
from app.queueing.views.ticket_history import EventView, event_views
from app.queueing.views.tickets import (
    StaffTicketView,
    staff_ticket_view,
    staff_ticket_views,
)
from tests.support.rules import ADMIN, MADE, RESEPSI, SARI, RulesHarness

STRANGER = Actor("staff", "officer", 4, agency_ids=frozenset({7}))


@pytest.fixture
def ticket(rules: RulesHarness) -> int:
    """Return a ticket that agency 1 served and agency 2 has called."""
    ticket = rules.serving(1, 3)
    rules.at(1, serving.serve, result="papers_missing")
    rules.open(3)
    rules.at(3, calling.call_next)
    return ticket


def told(rules: RulesHarness, ticket: int, actor: Actor) -> list[EventView]:
    found: list[EventView] = rules.see(event_views, ticket_id=ticket, actor=actor)
    return found


def test_the_site_reads_everything_in_order(rules: RulesHarness, ticket: int) -> None:
    events = told(rules, ticket, RESEPSI)

    assert [event.event for event in events] == [
        *("issued", "issued", "called", "started", "served", "called")
    ]
    served, called = events[4], events[5]
    assert (served.counter, served.reason) == ("Loket 1", "papers_missing")
    assert (called.counter_id, called.service_id) == (3, 3)
    assert served.actor == "officer"
    assert events[0].staff is None
    assert [event.at for event in events] == sorted(event.at for event in events)


def test_an_officer_reads_of_other_legs_only_that_they_were(
    rules: RulesHarness, ticket: int
) -> None:
    events = told(rules, ticket, MADE)

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


def test_who_has_no_leg_of_it_finds_nothing(rules: RulesHarness, ticket: int) -> None:
    with pytest.raises(NotFound):
        told(rules, ticket, STRANGER)
    with pytest.raises(NotFound):
        told(rules, 99, ADMIN)


def note_of(rules: RulesHarness, ticket: int, actor: Actor) -> str | None:
    view: StaffTicketView = rules.see(staff_ticket_view, ticket_id=ticket, actor=actor)
    listed = rules.see(staff_ticket_views, ids=[ticket], actor=actor)[ticket]
    assert listed.note == view.note
    return view.note


def test_a_handover_note_is_for_whoever_serves_next(rules: RulesHarness) -> None:
    ticket = rules.serving(1)

    rules.at(1, transfer_active, target=Target(3), note="KK sudah dicek")

    view = rules.see(staff_ticket_view, ticket_id=ticket, actor=MADE)
    assert [leg.service_id for leg in view.entries] == [None, 3]
    assert note_of(rules, ticket, MADE) == "KK sudah dicek"
    assert note_of(rules, ticket, SARI) == "KK sudah dicek"


def test_a_note_within_an_agency_stays_there(rules: RulesHarness) -> None:
    ticket = rules.serving(1, 3)

    rules.at(1, transfer_active, target=Target(2), note="berkas di map merah")

    assert note_of(rules, ticket, SARI) == "berkas di map merah"
    assert note_of(rules, ticket, RESEPSI) == "berkas di map merah"
    assert note_of(rules, ticket, MADE) is None


def test_the_newest_note_that_one_may_read_is_told(rules: RulesHarness) -> None:
    ticket = rules.serving(1)
    rules.at(1, transfer_active, target=Target(3), note="untuk agensi 2")
    rules.open(3)
    rules.at(3, calling.call_next)
    assert note_of(rules, ticket, MADE) == "untuk agensi 2"

    rules.at(3, transfer_active, target=Target(2), note="untuk agensi 1")

    assert note_of(rules, ticket, SARI) == note_of(rules, ticket, MADE)
    assert note_of(rules, ticket, SARI) == "untuk agensi 1"


def test_a_transfer_that_is_undone_takes_its_note_along(rules: RulesHarness) -> None:
    ticket = rules.serving(1)
    rules.at(1, transfer_active, target=Target(3), note="salah")

    rules.at(1, undo_at_counter)

    assert note_of(rules, ticket, SARI) is None


def test_no_note_and_an_empty_one_leave_the_older_one(rules: RulesHarness) -> None:
    ticket = rules.serving(1)
    rules.at(1, transfer_active, target=Target(2), note="bawa KK")
    for service, note in ((1, None), (2, "")):
        rules.at(1, calling.call_next)
        rules.at(1, transfer_active, target=Target(service), note=note)

    assert note_of(rules, ticket, SARI) == "bawa KK"


def test_of_other_legs_transfers_and_undos_are_told_too(rules: RulesHarness) -> None:
    ticket = rules.serving(1, 3)
    rules.at(1, transfer_active, target=Target(2))
    rules.at(1, undo_at_counter)

    names = [event.event for event in told(rules, ticket, MADE)]

    assert names == [
        *("issued", "issued", "called", "transferred", "added", "undone", "undone")
    ]
