"""Numbers of the spare roll."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.errors import ClockInDoubt, Invalid
from app.queueing.commands import calling
from app.queueing.commands.issuing import TicketRequest
from app.queueing.commands.spare_roll import (
    NumberTaken,
    SpareNumber,
    book_in,
    reserve_roll,
)
from app.queueing.rows import ticket_row
from tests.queueing.floor import (
    RESEPSI,
    Floor,
    floor_of,
    mall,
    refusal_of,
)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path, mall(spare={1: (3, 5)})) as floor:
        yield floor


def book(
    floor: Floor, drawn: int, minutes_ago: float = 30, **ticket_request: Any
) -> Any:
    spare = SpareNumber(drawn, floor.now - timedelta(minutes=minutes_ago))
    wanted = TicketRequest(ticket_request.pop("services", [1]), **ticket_request)
    return floor.do(book_in, ticket_request=wanted, spare=spare, actor=RESEPSI)


def number(floor: Floor, ticket: int) -> str:
    return str(floor.see(ticket_row, ticket_id=ticket).number)


def test_the_roll_is_stepped_over_by_the_kiosk(floor: Floor) -> None:
    drawn = [number(floor, floor.issue()) for _ in range(4)]

    assert drawn == ["A-001", "A-002", "A-006", "A-007"]


def test_booked_in_it_waits_from_when_it_was_given(floor: Floor) -> None:
    first = floor.issue()

    ticket = book(floor, 3, services=[1, 3])

    assert number(floor, ticket) == "A-003"
    floor.open()
    assert floor.at(1, calling.call_next) == ticket
    assert floor.states(first) == ["waiting"]


def test_its_class_counts_as_everybodys(floor: Floor) -> None:
    earlier, elder = book(floor, 3, 30), book(floor, 4, 20, priority="lansia")
    floor.open()

    assert floor.at(1, calling.call_next) == elder
    assert floor.states(earlier) == ["waiting"]


@pytest.mark.parametrize("drawn", [2, 6])
def test_a_number_that_is_not_on_the_roll_is_refused(floor: Floor, drawn: int) -> None:
    assert isinstance(refusal_of(lambda: book(floor, drawn)), Invalid)


def test_a_series_without_a_roll_books_nothing_in(floor: Floor) -> None:
    assert isinstance(refusal_of(lambda: book(floor, 3, services=[3])), Invalid)


def test_a_number_is_booked_in_once(floor: Floor) -> None:
    book(floor, 3)

    assert isinstance(refusal_of(lambda: book(floor, 3)), NumberTaken)


@pytest.mark.parametrize("minutes_ago", [-5, 60 * 24])
def test_its_time_lies_on_this_day_and_not_ahead(
    floor: Floor, minutes_ago: float
) -> None:
    assert isinstance(refusal_of(lambda: book(floor, 3, minutes_ago)), Invalid)


@pytest.mark.parametrize(
    "ticket_request", [{"services": [1, 1]}, {"people": 21}, {"services": []}]
)
def test_a_request_is_of_the_form_of_every_request(
    floor: Floor, ticket_request: Any
) -> None:
    assert isinstance(refusal_of(lambda: book(floor, 3, **ticket_request)), Invalid)


def test_while_the_clock_is_in_doubt_nothing_is_booked_in(floor: Floor) -> None:
    floor.is_in_doubt = True

    assert isinstance(refusal_of(lambda: book(floor, 3)), ClockInDoubt)


def reserve(floor: Floor, first: int, last: int, service: int = 1) -> Any:
    facts = {"service_id": service, "first": first, "last": last}
    return refusal_of(lambda: floor.do(reserve_roll, **facts))


def test_a_roll_lies_ahead_of_todays_numbers(floor: Floor) -> None:
    floor.issue()

    assert isinstance(reserve(floor, 1, 9), Invalid)
    assert isinstance(reserve(floor, 9, 8), Invalid)
    assert reserve(floor, 2, 3) is None
    assert number(floor, floor.issue()) == "A-004"


def test_yesterdays_numbers_stop_no_roll(floor: Floor) -> None:
    floor.issue()
    floor.wait(days=1)

    assert reserve(floor, 1, 2) is None
    assert number(floor, floor.issue()) == "A-003"


def test_a_roll_may_not_let_a_booked_number_be_drawn_again(floor: Floor) -> None:
    book(floor, 4)

    assert isinstance(reserve(floor, 10, 12), Invalid)
    assert reserve(floor, 3, 12) is None
    assert number(floor, floor.issue()) == "A-001"


def test_a_roll_is_no_longer_than_a_roll(floor: Floor) -> None:
    assert isinstance(reserve(floor, 1, 1001), Invalid)
    assert reserve(floor, 1001, 2000) is None


def test_an_unknown_service_has_no_roll(floor: Floor) -> None:
    assert isinstance(reserve(floor, 1, 2, service=99), Invalid)
