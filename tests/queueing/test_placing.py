"""Next, and after a few: among all the lines of whichever counter calls."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.queueing import counters, rows
from app.queueing.commands import calling, counter_states, due, parking, serving
from app.queueing.commands.transferring import Target, transfer_ticket
from app.queueing.line.placement import NEXT_HEAD_START, rank_behind, rank_next
from app.queueing.line.ranking import rank_of
from app.queueing.rows import EntryRow
from tests.queueing.floor import (
    KEPALA,
    NINE,
    PREFERENCE,
    RESEPSI,
    VISITOR,
    Floor,
    floors_in,
    preferring,
    refusal_of,
)

Make = Callable[..., Floor]
FOUR = {
    "services": [(1, 1)] * 4,
    "counters": [{1: 0, 2: 0, 3: 0, 4: 0}, {2: 0}, {}],
}
"""One counter for four lines, as loket 20 of the reference mall, and one for one."""


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with floors_in(tmp_path) as make:
        yield make


@pytest.fixture
def floor(make: Make) -> Floor:
    return make(**FOUR)


def no_show(floor: Floor, service: int = 1) -> int:
    """Return somebody who was called at counter 1 and did not come."""
    ticket = floor.called(service)
    floor.at(1, serving.no_show, reason="left")
    return ticket


def comes_back(floor: Floor, ticket: int) -> None:
    floor.do(parking.requeue, ticket_id=ticket, actor=VISITOR)


def calls(floor: Floor, counter: int = 1) -> list[int]:
    """Call and serve at a counter until nobody waits; return whom, in order."""
    called = []
    while (ticket := floor.at(counter, calling.call_next)) is not None:
        called.append(ticket)
        floor.at(counter, serving.serve)
    return called


def come_due(floor: Floor, minutes: float) -> None:
    before = floor.now
    floor.wait(minutes=minutes)
    floor.do(due.run_timed, after=before)


def test_back_after_three_of_all_the_counters_lines(floor: Floor) -> None:
    late = no_show(floor)
    others = [floor.issue(service) for service in (2, 2, 3, 3, 4, 4)]

    comes_back(floor, late)

    assert calls(floor) == [*others[:3], late, *others[3:]]


def test_where_fewer_wait_behind_everybody(floor: Floor) -> None:
    late = no_show(floor)
    others = [floor.issue(2), floor.issue(1)]

    comes_back(floor, late)
    last = floor.issue(3)

    assert calls(floor) == [*others, late, last]


def test_a_family_in_three_lines_is_one_of_the_three(floor: Floor) -> None:
    late = no_show(floor)
    family = floor.issue(2, 3, 4)
    others = [floor.issue(2) for _ in range(3)]

    comes_back(floor, late)

    order = calls(floor)
    assert order.index(late) == len([family] * 3 + others[:2])


def test_no_counter_calls_more_than_three_before_it(floor: Floor) -> None:
    floor.open(2)
    late = no_show(floor, 2)
    busy = [floor.issue(3) for _ in range(5)]
    same = [floor.issue(2) for _ in range(2)]

    comes_back(floor, late)

    assert calls(floor, 2) == [late, *same]
    assert calls(floor, 1) == busy


def test_a_closed_counter_has_no_say_while_another_is_open(floor: Floor) -> None:
    floor.open(2)
    for _ in range(5):
        floor.issue(3)
    late = floor.issue(2)
    floor.at(2, calling.call_next)
    floor.at(2, serving.no_show, reason="left")
    same = [floor.issue(2) for _ in range(2)]

    comes_back(floor, late)

    assert calls(floor, 2) == [*same, late]


def test_while_all_are_closed_it_holds_at_whichever_opens(floor: Floor) -> None:
    late = no_show(floor)
    others = [floor.issue(2) for _ in range(5)]
    floor.at(1, counter_states.close)

    comes_back(floor, late)

    floor.open(1)
    assert calls(floor) == [*others[:3], late, *others[3:]]


def test_what_a_counter_prefers_counts(make: Make) -> None:
    of = preferring()
    floor = make(counters=of.counters)
    floor.open(2)
    late = floor.issue(1)
    floor.at(2, calling.call_next)
    floor.at(2, serving.no_show, reason="left")
    first = [floor.issue(1) for _ in range(2)]
    floor.wait(seconds=PREFERENCE / 2)
    preferred = [floor.issue(2) for _ in range(4)]

    comes_back(floor, late)

    assert calls(floor, 2) == [*preferred[:3], late, preferred[3], *first]


def test_who_is_tied_elsewhere_is_not_counted(floor: Floor) -> None:
    floor.open(2)
    late = no_show(floor, 1)
    tied = [floor.issue(2) for _ in range(3)]
    for ticket in tied:
        target = Target(counter_id=2)
        floor.do(transfer_ticket, ticket_id=ticket, actor=RESEPSI, target=target)
    others = [floor.issue(3) for _ in range(4)]

    comes_back(floor, late)

    assert calls(floor, 1) == [*others[:3], late, others[3]]


def behind(floor: Floor, entry: EntryRow, tickets: int = 1) -> int:
    return int(floor.see(rank_behind, entry=entry, tickets=tickets, now=floor.now))


def test_a_tied_one_looks_at_its_own_counter_alone(floor: Floor) -> None:
    floor.open(1)
    floor.open(2)
    late = floor.issue(2)
    target = Target(counter_id=2)
    floor.do(transfer_ticket, ticket_id=late, actor=RESEPSI, target=target)
    entry = floor.entries(late)[-1]
    first = floor.entries(floor.issue(3))[0].rank
    floor.wait(minutes=1)
    now = rank_of(floor.now, timedelta())

    assert behind(floor, entry) == now
    opened = floor.see(counters.counter_row, counter_id=2).opened_at
    assert behind(floor, entry._replace(tied_at=opened)) == now
    floor.at(2, counter_states.close)
    assert behind(floor, entry) == first + 1
    floor.open(2)
    assert behind(floor, entry) == first + 1


def test_only_its_own_counters_and_their_own_lines_are_asked(make: Make) -> None:
    floor = make(services=[(1, 1)] * 3, counters=[{1: 0}, {2: 0}, {3: 0}])
    for counter in (1, 2):
        floor.open(counter)
    longer = [floor.issue(service) for service in (1, 1, 3, 3)]
    late = floor.entries(floor.issue(2))[0]
    floor.wait(minutes=1)

    assert behind(floor, late) == rank_of(floor.now, timedelta())
    first = floor.entries(longer[0])[0]
    second = floor.entries(longer[1])[0]
    assert behind(floor, second) == first.rank + 1
    assert behind(floor, first) == second.rank + 1


def test_the_preference_for_its_own_line_counts_to_the_second(make: Make) -> None:
    floor = make(counters=preferring().counters)
    floor.open(2)
    regular = floor.entries(floor.issue(1))[0]
    late = floor.entries(floor.issue(2))[0]
    floor.wait(seconds=2 * PREFERENCE)

    rank = behind(floor, late)

    assert rank == regular.rank + 1 + PREFERENCE * 1000


def test_placed_next_is_before_everybody_whatever_the_counter_prefers(
    make: Make,
) -> None:
    floor = make(counters=preferring().counters)
    preferred = [floor.issue(2, priority="lansia") for _ in range(2)]
    ticket = floor.issue(3)
    target = Target(counter_id=2, position="next")

    floor.do(transfer_ticket, ticket_id=ticket, actor=RESEPSI, target=target)

    floor.open(2)
    assert calls(floor, 2) == [ticket, *preferred]


def test_placed_next_one_after_the_other_they_keep_their_order(floor: Floor) -> None:
    floor.issue(2)
    sent = [floor.issue(1) for _ in range(3)]
    for ticket in sent:
        target = Target(2, position="next")
        floor.do(transfer_ticket, ticket_id=ticket, actor=RESEPSI, target=target)

    floor.open(1)
    assert calls(floor)[:3] == sent


@pytest.mark.parametrize("is_older", [True, False])
def test_of_those_who_arrived_in_one_millisecond_no_more_than_three_go_before(
    floor: Floor, is_older: bool
) -> None:
    if is_older:
        ticket = no_show(floor)
    for _ in range(5):
        floor.issue(1)
    if not is_older:
        ticket = floor.issue(1)
        floor.open()
        floor.do(calling.call, counter_id=1, ticket_id=ticket, actor=KEPALA)
        floor.at(1, serving.no_show, reason="left")
    with floor.engine.begin() as db:
        at_once = rows.entry.c.state == "waiting"
        db.execute(update(rows.entry).where(at_once).values(rank=1_000))

    comes_back(floor, ticket)

    assert calls(floor).index(ticket) <= 3


def test_zero_tickets_is_next(floor: Floor) -> None:
    ticket = floor.issue(1)
    (entry,) = floor.entries(ticket)

    rank = floor.see(rank_behind, entry=entry, tickets=0, now=NINE)

    assert rank == rank_next(NINE) == rank_of(NINE, NEXT_HEAD_START)


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one by one"])
def test_who_came_back_first_comes_due_first(floor: Floor, at_once: bool) -> None:
    late = [floor.issue(service) for service in (1, 1, 2)]
    floor.open(1)
    for _ in late:
        floor.at(1, calling.call_next)
        floor.at(1, serving.no_show, reason="left")
    others = [floor.issue(2) for _ in range(9)]
    for ticket in late:
        comes_back(floor, ticket)
        floor.wait(minutes=1)

    if at_once:
        come_due(floor, 20)
    else:
        for _ in range(4):
            come_due(floor, 5)

    assert calls(floor) == [*late, *others]


def test_due_it_is_next_at_a_counter_of_several_lines(floor: Floor) -> None:
    late = no_show(floor)
    others = [floor.issue(service) for service in (2, 3, 4, 2, 3, 4)]
    comes_back(floor, late)

    come_due(floor, 15)

    assert calls(floor) == [late, *others]


def test_coming_due_never_puts_somebody_back(floor: Floor) -> None:
    late = no_show(floor)
    floor.issue(2)
    comes_back(floor, late)
    with floor.engine.begin() as db:
        of = rows.entry.c.ticket_id == late
        db.execute(update(rows.entry).where(of).values(rank=1))

    come_due(floor, 15)

    assert floor.entries(late)[0].rank == 1


def test_called_by_mistake_it_goes_on_to_come_due(floor: Floor) -> None:
    late = no_show(floor)
    others = [floor.issue(2) for _ in range(5)]
    comes_back(floor, late)
    floor.at(1, calling.call, ticket_id=late)
    floor.at(1, calling.return_)

    come_due(floor, 15)

    # passed over once by the counter that returned it, and then first
    assert calls(floor) == [others[0], late, *others[1:]]


def test_what_reception_does_uses_up_no_turn_of_the_visitors(floor: Floor) -> None:
    late = no_show(floor)
    floor.do(parking.requeue, ticket_id=late, actor=RESEPSI)
    assert floor.at(1, calling.call_next) == late
    floor.at(1, serving.no_show, reason="left")

    comes_back(floor, late)

    assert floor.states(late) == ["waiting"]


def test_after_coming_back_two_calls_are_due_again(floor: Floor) -> None:
    late = no_show(floor)
    comes_back(floor, late)
    floor.at(1, calling.call_next)
    floor.wait(seconds=30)

    refused = refusal_of(lambda: floor.at(1, serving.no_show))

    assert refused is not None
    assert refused.details["calls_missing"] == 1
