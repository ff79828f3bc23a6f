"""Next, and after a few: among all the lines of whichever counter calls."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.queueing import counters, rows
from app.queueing.commands import calling, counter_states, parking, serving, timed
from app.queueing.commands.transferring import Target, transfer_ticket
from app.queueing.line.placement import NEXT_HEAD_START, rank_behind, rank_next
from app.queueing.line.ranking import rank_of
from app.queueing.rows import EntryRow
from tests.support.clock import MORNING
from tests.support.rules.harness import (
    KEPALA,
    PREFERENCE,
    RESEPSI,
    VISITOR,
    MakeRules,
    RulesHarness,
    preferring,
    refusal_of,
)

FOUR = {
    "services": [(1, 1)] * 4,
    "counters": [{1: 0, 2: 0, 3: 0, 4: 0}, {2: 0}, {}],
}
"""One counter for four lines, as loket 20 of the reference mall, and one for one."""


@pytest.fixture
def rules(make_rules: MakeRules) -> RulesHarness:
    return make_rules(**FOUR)


def no_show(rules: RulesHarness, service: int = 1) -> int:
    """Return somebody who was called at counter 1 and did not come."""
    ticket = rules.called(service)
    rules.at(1, serving.no_show, reason="left")
    return ticket


def comes_back(rules: RulesHarness, ticket: int) -> None:
    rules.do(parking.requeue, ticket_id=ticket, actor=VISITOR)


def calls(rules: RulesHarness, counter: int = 1) -> list[int]:
    """Call and serve at a counter until nobody waits; return whom, in order."""
    called = []
    while (ticket := rules.at(counter, calling.call_next)) is not None:
        called.append(ticket)
        rules.at(counter, serving.serve)
    return called


def come_due(rules: RulesHarness, minutes: float) -> None:
    before = rules.now
    rules.wait(minutes=minutes)
    rules.do(timed.run_timed, after=before)


def test_back_after_three_of_all_the_counters_lines(rules: RulesHarness) -> None:
    late = no_show(rules)
    others = [rules.issue(service) for service in (2, 2, 3, 3, 4, 4)]

    comes_back(rules, late)

    assert calls(rules) == [*others[:3], late, *others[3:]]


def test_where_fewer_wait_behind_everybody(rules: RulesHarness) -> None:
    late = no_show(rules)
    others = [rules.issue(2), rules.issue(1)]

    comes_back(rules, late)
    last = rules.issue(3)

    assert calls(rules) == [*others, late, last]


def test_a_family_in_three_lines_is_one_of_the_three(rules: RulesHarness) -> None:
    late = no_show(rules)
    family = rules.issue(2, 3, 4)
    others = [rules.issue(2) for _ in range(3)]

    comes_back(rules, late)

    order = calls(rules)
    assert order.index(late) == len([family] * 3 + others[:2])


def test_no_counter_calls_more_than_three_before_it(rules: RulesHarness) -> None:
    rules.open(2)
    late = no_show(rules, 2)
    busy = [rules.issue(3) for _ in range(5)]
    same = [rules.issue(2) for _ in range(2)]

    comes_back(rules, late)

    assert calls(rules, 2) == [late, *same]
    assert calls(rules, 1) == busy


def test_a_closed_counter_has_no_say_while_another_is_open(rules: RulesHarness) -> None:
    rules.open(2)
    for _ in range(5):
        rules.issue(3)
    late = rules.issue(2)
    rules.at(2, calling.call_next)
    rules.at(2, serving.no_show, reason="left")
    same = [rules.issue(2) for _ in range(2)]

    comes_back(rules, late)

    assert calls(rules, 2) == [*same, late]


def test_while_all_are_closed_it_holds_at_whichever_opens(rules: RulesHarness) -> None:
    late = no_show(rules)
    others = [rules.issue(2) for _ in range(5)]
    rules.at(1, counter_states.close)

    comes_back(rules, late)

    rules.open(1)
    assert calls(rules) == [*others[:3], late, *others[3:]]


def test_what_a_counter_prefers_counts(make_rules: MakeRules) -> None:
    of = preferring()
    rules = make_rules(counters=of.counters)
    rules.open(2)
    late = rules.issue(1)
    rules.at(2, calling.call_next)
    rules.at(2, serving.no_show, reason="left")
    first = [rules.issue(1) for _ in range(2)]
    rules.wait(seconds=PREFERENCE / 2)
    preferred = [rules.issue(2) for _ in range(4)]

    comes_back(rules, late)

    assert calls(rules, 2) == [*preferred[:3], late, preferred[3], *first]


def test_who_is_tied_elsewhere_is_not_counted(rules: RulesHarness) -> None:
    rules.open(2)
    late = no_show(rules, 1)
    tied = [rules.issue(2) for _ in range(3)]
    for ticket in tied:
        target = Target(counter_id=2)
        rules.do(transfer_ticket, ticket_id=ticket, actor=RESEPSI, target=target)
    others = [rules.issue(3) for _ in range(4)]

    comes_back(rules, late)

    assert calls(rules, 1) == [*others[:3], late, others[3]]


def behind(rules: RulesHarness, entry: EntryRow, tickets: int = 1) -> int:
    return int(rules.see(rank_behind, entry=entry, tickets=tickets, now=rules.now))


def test_a_tied_one_looks_at_its_own_counter_alone(rules: RulesHarness) -> None:
    rules.open(1)
    rules.open(2)
    late = rules.issue(2)
    target = Target(counter_id=2)
    rules.do(transfer_ticket, ticket_id=late, actor=RESEPSI, target=target)
    entry = rules.entries(late)[-1]
    first = rules.entries(rules.issue(3))[0].rank
    rules.wait(minutes=1)
    now = rank_of(rules.now, timedelta())

    assert behind(rules, entry) == now
    opened = rules.see(counters.counter_row, counter_id=2).opened_at
    assert behind(rules, entry._replace(tied_at=opened)) == now
    rules.at(2, counter_states.close)
    assert behind(rules, entry) == first + 1
    rules.open(2)
    assert behind(rules, entry) == first + 1


def test_only_its_own_counters_and_their_own_lines_are_asked(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(services=[(1, 1)] * 3, counters=[{1: 0}, {2: 0}, {3: 0}])
    for counter in (1, 2):
        rules.open(counter)
    longer = [rules.issue(service) for service in (1, 1, 3, 3)]
    late = rules.entries(rules.issue(2))[0]
    rules.wait(minutes=1)

    assert behind(rules, late) == rank_of(rules.now, timedelta())
    first = rules.entries(longer[0])[0]
    second = rules.entries(longer[1])[0]
    assert behind(rules, second) == first.rank + 1
    assert behind(rules, first) == second.rank + 1


def test_the_preference_for_its_own_line_counts_to_the_second(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(counters=preferring().counters)
    rules.open(2)
    regular = rules.entries(rules.issue(1))[0]
    late = rules.entries(rules.issue(2))[0]
    rules.wait(seconds=2 * PREFERENCE)

    rank = behind(rules, late)

    assert rank == regular.rank + 1 + PREFERENCE * 1000


def test_placed_next_is_before_everybody_whatever_the_counter_prefers(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(counters=preferring().counters)
    preferred = [rules.issue(2, priority="lansia") for _ in range(2)]
    ticket = rules.issue(3)
    target = Target(counter_id=2, position="next")

    rules.do(transfer_ticket, ticket_id=ticket, actor=RESEPSI, target=target)

    rules.open(2)
    assert calls(rules, 2) == [ticket, *preferred]


def test_placed_next_one_after_the_other_they_keep_their_order(
    rules: RulesHarness,
) -> None:
    rules.issue(2)
    sent = [rules.issue(1) for _ in range(3)]
    for ticket in sent:
        target = Target(2, position="next")
        rules.do(transfer_ticket, ticket_id=ticket, actor=RESEPSI, target=target)

    rules.open(1)
    assert calls(rules)[:3] == sent


@pytest.mark.parametrize("is_older", [True, False])
def test_of_those_who_arrived_in_one_millisecond_no_more_than_three_go_before(
    rules: RulesHarness, is_older: bool
) -> None:
    if is_older:
        ticket = no_show(rules)
    for _ in range(5):
        rules.issue(1)
    if not is_older:
        ticket = rules.issue(1)
        rules.open()
        rules.do(calling.call, counter_id=1, ticket_id=ticket, actor=KEPALA)
        rules.at(1, serving.no_show, reason="left")
    with rules.engine.begin() as db:
        at_once = rows.entry.c.state == "waiting"
        db.execute(update(rows.entry).where(at_once).values(rank=1_000))

    comes_back(rules, ticket)

    assert calls(rules).index(ticket) <= 3


def test_zero_tickets_is_next(rules: RulesHarness) -> None:
    ticket = rules.issue(1)
    (entry,) = rules.entries(ticket)

    rank = rules.see(rank_behind, entry=entry, tickets=0, now=MORNING)

    assert rank == rank_next(MORNING) == rank_of(MORNING, NEXT_HEAD_START)


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one by one"])
def test_who_came_back_first_comes_due_first(
    rules: RulesHarness, at_once: bool
) -> None:
    late = [rules.issue(service) for service in (1, 1, 2)]
    rules.open(1)
    for _ in late:
        rules.at(1, calling.call_next)
        rules.at(1, serving.no_show, reason="left")
    others = [rules.issue(2) for _ in range(9)]
    for ticket in late:
        comes_back(rules, ticket)
        rules.wait(minutes=1)

    if at_once:
        come_due(rules, 20)
    else:
        for _ in range(4):
            come_due(rules, 5)

    assert calls(rules) == [*late, *others]


def test_due_it_is_next_at_a_counter_of_several_lines(rules: RulesHarness) -> None:
    late = no_show(rules)
    others = [rules.issue(service) for service in (2, 3, 4, 2, 3, 4)]
    comes_back(rules, late)

    come_due(rules, 15)

    assert calls(rules) == [late, *others]


def test_coming_due_never_puts_somebody_back(rules: RulesHarness) -> None:
    late = no_show(rules)
    rules.issue(2)
    comes_back(rules, late)
    with rules.engine.begin() as db:
        of = rows.entry.c.ticket_id == late
        db.execute(update(rows.entry).where(of).values(rank=1))

    come_due(rules, 15)

    assert rules.entries(late)[0].rank == 1


def test_called_by_mistake_it_goes_on_to_come_due(rules: RulesHarness) -> None:
    late = no_show(rules)
    others = [rules.issue(2) for _ in range(5)]
    comes_back(rules, late)
    rules.at(1, calling.call, ticket_id=late)
    rules.at(1, calling.return_)

    come_due(rules, 15)

    # passed over once by the counter that returned it, and then first
    assert calls(rules) == [others[0], late, *others[1:]]


def test_what_reception_does_uses_up_no_turn_of_the_visitors(
    rules: RulesHarness,
) -> None:
    late = no_show(rules)
    rules.do(parking.requeue, ticket_id=late, actor=RESEPSI)
    assert rules.at(1, calling.call_next) == late
    rules.at(1, serving.no_show, reason="left")

    comes_back(rules, late)

    assert rules.states(late) == ["waiting"]


def test_after_coming_back_two_calls_are_due_again(rules: RulesHarness) -> None:
    late = no_show(rules)
    comes_back(rules, late)
    rules.at(1, calling.call_next)
    rules.wait(seconds=30)

    refused = refusal_of(lambda: rules.at(1, serving.no_show))

    assert refused is not None
    assert refused.details["calls_missing"] == 1
