"""Until when a counter is paused, and what is due where nobody came back."""

from datetime import timedelta
from typing import Any

import pytest

from app.queueing.change import SYSTEM
from app.queueing.commands import calling, counter_states, serving, undoing
from app.queueing.commands.timed import run_timed
from app.queueing.site.pauses import read_pause_rules
from app.queueing.views.counters import CounterView, counter_view
from tests.support.rules.custom_mall import HoursLine
from tests.support.rules.harness import (
    MADE,
    SITE,
    MakeRules,
    RulesHarness,
    clock_time,
)

BREAK = HoursLine("site", None, "break", "12:00", "13:00")
LATER_BREAK = HoursLine("agency", 1, "break", "12:30", "13:30")
BY_MIDDAY = HoursLine("agency", 2, "serving", "08:00", "12:00")


def view(rules: RulesHarness, counter: int = 1) -> CounterView:
    found: CounterView = rules.see(
        lambda db: counter_view(db, counter, SYSTEM, read_pause_rules(db, rules.now))
    )
    return found


def at(rules: RulesHarness, moment: str, counter: int = 1) -> tuple[Any, Any, Any]:
    """Return a counter's state, its pause's end and what is due, at a time of day."""
    rules.now = clock_time(moment)
    rules.do(run_timed, after=rules.now)
    shown = view(rules, counter)
    until = shown.pause.until if shown.pause else None
    return (
        shown.state,
        until and until.astimezone(clock_time("00:00").tzinfo),
        shown.prompt and (str(shown.prompt.kind), shown.prompt.since),
    )


def test_a_break_says_until_when_and_its_end_is_due_until_somebody_is_back(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, BREAK)
    rules.open()
    end = clock_time("13:00")

    assert at(rules, "11:59") == ("open", None, None)
    assert at(rules, "12:00") == ("paused", end, None)
    assert at(rules, "12:59") == ("paused", end, None)
    assert at(rules, "13:00") == ("paused", end, ("break-over", end))
    assert at(rules, "14:30") == ("paused", end, ("break-over", end))
    rules.open()
    assert at(rules, "14:31") == ("open", None, None)


def test_the_break_of_a_counter_ends_when_an_agency_of_it_serves_again(
    make_rules: MakeRules,
) -> None:
    shared = {"counters": [{1: 0, 2: 0}, {1: 0, 3: 0}, {3: 0}]}
    rules = make_rules(SITE, BREAK, LATER_BREAK, **shared)
    rules.open(1)
    rules.open(2)

    ends = [at(rules, "12:05", counter)[1] for counter in (1, 2)]

    assert ends == [clock_time("13:30"), clock_time("13:00")]


def test_whoever_is_served_into_the_break_is_the_last_before_it(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, BREAK)
    rules.serving(1, counter=1)
    rules.serving(3, counter=3)
    rules.issue(1)
    rules.now = clock_time("12:10")
    busy = view(rules)
    assert (busy.state, busy.pause and busy.pause.reason) == ("open", "break")
    assert busy.prompt is None

    # nothing has come round to pause it yet
    rules.at(1, serving.serve)
    assert rules.at(3, serving.serve_next)[1] is None

    for counter in (1, 3):
        idle = view(rules, counter)
        assert (idle.state, idle.paused_reason) == ("paused", "break")
        assert idle.pause is not None
        assert idle.pause.until == clock_time("13:00")


def test_who_opens_the_counter_within_the_break_works_through_it(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, BREAK)
    rules.now = clock_time("12:10")
    rules.open()

    assert at(rules, "12:20") == ("open", None, None)
    assert at(rules, "13:20") == ("open", None, None)


def test_a_break_that_the_officer_began_early_is_over_with_it(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, BREAK)
    rules.open()
    rules.now = clock_time("11:50")
    rules.at(1, counter_states.pause, reason="break")

    assert at(rules, "11:55") == ("paused", None, None)
    assert at(rules, "12:30") == ("paused", clock_time("13:00"), None)
    end = clock_time("13:00")
    assert at(rules, "13:01") == ("paused", end, ("break-over", end))


@pytest.mark.parametrize("reason", [None, "meeting", "salat", "break"])
def test_a_pause_that_no_hours_end_is_due_when_it_is_long(
    make_rules: MakeRules, reason: str | None
) -> None:
    rules = make_rules(SITE, BREAK, policy={"long_pause_minutes": 20})
    rules.open()
    rules.at(1, counter_states.pause, reason=reason)
    begun = rules.now

    rules.now = begun + timedelta(minutes=19)
    assert view(rules).prompt is None
    # another reason is no other pause
    rules.at(1, counter_states.pause, reason=reason)
    rules.now = begun + timedelta(minutes=20)

    shown = view(rules)
    assert shown.prompt is not None
    assert (shown.prompt.kind, shown.prompt.since) == ("long-pause", rules.now)
    assert shown.pause is not None
    assert shown.pause.since == begun


def test_after_hours_an_open_counter_is_due_unless_somebody_is_there(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, BY_MIDDAY)
    rules.open(1)
    rules.open(3)
    rules.issue(1)

    assert at(rules, "12:00", counter=3)[2] == ("after-hours", clock_time("12:00"))
    assert at(rules, "14:59")[2] is None
    assert at(rules, "15:00")[2] == ("after-hours", clock_time("15:00"))
    rules.at(1, calling.call_next)
    assert view(rules).prompt is None
    rules.at(1, serving.serve)
    rules.at(1, counter_states.close)
    assert view(rules).prompt is None
    rules.open(1)
    assert view(rules).prompt is None, "opened after hours, it is meant"


def test_a_site_that_is_always_open_knows_long_pauses_alone(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, BREAK, is_always_open=True)
    rules.open()

    assert at(rules, "12:30") == ("open", None, None)
    assert at(rules, "18:00") == ("open", None, None)
    rules.at(1, counter_states.pause)
    assert at(rules, "18:31")[2] is not None


def test_done_and_next_at_a_paused_counter_serves_and_calls_nobody(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, BREAK)
    ticket = rules.serving(1)
    rules.issue(1)
    rules.now = clock_time("12:01")
    rules.at(1, serving.serve)
    rules.do(run_timed, after=rules.now)
    rules.at(1, undoing.undo_at_counter)
    assert (rules.counter_state(), rules.states(ticket)) == ("paused", ["serving"])

    assert rules.at(1, serving.serve_next) == (ticket, None)

    assert view(rules).state == "paused"


def test_another_agencys_counter_is_no_matter(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, HoursLine("agency", 2, "break", "10:00", "10:30"))
    rules.open(1)
    rules.do(counter_states.open_, counter_id=3, actor=MADE)

    assert at(rules, "10:05") == ("open", None, None)
    assert at(rules, "10:05", counter=3)[0] == "paused"
