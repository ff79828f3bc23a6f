"""Timers stand still when nobody is served; a reminder reminds and calls nobody."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
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
from tests.properties.malls import HoursLine
from tests.queueing.floor import (
    KEPALA,
    RESEPSI,
    VISITOR,
    Floor,
    clock_time,
    floor_of,
    mall,
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
def floor(tmp_path: Path) -> Iterator[Floor]:
    of = mall(*LINES, holidays=[(date(2026, 11, 25), None)])
    with floor_of(tmp_path, of) as floor:
        yield floor


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
    floor: Floor, since: str, now: str, ran: int
) -> None:
    hours = floor.rules.hours
    opened = clock_time("08:00")

    told = counter_elapsed(hours, AGENCY_1, clock_time(since), clock_time(now), opened)

    assert minutes(told) == ran


def test_it_runs_in_the_break_in_which_the_counter_was_opened(floor: Floor) -> None:
    hours, opened = floor.rules.hours, clock_time("12:05")

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
    floor: Floor, since: tuple[str, int], now: tuple[str, int], ran: int
) -> None:
    told = visitor_elapsed(
        floor.rules.hours, AGENCY_1, clock_time(*since), clock_time(*now)
    )

    assert minutes(told) == ran


def test_every_scope_must_serve_for_a_visitors_timer(floor: Floor) -> None:
    scopes = [*AGENCY_1, Scope("service", 2)]

    told = visitor_elapsed(
        floor.rules.hours, scopes, clock_time("09:00"), clock_time("14:00")
    )

    assert minutes(told) == 60


def test_the_cool_down_says_how_long_it_lasts_still(floor: Floor) -> None:
    floor.called()
    floor.wait(seconds=1)

    refused = refusal_of(lambda: floor.at(1, calling.recall))

    assert isinstance(refused, TooEarly)
    assert 1.9 < refused.details["retry_after_seconds"] < 2
    floor.wait(seconds=2)
    floor.at(1, calling.recall)


def test_a_no_show_needs_its_calls_and_its_seconds(floor: Floor) -> None:
    ticket = floor.called()
    floor.wait(seconds=60)
    refused = refusal_of(lambda: floor.at(1, serving.no_show))
    assert isinstance(refused, TooEarly)
    assert refused.details["calls_missing"] == 1
    floor.at(1, calling.recall)
    assert isinstance(refusal_of(lambda: floor.at(1, serving.no_show)), TooEarly)

    floor.wait(seconds=10)
    floor.at(1, serving.no_show)

    assert floor.states(ticket) == ["no_show"]


def test_a_clock_that_was_set_by_a_day_holds_no_counter(floor: Floor) -> None:
    ticket = floor.called()
    floor.is_in_doubt = True
    floor.wait(days=400)

    floor.at(1, calling.recall)
    floor.wait(days=1)

    floor.at(1, serving.no_show)
    assert floor.states(ticket) == ["no_show"]


def test_in_a_quiet_time_nothing_is_said(floor: Floor) -> None:
    floor.now = clock_time("09:35")
    floor.called()

    assert not any(fact.startswith("sound:") for fact in floor.facts)


def requeued(floor: Floor) -> int:
    """Return a ticket that was parked at 09:00 and came back at once."""
    ticket = floor.serving()
    floor.at(1, parking.park)
    floor.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)
    return ticket


def keep(floor: Floor) -> None:
    floor.do(run_timed, after=floor.now)


def test_after_its_minutes_a_requeued_entry_is_first(floor: Floor) -> None:
    line = [floor.issue() for _ in range(5)]
    ticket = requeued_behind(floor, line)
    floor.wait(minutes=14)
    keep(floor)
    assert floor.entries(ticket)[0].due_at is not None

    floor.wait(minutes=1)
    keep(floor)

    assert floor.at(1, calling.call_next) == ticket


def requeued_behind(floor: Floor, line: list[int]) -> int:
    floor.open()
    first = line[0]
    assert floor.at(1, calling.call_next) == first
    floor.at(1, parking.park)
    floor.do(parking.requeue, ticket_id=first, actor=RESEPSI)
    return first


def test_it_comes_after_the_next_three(floor: Floor) -> None:
    line = [floor.issue() for _ in range(5)]
    ticket = requeued_behind(floor, line)

    called = []
    for _ in range(4):
        called.append(floor.at(1, calling.call_next))
        floor.at(1, serving.serve)

    assert called == [*line[1:4], ticket]


def test_its_minutes_do_not_run_in_a_break(floor: Floor) -> None:
    floor.now = clock_time("11:55")
    ticket = requeued(floor)
    floor.now = clock_time("12:40")
    keep(floor)
    assert floor.entries(ticket)[0].due_at is not None
    assert not due(floor, after="12:39")
    floor.now = clock_time("13:40")
    assert not due(floor, after="13:39")
    floor.now = clock_time("13:41")

    keep(floor)

    assert floor.entries(ticket)[0].due_at is None


def test_grace_stands_still_in_the_break(floor: Floor) -> None:
    floor.now = clock_time("11:55")
    ticket = floor.serving()
    floor.at(1, parking.park)
    floor.now = clock_time("14:24")

    floor.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)

    assert floor.states(ticket) == ["waiting"]


def test_grace_ends(floor: Floor) -> None:
    ticket = floor.serving()
    floor.at(1, parking.park)
    floor.now = clock_time("10:12")

    refused = refusal_of(
        lambda: floor.do(parking.requeue, ticket_id=ticket, actor=RESEPSI)
    )

    assert isinstance(refused, parking.GraceOver)


def test_a_visitor_comes_back_as_often_as_the_site_allows(floor: Floor) -> None:
    ticket = floor.serving()
    floor.at(1, parking.park)
    floor.do(parking.requeue, ticket_id=ticket, actor=VISITOR)
    floor.at(1, calling.call_next)
    floor.at(1, serving.no_show, reason="left")

    def back(actor: Any) -> Any:
        action = parking.requeue
        return refusal_of(lambda: floor.do(action, ticket_id=ticket, actor=actor))

    assert isinstance(back(VISITOR), parking.RequeuesUsedUp)
    assert back(RESEPSI) is None


def test_a_reminder_reminds_and_calls_nobody(floor: Floor) -> None:
    ticket = floor.serving()
    at = clock_time("09:15")
    floor.at(1, parking.park, remind_at=at)
    floor.now = clock_time("09:14")
    assert not due(floor, after="09:00")
    floor.now = clock_time("09:15")
    assert due(floor, after="09:14")

    floor.do(run_timed, after=clock_time("09:14"))

    assert {f"ticket:{ticket}", "service:1", "counter:1"} <= floor.facts
    assert floor.states(ticket) == ["parked"]
    assert not due(floor, after="09:16")


@pytest.mark.parametrize(
    ("asked", "goes_off"),
    [("11:59", "11:59"), ("12:10", "13:30"), ("13:30", "13:30"), ("16:00", "16:00")],
)
def test_a_reminder_waits_for_the_end_of_a_break(
    floor: Floor, asked: str, goes_off: str
) -> None:
    ticket = floor.serving()
    floor.at(1, parking.park, remind_at=clock_time(asked))

    assert floor.entries(ticket)[0].remind_at == clock_time(goes_off)


def test_a_reminder_for_a_moment_that_is_over_is_refused(floor: Floor) -> None:
    ticket = floor.serving()

    refused = refusal_of(
        lambda: floor.at(1, parking.park, remind_at=clock_time("08:59"))
    )

    assert isinstance(refused, Invalid)
    assert floor.states(ticket) == ["serving"]


def test_who_works_through_a_break_is_reminded_in_it(floor: Floor) -> None:
    ticket = floor.issue()
    floor.now = clock_time("12:35")
    floor.open()
    floor.at(1, calling.call_next)
    floor.at(1, parking.park, remind_at=clock_time("12:50"))

    assert floor.entries(ticket)[0].remind_at == clock_time("12:50")


def test_a_visitors_timer_that_cannot_run_ends_after_two_days(floor: Floor) -> None:
    scopes, since = [*AGENCY_1, Scope("service", 2)], clock_time("14:00")

    told = visitor_deadline(floor.rules.hours, scopes, since, timedelta(hours=2))

    assert told == since + timedelta(days=2)


def test_a_busy_counter_in_its_break_has_nothing_done_every_few_seconds(
    floor: Floor,
) -> None:
    floor.now = clock_time("11:55")
    floor.serving()
    floor.now = clock_time("12:31")

    assert not due(floor, after="12:30")
    floor.at(1, serving.serve)
    assert due(floor, after="12:30")


def test_the_end_of_a_closure_and_of_a_wait_is_due(floor: Floor) -> None:
    floor.do(close_by_hand, actor=KEPALA, agency_id=1, until=clock_time("09:10"))
    assert not due(floor, after="09:00")
    floor.now = clock_time("09:10")
    assert due(floor, after="09:05")
    floor.do(run_timed, after=clock_time("09:05"))
    assert "closures" in floor.facts
    requeued(floor)
    assert not due(floor, after="09:11")
    floor.wait(minutes=30)
    assert due(floor, after="09:11")


def test_a_break_that_begins_is_due(floor: Floor) -> None:
    floor.open()
    floor.now = clock_time("12:31")

    assert due(floor, after="12:30")
    keep(floor)
    assert floor.counter_state() == "paused"
    assert not due(floor, after="12:30")


def due(floor: Floor, after: str) -> bool:
    with floor.engine.begin() as db:
        return is_due(db, floor.change(db), after=clock_time(after))


def test_a_parked_time_is_kept_apart_from_the_serving_time(floor: Floor) -> None:
    ticket = floor.serving()
    began = floor.entries(ticket)[0].started_at
    floor.wait(minutes=5)
    floor.at(1, parking.park)
    floor.wait(minutes=10)
    floor.at(1, calling.resume, ticket_id=ticket)
    floor.at(1, serving.start)

    (entry,) = floor.entries(ticket)
    assert entry.started_at == began, "the first start stands"
    assert entry.parked_seconds == 600


def test_a_counter_row_that_does_not_exist_is_not_found(floor: Floor) -> None:
    refused = refusal_of(lambda: floor.see(counters.counter_row, counter_id=99))

    assert refused is not None
    assert refused.status_code == 404
