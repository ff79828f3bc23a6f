"""The way back: whoever is sent on comes back to the sender, however far it went."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.lines import transfer_line
from app.queueing.commands.transferring import Target, add, transfer_active
from app.queueing.views.console import console
from app.queueing.views.tickets import ticket_view
from tests.queueing.floor import ADMIN, RESEPSI, Floor, floor_of, partly_served


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path, partly_served()) as floor:
        yield floor


def sent_with_a_way_back(floor: Floor) -> int:
    """Return a ticket that counter 1 sent to counter 3, which serves it."""
    ticket = floor.serving(1)
    floor.open(3)
    floor.at(1, transfer_active, target=Target(3, back=True))
    floor.at(3, calling.call_next)
    return ticket


def test_with_a_way_back_it_is_next_for_the_senders_counter(floor: Floor) -> None:
    ticket = sent_with_a_way_back(floor)
    others = [floor.issue(1) for _ in range(2)]
    floor.open(2)

    floor.at(3, serving.serve)

    assert floor.states(ticket) == ["transferred", "served", "waiting"]
    assert floor.at(2, calling.call_next) == others[0]
    assert floor.at(1, calling.call_next) == ticket


def test_who_has_left_does_not_come_back(floor: Floor) -> None:
    ticket = sent_with_a_way_back(floor)

    floor.at(3, serving.serve, result="visitor_left")

    assert floor.states(ticket) == ["transferred", "served"]


def test_who_is_tied_elsewhere_counts_in_no_other_counters_line(floor: Floor) -> None:
    ticket = sent_with_a_way_back(floor)
    other = floor.issue(1)
    floor.at(3, serving.serve)
    floor.open(2)

    here = floor.see(console, counter_id=2, now=floor.now)
    home = floor.see(console, counter_id=1, now=floor.now)

    assert (here.waiting, len(here.line)) == (1, 1)
    assert (home.waiting, len(home.line)) == (2, 2)
    assert floor.see(ticket_view, ticket_id=ticket).waiting_ahead == 0
    floor.at(1, counter_states.pause)
    assert floor.at(2, calling.call_next) == other


def test_only_who_is_next_at_every_counter_is_told_so(floor: Floor) -> None:
    ticket = sent_with_a_way_back(floor)
    other = floor.issue(1)
    floor.at(3, serving.serve)

    ahead = floor.see(ticket_view, ticket_id=other).waiting_ahead

    assert ahead == 1
    assert floor.at(1, calling.call_next) == ticket


def test_when_a_tie_falls_away_the_lines_are_told(floor: Floor) -> None:
    sent_with_a_way_back(floor)
    floor.at(3, serving.serve)

    floor.at(1, counter_states.close)

    assert "service:1" in floor.facts
    floor.open(1)
    assert "service:1" in floor.facts


def test_the_tie_of_the_way_back_falls_away_with_the_counter(floor: Floor) -> None:
    ticket = sent_with_a_way_back(floor)
    floor.open(2)
    floor.at(1, counter_states.close)

    floor.at(3, serving.serve)

    assert floor.at(2, calling.call_next) == ticket


def test_who_took_over_without_serving_the_line_gets_no_tie(floor: Floor) -> None:
    ticket = floor.serving(1)
    floor.do(counter_states.open_, counter_id=3, actor=ADMIN)
    floor.do(serving.take_over, counter_id=3, ticket_id=ticket, actor=ADMIN)
    back = {"target": Target(2, back=True)}
    floor.do(transfer_active, counter_id=3, actor=ADMIN, **back)
    floor.at(1, calling.call_next)

    floor.at(1, serving.serve)

    assert floor.entries(ticket)[2].tied_counter_id is None
    assert floor.at(1, calling.call_next) == ticket


def test_no_way_back_into_a_line_where_it_waits_already(floor: Floor) -> None:
    ticket = sent_with_a_way_back(floor)
    floor.do(add, ticket_id=ticket, service_id=1, actor=RESEPSI)

    floor.at(3, serving.serve)

    assert floor.states(ticket) == ["transferred", "served", "waiting"]


def called_at(floor: Floor, counter: int) -> int:
    """Call next at a counter; return who came."""
    return int(floor.at(counter, calling.call_next))


def home_of(floor: Floor, ticket: int) -> tuple[int | None, int | None]:
    """Return the counter and the line to which a ticket's newest leg leads back."""
    leg = floor.entries(ticket)[-1]
    return leg.back_counter_id, leg.back_service_id


def test_it_is_next_although_the_senders_other_lines_are_longer(floor: Floor) -> None:
    ticket = sent_with_a_way_back(floor)
    for _ in range(3):
        floor.issue(2)

    floor.at(3, serving.serve)

    assert called_at(floor, 1) == ticket


def test_who_came_back_first_is_called_first(floor: Floor) -> None:
    first = sent_with_a_way_back(floor)
    floor.at(3, serving.start)
    second = floor.issue(1)
    assert called_at(floor, 1) == second
    floor.at(1, transfer_active, target=Target(3, back=True))
    floor.at(3, serving.serve_next)

    floor.at(3, serving.serve)

    assert called_at(floor, 1) == first
    floor.at(1, serving.serve)
    assert called_at(floor, 1) == second


def test_it_is_carried_along_when_the_visitor_is_sent_on(floor: Floor) -> None:
    ticket = sent_with_a_way_back(floor)
    floor.open(2)

    floor.at(3, transfer_active, target=Target(2))
    assert called_at(floor, 2) == ticket
    floor.at(2, serving.serve)

    assert floor.states(ticket)[2:] == ["served", "waiting"]
    back = floor.entries(ticket)[-1]
    assert (back.service_id, back.tied_counter_id) == (1, 1)
    assert home_of(floor, ticket) == (None, None)


def test_it_is_carried_along_with_a_whole_line(floor: Floor) -> None:
    ticket = floor.serving(2)
    floor.at(1, transfer_active, target=Target(3, back=True))

    floor.do(transfer_line, service_id=3, actor=ADMIN, target=Target(1))

    assert home_of(floor, ticket) == (1, 2)


def test_a_second_sender_comes_before_the_first(floor: Floor) -> None:
    ticket = sent_with_a_way_back(floor)
    floor.open(2)
    floor.at(3, transfer_active, target=Target(2, back=True))
    assert called_at(floor, 2) == ticket

    floor.at(2, serving.serve)
    assert home_of(floor, ticket) == (1, 1)
    assert called_at(floor, 3) == ticket
    floor.at(3, serving.serve)

    assert floor.entries(ticket)[-1].tied_counter_id == 1
    assert home_of(floor, ticket) == (None, None)


@pytest.mark.parametrize("target", [Target(1), Target(counter_id=1)])
def test_who_is_sent_to_the_sender_by_hand_has_come_back(
    floor: Floor, target: Target
) -> None:
    ticket = sent_with_a_way_back(floor)

    floor.at(3, transfer_active, target=target)
    assert called_at(floor, 1) == ticket
    floor.at(1, serving.serve)

    assert floor.states(ticket) == ["transferred", "transferred", "served"]


def test_at_another_counter_of_the_senders_line_it_is_still_on_its_way(
    floor: Floor,
) -> None:
    ticket = sent_with_a_way_back(floor)

    floor.at(3, transfer_active, target=Target(counter_id=2))

    assert home_of(floor, ticket) == (1, 1)
