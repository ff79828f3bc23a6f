"""Who is next: arrival less head start, and nobody starves."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import update

from app.queueing import rows
from app.queueing.commands import calling, serving
from app.queueing.commands.calling import call_next
from app.queueing.commands.serving import serve
from app.queueing.line.ahead import waiting_ahead
from app.queueing.line.ranking import in_order_of_calls, rank_of
from tests.support import mall
from tests.support.clock import MORNING
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    BUDI,
    PREFERENCE,
    SARI,
    RulesHarness,
    preferring,
)


@pytest.fixture
def own_mall() -> CustomMall:
    return preferring()


@pytest.fixture
def two_counters(rules: RulesHarness) -> RulesHarness:
    rules.open(mall.LOKET_1)
    rules.open(mall.LOKET_2)
    return rules


def test_a_rank_is_arrival_less_head_start_in_milliseconds() -> None:
    arrival = datetime(2026, 11, 24, 2, 0, 0, 5000, tzinfo=UTC)

    assert rank_of(arrival, timedelta()) == 1795485600005
    assert rank_of(arrival, timedelta(minutes=1)) == 1795485600005 - 60_000


def test_calls_in_order_of_arrival(two_counters: RulesHarness) -> None:
    first, second = (two_counters.issue(mall.AKTA) for _ in range(2))

    assert call(two_counters, mall.LOKET_1) == first
    assert call(two_counters, mall.LOKET_2) == second


def test_two_of_the_same_moment_are_called_in_order_of_issue(
    two_counters: RulesHarness,
) -> None:
    now = two_counters.now
    tickets = []
    for _ in range(3):
        two_counters.now = now
        tickets.append(two_counters.issue(mall.AKTA))

    assert call(two_counters, mall.LOKET_1) == tickets[0]


@pytest.mark.parametrize(
    ("priority", "minutes"),
    [
        ("lansia", 20),
        ("disabilitas", 20),
        ("hamil", 20),
        ("menyusui", 20),
        ("anak", 10),
    ],
)
def test_a_priority_class_passes_only_those_within_its_head_start(
    two_counters: RulesHarness, priority: str, minutes: int
) -> None:
    long_before = two_counters.issue(mall.AKTA)
    two_counters.wait(seconds=2)
    just_before = two_counters.issue(mall.AKTA)
    two_counters.wait(minutes=minutes, seconds=-1)
    elder = two_counters.issue(mall.AKTA, priority=priority)

    order = [call_and_serve(two_counters, mall.LOKET_1) for _ in range(3)]

    assert order == [long_before, elder, just_before]


def test_a_counters_preference_is_a_head_start_at_that_counter_alone(
    two_counters: RulesHarness,
) -> None:
    birth = two_counters.issue(mall.AKTA)
    two_counters.wait(minutes=14)
    card = two_counters.issue(mall.KTP)

    assert call(two_counters, mall.LOKET_2) == card  # prefers KTP by 15 minutes
    assert call(two_counters, mall.LOKET_1) == birth


def test_a_preference_does_not_pass_who_came_before_it(
    two_counters: RulesHarness,
) -> None:
    birth = two_counters.issue(mall.AKTA)
    two_counters.wait(minutes=16)
    two_counters.issue(mall.KTP)

    assert call(two_counters, mall.LOKET_2) == birth


def test_a_ticket_under_way_elsewhere_is_passed_over_and_keeps_its_place(
    two_counters: RulesHarness,
) -> None:
    both = two_counters.issue(mall.AKTA, mall.KTP)
    later = two_counters.issue(mall.KTP)
    assert call(two_counters, mall.LOKET_1) == both

    assert call(two_counters, mall.LOKET_2) == later
    two_counters.do(serve, counter_id=mall.LOKET_2, actor=BUDI)
    assert call(two_counters, mall.LOKET_2) is None  # still at the other counter
    two_counters.do(serve, counter_id=mall.LOKET_1, actor=SARI)
    last = two_counters.issue(mall.KTP)

    assert call(two_counters, mall.LOKET_2) == both
    assert call(two_counters, mall.LOKET_1) == last


def call(rules: RulesHarness, counter_id: int) -> int | None:
    actor = SARI if counter_id == mall.LOKET_1 else BUDI
    called: int | None = rules.do(call_next, counter_id=counter_id, actor=actor)
    return called


def call_and_serve(rules: RulesHarness, counter_id: int) -> int | None:
    called = call(rules, counter_id)
    rules.do(serve, counter_id=counter_id, actor=SARI)
    return called


def called_in_turn(rules: RulesHarness, counter: int = 1) -> list[int]:
    """Call and serve at a counter until nobody waits."""
    order = []
    while (ticket := rules.at(counter, calling.call_next)) is not None:
        order.append(ticket)
        rules.at(counter, serving.serve)
    return order


def set_ranks(rules: RulesHarness, *ranks: int) -> list[int]:
    """Issue a ticket per rank in line 1, and set the ranks by hand."""
    tickets = [rules.issue() for _ in ranks]
    with rules.engine.begin() as db:
        for ticket, rank in zip(tickets, ranks, strict=True):
            of = rows.entry.c.ticket_id == ticket
            db.execute(update(rows.entry).where(of).values(rank=rank))
    return tickets


def test_equal_ranks_are_called_in_the_order_of_issue(rules: RulesHarness) -> None:
    tickets = set_ranks(rules, 5000, 5000, 4999)
    rules.open()

    assert called_in_turn(rules) == [tickets[2], tickets[0], tickets[1]]


@pytest.mark.parametrize("lead", [-1, 0, 1])
def test_a_preference_is_worth_its_seconds_to_the_millisecond(
    rules: RulesHarness, lead: int
) -> None:
    first = rules.issue(1)
    rules.now = MORNING
    second = rules.issue(2)
    rank = rules.entries(first)[0].rank + PREFERENCE * 1000 + lead
    with rules.engine.begin() as db:
        of = rows.entry.c.ticket_id == second
        db.execute(update(rows.entry).where(of).values(rank=rank))
    rules.open(2)

    assert rules.at(2, calling.call_next) == (second if lead < 0 else first)


def test_who_is_called_or_served_elsewhere_keeps_the_place(rules: RulesHarness) -> None:
    both, later = rules.issue(1, 2), rules.issue(2)
    rules.open(1)
    rules.open(2)
    assert rules.at(1, calling.call_next) == both

    assert rules.at(2, calling.call_next) == later
    rules.at(2, serving.serve)
    rules.at(1, serving.start)
    assert rules.at(2, calling.call_next) is None
    rules.at(1, serving.serve)

    assert rules.at(2, calling.call_next) == both


@pytest.mark.parametrize(("service", "counter"), [(3, 1), (1, 3)])
def test_only_the_lines_of_a_counter_are_called(
    rules: RulesHarness, service: int, counter: int
) -> None:
    rules.issue(service)
    rules.open(counter)

    assert rules.at(counter, calling.call_next) is None


def test_a_line_is_called_whatever_stands_behind_its_head(rules: RulesHarness) -> None:
    tickets = [rules.issue(2), rules.issue(1), rules.issue(2), rules.issue(1)]
    rules.open(1)

    assert called_in_turn(rules) == tickets


def test_who_was_returned_is_passed_over_once_if_another_waits(
    rules: RulesHarness,
) -> None:
    first, second, third = (rules.issue() for _ in range(3))
    rules.open(1)
    rules.open(2)
    assert rules.at(1, calling.call_next) == first
    rules.at(1, calling.return_)

    assert rules.at(1, calling.call_next) == second
    rules.at(1, serving.serve)
    assert rules.at(1, calling.call_next) == first
    rules.at(1, calling.return_)
    assert rules.at(2, calling.call_next) == first  # another counter does not pass
    rules.at(2, calling.return_)
    assert rules.at(2, calling.call_next) == third
    assert rules.at(1, calling.call_next) == first  # nobody else waits


def test_who_was_returned_is_called_again_where_nobody_else_waits(
    rules: RulesHarness,
) -> None:
    ticket = rules.called()
    rules.at(1, calling.return_)

    assert rules.at(1, calling.call_next) == ticket


@pytest.mark.parametrize("ranks", [(1000, 2000), (2000, 1000)])
@pytest.mark.parametrize(("here", "there"), [(1, 2), (2, 1)])
def test_only_the_counter_that_returned_a_ticket_passes_over_it(
    rules: RulesHarness, ranks: tuple[int, int], here: int, there: int
) -> None:
    tickets = set_ranks(rules, *ranks)
    head, other = sorted(tickets, key=lambda ticket: ranks[tickets.index(ticket)])
    rules.open(1)
    rules.open(2)
    for counter in (there, here):
        assert rules.at(counter, calling.call_next) == head
        rules.at(counter, calling.return_)
        if counter == there:  # its newest call came after this return
            assert rules.at(there, calling.call_next) == other
            rules.at(there, serving.serve)
            third = rules.issue()
    assert rules.at(here, calling.call_next) == third
    assert rules.at(there, calling.call_next) == head


@pytest.mark.parametrize("ranks", [(1000, 2000), (2000, 1000)])
def test_one_ticket_at_a_counter_keeps_no_other_waiting(
    rules: RulesHarness, ranks: tuple[int, int]
) -> None:
    tickets = set_ranks(rules, *ranks)
    rules.open(1)
    rules.open(2)

    called = {rules.at(counter, calling.call_next) for counter in (1, 2)}

    assert called == set(tickets)


@pytest.mark.parametrize(
    ("tied", "calling_counter", "is_called"),
    [(1, 1, True), (2, 2, True), (2, 1, False), (1, 2, False)],
)
def test_a_tied_entry_is_called_by_its_counter_alone(
    rules: RulesHarness, tied: int, calling_counter: int, is_called: bool
) -> None:
    rules.open(1)
    rules.open(2)
    ticket = tie(rules, tied, since=rules.now)

    called = rules.at(calling_counter, calling.call_next)

    assert called == (ticket if is_called else None)


@pytest.mark.parametrize(("tied", "other"), [(1, 2), (2, 1)])
def test_a_tie_falls_away_when_its_counter_closed_since(
    rules: RulesHarness, tied: int, other: int
) -> None:
    rules.open(other)
    rules.wait(minutes=1)
    ticket = tie(rules, tied, since=rules.now)
    rules.wait(minutes=1)
    rules.open(tied)  # anew: not the opening in which it was tied

    assert rules.at(other, calling.call_next) == ticket


def test_a_tie_of_the_moment_of_opening_holds(rules: RulesHarness) -> None:
    rules.open(1)
    rules.open(2)
    tie(rules, 2, since=rules.now)

    assert rules.at(1, calling.call_next) is None


def tie(rules: RulesHarness, counter: int, *, since: datetime) -> int:
    """Issue a ticket for service 1 that is tied to a counter since a moment."""
    ticket = rules.issue(1)
    with rules.engine.begin() as db:
        of = rows.entry.c.ticket_id == ticket
        tied = {"tied_counter_id": counter, "tied_at": since}
        db.execute(update(rows.entry).where(of).values(tied))
    return ticket


def test_who_is_ahead_in_a_line_beside_counts_where_the_same_counters_call_it(
    rules: RulesHarness,
) -> None:
    tickets = [rules.issue(service) for service in (1, 2, 3)]
    for service, rank in ((1, 3000), (2, 2000), (3, 1000)):
        with rules.engine.begin() as db:
            of = rows.entry.c.service_id == service
            db.execute(update(rows.entry).where(of).values(rank=rank))

    ahead = [
        rules.see(waiting_ahead, entry=rules.entries(ticket)[0]) for ticket in tickets
    ]

    assert ahead == [1, 0, 0]


def test_how_many_wait_ahead(rules: RulesHarness) -> None:
    tickets = set_ranks(rules, 2000, 1000, 2000, 3000)
    other = rules.issue(3)

    def ahead(ticket: int) -> int:
        entry = rules.entries(ticket)[0]
        return int(rules.see(waiting_ahead, entry=entry))

    assert [ahead(ticket) for ticket in tickets] == [1, 0, 2, 3]
    assert ahead(other) == 0
    rules.open()
    rules.at(1, calling.call_next)
    assert [ahead(tickets[0]), ahead(tickets[3])] == [0, 2]


class Waiting(NamedTuple):
    """Who waits, as one counter sees it: P passed over, E at another counter."""

    name: str

    @property
    def is_passed_over(self) -> bool:
        return "P" in self.name

    @property
    def is_elsewhere(self) -> bool:
        return "E" in self.name


@pytest.mark.parametrize(
    ("by_rank", "by_calls"),
    [
        ("", ""),
        ("1", "1"),
        ("1 2 3", "1 2 3"),
        ("P1", "P1"),
        ("P1 P2", "P1 P2"),
        ("P1 2 3", "2 P1 3"),
        ("P1 2 P3", "2 P1 P3"),
        ("1 P2 3", "1 P2 3"),
        ("P1 P2 3 4", "3 P1 P2 4"),
        # who is at another counter keeps the place, and is not called meanwhile
        ("E1 2", "E1 2"),
        ("E1 P2 3 4", "E1 3 P2 4"),
        ("P1 E2 3 4", "3 P1 E2 4"),
        ("P1 E2", "P1 E2"),
        ("PE1 2 P3 4", "PE1 2 P3 4"),
        ("PE1 P2 E3 4", "PE1 4 P2 E3"),
    ],
)
def test_the_order_of_calls_has_who_is_passed_over_second(
    by_rank: str, by_calls: str
) -> None:
    order = in_order_of_calls([Waiting(name) for name in by_rank.split()])

    assert " ".join(each.name for each in order) == by_calls
