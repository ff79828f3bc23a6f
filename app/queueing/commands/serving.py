"""Serving: start, take, serve, serve next, no-show, take over."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from app.errors import (
    CounterBusy,
    Forbidden,
    Invalid,
    NotFound,
    TooEarly,
    WrongState,
)
from app.models import CounterState, EntryState
from app.models.states import Result
from app.queueing import facts, rows
from app.queueing.change import Actor, Change
from app.queueing.commands.calling import call_first, require_elapsed
from app.queueing.commands.counter_states import break_has_begun
from app.queueing.commands.parking import columns_ending_wait
from app.queueing.commands.transferring import return_to_sender
from app.queueing.counters import (
    active_entry,
    counter_row,
    free_counter,
    held_counter,
    open_counter,
    require_active_entry,
    require_same_practice,
)
from app.queueing.hall.announcements import announce
from app.queueing.hall.evacuation import evacuation_of
from app.queueing.line.entries import entry_for_counter
from app.queueing.rows import EntryColumns, EntryRow, entries_of
from app.queueing.transition import Cause, transition

REASON_LEFT = "left"
SERVE_NEXT_FROM = EntryState.SERVING
"""Who is only called has not been met: done and next would skip the meeting."""


_RESULTS = select(rows.service.c.results).where(
    rows.service.c.id == bindparam("service_id")
)


class ServeNextResult(NamedTuple):
    """Whom "serve next" served, and whom it called: ticket ids."""

    served: int
    called: int | None


def start(db: Connection, change: Change, *, counter_id: int, actor: Actor) -> int:
    """Note that the called visitor has arrived at the counter.

    After a parking the first start stands: parked time is counted apart.
    """
    counter = held_counter(db, counter_id, actor)
    entry = require_active_entry(db, counter.id)
    columns: EntryColumns = {
        "started_at": entry.started_at or change.now,
        **columns_ending_wait(entry, change.now),
    }
    transition(db, change, entry, "start", Cause(actor, counter), **columns)
    return entry.ticket_id


def take(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    ticket_id: int,
    actor: Actor,
    reason: str | None = None,
) -> int:
    """Serve a ticket whose visitor stands here: no call, no announcement."""
    counter = free_counter(db, counter_id, actor)
    entry = entry_for_counter(db, counter, ticket_id, "take")
    columns: EntryColumns = {
        "counter_id": counter.id,
        "started_at": entry.started_at or change.now,
        **columns_ending_wait(entry, change.now),
    }
    transition(db, change, entry, "take", Cause(actor, counter, reason), **columns)
    return ticket_id


def serve(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    actor: Actor,
    result: str = Result.DONE,
) -> int:
    """Note that the work is done, with a result: one of all services' or its own.

    From ``called`` it leaves ``started_at`` empty: counted as served, not in
    walking or serving times.
    """
    counter = held_counter(db, counter_id, actor)
    entry = require_active_entry(db, counter.id)
    _require_result(db, entry.service_id, result)
    _end_as_served(db, change, entry, Cause(actor, counter, result))
    return entry.ticket_id


def serve_next(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    actor: Actor,
    result: str = Result.DONE,
) -> ServeNextResult:
    """Serve, then call next, as one; only from ``serving``.

    Where a break has begun meanwhile, or the counter is paused (the visitor came
    back by an undo), or the building is being left, nobody is called.
    """
    counter = held_counter(db, counter_id, actor)
    entry = require_active_entry(db, counter.id)
    if entry.state != SERVE_NEXT_FROM:
        raise WrongState(state=entry.state)
    # all that may refuse comes first; then the two are one (decision 0018)
    _require_result(db, entry.service_id, result)
    served = _end_as_served(db, change, entry, Cause(actor, counter, result))
    is_paused = counter.state == CounterState.PAUSED
    is_evacuated = evacuation_of(change.rules.site) is not None
    if is_paused or is_evacuated or break_has_begun(db, change, counter):
        return ServeNextResult(entry.ticket_id, None)
    called = call_first(
        db, change, counter=counter, actor=actor, cause_id=served.event_id
    )
    return ServeNextResult(entry.ticket_id, called)


def no_show(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    actor: Actor,
    reason: str | None = None,
) -> int:
    """Note that the visitor did not come (tidak hadir).

    After the policy's calls and seconds, or at once when the visitor is known
    to have left (``reason="left"``). Raises ``TooEarly`` before that.
    """
    counter = held_counter(db, counter_id, actor)
    entry = require_active_entry(db, counter.id)
    policy = change.rules.policy
    # in any other state the table of states refuses below
    if entry.state == EntryState.CALLED and reason != REASON_LEFT:
        if entry.call_count < policy.no_show_after_calls:
            raise TooEarly(
                retry_after_seconds=policy.no_show_after_seconds,
                calls_missing=policy.no_show_after_calls - entry.call_count,
            )
        require_elapsed(change, counter, entry, policy.no_show_after_seconds)
    columns: EntryColumns = {
        **columns_ending_wait(entry, change.now),
        "set_aside_at": change.now,
    }
    transition(db, change, entry, "no_show", Cause(actor, counter, reason), **columns)
    return entry.ticket_id


def take_over(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    ticket_id: int,
    actor: Actor,
    reason: str | None = None,
) -> int:
    """Go on with a visitor of another counter here; both counters are logged.

    For a supervisor, or the officer to whom the holder's pause hands over. Who
    was called and is still on the way is told the new place: they would walk to
    a counter where nobody expects them. The first call time stands.
    """
    counter = open_counter(db, counter_id, actor)
    if active_entry(db, counter.id) is not None:
        raise CounterBusy
    entry = _active_entry_of(db, ticket_id, actor)
    former_counter = counter_row(db, entry.counter_id or 0)
    is_handed_over = (
        former_counter.state == CounterState.PAUSED
        and former_counter.handed_to_id == counter.id
    )
    supervises = actor.supervises and actor.sees(entry.agency_id)
    if not (is_handed_over or supervises):
        raise Forbidden
    require_same_practice(former_counter, counter, field="ticket_id")
    cause = Cause(actor, counter, reason or f"from counter {former_counter.id}")
    columns: EntryColumns = {"counter_id": counter.id}
    if entry.state == EntryState.CALLED:
        # the seconds before a no-show begin anew (decision 0011)
        columns["last_called_at"] = change.now
    taken_over = transition(db, change, entry, "take_over", cause, **columns)
    if taken_over.state == EntryState.CALLED:
        announce(db, change, taken_over, counter=counter)
    change.touch(facts.counter(former_counter.id), facts.zone(former_counter.zone_id))
    return ticket_id


def _require_result(db: Connection, service_id: int, result: str) -> None:
    if result in set(Result):
        return
    own_results = db.execute(_RESULTS, {"service_id": service_id}).scalar() or []
    if result not in [each["code"] for each in own_results]:
        raise Invalid("This service has no such result.", field="result")


def _end_as_served(
    db: Connection, change: Change, entry: EntryRow, cause: Cause
) -> EntryRow:
    served = transition(
        db, change, entry, "serve", cause, result=cause.reason, ended_at=change.now
    )
    # who has left the building would be called in vain
    if cause.reason != Result.VISITOR_LEFT:
        return_to_sender(db, change, served, cause)
    return served


def _active_entry_of(db: Connection, ticket_id: int, actor: Actor) -> EntryRow:
    entries = entries_of(db, ticket_id)
    if not any(actor.sees(entry.agency_id) for entry in entries):
        raise NotFound
    for entry in entries:
        if entry.state in (EntryState.CALLED, EntryState.SERVING):
            return entry
    raise WrongState(state=entries[-1].state)
