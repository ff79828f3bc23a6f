"""The one way in which an entry changes: one update, exactly one event.

Both are of the same transaction; an event holds every column that the change
set, so that the events alone rebuild the entries (``history.rebuild``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Unpack

from sqlalchemy import Connection, Update, bindparam, insert, update

from app.db.prepared import add_row, write_row
from app.errors import WrongState
from app.models import ACTIVE, EntryState
from app.queueing import facts, rows
from app.queueing.change import Actor, Change
from app.queueing.counters import CounterRow
from app.queueing.hall.announcements import expire_announcements
from app.queueing.line.kept_lines import follow_entry
from app.queueing.rows import (
    EntryColumns,
    EntryRow,
    NewEntryColumns,
    entries_of,
    follow_written_entry,
    raise_version,
    ticket_row,
)
from app.queueing.states import (
    CALL_STAYS_SHOWN,
    CALL_WITHDRAWN,
    CALLS,
    COMMANDS,
    is_allowed,
)

# from a call that leads here, what was said stays true
CALL_STAYS_VALID = (EntryState.CALLED, *CALL_STAYS_SHOWN)

_INSERT_ENTRY = insert(rows.entry)
_INSERT_EVENT = insert(rows.event)


@dataclass(frozen=True, slots=True)
class Cause:
    """Who and what stands behind a change.

    ``event_id`` is the event with which this one came as one.
    """

    actor: Actor
    counter: CounterRow | None = None
    reason: str | None = None
    event_id: int | None = None


def transition(
    db: Connection,
    change: Change,
    entry: EntryRow,
    command: str,
    cause: Cause,
    *,
    to: str | None = None,
    **columns: Unpack[EntryColumns],
) -> EntryRow:
    """Change an entry by a command of the state table, and write its event.

    ``columns`` are what the command sets besides the state; ``to`` is given by
    commands that leave it open. Raises ``WrongState`` when the table does not
    allow it, or when the ticket is of another service day: yesterday's no-show
    stays one. The returned row's ``event_id`` is that of the event.
    """
    rule = COMMANDS[command]
    if not is_allowed(command, entry.state):
        raise WrongState(state=entry.state, command=command)
    ticket = ticket_row(db, entry.ticket_id)
    is_of_today = ticket is not None and ticket.service_day == change.day
    if not is_of_today and command != "expire":
        raise WrongState(state=entry.state, command=command)
    others = [e for e in entries_of(db, entry.ticket_id) if e.id != entry.id]
    state = rule.to or to or entry.state
    # the event first: the id of a call or a return is that of its event
    event_id = _write_event(
        db,
        change,
        (entry.ticket_id, entry.id),
        rule.event,
        states=(entry.state, state),
        cause=cause,
        columns=columns,
    )
    set_columns: dict[str, Any] = {**columns, **_event_id_columns(rule.event, event_id)}
    # the state is a condition of the update, not only read before (lesson 1)
    if not write_row(
        db,
        _update_of(frozenset(set_columns)),
        {**set_columns, "state": state, "of_id": entry.id, "was": entry.state},
    ):
        raise WrongState(state=entry.state, command=command)
    change.numbers[entry.ticket_id] = raise_version(db, entry.ticket_id).number
    # a display that came back would chime for a place where nobody is expected
    moves_counter = columns.get("counter_id", entry.counter_id) != entry.counter_id
    if entry.state == EntryState.CALLED and (
        state not in CALL_STAYS_VALID or moves_counter
    ):
        expire_announcements(db, change, entry)
    _touch_facts(change, entry, cause.counter)
    written_columns = {k: v for k, v in set_columns.items() if k in EntryRow._fields}
    changed = entry._replace(state=state, event_id=event_id, **written_columns)
    follow_written_entry(db, changed)
    may_be_elsewhere = _touch_other_lines(change, entry, changed, others)
    follow_entry(db, entry, changed, may_be_elsewhere=may_be_elsewhere)
    return changed


def create_entry(
    db: Connection,
    change: Change,
    command: str,
    cause: Cause,
    **columns: Unpack[NewEntryColumns],
) -> EntryRow:
    """Make a new entry in the command's state and write its first event."""
    rule = COMMANDS[command]
    state = rule.to or EntryState.WAITING
    entry_id = add_row(db, _INSERT_ENTRY, {**columns, "state": state})
    event_id = _write_event(
        db,
        change,
        (columns["ticket_id"], entry_id),
        rule.event,
        states=(None, state),
        cause=cause,
        columns=columns,
    )
    entry = rows.new_entry(entry_id, event_id, state, columns)
    follow_written_entry(db, entry)
    # otherwise the ticket is new, and this is its first version
    if command == "add":
        raise_version(db, entry.ticket_id)
    _touch_facts(change, entry, cause.counter)
    # the ticket may be at a counter, unless it is new
    joins = state == EntryState.WAITING and command != "issue"
    follow_entry(db, None, entry, may_be_elsewhere=joins)
    return entry


