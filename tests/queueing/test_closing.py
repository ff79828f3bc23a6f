"""Closed by hand or absent: until when, taken back, and by whom."""

from typing import Any

import pytest

from app.errors import Invalid, NotFound, Unavailable
from app.queueing.commands import calling, closures
from app.queueing.opening.availability import Availability
from tests.support.rules import KEPALA, SITE, MakeRules, clock_time, refusal_of


@pytest.mark.parametrize("reason", ["by-hand", "absent"])
def test_closed_by_hand_until_a_time_and_taken_back(
    make_rules: MakeRules, reason: str
) -> None:
    rules = make_rules(SITE)
    until = clock_time("11:00")

    def close(**facts: Any) -> None:
        rules.do(closures.close_by_hand, actor=KEPALA, reason=reason, **facts)

    close(agency_id=1, until=until)
    assert rules.available("10:00") == Availability(False, reason, until)
    assert rules.available("11:00").open
    assert rules.available("10:00", service=3).open
    rules.do(closures.lift_closure, actor=KEPALA, agency_id=1)
    assert rules.available("10:00").open
    close(service_id=2, until=until)
    assert rules.available("10:00").open
    assert rules.available("10:00", service=2).reason == reason


def test_absent_today_ends_with_the_day(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)

    rules.do(closures.close_by_hand, actor=KEPALA, agency_id=1, reason="absent")

    assert rules.available("14:00").until == clock_time("08:00", days=1)
    assert rules.available("09:00", days=1).open


def test_closing_into_the_past_is_refused(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)

    with pytest.raises(Invalid):
        rules.do(
            closures.close_by_hand, actor=KEPALA, agency_id=1, until=clock_time("08:00")
        )


@pytest.mark.parametrize("scope", [{"agency_id": 2}, {"service_id": 3}, {}])
def test_nobody_closes_what_is_not_theirs(
    make_rules: MakeRules, scope: dict[str, int]
) -> None:
    rules = make_rules(SITE)

    for action in (closures.close_by_hand, closures.lift_closure):
        with pytest.raises(NotFound):
            rules.do(action, actor=KEPALA, **scope)


def test_closing_stops_issuing_and_drops_nobody(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    ticket = rules.issue()

    rules.do(closures.close_by_hand, actor=KEPALA, service_id=1)

    assert rules.states(ticket) == ["waiting"]
    assert isinstance(refusal_of(rules.issue), Unavailable)
    rules.open()
    assert rules.at(1, calling.call_next) == ticket


def test_closing_again_replaces_the_first_closure(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    close = {"actor": KEPALA, "agency_id": 1}
    rules.do(closures.close_by_hand, **close)

    rules.do(closures.close_by_hand, **close, until=clock_time("10:00"))

    assert rules.available("09:30").until == clock_time("10:00")
    assert rules.available("10:30").open
