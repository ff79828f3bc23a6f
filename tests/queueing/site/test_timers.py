"""Timers stand still when nobody is served."""

from datetime import timedelta

import pytest

from app.errors import TooEarly
from app.queueing.commands import calling, serving
from app.queueing.site.hours import SITE, Scope
from app.queueing.site.timers import counter_elapsed, visitor_deadline, visitor_elapsed
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    RulesHarness,
    clock_time,
    mall_with_breaks,
    refusal_of,
)

AGENCY_1 = [SITE, Scope("agency", 1)]


@pytest.fixture
def own_mall() -> CustomMall:
    return mall_with_breaks()


def minutes(ran: timedelta) -> float:
    return ran.total_seconds() / 60


@pytest.mark.parametrize(
    ("since", "now", "ran"),
    [
        ("09:00", "09:20", 20),
        ("09:20", "09:50", 20),
        ("11:50", "13:40", 20),
        ("12:10", "12:50", 0),
        ("14:50", "15:30", 40),
    ],
)
def test_a_counters_timer_stands_still_in_breaks_and_quiet_times(
    rules: RulesHarness, since: str, now: str, ran: int
) -> None:
    hours = rules.rulebook.hours
    opened = clock_time("08:00")

    elapsed = counter_elapsed(
        hours, AGENCY_1, clock_time(since), clock_time(now), opened
    )

    assert minutes(elapsed) == ran


def test_it_runs_in_the_break_in_which_the_counter_was_opened(
    rules: RulesHarness,
) -> None:
    hours, opened = rules.rulebook.hours, clock_time("12:05")

    elapsed = counter_elapsed(
        hours, [SITE], clock_time("12:10"), clock_time("12:20"), opened
    )

    assert minutes(elapsed) == 10
    assert (
        minutes(
            counter_elapsed(
                hours, [SITE], clock_time("12:10"), clock_time("12:20"), None
            )
        )
        == 0
    )


@pytest.mark.parametrize(
    ("since", "now", "ran"),
    [
        (("09:00", 0), ("09:20", 0), 20),
        (("14:50", 0), ("16:00", 0), 10),
        (("14:50", 0), ("08:05", 2), 15),
        (("11:00", 0), ("14:00", 0), 90),
        (("09:00", 0), ("09:00", 0), 0),
    ],
)
def test_a_visitors_timer_also_stands_still_outside_serving_hours(
    rules: RulesHarness, since: tuple[str, int], now: tuple[str, int], ran: int
) -> None:
    elapsed = visitor_elapsed(
        rules.rulebook.hours, AGENCY_1, clock_time(*since), clock_time(*now)
    )

    assert minutes(elapsed) == ran


def test_every_scope_must_serve_for_a_visitors_timer(rules: RulesHarness) -> None:
    scopes = [*AGENCY_1, Scope("service", 2)]

    elapsed = visitor_elapsed(
        rules.rulebook.hours, scopes, clock_time("09:00"), clock_time("14:00")
    )

    assert minutes(elapsed) == 60


def test_the_cool_down_says_how_long_it_lasts_still(rules: RulesHarness) -> None:
    rules.called()
    rules.wait(seconds=1)

    refused = refusal_of(lambda: rules.at(1, calling.recall))

    assert isinstance(refused, TooEarly)
    assert 1.9 < refused.details["retry_after_seconds"] < 2
    rules.wait(seconds=2)
    rules.at(1, calling.recall)


def test_a_no_show_needs_its_calls_and_its_seconds(rules: RulesHarness) -> None:
    ticket = rules.called()
    rules.wait(seconds=60)
    refused = refusal_of(lambda: rules.at(1, serving.no_show))
    assert isinstance(refused, TooEarly)
    assert refused.details["calls_missing"] == 1
    rules.at(1, calling.recall)
    assert isinstance(refusal_of(lambda: rules.at(1, serving.no_show)), TooEarly)

    rules.wait(seconds=10)
    rules.at(1, serving.no_show)

    assert rules.states(ticket) == ["no_show"]


def test_a_clock_that_was_set_by_a_day_holds_no_counter(rules: RulesHarness) -> None:
    ticket = rules.called()
    rules.is_in_doubt = True
    rules.wait(days=400)

    rules.at(1, calling.recall)
    rules.wait(days=1)

    rules.at(1, serving.no_show)
    assert rules.states(ticket) == ["no_show"]


def test_in_a_quiet_time_nothing_is_said(rules: RulesHarness) -> None:
    rules.now = clock_time("09:35")
    rules.called()

    assert rules.disk.count("announcement") == 0


def test_a_visitors_timer_that_cannot_run_ends_after_two_days(
    rules: RulesHarness,
) -> None:
    scopes, since = [*AGENCY_1, Scope("service", 2)], clock_time("14:00")

    deadline = visitor_deadline(rules.rulebook.hours, scopes, since, timedelta(hours=2))

    assert deadline == since + timedelta(days=2)
