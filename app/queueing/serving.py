"""Serving: start, take, serve, serve next, no-show, take over."""

from typing import Any, NamedTuple

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
from app.queueing import rows
from app.queueing.announcing import announce
from app.queueing.calling import call_first, not_before
from app.queueing.change import Actor, Change
from app.queueing.counters import (
    active_at,
    active_entry,
    break_has_begun,
    counter_row,
    free_counter,
    held_counter,
    note_call,
    open_counter,
)
from app.queueing.picking import chosen_entry
from app.queueing.rows import EntryRow, entries_of
from app.queueing.setting_aside import settled
from app.queueing.transferring import APART, come_back
from app.queueing.transition import Cause, transition

LEFT = "left"


_RESULTS = select(rows.service.c.results).where(
    rows.service.c.id == bindparam("service_id")
)


class ServedNext(NamedTuple):
    """Whom "serve next" served, and whom it called: ticket ids."""

    served: int
    called: int | None


def start(db: Connection, change: Change, *, counter_id: int, who: Actor) -> int:
    """Note that the called visitor has arrived at the counter.

    After a parking the first start stands: parked time is counted apart.
    """
    counter = held_counter(db, counter_id, who)
    entry = active_at(db, counter.id)
    cause, began = Cause(who, counter), entry.started_at or change.now
    arrived = settled(entry, change.now)
    transition(db, change, entry, "start", cause, started_at=began, **arrived)
    return entry.ticket_id


def take(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    ticket_id: int,
    who: Actor,
    reason: str | None = None,
) -> int:
    """Serve a ticket whose visitor stands here: no call, no announcement."""
    counter = free_counter(db, counter_id, who)
    entry = chosen_entry(db, counter, ticket_id, "take")
    transition(
        db,
        change,
        entry,
        "take",
        Cause(who, counter, reason),
        counter_id=counter.id,
        started_at=entry.started_at or change.now,
        **settled(entry, change.now),
    )
    return ticket_id


def serve(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    who: Actor,
    result: str = Result.DONE,
) -> int:
    """Note that the work is done, with a result: one of all services' or its own.

    From ``called`` it leaves ``started_at`` empty: counted as served, not in
    walking or serving times.
    """
    counter = held_counter(db, counter_id, who)
    entry = active_at(db, counter.id)
    _is_result_of(db, entry.service_id, result)
    _serve(db, change, entry, Cause(who, counter, result))
    return entry.ticket_id


def serve_next(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    who: Actor,
    result: str = Result.DONE,
) -> ServedNext:
    """Serve, then call next, as one; only from ``serving``.

    Where a break has begun meanwhile, nobody is called.
    """
    counter = open_counter(db, counter_id, who)
    entry = active_at(db, counter.id)
    if entry.state != EntryState.SERVING:
        raise WrongState(state=entry.state)
    _is_result_of(db, entry.service_id, result)
    served = _serve(db, change, entry, Cause(who, counter, result))
    if break_has_begun(db, change, counter):
        return ServedNext(entry.ticket_id, None)
    called = call_first(db, change, counter=counter, who=who, came_with=served.event_id)
    return ServedNext(entry.ticket_id, called)


def no_show(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    who: Actor,
    reason: str | None = None,
) -> int:
    """Note that the visitor did not come (tidak hadir).

    After the policy's calls and seconds, or at once when the visitor is known
    to have left (``reason="left"``). Raises ``TooEarly`` before that.
    """
    counter = held_counter(db, counter_id, who)
    entry = active_at(db, counter.id)
    policy = change.rules.policy
    if entry.state == EntryState.CALLED and reason != LEFT:
        if entry.call_count < policy.no_show_after_calls:
            raise TooEarly(
                retry_after_seconds=policy.no_show_after_seconds,
                calls_missing=policy.no_show_after_calls - entry.call_count,
            )
        not_before(change, counter, entry, policy.no_show_after_seconds)
    transition(
        db,
        change,
        entry,
        "no_show",
        Cause(who, counter, reason),
        **{**settled(entry, change.now), "set_aside_at": change.now},
    )
    return entry.ticket_id


def take_over(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    ticket_id: int,
    who: Actor,
    reason: str | None = None,
) -> int:
    """Go on with a visitor of another counter here; both counters are logged.

    For a supervisor, or the officer to whom the holder's pause hands over. Who
    was called and is still on the way is told the new place: they would walk to
    a counter where nobody expects them. The first call time stands.
    """
    counter = open_counter(db, counter_id, who)
    if active_entry(db, counter.id) is not None:
        raise CounterBusy
    entry = _active_entry_of(db, ticket_id, who)
    left = counter_row(db, entry.counter_id or 0)
    handed = left.state == CounterState.PAUSED and left.handed_to_id == counter.id
    supervises = who.supervises and who.sees(entry.agency_id)
    if not (handed or supervises):
        raise Forbidden
    if left.is_practice != counter.is_practice:
        raise Invalid(APART, field="counter_id")
    cause = Cause(who, counter, reason or f"from counter {left.id}")
    columns: dict[str, Any] = {"counter_id": counter.id}
    if entry.state == EntryState.CALLED:
        columns["last_called_at"] = change.now
    taken = transition(db, change, entry, "take_over", cause, **columns)
    if taken.state == EntryState.CALLED:
        note_call(db, counter.id, taken.event_id)
        announce(db, change, taken, counter=counter)
    change.touch(f"counter:{left.id}", f"zone:{left.zone_id}")
    return ticket_id


def _is_result_of(db: Connection, service_id: int, result: str) -> None:
    if result in set(Result):
        return
    own = db.execute(_RESULTS, {"service_id": service_id}).scalar() or []
    if result not in [each["code"] for each in own]:
        raise Invalid("This service has no such result.", field="result")


def _serve(db: Connection, change: Change, entry: EntryRow, cause: Cause) -> EntryRow:
    served = transition(
        db, change, entry, "serve", cause, result=cause.reason, ended_at=change.now
    )
    # who has left the building would be called in vain
    if cause.reason != Result.VISITOR_LEFT:
        come_back(db, change, served, cause)
    return served


def _active_entry_of(db: Connection, ticket_id: int, who: Actor) -> EntryRow:
    entries = entries_of(db, ticket_id)
    if not any(who.sees(entry.agency_id) for entry in entries):
        raise NotFound
    for entry in entries:
        if entry.state in (EntryState.CALLED, EntryState.SERVING):
            return entry
    raise WrongState(state=entries[-1].state)
