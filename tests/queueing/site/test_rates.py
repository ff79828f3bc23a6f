"""How often one kiosk may give a number."""

import pytest

from app.errors import TooMany
from app.queueing.site.rates import MAX_NAMES, Rate, Rates
from tests.support.clock import MovableClock

RATE = Rate(burst=3, interval=2.0)


@pytest.fixture
def rates(clock: MovableClock) -> Rates:
    return Rates(lambda: round(clock.monotonic()))


def taken(rates: Rates, name: str = "a") -> int:
    """Take until it is refused; return how often that went."""
    for count in range(1000):
        try:
            rates.take(name, RATE)
        except TooMany:
            return count
    raise AssertionError("it was never refused")


def test_a_burst_then_one_after_each_interval(
    rates: Rates, clock: MovableClock
) -> None:
    assert taken(rates) == 3
    clock.move(seconds=2)
    assert taken(rates) == 1
    clock.move(seconds=5)
    assert taken(rates) == 2
    clock.move(hours=1)
    assert taken(rates) == 3


def test_the_refusal_says_how_long_and_prolongs_nothing(
    rates: Rates, clock: MovableClock
) -> None:
    taken(rates)
    for _ in range(5):
        with pytest.raises(TooMany) as refused:
            rates.take("a", RATE)
        assert refused.value.details["retry_after_seconds"] == 2.0
    clock.move(seconds=2)

    rates.take("a", RATE)


def test_a_clock_that_is_set_back_stops_nobody(
    rates: Rates, clock: MovableClock
) -> None:
    taken(rates)
    clock.set(clock.moment.replace(year=2025))
    clock.move(seconds=2)

    rates.take("a", RATE)


def test_each_name_has_its_own_and_the_oldest_are_forgotten(rates: Rates) -> None:
    assert taken(rates, "a") == taken(rates, "b") == 3

    for number in range(MAX_NAMES):
        rates.take(str(number), RATE)

    assert taken(rates, "a") == 3
