"""A priority class, set later: whom it moves, and when."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.errors import NotFound
from app.queueing import rows
from app.queueing.commands import calling, parking, serving
from app.queueing.commands.priority import set_priority
from app.queueing.commands.transferring import Target, transfer_ticket
from app.queueing.line.ranking import rank_of
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    KEPALA,
    RESEPSI,
    RulesHarness,
    partly_served,
    refusal_of,
)


@pytest.fixture
def own_mall() -> CustomMall:
    return partly_served()


def test_priority_moves_every_line_in_which_a_ticket_waits(rules: RulesHarness) -> None:
    first, ticket = rules.issue(1, 3), rules.issue(1, 3)
    staff = {"ticket_id": ticket, "actor": RESEPSI}

    rules.do(set_priority, **staff, priority="hamil")

    assert rules.line(1) == rules.line(3) == [ticket, first]
    rules.do(set_priority, **staff, priority="regular")
    assert rules.line(1) == [first, ticket]
    hidden = {"ticket_id": 99, "actor": RESEPSI, "priority": "anak"}
    assert isinstance(refusal_of(lambda: rules.do(set_priority, **hidden)), NotFound)
    unseen = rules.issue(3)
    theirs = {"ticket_id": unseen, "actor": KEPALA, "priority": "anak"}
    assert isinstance(refusal_of(lambda: rules.do(set_priority, **theirs)), NotFound)


def test_a_class_set_during_a_call_counts_when_it_is_returned(
    rules: RulesHarness,
) -> None:
    first = rules.called(1, 3)
    later = rules.issue(1)

    def set_class(priority: str) -> None:
        arguments = {"ticket_id": first, "priority": priority, "actor": RESEPSI}
        rules.do(set_priority, **arguments)

    set_class("lansia")
    rules.at(1, calling.return_)
    arrived = rules.entries(first)[0].arrived_at
    assert rules.entries(first)[0].rank == rank_of(arrived, timedelta(minutes=20))

    set_class("regular")

    assert [e.rank for e in rules.entries(first)] == [rank_of(arrived, timedelta())] * 2
    assert rules.line(1) == [first, later]


def test_a_return_without_a_class_is_a_regulars(rules: RulesHarness) -> None:
    ticket = rules.issue(1, priority="lansia")
    rules.open()
    rules.at(1, calling.call_next)
    with rules.engine.begin() as db:
        db.execute(delete(rows.private))

    rules.at(1, calling.return_)

    (entry,) = rules.entries(ticket)
    assert entry.rank == rank_of(entry.arrived_at, timedelta())


def test_a_class_moves_nobody_who_was_placed_by_hand(rules: RulesHarness) -> None:
    ticket = rules.called(1)
    rules.at(1, serving.no_show, reason="left")
    rules.issue(1)
    rules.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)
    (was,) = rules.entries(ticket)

    sent = rules.issue(1)
    to = {"target": Target(3, position="next"), "ticket_id": sent, "actor": RESEPSI}
    rules.do(transfer_ticket, **to)
    first = rules.entries(sent)[1]

    for each in (ticket, sent):
        rules.do(set_priority, ticket_id=each, priority="lansia", actor=RESEPSI)

    assert rules.entries(ticket)[0].rank == was.rank
    assert rules.entries(sent)[1].rank == first.rank
