"""Whole lines at once, and one ticket in several of them."""

from typing import Any

import pytest

from app.errors import Invalid, NotFound, TicketBusy, Unavailable
from app.queueing.commands import calling, lines, serving
from app.queueing.commands.closures import close_by_hand
from app.queueing.commands.transferring import Target
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    ADMIN,
    KEPALA,
    MADE,
    RulesHarness,
    partly_served,
    refusal_of,
)


@pytest.fixture
def own_mall() -> CustomMall:
    return partly_served()


def test_a_whole_line_is_transferred_in_its_order(rules: RulesHarness) -> None:
    line_of_three = [rules.issue(1) for _ in range(3)]

    moved = rules.do(lines.transfer_line, service_id=1, actor=KEPALA, target=Target(3))

    assert moved == line_of_three
    assert rules.line(3) == line_of_three
    assert rules.line(1) == []


def test_put_before_another_line_it_keeps_its_order_too(rules: RulesHarness) -> None:
    there, moving = rules.issue(3), [rules.issue(1) for _ in range(3)]
    target = Target(3, position="next")

    moved = rules.do(lines.transfer_line, service_id=1, actor=KEPALA, target=target)

    assert moved == moving
    assert rules.line(3) == [*moving, there]


def test_who_waits_there_already_stays_and_stops_nobody(rules: RulesHarness) -> None:
    alone, both = rules.issue(1), rules.issue(1, 3)

    moved = rules.do(lines.transfer_line, service_id=1, actor=KEPALA, target=Target(3))

    assert moved == [alone]
    assert rules.states(both) == ["waiting", "waiting"]


def test_a_whole_line_is_cancelled_and_closed(rules: RulesHarness) -> None:
    away, waiting = rules.called(2), [rules.issue(1) for _ in range(2)]

    stopped = rules.do(lines.close_line, service_id=1, actor=KEPALA)
    cancelled = rules.do(lines.cancel_line, service_id=1, actor=KEPALA)

    assert (stopped, cancelled) == ([], waiting)
    assert rules.states(away) == ["called"]
    assert isinstance(refusal_of(rules.issue), Unavailable)
    rules.wait(days=1)
    assert rules.issue(1), "closed for the day, not for good"


@pytest.mark.parametrize("action", [lines.cancel_line, lines.close_line])
def test_nobody_commands_another_agencys_line(rules: RulesHarness, action: Any) -> None:
    with pytest.raises(NotFound):
        rules.do(action, service_id=3, actor=KEPALA)


def test_a_ticket_in_three_lines_is_called_once_at_a_time(rules: RulesHarness) -> None:
    family = rules.called(1, 2, 3)
    rules.open(3)
    rules.open(2)
    other = rules.issue(2)

    assert rules.at(3, calling.call_next) is None
    assert rules.at(2, calling.call_next) == other
    busy = {"counter_id": 3, "ticket_id": family, "actor": MADE}
    assert isinstance(refusal_of(lambda: rules.do(calling.call, **busy)), TicketBusy)
    rules.at(1, serving.serve)
    assert rules.at(3, calling.call_next) == family, "it kept its place"


def test_a_line_command_for_nowhere_is_refused_though_nobody_waits(
    rules: RulesHarness,
) -> None:
    def refused(service: int, target: Target) -> Any:
        arguments = {"service_id": service, "actor": ADMIN, "target": target}
        return refusal_of(lambda: rules.do(lines.transfer_line, **arguments))

    assert isinstance(refused(1, Target(99)), Invalid)
    assert isinstance(refused(99, Target(1)), NotFound)


def test_closing_a_line_for_today_shortens_no_longer_closure(
    rules: RulesHarness,
) -> None:
    rules.do(close_by_hand, actor=KEPALA, service_id=1)

    rules.do(lines.close_line, service_id=1, actor=KEPALA)

    rules.wait(days=1)
    assert isinstance(refusal_of(rules.issue), Unavailable)
