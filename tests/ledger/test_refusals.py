"""A refusal says how things stand, and its reading harms no other command."""

import asyncio
from collections.abc import Mapping

import pytest
from sqlalchemy import Connection

from app.errors import NotFound, WrongState
from app.ledger import Answer
from app.queueing.change import Change
from tests.ledger.conftest import Gate, LedgerHarness, note

NOTES = "SELECT count(*) FROM closure"


def refuses(db: Connection, change: Change) -> int:
    note("of the refused")(db, change)
    raise WrongState(state="served")


def is_not_there(_db: Connection, _change: Change) -> int:
    raise NotFound


def notes_now(db: Connection, _change: Change) -> Mapping[str, object]:
    return {"notes": db.exec_driver_sql(NOTES).scalar_one()}


def cannot_be_read(_db: Connection, _change: Change) -> Mapping[str, object]:
    raise KeyError("nobody thought of this")


async def test_a_refusal_says_how_things_stand_without_the_command(
    harness: LedgerHarness,
) -> None:
    with pytest.raises(WrongState) as refusal:
        await harness.ledger.do(refuses, present=notes_now)

    assert refusal.value.details == {"state": "served", "notes": 0}


async def test_only_what_the_rules_refuse_says_it(harness: LedgerHarness) -> None:
    with pytest.raises(NotFound) as refusal:
        await harness.ledger.do(is_not_there, present=notes_now)

    assert refusal.value.details == {}


async def test_a_reading_that_fails_harms_no_other_command_of_the_batch(
    harness: LedgerHarness,
) -> None:
    gate = Gate()
    blocking = await gate.hold(harness.ledger)
    commands = [
        asyncio.create_task(harness.ledger.do(note("first"))),
        asyncio.create_task(harness.ledger.do(refuses, present=cannot_be_read)),
        asyncio.create_task(harness.ledger.do(note("last"))),
    ]
    await asyncio.sleep(0)
    gate.open()
    await blocking

    first, refused, last = await asyncio.gather(*commands, return_exceptions=True)

    assert isinstance(first, Answer)
    assert isinstance(last, Answer)
    assert isinstance(refused, WrongState)
    assert refused.details == {"state": "served"}
    assert harness.notes() == ["first", "last"]
