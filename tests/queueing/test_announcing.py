"""Announcements of a call that was taken back are over; others go on."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from app.queueing import rows
from app.queueing.commands import calling, serving
from app.queueing.commands.cancelling import cancel_by_staff
from app.queueing.commands.releasing import release
from app.queueing.commands.undoing import undo_at_counter
from tests.queueing.floor import KEPALA, RESEPSI, Floor, floor_of


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path) as floor:
        yield floor


def expiries(db: Connection) -> list[datetime]:
    column = rows.announcement.c
    return list(db.execute(select(column.expires_at).order_by(column.id)).scalars())


CALL_WITHDRAWN: dict[str, Callable[[Floor, int], object]] = {
    "return": lambda floor, _: floor.at(1, calling.return_),
    "release": lambda floor, ticket: floor.do(release, ticket_id=ticket, actor=KEPALA),
    "cancel": lambda floor, ticket: floor.do(
        cancel_by_staff, ticket_id=ticket, actor=RESEPSI, reason="visitor"
    ),
}


@pytest.mark.parametrize("command", CALL_WITHDRAWN)
def test_a_call_taken_back_is_not_said_any_more(floor: Floor, command: str) -> None:
    ticket = floor.called()
    floor.wait(seconds=5)
    floor.at(1, calling.recall)

    CALL_WITHDRAWN[command](floor, ticket)

    assert floor.see(expiries) == [floor.now, floor.now]


def test_serve_next_undone_silences_the_call_that_came_with_it(floor: Floor) -> None:
    floor.serving()
    floor.issue()
    floor.at(1, serving.serve_next)

    floor.at(1, undo_at_counter)

    first, second = floor.see(expiries)
    assert first > floor.now
    assert second == floor.now


def test_whoever_came_is_still_announced_to_the_hall(floor: Floor) -> None:
    floor.called()

    floor.at(1, serving.start)

    (expires,) = floor.see(expiries)
    assert expires > floor.now


def test_what_had_expired_before_stays_as_it_was(floor: Floor) -> None:
    floor.called()
    (before,) = floor.see(expiries)
    floor.wait(minutes=5)

    floor.at(1, calling.return_)

    assert floor.see(expiries) == [before]
