"""A handover note: who reads it, and which is shown."""

import pytest

from app.queueing.change import Actor
from app.queueing.commands import calling, serving
from app.queueing.commands.transferring import Target, transfer_active
from app.queueing.commands.undoing import undo_at_counter
from app.queueing.views.tickets import (
    StaffTicketView,
    staff_ticket_view,
    staff_ticket_views,
)
from tests.support.rules.harness import MADE, RESEPSI, SARI, RulesHarness


@pytest.fixture
def ticket(rules: RulesHarness) -> int:
    """Return a ticket that agency 1 served and agency 2 has called."""
    ticket = rules.serving(1, 3)
    rules.at(1, serving.serve, result="papers_missing")
    rules.open(3)
    rules.at(3, calling.call_next)
    return ticket


def note_of(rules: RulesHarness, ticket: int, actor: Actor) -> str | None:
    view: StaffTicketView = rules.see(staff_ticket_view, ticket_id=ticket, actor=actor)
    listed = rules.see(staff_ticket_views, ids=[ticket], actor=actor)[ticket]
    assert listed.note == view.note
    return view.note


def test_a_handover_note_is_for_whoever_serves_next(rules: RulesHarness) -> None:
    ticket = rules.serving(1)

    rules.at(1, transfer_active, target=Target(3), note="KK sudah dicek")

    view = rules.see(staff_ticket_view, ticket_id=ticket, actor=MADE)
    assert [entry.service_id for entry in view.entries] == [None, 3]
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
