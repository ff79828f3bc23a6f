"""Numbers of the spare roll."""

from datetime import timedelta
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
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import RESEPSI, RulesHarness, custom_mall, refusal_of


@pytest.fixture
def own_mall() -> CustomMall:
    return custom_mall(spare={1: (3, 5)})


def book(
    rules: RulesHarness, drawn: int, minutes_ago: float = 30, **ticket_request: Any
) -> Any:
    spare = SpareNumber(drawn, rules.now - timedelta(minutes=minutes_ago))
    wanted = TicketRequest(ticket_request.pop("services", [1]), **ticket_request)
    return rules.do(book_in, ticket_request=wanted, spare=spare, actor=RESEPSI)


def number(rules: RulesHarness, ticket: int) -> str:
    return str(rules.see(ticket_row, ticket_id=ticket).number)


def test_the_roll_is_stepped_over_by_the_kiosk(rules: RulesHarness) -> None:
    drawn = [number(rules, rules.issue()) for _ in range(4)]

    assert drawn == ["A-001", "A-002", "A-006", "A-007"]


def test_booked_in_it_waits_from_when_it_was_given(rules: RulesHarness) -> None:
    first = rules.issue()

    ticket = book(rules, 3, services=[1, 3])

    assert number(rules, ticket) == "A-003"
    rules.open()
    assert rules.at(1, calling.call_next) == ticket
    assert rules.states(first) == ["waiting"]


def test_its_class_counts_as_everybodys(rules: RulesHarness) -> None:
    earlier, elder = book(rules, 3, 30), book(rules, 4, 20, priority="lansia")
    rules.open()

    assert rules.at(1, calling.call_next) == elder
    assert rules.states(earlier) == ["waiting"]


@pytest.mark.parametrize("drawn", [2, 6])
def test_a_number_that_is_not_on_the_roll_is_refused(
    rules: RulesHarness, drawn: int
) -> None:
    assert isinstance(refusal_of(lambda: book(rules, drawn)), Invalid)


def test_a_series_without_a_roll_books_nothing_in(rules: RulesHarness) -> None:
    assert isinstance(refusal_of(lambda: book(rules, 3, services=[3])), Invalid)


def test_a_number_is_booked_in_once(rules: RulesHarness) -> None:
    book(rules, 3)

    assert isinstance(refusal_of(lambda: book(rules, 3)), NumberTaken)


@pytest.mark.parametrize("minutes_ago", [-5, 60 * 24])
def test_its_time_lies_on_this_day_and_not_ahead(
    rules: RulesHarness, minutes_ago: float
) -> None:
    assert isinstance(refusal_of(lambda: book(rules, 3, minutes_ago)), Invalid)


@pytest.mark.parametrize(
    "ticket_request", [{"services": [1, 1]}, {"people": 21}, {"services": []}]
)
def test_a_request_is_of_the_form_of_every_request(
    rules: RulesHarness, ticket_request: Any
) -> None:
    assert isinstance(refusal_of(lambda: book(rules, 3, **ticket_request)), Invalid)


def test_while_the_clock_is_in_doubt_nothing_is_booked_in(rules: RulesHarness) -> None:
    rules.is_in_doubt = True

    assert isinstance(refusal_of(lambda: book(rules, 3)), ClockInDoubt)


def reserve(rules: RulesHarness, first: int, last: int, service: int = 1) -> Any:
    arguments = {"service_id": service, "first": first, "last": last}
    return refusal_of(lambda: rules.do(reserve_roll, **arguments))


def test_a_roll_lies_ahead_of_todays_numbers(rules: RulesHarness) -> None:
    rules.issue()

    assert isinstance(reserve(rules, 1, 9), Invalid)
    assert isinstance(reserve(rules, 9, 8), Invalid)
    assert reserve(rules, 2, 3) is None
    assert number(rules, rules.issue()) == "A-004"


def test_yesterdays_numbers_stop_no_roll(rules: RulesHarness) -> None:
    rules.issue()
    rules.wait(days=1)

    assert reserve(rules, 1, 2) is None
    assert number(rules, rules.issue()) == "A-003"


def test_a_roll_may_not_let_a_booked_number_be_drawn_again(rules: RulesHarness) -> None:
    book(rules, 4)

    assert isinstance(reserve(rules, 10, 12), Invalid)
    assert reserve(rules, 3, 12) is None
    assert number(rules, rules.issue()) == "A-001"


def test_a_roll_is_no_longer_than_a_roll(rules: RulesHarness) -> None:
    assert isinstance(reserve(rules, 1, 1001), Invalid)
    assert reserve(rules, 1001, 2000) is None


def test_an_unknown_service_has_no_roll(rules: RulesHarness) -> None:
    assert isinstance(reserve(rules, 1, 2, service=99), Invalid)
