"""Closed by hand or absent: until when, taken back, and by whom."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import Invalid, NotFound, Unavailable
from app.queueing.commands import calling, closures
from app.queueing.opening.availability import Availability
from tests.queueing.floor import (
    KEPALA,
    SITE,
    clock_time,
    floors_in,
    refusal_of,
)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    """Return a maker of floors; each test says its own hours."""
    with floors_in(tmp_path) as make:
        yield make


@pytest.mark.parametrize("reason", ["by-hand", "absent"])
def test_closed_by_hand_until_a_time_and_taken_back(make: Any, reason: str) -> None:
    floor = make(SITE)
    until = clock_time("11:00")

    def close(**facts: Any) -> None:
        floor.do(closures.close_by_hand, actor=KEPALA, reason=reason, **facts)

    close(agency_id=1, until=until)
    assert floor.available("10:00") == Availability(False, reason, until)
    assert floor.available("11:00").open
    assert floor.available("10:00", service=3).open
    floor.do(closures.lift_closure, actor=KEPALA, agency_id=1)
    assert floor.available("10:00").open
    close(service_id=2, until=until)
    assert floor.available("10:00").open
    assert floor.available("10:00", service=2).reason == reason


def test_absent_today_ends_with_the_day(make: Any) -> None:
    floor = make(SITE)

    floor.do(closures.close_by_hand, actor=KEPALA, agency_id=1, reason="absent")

    assert floor.available("14:00").until == clock_time("08:00", days=1)
    assert floor.available("09:00", days=1).open


def test_closing_into_the_past_is_refused(make: Any) -> None:
    floor = make(SITE)

    with pytest.raises(Invalid):
        floor.do(
            closures.close_by_hand, actor=KEPALA, agency_id=1, until=clock_time("08:00")
        )


@pytest.mark.parametrize("scope", [{"agency_id": 2}, {"service_id": 3}, {}])
def test_nobody_closes_what_is_not_theirs(make: Any, scope: dict[str, int]) -> None:
    floor = make(SITE)

    for action in (closures.close_by_hand, closures.lift_closure):
        with pytest.raises(NotFound):
            floor.do(action, actor=KEPALA, **scope)


def test_closing_stops_issuing_and_drops_nobody(make: Any) -> None:
    floor = make(SITE)
    ticket = floor.issue()

    floor.do(closures.close_by_hand, actor=KEPALA, service_id=1)

    assert floor.states(ticket) == ["waiting"]
    assert isinstance(refusal_of(floor.issue), Unavailable)
    floor.open()
    assert floor.at(1, calling.call_next) == ticket


def test_closing_again_replaces_the_first_closure(make: Any) -> None:
    floor = make(SITE)
    close = {"actor": KEPALA, "agency_id": 1}
    floor.do(closures.close_by_hand, **close)

    floor.do(closures.close_by_hand, **close, until=clock_time("10:00"))

    assert floor.available("09:30").until == clock_time("10:00")
    assert floor.available("10:30").open
