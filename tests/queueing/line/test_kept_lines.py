"""Lines kept in memory are at each moment what a reading of the database says."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.errors import AntreanError
from app.queueing.change import SYSTEM, Change
from app.queueing.commands import (
    calling,
    cancelling,
    counter_states,
    parking,
    priority,
    releasing,
    serving,
    transferring,
    undoing,
)
from app.queueing.commands.issuing import TicketRequest, issue, walk_up
from app.queueing.commands.transferring import Target, add
from app.queueing.line.ahead import waiting_ahead
from app.queueing.line.kept_lines import KEY, PublishedLines, WriterLines, lines_of
from app.queueing.rows import entries_of
from app.queueing.service_day import begin_day
from tests.queueing.line.test_ahead import COUNTERS, SERVICES, mall_of
from tests.support.rules.harness import (
    ADMIN,
    MADE,
    OFFICERS,
    SARI,
    Action,
    RulesHarness,
    rules_of,
)


class TakenBack(Exception):
    """A command breaks after it has changed something."""


class Ledger:
    """Gives commands in savepoints of long transactions, as the writer does."""

    def __init__(self, rules: RulesHarness, db: Connection, seed: int) -> None:
        self.rules, self.db = rules, db
        self.chance = random.Random(seed)  # noqa: S311 (a day made up)
        self.kept = WriterLines()
        db.info[KEY] = self.kept
        self.tickets: list[int] = []
        self.done = 0

    def step(self) -> None:
        """Give one command of many; some are refused, some break at their end."""
        chance, mark = self.chance, self.kept.mark()
        self.rules.wait(seconds=chance.choice((0, 1, 30, 400)))
        command, arguments = self._command()
        self.begin()
        change = self.rules.change(self.db)
        try:
            outcome = command(self.db, change, **arguments)
            if chance.random() < 0.5:  # as an answer does
                lines_of(self.db)
            if chance.random() < 0.1:
                raise TakenBack
        except (AntreanError, TakenBack):
            self.take_back()
            self.kept.drop_changed(mark)
        else:
            self.keep()
            self.done += 1
            if command is issue:
                self.tickets.append(outcome)

    def begin(self) -> None:
        """Begin what may be taken back."""
        self._savepoint = self.db.begin_nested()

    def take_back(self) -> None:
        """Take back what the command did."""
        self._savepoint.rollback()

    def keep(self) -> None:
        """Keep what the command did."""
        self._savepoint.commit()

    def _command(self) -> tuple[Action, dict[str, object]]:
        chance = self.chance
        counter = {"counter_id": chance.choice(COUNTERS), "actor": ADMIN}
        ticket = {"ticket_id": chance.choice(self.tickets or [0]), "actor": ADMIN}
        wanted = chance.sample(SERVICES, chance.choice((1, 1, 2, 3)))
        target = Target(
            counter_id=chance.choice((None, *COUNTERS)),
            position=chance.choice(("keep", "end", "next")),
        )
        if target.counter_id is None:
            target = target._replace(service_id=chance.choice(SERVICES))
        request = {"ticket_request": TicketRequest(wanted), "actor": SYSTEM}
        one_service = {"service_id": chance.choice(SERVICES)}
        commands: list[tuple[Action, dict[str, object]]] = [
            *[(issue, request)] * 5,
            *[(calling.call_next, counter)] * 4,
            (calling.call, {**counter, **ticket}),
            (calling.resume, {**counter, **ticket}),
            (calling.recall, counter),
            *[(calling.return_, counter)] * 2,
            (serving.start, counter),
            *[(serving.serve, counter)] * 2,
            (serving.take, {**counter, **ticket}),
            (serving.take_over, {**counter, **ticket}),
            (serving.no_show, {**counter, "reason": serving.REASON_LEFT}),
            (parking.park, counter),
            (parking.requeue, ticket),
            (walk_up, {**counter, **one_service}),
            (add, {**ticket, **one_service}),
            (transferring.transfer_ticket, {**ticket, "target": target}),
            (cancelling.cancel_by_staff, {**ticket, "reason": "visitor"}),
            (releasing.release, ticket),
            (undoing.undo_on_ticket, ticket),
            (priority.set_priority, {**ticket, "priority": "lansia"}),
            (counter_states.open_, counter),
            (counter_states.pause, {**counter, "reason": None}),
            (counter_states.close, counter),
        ]
        return chance.choice(commands)


@contextmanager
def ledger_of(folder: Path, seed: int) -> Iterator[Ledger]:
    chance = random.Random(seed)  # noqa: S311 (a day made up)
    with rules_of(folder, mall_of(chance)) as rules:
        for counter in COUNTERS:
            rules.do(counter_states.open_, counter_id=counter, actor=ADMIN)
        with rules.engine.connect() as db, db.begin():
            yield Ledger(rules, db, seed)


def reread(db: Connection) -> object:
    """Return the lines as the database says."""
    kept = db.info.pop(KEY)
    try:
        return lines_of(db).state()
    finally:
        db.info[KEY] = kept


@pytest.mark.parametrize("seed", range(8))
def test_kept_lines_follow_every_command(tmp_path: Path, seed: int) -> None:
    with ledger_of(tmp_path, seed) as ledger:
        for _ in range(120):
            ledger.step()
            if ledger.chance.random() < 0.7:  # not each time: changes add up
                assert lines_of(ledger.db).state() == reread(ledger.db)
        assert ledger.done > 30


def test_what_was_published_stays_as_it_was(tmp_path: Path) -> None:
    with ledger_of(tmp_path, 3) as ledger:
        copies = []
        for _ in range(60):
            ledger.step()
            lines_of(ledger.db)
            copy = ledger.kept.copy()
            assert copy is not None
            copies.append((copy, reread(ledger.db)))

    assert all(copy.state() == state for copy, state in copies)


def test_nobody_waits_any_more_once_the_day_has_turned(tmp_path: Path) -> None:
    with ledger_of(tmp_path, 4) as ledger:
        for _ in range(40):
            ledger.step()
        assert lines_of(ledger.db).lengths()
        change: Change = ledger.rules.change(ledger.db)

        begin_day(ledger.db, change, day=change.day.replace(day=change.day.day + 1))

        assert lines_of(ledger.db).lengths() == {}
        assert lines_of(ledger.db).state() == reread(ledger.db)


def test_an_entry_counted_once_is_counted_anew_after_a_change(tmp_path: Path) -> None:
    with ledger_of(tmp_path, 5) as ledger:
        request = TicketRequest([1], priority="lansia")
        change = ledger.rules.change(ledger.db)
        regular = issue(
            ledger.db, change, ticket_request=TicketRequest([1]), actor=SYSTEM
        )
        (entry,) = entries_of(ledger.db, regular)
        before = waiting_ahead(ledger.db, entry)

        issue(ledger.db, change, ticket_request=request, actor=SYSTEM)

        assert (before, waiting_ahead(ledger.db, entry)) == (0, 1)


def test_a_reader_finds_the_lines_of_its_own_snapshot(tmp_path: Path) -> None:
    with ledger_of(tmp_path, 6) as ledger:
        for _ in range(30):
            ledger.step()
        published = PublishedLines()
        ledger.db.info[KEY] = published
        first = lines_of(ledger.db)

        assert lines_of(ledger.db) is first
        published.publish(0, ledger.kept.lines(ledger.db))
        assert lines_of(ledger.db) is not first


def test_lines_follow_an_entry_that_waits_anew_while_its_ticket_is_at_a_counter(
    rules: RulesHarness,
) -> None:
    """And each way of a ticket to a counter, to another, and away."""
    for counter in OFFICERS:
        rules.open(counter)
    ticket = rules.issue(1, 3)
    first = rules.entries(ticket)[0].id
    with rules.engine.connect() as db, db.begin():
        db.info[KEY] = WriterLines()

        def give(command: Action, **arguments: object) -> None:
            lines_of(db)  # what is doubtful is read, or it would be read anyway
            rules.wait(seconds=1)
            command(db, rules.change(db), **arguments)
            assert lines_of(db).state() == reread(db)

        give(calling.call_next, counter_id=1, actor=SARI)
        give(parking.park, counter_id=1, actor=SARI)
        give(calling.call, counter_id=3, ticket_id=ticket, actor=MADE)
        give(parking.requeue, ticket_id=ticket, entry_id=first, actor=ADMIN)
        give(serving.start, counter_id=3, actor=MADE)
        give(add, ticket_id=ticket, service_id=2, actor=ADMIN)
        give(serving.serve, counter_id=3, actor=MADE)
        give(calling.call, counter_id=1, ticket_id=ticket, actor=SARI)
        give(serving.take_over, counter_id=2, ticket_id=ticket, actor=ADMIN)
        give(serving.serve, counter_id=2, actor=ADMIN)
