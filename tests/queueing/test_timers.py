"""Timers stand still when nobody is served; a reminder reminds and calls nobody."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.errors import Invalid, TooEarly
from app.queueing import counters
from app.queueing.commands import calling, parking, serving
from app.queueing.commands.closures import close_by_hand
from app.queueing.commands.due import is_due, run_timed
from app.queueing.opening.hours import SITE, Scope
from app.queueing.opening.timers import (
    counter_elapsed,
    visitor_deadline,
    visitor_elapsed,
)
from tests.support.custom_mall import CustomMall, HoursLine
from tests.support.rules import (
    KEPALA,
    RESEPSI,
    VISITOR,
    RulesHarness,
    clock_time,
    custom_mall,
    refusal_of,
)

LINES = (
    HoursLine("site", None, "serving", "08:00", "15:00"),
    HoursLine("site", None, "break", "12:00", "13:00"),
    HoursLine("agency", 1, "break", "12:30", "13:30"),
    HoursLine("site", None, "quiet", "09:30", "09:40"),
    HoursLine("service", 2, "serving", "10:00", "11:00"),
)
AGENCY_1 = [SITE, Scope("agency", 1)]


@pytest.fixture
def own_mall() -> CustomMall:
    return custom_mall(*LINES, holidays=[(date(2026, 11, 25), None)])


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

    told = counter_elapsed(hours, AGENCY_1, clock_time(since), clock_time(now), opened)

    assert minutes(told) == ran


def test_it_runs_in_the_break_in_which_the_counter_was_opened(
    rules: RulesHarness,
) -> None:
    hours, opened = rules.rulebook.hours, clock_time("12:05")

    told = counter_elapsed(
        hours, [SITE], clock_time("12:10"), clock_time("12:20"), opened
    )

    assert minutes(told) == 10
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
    told = visitor_elapsed(
        rules.rulebook.hours, AGENCY_1, clock_time(*since), clock_time(*now)
    )

    assert minutes(told) == ran


def test_every_scope_must_serve_for_a_visitors_timer(rules: RulesHarness) -> None:
    scopes = [*AGENCY_1, Scope("service", 2)]

    told = visitor_elapsed(
        rules.rulebook.hours, scopes, clock_time("09:00"), clock_time("14:00")
    )

    assert minutes(told) == 60


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


def requeued(rules: RulesHarness) -> int:
    """Return a ticket that was parked at 09:00 and came back at once."""
    ticket = rules.serving()
    rules.at(1, parking.park)
    rules.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)
    return ticket


def keep(rules: RulesHarness) -> None:
    rules.do(run_timed, after=rules.now)


def test_after_its_minutes_a_requeued_entry_is_first(rules: RulesHarness) -> None:
    line = [rules.issue() for _ in range(5)]
    ticket = requeued_behind(rules, line)
    rules.wait(minutes=14)
    keep(rules)
    assert rules.entries(ticket)[0].due_at is not None

    rules.wait(minutes=1)
    keep(rules)

    assert rules.at(1, calling.call_next) == ticket


def requeued_behind(rules: RulesHarness, line: list[int]) -> int:
    rules.open()
    first = line[0]
    assert rules.at(1, calling.call_next) == first
    rules.at(1, parking.park)
    rules.do(parking.requeue, ticket_id=first, actor=RESEPSI)
    return first


def test_it_comes_after_the_next_three(rules: RulesHarness) -> None:
    line = [rules.issue() for _ in range(5)]
    ticket = requeued_behind(rules, line)

    called = []
    for _ in range(4):
        called.append(rules.at(1, calling.call_next))
        rules.at(1, serving.serve)

    assert called == [*line[1:4], ticket]


def test_its_minutes_do_not_run_in_a_break(rules: RulesHarness) -> None:
    rules.now = clock_time("11:55")
    ticket = requeued(rules)
    rules.now = clock_time("12:40")
    keep(rules)
    assert rules.entries(ticket)[0].due_at is not None
    assert not due(rules, after="12:39")
    rules.now = clock_time("13:40")
    assert not due(rules, after="13:39")
    rules.now = clock_time("13:41")

    keep(rules)

    assert rules.entries(ticket)[0].due_at is None


def test_grace_stands_still_in_the_break(rules: RulesHarness) -> None:
    rules.now = clock_time("11:55")
    ticket = rules.serving()
    rules.at(1, parking.park)
    rules.now = clock_time("14:24")

    rules.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)

    assert rules.states(ticket) == ["waiting"]


def test_grace_ends(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.at(1, parking.park)
    rules.now = clock_time("10:12")

    refused = refusal_of(
        lambda: rules.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)
    )

    assert isinstance(refused, parking.GraceOver)


def test_a_visitor_comes_back_as_often_as_the_site_allows(rules: RulesHarness) -> None:
    ticket = rules.serving()
    rules.at(1, parking.park)
    rules.do(parking.requeue, ticket_id=ticket, actor=VISITOR)
    rules.at(1, calling.call_next)
    rules.at(1, serving.no_show, reason="left")

    def back(actor: Any) -> Any:
        action = parking.requeue
        return refusal_of(lambda: rules.do(action, ticket_id=ticket, actor=actor))

    assert isinstance(back(VISITOR), parking.RequeuesUsedUp)
    assert back(RESEPSI) is None


def test_a_reminder_reminds_and_calls_nobody(rules: RulesHarness) -> None:
    ticket = rules.serving()
    at = clock_time("09:15")
    rules.at(1, parking.park, remind_at=at)
    rules.now = clock_time("09:14")
    assert not due(rules, after="09:00")
    rules.now = clock_time("09:15")
    assert due(rules, after="09:14")

    rules.do(run_timed, after=clock_time("09:14"))

    assert {f"ticket:{ticket}", "service:1", "counter:1"} <= rules.facts
    assert rules.states(ticket) == ["parked"]
    assert not due(rules, after="09:16")


@pytest.mark.parametrize(
    ("asked", "goes_off"),
    [("11:59", "11:59"), ("12:10", "13:30"), ("13:30", "13:30"), ("16:00", "16:00")],
)
def test_a_reminder_waits_for_the_end_of_a_break(
    rules: RulesHarness, asked: str, goes_off: str
) -> None:
    ticket = rules.serving()
    rules.at(1, parking.park, remind_at=clock_time(asked))

    assert rules.entries(ticket)[0].remind_at == clock_time(goes_off)


def test_a_reminder_for_a_moment_that_is_over_is_refused(rules: RulesHarness) -> None:
    ticket = rules.serving()

    refused = refusal_of(
        lambda: rules.at(1, parking.park, remind_at=clock_time("08:59"))
    )

    assert isinstance(refused, Invalid)
    assert rules.states(ticket) == ["serving"]


def test_who_works_through_a_break_is_reminded_in_it(rules: RulesHarness) -> None:
    ticket = rules.issue()
    rules.now = clock_time("12:35")
    rules.open()
    rules.at(1, calling.call_next)
    rules.at(1, parking.park, remind_at=clock_time("12:50"))

    assert rules.entries(ticket)[0].remind_at == clock_time("12:50")


def test_a_visitors_timer_that_cannot_run_ends_after_two_days(
    rules: RulesHarness,
) -> None:
    scopes, since = [*AGENCY_1, Scope("service", 2)], clock_time("14:00")

    told = visitor_deadline(rules.rulebook.hours, scopes, since, timedelta(hours=2))

    assert told == since + timedelta(days=2)


def test_a_busy_counter_in_its_break_has_nothing_done_every_few_seconds(
    rules: RulesHarness,
) -> None:
    rules.now = clock_time("11:55")
    rules.serving()
    rules.now = clock_time("12:31")

    assert not due(rules, after="12:30")
    rules.at(1, serving.serve)
    assert due(rules, after="12:30")


def test_the_end_of_a_closure_and_of_a_wait_is_due(rules: RulesHarness) -> None:
    rules.do(close_by_hand, actor=KEPALA, agency_id=1, until=clock_time("09:10"))
    assert not due(rules, after="09:00")
    rules.now = clock_time("09:10")
    assert due(rules, after="09:05")
    rules.do(run_timed, after=clock_time("09:05"))
    assert "closures" in rules.facts
    requeued(rules)
    assert not due(rules, after="09:11")
    rules.wait(minutes=30)
    assert due(rules, after="09:11")


def test_a_break_that_begins_is_due(rules: RulesHarness) -> None:
    rules.open()
    rules.now = clock_time("12:31")

    assert due(rules, after="12:30")
    keep(rules)
    assert rules.counter_state() == "paused"
    assert not due(rules, after="12:30")


def due(rules: RulesHarness, after: str) -> bool:
    with rules.engine.begin() as db:
        return is_due(db, rules.change(db), after=clock_time(after))


def test_a_parked_time_is_kept_apart_from_the_serving_time(rules: RulesHarness) -> None:
    ticket = rules.serving()
    began = rules.entries(ticket)[0].started_at
    rules.wait(minutes=5)
    rules.at(1, parking.park)
    rules.wait(minutes=10)
    rules.at(1, calling.resume, ticket_id=ticket)
    rules.at(1, serving.start)

    (entry,) = rules.entries(ticket)
    assert entry.started_at == began, "the first start stands"
    assert entry.parked_seconds == 600


def test_a_counter_row_that_does_not_exist_is_not_found(rules: RulesHarness) -> None:
    refused = refusal_of(lambda: rules.see(counters.counter_row, counter_id=99))

    assert refused is not None
    assert refused.status_code == 404
