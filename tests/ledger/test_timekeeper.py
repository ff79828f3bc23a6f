"""The timekeeper has done what time alone brings, and nothing else."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from app.db.engines import Readers
from app.errors import Busy, ClockInDoubt, Invalid, NotDurable
from app.ledger import Ledger, Timekeeper
from app.queueing import counters
from app.queueing.change import Change
from app.queueing.commands import parking, serving
from app.queueing.commands.issuing import TicketRequest, issue
from app.queueing.service_day import ledger_row
from tests.properties.driver import Clock
from tests.support.clock import MORNING
from tests.support.rules.custom_mall import HoursLine
from tests.support.rules.harness import KIOSK, SARI, RulesHarness, custom_mall, rules_of

BREAK = HoursLine("site", None, "break", "12:00", "13:00")
DAY = 24 * 3600


class Site:
    """The rules with a running ledger, and a timekeeper that runs at a test's word."""

    def __init__(self, rules: RulesHarness, path: Path) -> None:
        self.rules, self.clock = rules, Clock(MORNING)
        self.published: list[frozenset[str]] = []
        self.readers = Readers(path)
        self.ledger = Ledger(rules.engine, self.clock, publish=self.published.append)
        self.timekeeper = Timekeeper(self.readers, self.ledger)

    def pass_time(self, **step: float) -> None:
        step_length = timedelta(**step)
        self.clock.wait(step_length.total_seconds())
        self.rules.now = self.clock.now()

    @property
    def day(self) -> date:
        service_day: date = self.rules.see(ledger_row)[1]
        return service_day


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    with rules_of(tmp_path, custom_mall(BREAK)) as rules:
        site = Site(rules, tmp_path / "antrean.sqlite3")
        site.ledger.start()
        yield site
        await site.timekeeper.stop()
        await site.ledger.stop()
        site.readers.close()


async def test_when_nothing_is_due_nothing_is_done(site: Site) -> None:
    revision = site.rules.see(ledger_row)[0]

    await site.timekeeper.run_once()

    assert site.rules.see(ledger_row)[0] == revision
    assert site.published == []


async def test_midnight_turns_the_day_though_nobody_gives_a_command(site: Site) -> None:
    ticket = site.rules.issue()
    site.pass_time(hours=16)

    await site.timekeeper.run_once()

    assert site.day == date(2026, 11, 25)
    assert site.rules.states(ticket) == ["expired"]


async def test_a_break_pauses_idle_counters(site: Site) -> None:
    site.rules.open()
    site.pass_time(hours=3)

    await site.timekeeper.run_once()

    assert site.rules.counter_state() == "paused"


async def test_a_reminder_is_told_once(site: Site) -> None:
    ticket = site.rules.serving()
    at = MORNING + timedelta(minutes=5)
    site.rules.at(1, parking.park, remind_at=at)
    site.pass_time(minutes=6)

    await site.timekeeper.run_once()
    await site.timekeeper.run_once()

    publications = [facts for facts in site.published if f"ticket:{ticket}" in facts]
    assert len(publications) == 1


async def test_it_runs_by_itself_and_outlives_what_fails(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.ledger.timekeeper.INTERVAL_SECONDS", 0.0)
    has_run = asyncio.Event()
    outcomes: list[Exception | None] = [Busy(), OSError("disk"), None]

    async def run_once() -> None:
        outcome = outcomes.pop(0) if outcomes else None
        if outcome is not None:
            raise outcome
        has_run.set()

    monkeypatch.setattr(site.timekeeper, "run_once", run_once)
    with caplog.at_level(logging.WARNING):
        site.timekeeper.start()
        await has_run.wait()

    assert [r.levelname for r in caplog.records] == ["WARNING", "ERROR"]
    assert "busy" in caplog.records[0].getMessage()


async def test_a_date_in_doubt_is_confirmed_through_the_ledger(site: Site) -> None:
    def give(db: Connection, change: Change) -> int:
        ticket_request = TicketRequest([1])
        return issue(db, change, ticket_request=ticket_request, actor=KIOSK)

    await site.ledger.do(give)
    site.clock.jump(40 * DAY)
    assert site.ledger.clock_is_in_doubt
    assert site.ledger.day_is_over
    with pytest.raises(ClockInDoubt):
        await site.ledger.do(give)
    with pytest.raises(Invalid):
        await site.ledger.confirm_clock(date(2026, 11, 25))
    assert site.day == date(2026, 11, 24)

    await site.ledger.confirm_clock(date(2027, 1, 3))
    await site.ledger.do(give)

    assert site.day == date(2027, 1, 3)
    assert not site.ledger.clock_is_in_doubt


async def test_a_day_whose_batch_was_lost_is_turned_by_the_next_look(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await site.ledger.do(lambda _db, _change: None)
    site.clock.wait(DAY)

    def fail(*_args: object) -> None:
        raise OperationalError("", None, Exception("database or disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr("app.ledger.writer.Writer._raise_revision", fail)
        with pytest.raises(NotDurable):
            await site.timekeeper.run_once()
    assert site.day == date(2026, 11, 24)

    await site.timekeeper.run_once()

    assert site.day == date(2026, 11, 25)


async def test_while_in_doubt_people_at_counters_go_on(site: Site) -> None:
    ticket = site.rules.called()
    await site.ledger.do(lambda _db, _change: None)
    site.clock.jump(40 * DAY)

    await site.ledger.do(
        lambda db, change: serving.start(db, change, counter_id=1, actor=SARI)
    )

    assert site.rules.states(ticket) == ["serving"]
    assert site.rules.see(counters.counter_row, counter_id=1).state == "open"
