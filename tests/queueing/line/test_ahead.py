"""How many are ahead: compared with the calls that really follow."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.errors import AntreanError
from app.models import ACTIVE
from app.queueing.commands import calling, counter_states, serving, transferring
from app.queueing.commands.transferring import Target
from app.queueing.counters import active_entry
from app.queueing.line.ahead import lines_now, waiting_ahead
from app.queueing.rows import EntryRow
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    ADMIN,
    Action,
    RulesHarness,
    custom_mall,
    rules_of,
)

COUNTERS = (1, 2, 3)
SERVICES = (1, 2, 3, 4)
CLASSES = ("regular", "regular", "lansia", "anak")


def mall_of(chance: random.Random) -> CustomMall:
    """Return a mall of one agency whose counters share lines, each by its own wish."""
    counters = [
        {
            service: chance.choice((0, 0, 0, 300, 900))
            for service in SERVICES
            if chance.random() < 0.6
        }
        or {1: 0}
        for _ in COUNTERS
    ]
    return custom_mall(agencies=1, services=[(1, 1)] * len(SERVICES), counters=counters)


class RandomDay:
    """A mall in the middle of a day made up from a seed."""

    def __init__(self, rules: RulesHarness, chance: random.Random) -> None:
        self.rules, self.chance = rules, chance
        self.tickets: list[int] = []

    def step(self) -> None:
        """Do one thing of many; what the rules refuse is no matter here."""
        step = self.chance.choice(
            (self._issue, self._issue, self._issue, self._call, self._return, self._tie)
        )
        try:
            step()
        except AntreanError:
            return

    def waiting(self) -> Iterator[EntryRow]:
        """Yield the waiting entries of tickets that are nowhere at a counter."""
        for ticket in self.tickets:
            entries = self.rules.entries(ticket)
            if not any(entry.state in ACTIVE for entry in entries):
                yield from (entry for entry in entries if entry.state == "waiting")

    def _issue(self) -> None:
        if self.chance.random() < 0.3:  # of the very same moment as the one before
            self.rules.wait(milliseconds=-1)
        services = self.chance.sample(SERVICES, self.chance.choice((1, 1, 2, 3)))
        priority = self.chance.choice(CLASSES)
        self.tickets.append(self.rules.issue(*services, priority=priority))
        self.rules.wait(seconds=self.chance.choice((0, 0, 30, 600)))

    def _call(self) -> None:
        self._do(calling.call_next)

    def _return(self) -> None:
        self._do(calling.return_)

    def _tie(self) -> None:
        target = Target(counter_id=self.chance.choice(COUNTERS), position="keep")
        ticket = self.chance.choice(self.tickets or [0])
        self.rules.do(
            transferring.transfer_ticket, ticket_id=ticket, actor=ADMIN, target=target
        )

    def _do(self, command: Action) -> None:
        counter = self.chance.choice(COUNTERS)
        self.rules.do(command, counter_id=counter, actor=ADMIN)


def calls_alone(rules: RulesHarness, counter: int, entry: EntryRow) -> int | None:
    """Return how many calls of others a counter alone makes before an entry's own.

    Nobody comes. None: it never calls it. All of it is taken back.
    """
    with rules.engine.connect() as db, db.begin() as transaction:
        change = rules.change(db)
        _end_visit(db, rules, counter)
        calls = 0
        while True:
            ticket = calling.call_next(db, change, counter_id=counter, actor=ADMIN)
            called = active_entry(db, counter)
            if ticket is None or called is None:
                break
            if called.id == entry.id:
                transaction.rollback()
                return calls
            calls += called.ticket_id != entry.ticket_id
            serving.no_show(
                db, change, counter_id=counter, actor=ADMIN, reason=serving.REASON_LEFT
            )
        transaction.rollback()
    return None


def _end_visit(db: Connection, rules: RulesHarness, counter: int) -> None:
    """Let a counter be done with whom it has called or serves."""
    if active_entry(db, counter) is not None:
        serving.serve(db, rules.change(db), counter_id=counter, actor=ADMIN)


def random_days(folder: Path, seed: int) -> Iterator[RandomDay]:
    """Give a day with every counter open."""
    chance = random.Random(seed)  # noqa: S311 (a day made up)
    with rules_of(folder, mall_of(chance)) as rules:
        for counter in COUNTERS:
            rules.do(counter_states.open_, counter_id=counter, actor=ADMIN)
        yield RandomDay(rules, chance)


def compare(folder: Path, seed: int, steps: int) -> int:
    """Compare what is said with what follows; returns how many were compared."""
    compared = 0
    for day in random_days(folder, seed):
        for _ in range(steps):
            day.step()
        for entry in day.waiting():
            alone = [calls_alone(day.rules, each, entry) for each in COUNTERS]
            possible = [calls for calls in alone if calls is not None]
            if possible:
                ahead = day.rules.see(waiting_ahead, entry=entry)
                assert ahead == min(possible), (seed, entry, alone)
                compared += 1
    return compared


@pytest.mark.parametrize("seed", range(12))
def test_as_many_calls_come_first_at_the_counter_that_calls_it_soonest(
    tmp_path: Path, seed: int
) -> None:
    compare(tmp_path, seed, steps=24)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_as_many_calls_come_first_in_many_more_halls(tmp_path: Path) -> None:
    compared = 0
    for seed in range(100, 400):
        folder = tmp_path / str(seed)
        folder.mkdir()
        compared += compare(folder, seed, steps=40)
    assert compared > 2000


@pytest.mark.parametrize("seed", range(20, 28))
def test_in_whatever_order_counters_call_at_least_so_many_leave_first(
    tmp_path: Path, seed: int
) -> None:
    for day in random_days(tmp_path, seed):
        for _ in range(14):
            day._issue()
        for entry in [*day.waiting()]:
            ahead = day.rules.see(waiting_ahead, entry=entry)
            left = entries_that_leave_before(day, entry)
            assert left is None or left >= ahead, (seed, entry)


def entries_that_leave_before(day: RandomDay, entry: EntryRow) -> int | None:
    """Let counters call in any order until an entry is called; nobody comes."""
    rules, left = day.rules, 0
    with rules.engine.connect() as db, db.begin() as transaction:
        change, idle = rules.change(db), set(COUNTERS)
        while idle:
            counter = day.chance.choice(sorted(idle))
            calling.call_next(db, change, counter_id=counter, actor=ADMIN)
            called = active_entry(db, counter)
            if called is None:
                idle.discard(counter)
                continue
            if called.id == entry.id:
                transaction.rollback()
                return left
            left += called.ticket_id != entry.ticket_id
            serving.no_show(
                db, change, counter_id=counter, actor=ADMIN, reason=serving.REASON_LEFT
            )
        transaction.rollback()
    return None


# The example of the fault: seven of another line at the only counter that serves both


@pytest.fixture
def own_mall() -> CustomMall:
    return custom_mall(counters=[{1: 0, 2: 0}, {2: 0}, {3: 0}])


def test_who_waits_in_another_line_of_the_only_counter_is_ahead(
    rules: RulesHarness,
) -> None:
    rules.open()
    for _ in range(7):
        rules.issue(2)

    (entry,) = rules.entries(rules.issue(1))

    assert rules.see(waiting_ahead, entry=entry) == 7


def test_before_a_number_is_drawn_it_is_the_same(rules: RulesHarness) -> None:
    rules.open()
    for _ in range(7):
        rules.issue(2)

    lines = rules.see(lines_now, service_ids=[1, 2], now=rules.now).by_service
    before = {service: line.waiting_ahead for service, line in lines.items()}
    entries = [rules.entries(rules.issue(1))[0]]

    assert before == {1: 7, 2: 7}
    assert rules.see(waiting_ahead, entry=entries[0]) == 7


def test_a_paused_counter_counts_only_where_none_is_open(rules: RulesHarness) -> None:
    rules.open(1)
    rules.open(2)
    for _ in range(3):
        rules.issue(1)
    (entry,) = rules.entries(rules.issue(2))
    assert rules.see(waiting_ahead, entry=entry) == 0

    rules.at(2, counter_states.pause)
    assert rules.see(waiting_ahead, entry=entry) == 3

    rules.at(1, counter_states.pause)
    assert rules.see(waiting_ahead, entry=entry) == 0
