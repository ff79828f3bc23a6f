"""Undo: a compensating event; nothing is deleted, nothing is announced.

The last start, serve, no-show, park, cancel, requeue or transfer, by whoever
gave it or a supervisor, until the entry's next event. What came as one with it
(serve next, a transfer's new entry, every line cancelled) is taken back as one.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.errors import Forbidden, NotFound, Stale, UndoBlocked
from app.models import ACTIVE, EntryState
from app.queueing import rows
from app.queueing.calling import before_call
from app.queueing.cancelling import move_places
from app.queueing.change import SYSTEM, Actor, Change
from app.queueing.counters import active_entry, counter_row, held_counter
from app.queueing.history import (
    EVENT_COLUMNS,
    EventRow,
    caused_by,
    event_of,
    events_of_entry,
    events_of_ticket,
    rebuild,
)
from app.queueing.picking import (
    is_active_somewhere,
    is_live,
    seen_entries,
    waits_again,
)
from app.queueing.rows import ENTRY_COLUMNS, EntryRow, ticket_row
from app.queueing.states import UNDOABLE
from app.queueing.transition import Cause, transition

_LAST_HERE = (
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
_MY_LAST_HERE = _LAST_HERE.where(rows.event.c.staff_id == bindparam("staff_id"))
_DEFAULTS = {"parked_seconds": 0, "requeue_count": 0, "quota_people": 0}
_ENTRY = select(*ENTRY_COLUMNS).where(rows.entry.c.id == bindparam("entry_id"))


def undo_at_counter(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    who: Actor,
    version: int | None = None,
) -> int:
    """Undo what was last done at a counter; returns the ticket's id.

    Raises ``Stale`` when that ticket is not as the caller has seen it.
    """
    counter = held_counter(db, counter_id, who)
    since = change.now - _longest(change)
    asked = {"counter_id": counter.id, "since": since, "staff_id": who.staff_id}
    last = _LAST_HERE if who.supervises else _MY_LAST_HERE
    found = db.execute(last, asked).first()
    if found is None:
        raise UndoBlocked
    event = EventRow._make(found)
    ticket = ticket_row(db, event.ticket_id)
    if version is not None and (ticket is None or ticket.version != version):
        raise Stale
    _undo(db, change, event, who)
    return event.ticket_id


def undo_on_ticket(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    who: Actor,
    entry_id: int | None = None,
) -> int:
    """Undo what was last done with a ticket, or with the entry named.

    By the caller, unless a supervisor asks: an officer may have begun with one
    leg while reception cancelled another. Legs of agencies that the caller does
    not see are not found.
    """
    seen = {leg.id for leg in seen_entries(db, ticket_id, who)}
    if entry_id not in (None, *seen):
        raise NotFound
    meant = seen if entry_id is None else {entry_id}
    events = [
        event
        for event in events_of_ticket(db, ticket_id)
        if event.name in UNDOABLE
        and event.entry_id in meant
        # that a requeued entry came due is time's doing, and would be done again
        and event.actor != SYSTEM.role
    ]
    if not events:
        raise UndoBlocked
    own = [event for event in events if _may_take_back(event, who)]
    _undo(db, change, (own or events)[-1], who)
    return ticket_id


def _undo(db: Connection, change: Change, last: EventRow, who: Actor) -> None:
    """Take back an event and all that came as one with it: all of it, or nothing.

    Legs of other agencies too, as when a transfer led there.
    """
    event = last if last.cause_id is None else event_of(db, last.cause_id)
    _may_undo(change, event, who)
    if not _is_newest(db, event) or not _is_of_today(db, change, event):
        raise UndoBlocked
    # the newest first: "serve next" may have called the very entry that came back
    for came in reversed(caused_by(db, event.id)):
        if came.name == event.name:  # another line that was cancelled with it
            _bring_back(db, change, came, who)
        else:
            _take_back(db, change, came, who, event)
    _bring_back(db, change, event, who)


def _is_newest(db: Connection, event: EventRow) -> bool:
    return events_of_entry(db, event.ticket_id, event.entry_id)[-1].id == event.id


def _is_of_today(db: Connection, change: Change, event: EventRow) -> bool:
    ticket = ticket_row(db, event.ticket_id)
    return ticket is not None and ticket.service_day == change.day


def _may_take_back(event: EventRow, who: Actor) -> bool:
    is_own = event.staff_id is not None and event.staff_id == who.staff_id
    return is_own or who.supervises


def _may_undo(change: Change, event: EventRow, who: Actor) -> None:
    if not _may_take_back(event, who):
        raise Forbidden
    if change.now - event.at > _longest(change):
        raise UndoBlocked


def _longest(change: Change) -> timedelta:
    return timedelta(minutes=change.rules.policy.undo_minutes)


def _take_back(
    db: Connection, change: Change, came: EventRow, who: Actor, undone: EventRow
) -> None:
    """Take back what came as one: a call returns, a new entry is withdrawn."""
    entry = _entry(db, came.entry_id)
    counter = counter_row(db, came.counter_id) if came.counter_id else None
    cause = Cause(who, counter, "undo", undone.id)
    if came.name == "called":
        is_here = entry.counter_id == came.counter_id
        if entry.state != EntryState.CALLED or entry.call_id != came.id or not is_here:
            raise UndoBlocked
        columns = {**before_call(db, change, entry), "counter_id": None}
        transition(db, change, entry, "undo", cause, to=EntryState.WAITING, **columns)
        return
    last = events_of_entry(db, entry.ticket_id, entry.id)[-1]
    if last.id != came.id and last.cause_id != undone.id:
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


def _bring_back(db: Connection, change: Change, event: EventRow, who: Actor) -> None:
    """Bring an entry back to before an event, which must be its newest."""
    entry = _entry(db, event.entry_id)
    *past, newest = events_of_entry(db, entry.ticket_id, entry.id)
    if newest.id != event.id:
        raise UndoBlocked
    before = rebuild([each._asdict() for each in past])[entry.id]
    # a no-show is in no line: the visit may wait there anew
    was_live = is_live(entry._replace(state=before["state"]))
    if was_live and waits_again(db, entry):
        raise UndoBlocked
    _restore(db, change, entry, event, before, who)


def _restore(
    db: Connection,
    change: Change,
    entry: EntryRow,
    event: EventRow,
    before: dict[str, Any],
    who: Actor,
) -> None:
    """Bring an entry back to how it stood; in ``parked`` if its counter is busy."""
    columns = {name: before.get(name, _DEFAULTS.get(name)) for name in event.data}
    state = str(before["state"])
    counter_id = before.get("counter_id")
    counter = counter_row(db, counter_id) if counter_id else None
    if state in ACTIVE and not _is_free(db, entry, counter_id, event.at):
        state = EntryState.PARKED
        columns |= {
            "parked_at": change.now,
            "set_aside_at": change.now,
            "parked_by_counter_id": counter_id,
        }
    held = columns.get("quota_people")
    if held is not None and held != entry.quota_people:
        move_places(db, change, entry, held - entry.quota_people)
    cause = Cause(who, counter, f"undo {event.name}", event.id)
    transition(db, change, entry, "undo", cause, to=state, **columns)


def _is_free(
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
