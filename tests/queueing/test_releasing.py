"""Release: a supervisor frees a call whose counter does not answer any more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import NotFound, WrongState
from app.queueing.commands import calling, serving
from app.queueing.commands.releasing import release
from tests.queueing.floor import ADMIN, KEPALA, MADE, Floor, floor_of, refusal_of


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path) as floor:
        yield floor


def test_the_entry_waits_again_at_its_place(floor: Floor) -> None:
    ticket = floor.called()
    floor.issue()

    floor.do(release, ticket_id=ticket, actor=KEPALA)

    (entry,) = floor.entries(ticket)
    assert (entry.state, entry.counter_id, entry.called_at) == ("waiting", None, None)
    assert floor.at(1, calling.call_next) == ticket


def test_it_is_passed_over_by_nobody_though_it_was_returned_before(
    floor: Floor,
) -> None:
    first, second = floor.called(), floor.issue()
    floor.at(1, calling.return_)
    assert floor.at(1, calling.call_next) == second, "passed over once"
    floor.at(1, serving.serve)
    floor.open(2)
    floor.at(2, calling.call_next)
    floor.do(release, ticket_id=first, actor=KEPALA)
    floor.issue()

    assert floor.at(1, calling.call_next) == first


def test_only_a_call_is_released(floor: Floor) -> None:
    ticket = floor.serving()

    def refused(ticket_id: int, actor: object) -> object:
        facts = {"ticket_id": ticket_id, "actor": actor}
        return refusal_of(lambda: floor.do(release, **facts))

    assert isinstance(refused(ticket, KEPALA), WrongState)
    assert isinstance(refused(floor.issue(), ADMIN), WrongState)
    assert isinstance(refused(ticket, MADE), NotFound)
