"""Rows that the driver refuses, and commands that are run once more."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine

from app.commands.shared.site_folder import bump_revision
from app.errors import NotDurable
from app.ledger import Answer
from app.ledger.writer import CommandCrashed, Writer
from app.queueing.commands.issuing import TicketRequest, issue_ticket
from app.queueing.site.kiosk_rate import RateUse
from app.queueing.site.policy import Policy
from app.queueing.site.rates import Rates
from tests.ledger.conftest import LedgerHarness
from tests.ledger.test_traps import failing_commit
from tests.ledger.test_waiting_rows import (
    changes_nobody,
    refuses,
    waiting,
    without_reason,
)
from tests.support import mall, people


@pytest.mark.parametrize(
    "note", ["\ud800", 1 << 70, object()], ids=["surrogate", "overflow", "type"]
)
async def test_a_row_that_the_driver_cannot_take_falls_alone(
    harness: LedgerHarness, note: Any
) -> None:
    first, failed, last = await harness.together(
        waiting("first"), waiting(note), waiting("last")
    )

    assert isinstance(first, Answer), first
    assert isinstance(last, Answer)
    assert isinstance(failed, CommandCrashed)
    assert harness.notes() == ["first", "last"]


@pytest.mark.parametrize("neighbour", [changes_nobody, without_reason, refuses])
async def test_a_number_given_counts_once_for_its_kiosk(
    harness: LedgerHarness, neighbour: Any
) -> None:
    """A neighbour whose rows are refused has the whole batch run once more."""
    rates = Rates(lambda: 0.0)
    command = partial(
        issue_ticket,
        ticket_request=TicketRequest([mall.AKTA]),
        actor=people.KIOSK.actor,
        rate_use=RateUse(rates),
    )

    issued, _ = await harness.together(command, neighbour)

    assert isinstance(issued, Answer), issued
    interval = Policy().kiosk_rate().interval
    assert [*rates._due.values()] == [interval]


async def test_a_commit_that_failed_before_another_process_wrote_did_not_happen(
    harness: LedgerHarness, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = Writer.close

    def close_late(writer: Writer) -> None:
        close(writer)
        with harness.disk.writing() as db:  # as "antrean import" at the terminal
            bump_revision(db)

    monkeypatch.setattr(Writer, "close", close_late)
    async with failing_commit(harness, engine, monkeypatch, commits=False) as answers:
        assert harness.notes() == []
        assert [type(answer) for answer in answers] == [NotDurable] * 2
    monkeypatch.undo()
