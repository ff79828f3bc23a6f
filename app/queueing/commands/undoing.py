"""Undo: a compensating event; nothing is deleted, nothing is announced.

The last start, serve, no-show, park, cancel, requeue or transfer, by whoever
gave it or a supervisor, until the entry's next event. What came as one with it
(serve next, a transfer's new entry, every line cancelled) is taken back as one.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, bindparam, select

from app.errors import Forbidden, NotFound, Stale, UndoBlocked
from app.models import ACTIVE, EntryState
from app.queueing import rows
from app.queueing.change import SYSTEM, Actor, Change
from app.queueing.commands.calling import columns_before_call
from app.queueing.commands.cancelling import adjust_seats
from app.queueing.counters import active_entry, counter_row, held_counter
from app.queueing.history import (
    EVENT_COLUMNS,
    EventRow,
    event_row,
    events_caused_by,
    events_of_entry,
    events_of_ticket,
    rebuild,
)
from app.queueing.line.entries import (
    is_active_somewhere,
    is_live,
    visible_entries,
    waits_in_same_line,
)
from app.queueing.rows import ENTRY_COLUMNS, EntryColumns, EntryRow, ticket_row
from app.queueing.states import UNDOABLE
from app.queueing.transition import Cause, transition

_LAST_AT_COUNTER = (
    select(*EVENT_COLUMNS)
    .where(
        rows.event.c.counter_id == bindparam("counter_id"),
        rows.event.c.name.in_(sorted(UNDOABLE)),
        rows.event.c.at >= bindparam("since"),
    )
    .order_by(rows.event.c.id.desc())
    .limit(1)
)
# reception may have cancelled or sent on somebody who was set aside here
_OWN_LAST_AT_COUNTER = _LAST_AT_COUNTER.where(
    rows.event.c.staff_id == bindparam("staff_id")
)
# what a column is before any event has set it; of all others that is NULL
_DEFAULTS = {
    "call_count": 0,
    "parked_seconds": 0,
    "requeue_count": 0,
    "quota_people": 0,
}
_ENTRY = select(*ENTRY_COLUMNS).where(rows.entry.c.id == bindparam("entry_id"))


def undo_at_counter(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    actor: Actor,
    version: int | None = None,
) -> int:
    """Undo what was last done at a counter; returns the ticket's id.

    Raises ``Stale`` when that ticket is not as the caller has seen it.
    """
    counter = held_counter(db, counter_id, actor)
    since = change.now - _undo_window(change)
    params = {"counter_id": counter.id, "since": since, "staff_id": actor.staff_id}
    last = _LAST_AT_COUNTER if actor.supervises else _OWN_LAST_AT_COUNTER
    row = db.execute(last, params).first()
    if row is None:
        raise UndoBlocked
    event = EventRow._make(row)
    ticket = ticket_row(db, event.ticket_id)
    if version is not None and (ticket is None or ticket.version != version):
        raise Stale
    _undo(db, change, event, actor)
    return event.ticket_id


def undo_on_ticket(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    actor: Actor,
    entry_id: int | None = None,
) -> int:
    """Undo what was last done with a ticket, or with the entry named.

    By the caller, unless a supervisor asks: an officer may have begun with one
    entry while reception cancelled another. Entries of agencies that the
    caller does not see are not found.
    """
    visible = {entry.id for entry in visible_entries(db, ticket_id, actor)}
    if entry_id not in (None, *visible):
        raise NotFound
    entry_ids = visible if entry_id is None else {entry_id}
    events = [
        event
        for event in events_of_ticket(db, ticket_id)
        if event.name in UNDOABLE
        and event.entry_id in entry_ids
        # that a requeued entry came due is time's doing, and would be done again
        and event.actor != SYSTEM.role
    ]
    if not events:
        raise UndoBlocked
    own = [event for event in events if _is_undoer(event, actor)]
    _undo(db, change, (own or events)[-1], actor)
    return ticket_id


def _undo(db: Connection, change: Change, last: EventRow, actor: Actor) -> None:
    """Take back an event and all that came as one with it: all of it, or nothing.

    Entries of other agencies too, as when a transfer led there.
    """
    event = last if last.cause_id is None else event_row(db, last.cause_id)
    _require_undoable(change, event, actor)
    if not _is_newest(db, event) or not _is_of_today(db, change, event):
        raise UndoBlocked
    # the newest first: "serve next" may have called the very entry that came back
    for effect in reversed(events_caused_by(db, event.id)):
        if effect.name == event.name:  # another line that was cancelled with it
            _restore_before(db, change, effect, actor)
        else:
            _compensate_effect(db, change, effect, actor, event)
    _restore_before(db, change, event, actor)


def _is_newest(db: Connection, event: EventRow) -> bool:
    return events_of_entry(db, event.ticket_id, event.entry_id)[-1].id == event.id


def _is_of_today(db: Connection, change: Change, event: EventRow) -> bool:
    ticket = ticket_row(db, event.ticket_id)
    return ticket is not None and ticket.service_day == change.day


def _is_undoer(event: EventRow, actor: Actor) -> bool:
    is_own = event.staff_id is not None and event.staff_id == actor.staff_id
    return is_own or actor.supervises


def _require_undoable(change: Change, event: EventRow, actor: Actor) -> None:
    if not _is_undoer(event, actor):
        raise Forbidden
    if change.now - event.at > _undo_window(change):
        raise UndoBlocked


def _undo_window(change: Change) -> timedelta:
    return timedelta(minutes=change.rules.policy.undo_minutes)


def _compensate_effect(
    db: Connection,
    change: Change,
    effect: EventRow,
    actor: Actor,
    cause_event: EventRow,
) -> None:
    """Take back what came as one: a call returns, a new entry is withdrawn."""
    entry = _entry(db, effect.entry_id)
    counter = counter_row(db, effect.counter_id) if effect.counter_id else None
    cause = Cause(actor, counter, "undo", cause_event.id)
    if effect.name == "called":
        is_here = entry.counter_id == effect.counter_id
        if (
            entry.state != EntryState.CALLED
            or entry.call_id != effect.id
            or not is_here
        ):
            raise UndoBlocked
        columns: EntryColumns = {
            **columns_before_call(db, change, entry),
            "counter_id": None,
        }
        transition(db, change, entry, "undo", cause, to=EntryState.WAITING, **columns)
        return
    # an event of this very undo may have been the last: it is of the same cause
    last = events_of_entry(db, entry.ticket_id, entry.id)[-1]
    if last.id != effect.id and last.cause_id != cause_event.id:
        raise UndoBlocked
    transition(
        db,
        change,
        entry,
        "undo",
        cause,
        to=EntryState.CANCELLED,
        ended_at=change.now,
    )


def _restore_before(
    db: Connection, change: Change, event: EventRow, actor: Actor
) -> None:
    """Bring an entry back to before an event, which must be its newest."""
    entry = _entry(db, event.entry_id)
    *past, newest = events_of_entry(db, entry.ticket_id, entry.id)
    if newest.id != event.id:
        raise UndoBlocked
    before = rebuild([each._asdict() for each in past])[entry.id]
    # a no-show is in no line: the visit may wait there anew
    would_be_live = is_live(entry._replace(state=before["state"]))
    if would_be_live and waits_in_same_line(db, entry):
        raise UndoBlocked
    _restore_columns(db, change, entry, event, before, actor)


def _restore_columns(
    db: Connection,
    change: Change,
    entry: EntryRow,
    event: EventRow,
    before: dict[str, Any],
    actor: Actor,
) -> None:
    """Bring an entry back to how it stood; in ``parked`` if its counter is busy."""
    # an event's columns are those of some transition: their names are known ones
    columns = cast(
        EntryColumns,
        {name: before.get(name, _DEFAULTS.get(name)) for name in event.data},
    )
    state = str(before["state"])
    counter_id = before.get("counter_id")
    counter = counter_row(db, counter_id) if counter_id else None
    if state in ACTIVE and not _may_be_active(db, entry, counter_id, event.at):
        state = EntryState.PARKED
        columns |= {
            "parked_at": change.now,
            "set_aside_at": change.now,
            "parked_by_counter_id": counter_id,
        }
    quota_people = columns.get("quota_people")
    if quota_people is not None and quota_people != entry.quota_people:
        adjust_seats(db, change, entry, quota_people - entry.quota_people)
    cause = Cause(actor, counter, f"undo {event.name}", event.id)
    transition(db, change, entry, "undo", cause, to=state, **columns)


def _may_be_active(
    db: Connection, entry: EntryRow, counter_id: int | None, since: datetime
) -> bool:
    """Tell whether an entry may be active at its counter: again, or still.

    Not with somebody who has opened it ``since``: they never called it.
    """
    if entry.state in ACTIVE and entry.counter_id == counter_id:
        return True
    if counter_id is None or is_active_somewhere(db, entry.ticket_id):
        return False
    counter = counter_row(db, counter_id)
    if counter.opened_at is None or counter.opened_at > since:
        return False
    return active_entry(db, counter_id) is None


def _entry(db: Connection, entry_id: int) -> EntryRow:
    return EntryRow(*db.execute(_ENTRY, {"entry_id": entry_id}).one())
