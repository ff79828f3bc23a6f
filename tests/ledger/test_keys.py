"""Idempotency keys: the first success is stored with it and answered again."""

from datetime import UTC, datetime

import pytest
from pydantic import BaseModel
from sqlalchemy import Connection

from app.errors import KeyReused, WrongState
from app.ledger import Answer
from app.queueing.change import Change
from tests.ledger.conftest import LedgerHarness, key, note
from tests.support.clock import MovableClock


class NoteId(BaseModel):
    """What the commands of these tests answer."""

    id: int


def noted(db: Connection, change: Change) -> NoteId:
    return NoteId(id=note("a")(db, change))


def nothing(db: Connection, change: Change) -> None:
    note("quiet")(db, change)


async def test_a_repeat_is_answered_the_same_and_runs_nothing(
    harness: LedgerHarness,
) -> None:
    first = await harness.ledger.do(noted, key=key("k"), status=201)
    again = await harness.ledger.do(noted, key=key("k"), status=201)

    assert (first.status, first.text) == (201, '{"id":1}')
    assert (again.status, again.text) == (first.status, first.text)
    assert again.value is None
    assert harness.notes() == ["a"]
    assert harness.published == [frozenset({"note:a"})]


async def test_two_with_one_key_in_one_batch_are_one(harness: LedgerHarness) -> None:
    first, second = await harness.together(noted, noted, keys=[key("k"), key("k")])

    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert first.text == second.text
    assert harness.notes() == ["a"]


async def test_another_body_under_the_same_key_is_refused(
    harness: LedgerHarness,
) -> None:
    await harness.ledger.do(noted, key=key("k"))

    with pytest.raises(KeyReused):
        await harness.ledger.do(noted, key=key("k", "another body"))

    assert harness.notes() == ["a"]


async def test_keys_of_other_scopes_do_not_meet(harness: LedgerHarness) -> None:
    await harness.ledger.do(noted, key=key("k"))
    other = key("k").__class__("device:2 POST /tickets", "k", "body")

    await harness.ledger.do(noted, key=other)

    assert harness.notes() == ["a", "a"]


async def test_refusals_store_nothing(harness: LedgerHarness) -> None:
    def refuses(db: Connection, change: Change) -> NoteId:
        raise WrongState

    with pytest.raises(WrongState):
        await harness.ledger.do(refuses, key=key("k"))
    answer = await harness.ledger.do(noted, key=key("k", "even with another body"))

    assert answer.text == '{"id":1}'


async def test_an_answer_without_a_body_stores_nothing(harness: LedgerHarness) -> None:
    for _ in range(2):
        answer = await harness.ledger.do(nothing, key=key("k"))
        assert (answer.status, answer.text) == (204, None)

    assert harness.notes() == ["quiet", "quiet"]
    assert harness.disk.count("request_record") == 0


async def test_a_key_falls_with_its_batch(harness: LedgerHarness) -> None:
    await harness.together(noted, fill_the_disk, keys=[key("k")])
    assert harness.notes() == []

    answer = await harness.ledger.do(noted, key=key("k"))

    assert answer.value == NoteId(id=1)


async def test_keys_are_kept_two_service_days(
    harness: LedgerHarness, clock: MovableClock
) -> None:
    await harness.ledger.do(noted, key=key("k"))

    clock.set(datetime(2026, 11, 25, 16, 0, tzinfo=UTC))  # 23:00 the day after
    await harness.ledger.do(noted, key=key("k"))
    assert harness.notes() == ["a"]

    clock.set(datetime(2026, 11, 25, 17, 0, tzinfo=UTC))  # the third day begins
    await harness.ledger.do(noted, key=key("k"))
    assert harness.notes() == ["a", "a"]


def fill_the_disk(db: Connection, change: Change) -> None:
    pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
    db.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    note("x", size=100_000)(db, change)
