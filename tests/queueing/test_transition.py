"""The one way in which an entry changes, at its edges."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from app.errors import WrongState
from app.queueing import counters, rows
from app.queueing.change import SYSTEM, Change
from app.queueing.commands import calling, cancelling, parking, serving
from app.queueing.rows import EntryRow
from app.queueing.transition import Cause, create_entry, transition
from tests.support import mall
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    RESEPSI,
    SARI,
    RulesHarness,
    preferring,
    refusal_of,
)


def test_an_entry_that_changed_since_it_was_read_is_not_changed(
    rules: RulesHarness,
) -> None:
    ticket_id = rules.issue(mall.AKTA)
    stale = rules.entries(ticket_id)[0]
    rules.do(cancel, entry=stale)

    with pytest.raises(WrongState):
        rules.do(cancel, entry=stale)

    assert rules.entries(ticket_id)[0].state == "cancelled"


def cancel(db: Connection, change: Change, *, entry: EntryRow) -> EntryRow:
    return transition(db, change, entry, "cancel", Cause(SYSTEM))


@pytest.fixture
def own_mall() -> CustomMall:
    return preferring()


def test_a_change_writes_one_event_that_holds_all_of_it(rules: RulesHarness) -> None:
    ticket = rules.called()
    with rules.engine.begin() as db:
        before = db.execute(rows.event.select()).all()
    entry = rules.entries(ticket)[0]
    reason = Cause(SARI, rules.see(counters.counter_row, counter_id=1), "x", 7)

    def change(db: Any, change: Any) -> Any:
        return transition(db, change, entry, "start", reason, started_at=change.now)

    changed = rules.do(change)

    with rules.engine.begin() as db:
        *same, event = db.execute(rows.event.select()).all()
    assert same == before
    assert (event.name, event.from_state, event.to_state) == (
        *("started", "called", "serving"),
    )
    assert (event.actor, event.staff_id, event.device_id) == ("officer", 1, None)
    assert (event.counter_id, event.reason, event.cause_id) == (1, "x", 7)
    assert event.data == {"started_at": rules.now.isoformat()}
    assert changed == rules.entries(ticket)[0]._replace(event_id=event.id)
    assert (changed.state, changed.started_at) == ("serving", rules.now)


def test_a_new_entry_comes_from_no_state_and_counts_from_nothing(
    rules: RulesHarness,
) -> None:
    ticket = rules.issue()
    entry = rules.entries(ticket)[0]
    arguments: dict[str, Any] = {
        **{"ticket_id": ticket, "service_id": 2, "agency_id": 1},
        **{"arrived_at": rules.now, "rank": 5},
    }

    def make(db: Any, change: Any) -> Any:
        return create_entry(db, change, "add", Cause(RESEPSI), **arguments)

    made = rules.do(make)

    with rules.engine.begin() as db:
        event = db.execute(rows.event.select()).all()[-1]
        version = db.execute(rows.ticket.select()).one().version
    assert (event.name, event.from_state, event.to_state) == ("added", None, "waiting")
    assert made == rules.entries(ticket)[1]._replace(event_id=event.id)
    assert (made.call_count, made.requeue_count, made.parked_seconds) == (0, 0, 0)
    assert (made.quota_people, made.rank, entry.rank != 5) == (0, 5, True)
    assert version == 2


def test_a_changed_entry_is_told_to_whoever_watches(rules: RulesHarness) -> None:
    ticket = rules.issue()
    assert rules.facts >= {f"ticket:{ticket}", "service:1", "agency:1"}
    assert not {"counter:1", "zone:1"} & rules.facts
    rules.open()

    rules.at(1, calling.call_next)

    touched = {f"ticket:{ticket}", "service:1", "agency:1", "counter:1", "zone:1"}
    assert rules.facts >= touched


def test_every_change_raises_the_tickets_version_by_one(rules: RulesHarness) -> None:
    other, ticket = rules.issue(3), rules.called()

    rules.at(1, serving.start)

    with rules.engine.begin() as db:
        found = db.execute(rows.ticket.select()).all()
    assert {row.id: row.version for row in found} == {other: 1, ticket: 3}


@pytest.mark.parametrize("command", ["cancel", "transfer"])
@pytest.mark.parametrize("days", [-1, 1])
def test_a_ticket_of_another_day_is_only_expired(
    rules: RulesHarness, days: int, command: str
) -> None:
    ticket = rules.issue()
    entry = rules.entries(ticket)[0]
    rules.now += timedelta(days=days)

    def change(db: Any, change: Any, command: str) -> Any:
        return transition(db, change, entry, command, Cause(RESEPSI))

    refused = refusal_of(lambda: rules.do(change, command=command))
    assert isinstance(refused, WrongState)
    assert rules.do(change, command="expire").state == "expired"


@pytest.mark.parametrize("state", ["parked", "called"])
def test_an_entry_that_has_moved_since_it_was_read_is_refused(
    rules: RulesHarness, state: str
) -> None:
    ticket = rules.issue()
    entry = rules.entries(ticket)[0]
    rules.set_state(ticket, state)

    def change(db: Any, change: Any) -> Any:
        return transition(db, change, entry, "cancel", Cause(RESEPSI))

    assert isinstance(refusal_of(lambda: rules.do(change)), WrongState)
    assert rules.states(ticket) == [state]


def test_a_call_that_was_returned_since_it_was_read_is_refused(
    rules: RulesHarness,
) -> None:
    ticket = rules.called()
    entry = rules.entries(ticket)[0]
    rules.at(1, calling.return_)

    def change(db: Any, change: Any) -> Any:
        return transition(db, change, entry, "serve", Cause(SARI))

    assert isinstance(refusal_of(lambda: rules.do(change)), WrongState)
    assert rules.states(ticket) == ["waiting"]


@pytest.mark.parametrize(
    ("step", "is_silenced"),
    [
        (calling.return_, True),
        (serving.start, False),
        (serving.no_show, False),
        (parking.park, True),
        (serving.serve, False),
    ],
)
def test_a_call_taken_back_is_announced_no_more(
    rules: RulesHarness, step: Any, is_silenced: bool
) -> None:
    rules.called()
    arguments = {"reason": "left"} if step is serving.no_show else {}

    rules.at(1, step, **arguments)

    with rules.engine.begin() as db:
        expires = db.execute(rows.announcement.select()).one().expires_at
    assert (expires <= rules.now) == is_silenced


def test_a_cancelled_call_is_announced_no_more(rules: RulesHarness) -> None:
    ticket = rules.called()

    rules.do(
        cancelling.cancel_by_staff, ticket_id=ticket, actor=RESEPSI, reason="duplicate"
    )

    with rules.engine.begin() as db:
        assert db.execute(rows.announcement.select()).one().expires_at <= rules.now


def test_the_id_of_the_event_is_the_calls_and_the_returns(rules: RulesHarness) -> None:
    ticket = rules.called()
    with rules.engine.begin() as db:
        call = db.execute(rows.event.select()).all()[-1]
    assert (rules.entries(ticket)[0].call_id, call.name) == (call.id, "called")

    rules.at(1, calling.return_)

    with rules.engine.begin() as db:
        returned = db.execute(rows.event.select()).all()[-1]
    entry = rules.entries(ticket)[0]
    assert (entry.call_id, entry.returned_id) == (None, returned.id)


def test_other_lines_of_a_ticket_are_told_when_it_comes_to_a_counter_and_leaves(
    rules: RulesHarness,
) -> None:
    rules.called(1, 3)
    assert "service:3" in rules.facts

    rules.at(1, serving.start)
    assert "service:3" not in rules.facts

    rules.at(1, serving.serve)
    assert "service:3" in rules.facts


def test_a_line_in_which_a_ticket_waits_no_more_is_not_told(
    rules: RulesHarness,
) -> None:
    ticket = rules.issue(1, 3)
    rules.do(cancel, entry=rules.entries(ticket)[1])
    assert "service:1" not in rules.facts
    rules.open()

    rules.at(1, calling.call_next)

    assert "service:1" in rules.facts
    assert "service:3" not in rules.facts
