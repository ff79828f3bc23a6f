"""Practice: an invented line, and nothing that leads there or back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.errors import Invalid, NotFound
from app.queueing import rows
from app.queueing.commands import calling
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
from app.queueing.opening.rulebook import practice_services
from app.queueing.rows import ticket_row
from tests.queueing.floor import (
    ADMIN,
    KIOSK,
    MADE,
    RESEPSI,
    SARI,
    Floor,
    floor_of,
    mall,
    refusal_of,
)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    """Return a mall whose agency 2, with service 3 at counter 3, is for practice."""
    with floor_of(tmp_path, mall(spare={2: (3, 5)})) as floor:
        with floor.engine.begin() as db:
            here = rows.counter.c.id == 3
            db.execute(update(rows.counter).where(here).values(zone_id=2))
        yield floor


def learner(floor: Floor) -> int:
    """Return an invented visitor who is called at the practice counter."""
    floor.open(3)
    floor.do(invent_line, counter_id=3, actor=MADE, visitors=6)
    return int(floor.at(3, calling.call_next))


def test_an_invented_line_waits_at_a_practice_counter(floor: Floor) -> None:
    floor.open(3)

    invented = floor.do(invent_line, counter_id=3, actor=MADE, visitors=6)

    assert invented == 6
    first = floor.at(3, calling.call_next)
    assert floor.see(ticket_row, ticket_id=first).channel == "practice"
    assert floor.see(ticket_row, ticket_id=first).priority in ("lansia", "hamil")
    assert not any(fact.startswith("sound:") for fact in floor.facts)
    assert floor.see(practice_services) == floor.rules.practice == {3}


def test_at_a_real_counter_nobody_is_invented(floor: Floor) -> None:
    floor.open()

    with pytest.raises(NotFound):
        floor.do(invent_line, counter_id=1, actor=SARI)


def refused(floor: Floor, action: Callable[..., Any], **facts: Any) -> bool:
    return isinstance(refusal_of(lambda: floor.do(action, **facts)), Invalid)


def test_nobody_takes_a_number_for_practice(floor: Floor) -> None:
    roll = SpareNumber(3, floor.now)

    assert refused(floor, issue, ticket_request=TicketRequest([3]), actor=KIOSK)
    assert refused(floor, issue, ticket_request=TicketRequest([1, 3]), actor=RESEPSI)
    assert refused(
        floor, book_in, ticket_request=TicketRequest([3]), spare=roll, actor=RESEPSI
    )
    assert floor.issue(1, actor=KIOSK) == 1


@pytest.mark.parametrize("target", [Target(3), Target(counter_id=3)])
def test_no_real_visitor_is_sent_to_practice(floor: Floor, target: Target) -> None:
    ticket = floor.called(1)
    waits = floor.issue(1)

    assert refused(floor, transfer_active, counter_id=1, actor=SARI, target=target)
    by_ticket = {"ticket_id": waits, "actor": ADMIN}
    assert refused(floor, transfer_ticket, **by_ticket, target=target)
    assert refused(floor, transfer_line, service_id=1, actor=ADMIN, target=target)
    assert refused(floor, add, **by_ticket, service_id=3)
    assert floor.states(ticket) == ["called"]
    assert floor.states(waits) == ["waiting"]


@pytest.mark.parametrize("target", [Target(1), Target(counter_id=1)])
def test_no_invented_visitor_is_sent_to_the_hall(floor: Floor, target: Target) -> None:
    ticket = learner(floor)

    assert refused(floor, transfer_active, counter_id=3, actor=MADE, target=target)
    assert refused(floor, transfer_line, service_id=3, actor=ADMIN, target=target)
    assert refused(floor, add, ticket_id=ticket, service_id=1, actor=ADMIN)
    assert floor.states(ticket) == ["called"]
