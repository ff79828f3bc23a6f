"""Print jobs as the ledger keeps them."""

from typing import Any

import pytest
from sqlalchemy import Connection, update

from app.queueing import rows
from app.queueing.slips.print_jobs import (
    begin_sending,
    end_interrupted,
    end_job,
    newest_job,
)
from tests.support import cast, mall
from tests.support.clock import MovableClock
from tests.support.database import Disk
from tests.support.rules.harness import RulesHarness


@pytest.fixture
def jobs(small_mall_rules: RulesHarness, disk: Disk) -> RulesHarness:
    """Return the rules with three queued slips."""
    for _ in range(3):
        small_mall_rules.issue(mall.AKTA)
    return small_mall_rules


def test_a_ticket_from_reception_has_no_slip(small_mall_rules: RulesHarness) -> None:
    ticket_id = small_mall_rules.issue(mall.AKTA, actor=cast.RESEPSI.actor)

    assert small_mall_rules.see(newest, ticket_id=ticket_id) is None
    assert not {fact for fact in small_mall_rules.facts if fact.startswith("printer")}


def test_a_kiosk_without_a_printer_queues_nothing(
    small_mall_rules: RulesHarness, disk: Disk
) -> None:
    with disk.writing() as db:
        kiosk = update(rows.device).where(rows.device.c.id == mall.KIOSK_1)
        db.execute(kiosk.values(printer_id=None))

    small_mall_rules.issue(mall.AKTA)

    assert disk.count("print_job") == 0


def test_a_job_is_begun_once(jobs: RulesHarness) -> None:
    assert jobs.do(begin_sending, job_id=1)
    assert not jobs.do(begin_sending, job_id=1)
    assert not jobs.do(begin_sending, job_id=99)


def test_ending_a_job_shows_its_ticket_anew(jobs: RulesHarness) -> None:
    jobs.do(end_job, job_id=2, state="printed", reason=None)

    assert jobs.facts == {"ticket:2"}
    assert jobs.see(newest, ticket_id=2).state == "printed"


def test_a_job_that_is_gone_ends_without_a_word(jobs: RulesHarness) -> None:
    jobs.do(end_job, job_id=99, state="printed", reason=None)

    assert jobs.facts == set()


def test_after_a_restart_what_was_cut_is_unknown_and_the_rest_waits(
    jobs: RulesHarness,
) -> None:
    jobs.do(begin_sending, job_id=1)

    assert jobs.do(end_interrupted) == 1

    found = [jobs.see(newest, ticket_id=n) for n in (1, 2, 3)]
    assert [(job.state, job.reason) for job in found] == [
        ("unknown", "server-restart"),
        ("queued", None),
        ("queued", None),
    ]


def test_after_a_long_restart_nobody_stands_at_the_kiosk_any_more(
    jobs: RulesHarness, clock: MovableClock
) -> None:
    clock.move(minutes=5)
    late = jobs.issue(mall.AKTA)
    clock.move(seconds=1)

    jobs.do(end_interrupted)

    found = [jobs.see(newest, ticket_id=n) for n in (1, 2, 3, late)]
    assert [(job.state, job.reason) for job in found] == [
        *[("failed", "too-late")] * 3,
        ("queued", None),
    ]


def newest(db: Connection, *, ticket_id: int) -> Any:
    return newest_job(db, ticket_id)
