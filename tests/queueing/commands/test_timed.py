"""What time alone brings about is due once, and nothing else is done."""

import pytest

from app.queueing.commands import calling, parking, serving
from app.queueing.commands.closures import close_by_hand
from app.queueing.commands.timed import is_due, run_timed
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    KEPALA,
    RESEPSI,
    RulesHarness,
    clock_time,
    mall_with_breaks,
)


@pytest.fixture
def own_mall() -> CustomMall:
    return mall_with_breaks()


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