def _touch_other_lines(
    change: Change, before: EntryRow, after: EntryRow, others: Sequence[EntryRow]
) -> bool:
    """Touch the lines that pass the ticket over from now on, or do so no longer.

    ``others`` are its other entries: of most tickets there is none. Returns whether
    it may wait in a line while it is at a counter, or did.
    """
    if not others:
        return False
    if (after.state in ACTIVE) == (before.state in ACTIVE):
        moves_counter = after.counter_id != before.counter_id
        # into a line anew, while another entry of the ticket may be called
        joins = after.state == EntryState.WAITING != before.state
        return joins or (after.state in ACTIVE and moves_counter)
    waiting = [each for each in others if each.state == EntryState.WAITING]
    for each in waiting:
        change.touch(facts.service(each.service_id))
    return bool(waiting)


def _event_id_columns(event: str, event_id: int) -> dict[str, int]:
    """Return the columns that hold the id of the event itself."""
    if event in CALLS:
        return {"call_id": event_id}
    return {"returned_id": event_id} if event in CALL_WITHDRAWN else {}


# compiled once for each set of columns that some command sets (decision 0015)
@cache
def _update_of(names: frozenset[str]) -> Update:
    entry = rows.entry
    return (
        update(entry)
        # names of their own: SQLAlchemy keeps a column's name for the value it sets
        .where(entry.c.id == bindparam("of_id"), entry.c.state == bindparam("was"))
        .values({name: bindparam(name) for name in (*names, "state")})
    )


def _write_event(
    db: Connection,
    change: Change,
    of: tuple[int, int],
    name: str,
    *,
    states: tuple[str | None, str],
    cause: Cause,
    columns: Mapping[str, Any],
) -> int:
    """Write what happened ``of`` a ticket's entry, by their ids; return the event's."""
    (ticket_id, entry_id), (from_state, to_state) = of, states
    return add_row(
        db,
        _INSERT_EVENT,
        {
            "ticket_id": ticket_id,
            "entry_id": entry_id,
            "name": name,
            "from_state": from_state,
            "to_state": to_state,
            "at": change.now,
            "actor": cause.actor.role,
            "staff_id": cause.actor.staff_id,
            "device_id": cause.actor.device_id,
            "counter_id": cause.counter.id if cause.counter else None,
            "reason": cause.reason,
            "request_key": change.request_key,
            "cause_id": cause.event_id,
            "data": {
                # JSON has no times
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in columns.items()
            },
        },
    )


def _touch_facts(change: Change, entry: EntryRow, counter: CounterRow | None) -> None:
    change.touch(
        facts.ticket(entry.ticket_id),
        facts.service(entry.service_id),
        facts.agency(entry.agency_id),
    )
    if counter:
        change.touch(facts.counter(counter.id), facts.zone(counter.zone_id))
