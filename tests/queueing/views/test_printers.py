"""How printers stand and what a person must come for, from what is remembered."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from app.models.states import DeviceKind
from app.queueing import rows
from app.queueing.commands import calling
from app.queueing.slips.attempts import Attempt, end_attempt
from app.queueing.slips.print_jobs import begin_sending
from app.queueing.slips.printer_status import StatusReport, record_status
from app.queueing.slips.reprinting import reprint
from app.queueing.views.printers import (
    AlarmView,
    LiveState,
    PrinterStatusView,
    PrintersView,
    printers_view,
)
from printer.delivery import REASONS
from tests.support import cast, mall
from tests.support.clock import MORNING, MovableClock
from tests.support.database import Disk
from tests.support.rules.harness import RulesHarness

AGENT = 99


@pytest.fixture
def agent(disk: Disk) -> None:
    with disk.writing() as db:
        made = insert(rows.device).values(
            id=AGENT,
            code="AGEN-1",
            kind=DeviceKind.PRINT_AGENT,
            name="Agen 1",
            printer_id=mall.PRINTER_1,
        )
        db.execute(made)


def seen(rules: RulesHarness, **live: Any) -> PrintersView:
    view: PrintersView = rules.see(printers_view, live=LiveState(**live), now=MORNING)
    return view


def first(rules: RulesHarness, **live: Any) -> PrinterStatusView:
    return seen(rules, **live).printers[0]


def alarms(rules: RulesHarness, **live: Any) -> list[AlarmView]:
    return seen(rules, **live).alarms


def kinds(rules: RulesHarness, **live: Any) -> list[str]:
    return [alarm.kind for alarm in alarms(rules, **live)]


def say(rules: RulesHarness, state: str, **more: Any) -> None:
    rules.do(
        record_status, printer_id=mall.PRINTER_1, report=StatusReport(state, **more)
    )


def test_a_printer_of_which_nothing_is_known_alarms_nobody(
    small_mall_rules: RulesHarness,
) -> None:
    printer = first(small_mall_rules)

    assert (printer.state, printer.reason, printer.since) == ("unheard", None, None)
    assert (printer.kiosks, printer.slips_per_roll) == (["Kios 1"], 312)
    assert kinds(small_mall_rules) == []


@pytest.mark.parametrize("state", ["ready", "cannot-tell"])
def test_a_printer_that_is_well_alarms_nobody(
    small_mall_rules: RulesHarness, state: str
) -> None:
    say(small_mall_rules, state)

    assert (first(small_mall_rules).state, first(small_mall_rules).reason) == (
        state,
        None,
    )
    assert kinds(small_mall_rules) == []


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_failing_printer_is_an_alarm_of_its_reason(
    small_mall_rules: RulesHarness, reason: str
) -> None:
    say(small_mall_rules, reason)

    printer = first(small_mall_rules)
    (alarm,) = alarms(small_mall_rules)
    assert (printer.state, printer.reason) == ("failing", reason)
    assert (alarm.kind, alarm.since) == (reason, printer.since)
    assert (alarm.printer_id, alarm.printer) == (mall.PRINTER_1, "Printer 1")


def test_a_roll_near_its_end_is_an_alarm_until_it_is_empty(
    small_mall_rules: RulesHarness,
) -> None:
    say(small_mall_rules, "ready", near_end=True)
    assert first(small_mall_rules).near_end
    assert kinds(small_mall_rules) == ["near-end"]

    say(small_mall_rules, "offline", near_end=True)
    assert kinds(small_mall_rules) == ["offline", "near-end"]

    say(small_mall_rules, "paper-end", near_end=True)
    assert kinds(small_mall_rules) == ["paper-end"]


@pytest.mark.usefixtures("agent")
def test_an_agent_that_is_away_is_the_alarm(small_mall_rules: RulesHarness) -> None:
    say(small_mall_rules, "paper-end")
    gone = MORNING - timedelta(minutes=3)
    away = {"agents_away": {mall.PRINTER_1: gone, mall.PRINTER_2: gone}}

    printer = first(small_mall_rules, **away)

    assert (printer.state, printer.reason, printer.since) == (
        "failing", "unreachable", gone,
    )  # fmt: skip
    assert printer.agent is not None
    assert (printer.agent.name, printer.agent.is_here) == ("Agen 1", False)
    # the second printer has no agent that could be away
    assert [(a.kind, a.since) for a in alarms(small_mall_rules, **away)] == [
        ("agent-away", gone)
    ]


@pytest.mark.usefixtures("agent")
def test_what_an_agent_that_is_here_said_counts(small_mall_rules: RulesHarness) -> None:
    say(small_mall_rules, "paper-end")

    here = first(small_mall_rules, agents_here=frozenset((mall.PRINTER_1,)))

    assert here.agent is not None
    assert (here.agent.is_here, here.agent.away_since) == (True, None)
    assert kinds(small_mall_rules, agents_here=frozenset((mall.PRINTER_1,))) == [
        "paper-end"
    ]


def test_a_sibling_and_the_last_sight_are_told(
    small_mall_rules: RulesHarness, disk: Disk
) -> None:
    with disk.writing() as db:
        one = rows.printer.c.id == mall.PRINTER_1
        db.execute(update(rows.printer).where(one).values(sibling_id=mall.PRINTER_2))

    printer = first(small_mall_rules, last_seen={mall.PRINTER_1: MORNING})

    assert printer.last_seen == MORNING
    assert printer.sibling is not None
    assert printer.sibling.name == "Printer 2"


def test_a_new_roll_is_noticed_for_an_hour(
    small_mall_rules: RulesHarness, clock: MovableClock
) -> None:
    say(small_mall_rules, "paper-end")
    say(small_mall_rules, "ready", near_end=False)

    at_once: PrintersView = small_mall_rules.see(
        printers_view, live=LiveState(), now=clock.now()
    )
    later = clock.now() + timedelta(hours=1)
    in_an_hour: PrintersView = small_mall_rules.see(
        printers_view, live=LiveState(), now=later
    )

    assert [(n.kind, n.printer) for n in at_once.notices] == [("new-roll", "Printer 1")]
    assert in_an_hour.notices == []


@pytest.fixture
def undecided(small_mall_rules: RulesHarness) -> RulesHarness:
    """Return the rules with two slips of which nobody knows whether they came out."""
    for job_id in (1, 2):
        small_mall_rules.issue(mall.AKTA)
        small_mall_rules.do(begin_sending, job_id=job_id)
        lost = Attempt("unknown", "agent-restart", nothing_printed=False)
        small_mall_rules.do(end_attempt, job_id=job_id, attempt=lost)
    return small_mall_rules


def test_slips_that_may_be_missing_wait_for_a_person(undecided: RulesHarness) -> None:
    (alarm,) = alarms(undecided)

    assert (alarm.kind, alarm.numbers) == ("unknown-jobs", ["A-001", "A-002"])
    assert alarm.since is not None


def test_a_slip_printed_again_waits_for_nobody(undecided: RulesHarness) -> None:
    undecided.do(reprint, ticket_id=1, actor=cast.RESEPSI.actor)

    assert alarms(undecided)[0].numbers == ["A-002"]


def test_a_visitor_who_has_come_needs_no_slip(undecided: RulesHarness) -> None:
    undecided.open(mall.LOKET_1)
    undecided.do(calling.call_next, counter_id=mall.LOKET_1, actor=cast.SARI.actor)

    assert alarms(undecided)[0].numbers == ["A-002"]
