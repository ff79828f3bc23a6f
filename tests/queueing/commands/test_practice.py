"""Practice: an invented line, and nothing that leads there or back."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from app.errors import Invalid, NotFound
from app.queueing import rows
from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.issuing import TicketRequest, issue
from app.queueing.commands.lines import transfer_line
from app.queueing.commands.practice import invent_line
from app.queueing.commands.spare_roll import SpareNumber, book_in
from app.queueing.commands.transferring import (
    Target,
    add,
    transfer_active,
    transfer_ticket,
)
from app.queueing.rows import ticket_row
from app.queueing.site.rulebook import practice_services
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    ADMIN,
    KIOSK,
    MADE,
    RESEPSI,
    SARI,
    RulesHarness,
    custom_mall,
    refusal_of,
)


@pytest.fixture
def own_mall() -> CustomMall:
    """Return a mall whose agency 2, with service 3 at counter 3, is for practice."""
    return custom_mall(spare={2: (3, 5)}, practice=frozenset({3}))


def learner(rules: RulesHarness) -> int:
    """Return an invented visitor who is called at the practice counter."""
    rules.open(3)
    rules.do(invent_line, counter_id=3, actor=MADE, visitors=6)
    return int(rules.at(3, calling.call_next))


def test_an_invented_line_waits_at_a_practice_counter(rules: RulesHarness) -> None:
    rules.open(3)

    invented = rules.do(invent_line, counter_id=3, actor=MADE, visitors=6)

    assert invented == 6
    first = rules.at(3, calling.call_next)
    assert rules.see(ticket_row, ticket_id=first).channel == "practice"
    assert rules.see(ticket_row, ticket_id=first).priority in ("lansia", "hamil")
    assert rules.disk.count("announcement") == 0
    assert rules.see(practice_services) == rules.rulebook.practice == {3}


def test_at_a_real_counter_nobody_is_invented(rules: RulesHarness) -> None:
    rules.open()

    with pytest.raises(NotFound):
        rules.do(invent_line, counter_id=1, actor=SARI)


def refused(rules: RulesHarness, action: Callable[..., Any], **arguments: Any) -> bool:
    return isinstance(refusal_of(lambda: rules.do(action, **arguments)), Invalid)


def test_nobody_takes_a_number_for_practice(rules: RulesHarness) -> None:
    roll = SpareNumber(3, rules.now)

    assert refused(rules, issue, ticket_request=TicketRequest([3]), actor=KIOSK)
    assert refused(rules, issue, ticket_request=TicketRequest([1, 3]), actor=RESEPSI)
    assert refused(
        rules, book_in, ticket_request=TicketRequest([3]), spare=roll, actor=RESEPSI
    )
    assert rules.issue(1, actor=KIOSK) == 1


@pytest.mark.parametrize("target", [Target(3), Target(counter_id=3)])
def test_no_real_visitor_is_sent_to_practice(
    rules: RulesHarness, target: Target
) -> None:
    ticket = rules.called(1)
    waits = rules.issue(1)

    assert refused(rules, transfer_active, counter_id=1, actor=SARI, target=target)
    by_ticket = {"ticket_id": waits, "actor": ADMIN}
    assert refused(rules, transfer_ticket, **by_ticket, target=target)
    assert refused(rules, transfer_line, service_id=1, actor=ADMIN, target=target)
    assert refused(rules, add, **by_ticket, service_id=3)
    assert rules.states(ticket) == ["called"]
    assert rules.states(waits) == ["waiting"]


@pytest.mark.parametrize("target", [Target(1), Target(counter_id=1)])
def test_no_invented_visitor_is_sent_to_the_hall(
    rules: RulesHarness, target: Target
) -> None:
    ticket = learner(rules)

    assert refused(rules, transfer_active, counter_id=3, actor=MADE, target=target)
    assert refused(rules, transfer_line, service_id=3, actor=ADMIN, target=target)
    assert refused(rules, add, ticket_id=ticket, service_id=1, actor=ADMIN)
    assert rules.states(ticket) == ["called"]


def test_a_visitor_is_not_handed_over_to_practice(rules: RulesHarness) -> None:
    rules.called()
    put_into_practice(rules, 2)

    refused = refusal_of(lambda: rules.at(1, counter_states.pause, hand_to=2))

    assert isinstance(refused, Invalid)
    assert rules.counter_state() == "open"


@pytest.mark.parametrize("counter", [1, 2])
def test_no_visitor_is_taken_over_from_or_into_practice(
    rules: RulesHarness, counter: int
) -> None:
    ticket = rules.called()
    put_into_practice(rules, counter)
    rules.open(2)

    assert refused(
        rules, serving.take_over, counter_id=2, ticket_id=ticket, actor=ADMIN
    )
    assert rules.entries(ticket)[0].counter_id == 1


def put_into_practice(rules: RulesHarness, counter: int) -> None:
    with rules.engine.begin() as db:
        here = rows.counter.c.id == counter
        db.execute(update(rows.counter).where(here).values(zone_id=2))
