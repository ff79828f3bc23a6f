"""An evacuation stops calling and issuing, loses nothing, and ends where it stopped."""

from collections.abc import Callable

import pytest

from app.errors import Evacuation
from app.queueing import facts
from app.queueing.commands import calling, parking, serving
from app.queueing.commands.issuing import walk_up
from app.queueing.hall.evacuation import (
    INSTRUCTION,
    begin_evacuation,
    end_evacuation,
    evacuation_of,
)
from app.queueing.views.board import Board, Boards
from tests.support.rules.harness import RulesHarness


def stopped(rules: RulesHarness) -> None:
    rules.do(begin_evacuation)
    assert rules.facts == {facts.CLOSURES, facts.COUNTERS}


def board(rules: RulesHarness) -> Board:
    zones = frozenset({1})
    shown: Board = rules.see(
        lambda db: Boards(db, rules.now, zones, stale_after_seconds=5).of(zones)
    )
    return shown


CALLS: dict[str, Callable[[RulesHarness, int], object]] = {
    "issue": lambda rules, _: rules.issue(),
    "walk-up": lambda rules, _: rules.at(2, walk_up, service_id=1),
    "call-next": lambda rules, _: rules.at(2, calling.call_next),
    "call": lambda rules, ticket: rules.at(2, calling.call, ticket_id=ticket),
    "recall": lambda rules, _: rules.at(1, calling.recall),
}


@pytest.mark.parametrize("command", CALLS)
def test_nobody_is_called_and_no_number_given(
    rules: RulesHarness, command: str
) -> None:
    rules.called()
    rules.wait(seconds=5)
    ticket = rules.issue()
    rules.open(2)
    stopped(rules)

    with pytest.raises(Evacuation):
        CALLS[command](rules, ticket)
    rules.do(end_evacuation)

    # where it stopped: the same command goes on
    CALLS[command](rules, ticket)


def test_whoever_is_parked_is_not_called_either(rules: RulesHarness) -> None:
    ticket = rules.called()
    rules.at(1, parking.park)
    stopped(rules)

    with pytest.raises(Evacuation):
        rules.at(1, calling.resume, ticket_id=ticket)


def test_serving_may_end_and_nobody_is_called_after_it(rules: RulesHarness) -> None:
    first = rules.serving()
    second = rules.issue()
    stopped(rules)

    result = rules.at(1, serving.serve_next)

    assert result.called is None
    assert (rules.states(first), rules.states(second)) == (["served"], ["waiting"])


def test_screens_say_it_while_it_lasts(rules: RulesHarness) -> None:
    assert board(rules).notice is None

    stopped(rules)
    notice = board(rules).notice
    rules.do(end_evacuation)

    assert notice is not None
    assert (notice.kind, notice.text) == ("evacuation", INSTRUCTION)
    assert board(rules).notice is None


def test_a_repeat_keeps_its_moment_and_may_change_the_text(
    rules: RulesHarness,
) -> None:
    first = rules.do(begin_evacuation)
    rules.wait(minutes=3)

    second = rules.do(begin_evacuation, text="Ke halaman depan.")

    assert (second.since, second.text) == (first.since, "Ke halaman depan.")
    row = evacuation_of(rules.rulebook.site)
    assert row == second


def test_an_end_without_one_does_nothing(rules: RulesHarness) -> None:
    rules.do(end_evacuation)

    assert rules.facts == set()
