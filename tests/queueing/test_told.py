"""The history of a ticket, and what other agencies' officers are told of it."""

from collections.abc import Iterator
from pathlib import Path

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
from tests.queueing.floor import ADMIN, MADE, RESEPSI, SARI, Floor, floor_of

STRANGER = Actor("staff", "officer", 4, agency_ids=frozenset({7}))


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path) as floor:
        yield floor


@pytest.fixture
def ticket(floor: Floor) -> int:
    """Return a ticket that agency 1 served and agency 2 has called."""
    ticket = floor.serving(1, 3)
    floor.at(1, serving.serve, result="papers_missing")
    floor.open(3)
    floor.at(3, calling.call_next)
    return ticket


def told(floor: Floor, ticket: int, actor: Actor) -> list[EventView]:
    found: list[EventView] = floor.see(event_views, ticket_id=ticket, actor=actor)
    return found


def test_the_site_reads_everything_in_order(floor: Floor, ticket: int) -> None:
    events = told(floor, ticket, RESEPSI)

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
    floor: Floor, ticket: int
) -> None:
    events = told(floor, ticket, MADE)

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


def test_who_has_no_leg_of_it_finds_nothing(floor: Floor, ticket: int) -> None:
    with pytest.raises(NotFound):
        told(floor, ticket, STRANGER)
    with pytest.raises(NotFound):
        told(floor, 99, ADMIN)


def note_of(floor: Floor, ticket: int, actor: Actor) -> str | None:
    view: StaffTicketView = floor.see(staff_ticket_view, ticket_id=ticket, actor=actor)
    listed = floor.see(staff_ticket_views, ids=[ticket], actor=actor)[ticket]
    assert listed.note == view.note
    return view.note


def test_a_handover_note_is_for_whoever_serves_next(floor: Floor) -> None:
    ticket = floor.serving(1)

    floor.at(1, transfer_active, target=Target(3), note="KK sudah dicek")

    view = floor.see(staff_ticket_view, ticket_id=ticket, actor=MADE)
    assert [leg.service_id for leg in view.entries] == [None, 3]
    assert note_of(floor, ticket, MADE) == "KK sudah dicek"
    assert note_of(floor, ticket, SARI) == "KK sudah dicek"


def test_a_note_within_an_agency_stays_there(floor: Floor) -> None:
    ticket = floor.serving(1, 3)

    floor.at(1, transfer_active, target=Target(2), note="berkas di map merah")

    assert note_of(floor, ticket, SARI) == "berkas di map merah"
    assert note_of(floor, ticket, RESEPSI) == "berkas di map merah"
    assert note_of(floor, ticket, MADE) is None


def test_the_newest_note_that_one_may_read_is_told(floor: Floor) -> None:
    ticket = floor.serving(1)
    floor.at(1, transfer_active, target=Target(3), note="untuk agensi 2")
    floor.open(3)
    floor.at(3, calling.call_next)
    assert note_of(floor, ticket, MADE) == "untuk agensi 2"

    floor.at(3, transfer_active, target=Target(2), note="untuk agensi 1")

    assert note_of(floor, ticket, SARI) == note_of(floor, ticket, MADE)
    assert note_of(floor, ticket, SARI) == "untuk agensi 1"


def test_a_transfer_that_is_undone_takes_its_note_along(floor: Floor) -> None:
    ticket = floor.serving(1)
    floor.at(1, transfer_active, target=Target(3), note="salah")

    floor.at(1, undo_at_counter)

    assert note_of(floor, ticket, SARI) is None


def test_no_note_and_an_empty_one_leave_the_older_one(floor: Floor) -> None:
    ticket = floor.serving(1)
    floor.at(1, transfer_active, target=Target(2), note="bawa KK")
    for service, note in ((1, None), (2, "")):
        floor.at(1, calling.call_next)
        floor.at(1, transfer_active, target=Target(service), note=note)

    assert note_of(floor, ticket, SARI) == "bawa KK"


def test_of_other_legs_transfers_and_undos_are_told_too(floor: Floor) -> None:
    ticket = floor.serving(1, 3)
    floor.at(1, transfer_active, target=Target(2))
    floor.at(1, undo_at_counter)

    names = [event.event for event in told(floor, ticket, MADE)]

    assert names == [
        *("issued", "issued", "called", "transferred", "added", "undone", "undone")
    ]
