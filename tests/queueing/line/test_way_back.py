"""The way back: whoever is sent on comes back to the sender, however far it went."""

import pytest

from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.lines import transfer_line
from app.queueing.commands.transferring import Target, add, transfer_active
from app.queueing.views.console import console
from app.queueing.views.tickets import ticket_view
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import ADMIN, RESEPSI, RulesHarness, partly_served


@pytest.fixture
def own_mall() -> CustomMall:
    return partly_served()


def sent_with_a_way_back(rules: RulesHarness) -> int:
    """Return a ticket that counter 1 sent to counter 3, which serves it."""
    ticket = rules.serving(1)
    rules.open(3)
    rules.at(1, transfer_active, target=Target(3, back=True))
    rules.at(3, calling.call_next)
    return ticket


def test_with_a_way_back_it_is_next_for_the_senders_counter(
    rules: RulesHarness,
) -> None:
    ticket = sent_with_a_way_back(rules)
    others = [rules.issue(1) for _ in range(2)]
    rules.open(2)

    rules.at(3, serving.serve)

    assert rules.states(ticket) == ["transferred", "served", "waiting"]
    assert rules.at(2, calling.call_next) == others[0]
    assert rules.at(1, calling.call_next) == ticket


def test_who_has_left_does_not_come_back(rules: RulesHarness) -> None:
    ticket = sent_with_a_way_back(rules)

    rules.at(3, serving.serve, result="visitor_left")

    assert rules.states(ticket) == ["transferred", "served"]


def test_who_is_tied_elsewhere_counts_in_no_other_counters_line(
    rules: RulesHarness,
) -> None:
    ticket = sent_with_a_way_back(rules)
    other = rules.issue(1)
    rules.at(3, serving.serve)
    rules.open(2)

    here = rules.see(console, counter_id=2, now=rules.now)
    home = rules.see(console, counter_id=1, now=rules.now)

    assert (here.waiting, len(here.line)) == (1, 1)
    assert (home.waiting, len(home.line)) == (2, 2)
    assert rules.see(ticket_view, ticket_id=ticket).waiting_ahead == 0
    rules.at(1, counter_states.pause)
    assert rules.at(2, calling.call_next) == other


def test_only_who_is_next_at_every_counter_is_told_so(rules: RulesHarness) -> None:
    ticket = sent_with_a_way_back(rules)
    other = rules.issue(1)
    rules.at(3, serving.serve)

    ahead = rules.see(ticket_view, ticket_id=other).waiting_ahead

    assert ahead == 1
    assert rules.at(1, calling.call_next) == ticket


def test_when_a_tie_falls_away_the_lines_are_told(rules: RulesHarness) -> None:
    sent_with_a_way_back(rules)
    rules.at(3, serving.serve)

    rules.at(1, counter_states.close)

    assert "service:1" in rules.facts
    rules.open(1)
    assert "service:1" in rules.facts


def test_the_tie_of_the_way_back_falls_away_with_the_counter(
    rules: RulesHarness,
) -> None:
    ticket = sent_with_a_way_back(rules)
    rules.open(2)
    rules.at(1, counter_states.close)

    rules.at(3, serving.serve)

    assert rules.at(2, calling.call_next) == ticket


def test_who_took_over_without_serving_the_line_gets_no_tie(
    rules: RulesHarness,
) -> None:
    ticket = rules.serving(1)
    rules.do(counter_states.open_, counter_id=3, actor=ADMIN)
    rules.do(serving.take_over, counter_id=3, ticket_id=ticket, actor=ADMIN)
    back = {"target": Target(2, back=True)}
    rules.do(transfer_active, counter_id=3, actor=ADMIN, **back)
    rules.at(1, calling.call_next)

    rules.at(1, serving.serve)

    assert rules.entries(ticket)[2].tied_counter_id is None
    assert rules.at(1, calling.call_next) == ticket


def test_no_way_back_into_a_line_where_it_waits_already(rules: RulesHarness) -> None:
    ticket = sent_with_a_way_back(rules)
    rules.do(add, ticket_id=ticket, service_id=1, actor=RESEPSI)

    rules.at(3, serving.serve)

    assert rules.states(ticket) == ["transferred", "served", "waiting"]


def called_at(rules: RulesHarness, counter: int) -> int:
    """Call next at a counter; return who came."""
    return int(rules.at(counter, calling.call_next))


def home_of(rules: RulesHarness, ticket: int) -> tuple[int | None, int | None]:
    """Return the counter and the line to which a ticket's newest entry leads back."""
    entry = rules.entries(ticket)[-1]
    return entry.back_counter_id, entry.back_service_id


def test_it_is_next_although_the_senders_other_lines_are_longer(
    rules: RulesHarness,
) -> None:
    ticket = sent_with_a_way_back(rules)
    for _ in range(3):
        rules.issue(2)

    rules.at(3, serving.serve)

    assert called_at(rules, 1) == ticket


def test_who_came_back_first_is_called_first(rules: RulesHarness) -> None:
    first = sent_with_a_way_back(rules)
    rules.at(3, serving.start)
    second = rules.issue(1)
    assert called_at(rules, 1) == second
    rules.at(1, transfer_active, target=Target(3, back=True))
    rules.at(3, serving.serve_next)

    rules.at(3, serving.serve)

    assert called_at(rules, 1) == first
    rules.at(1, serving.serve)
    assert called_at(rules, 1) == second


def test_it_is_carried_along_when_the_visitor_is_sent_on(rules: RulesHarness) -> None:
    ticket = sent_with_a_way_back(rules)
    rules.open(2)

    rules.at(3, transfer_active, target=Target(2))
    assert called_at(rules, 2) == ticket
    rules.at(2, serving.serve)

    assert rules.states(ticket)[2:] == ["served", "waiting"]
    back = rules.entries(ticket)[-1]
    assert (back.service_id, back.tied_counter_id) == (1, 1)
    assert home_of(rules, ticket) == (None, None)


def test_it_is_carried_along_with_a_whole_line(rules: RulesHarness) -> None:
    ticket = rules.serving(2)
    rules.at(1, transfer_active, target=Target(3, back=True))

    rules.do(transfer_line, service_id=3, actor=ADMIN, target=Target(1))

    assert home_of(rules, ticket) == (1, 2)


def test_a_second_sender_comes_before_the_first(rules: RulesHarness) -> None:
    ticket = sent_with_a_way_back(rules)
    rules.open(2)
    rules.at(3, transfer_active, target=Target(2, back=True))
    assert called_at(rules, 2) == ticket

    rules.at(2, serving.serve)
    assert home_of(rules, ticket) == (1, 1)
    assert called_at(rules, 3) == ticket
    rules.at(3, serving.serve)

    assert rules.entries(ticket)[-1].tied_counter_id == 1
    assert home_of(rules, ticket) == (None, None)


@pytest.mark.parametrize("target", [Target(1), Target(counter_id=1)])
def test_who_is_sent_to_the_sender_by_hand_has_come_back(
    rules: RulesHarness, target: Target
) -> None:
    ticket = sent_with_a_way_back(rules)

    rules.at(3, transfer_active, target=target)
    assert called_at(rules, 1) == ticket
    rules.at(1, serving.serve)

    assert rules.states(ticket) == ["transferred", "transferred", "served"]


def test_at_another_counter_of_the_senders_line_it_is_still_on_its_way(
    rules: RulesHarness,
) -> None:
    ticket = sent_with_a_way_back(rules)

    rules.at(3, transfer_active, target=Target(counter_id=2))

    assert home_of(rules, ticket) == (1, 1)
