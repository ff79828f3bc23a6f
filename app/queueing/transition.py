"""The one way in which an entry changes: one update, exactly one event.

Both are of the same transaction; an event holds every column that the change
set, so that the events alone rebuild the entries (``rebuild``).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, bindparam, insert, update

from app.errors import WrongState
from app.models import EntryState
from app.queueing import rows
from app.queueing.change import Actor, Change
from app.queueing.counters import CounterRow
from app.queueing.rows import EntryRow
from app.queueing.states import COMMANDS, EVENT_NAMES, is_allowed

_INSERT_ENTRY = insert(rows.entry)
_INSERT_EVENT = insert(rows.event)
_BUMP_VERSION = (
    update(rows.ticket)
    .where(rows.ticket.c.id == bindparam("ticket_id"))
    .values(version=rows.ticket.c.version + 1)
)


def transition(
    db: Connection,
    change: Change,
    entry: EntryRow,
    command: str,
    *,
    who: Actor,
    counter: CounterRow | None = None,
    reason: str | None = None,
    **columns: Any,
) -> EntryRow:
    """Change an entry by a command of the state table, and write its event.

    ``columns`` are what the command sets besides the state. Raises
    ``WrongState`` when the table does not allow it.
    """
    if not is_allowed(command, entry.state):
        raise WrongState(state=entry.state, command=command)
    to = COMMANDS[command][1]
    event_id = _write_event(
        db, change, entry, command, to, who, counter, reason, columns
    )
    if command == "call_next":
        columns["call_id"] = event_id
    elif command == "return":
        columns["returned_id"] = event_id
    written = db.execute(
        _update_of(frozenset(columns)),
        {**columns, "state": to, "of_id": entry.id, "was": entry.state},
    )
    if written.rowcount != 1:
        raise WrongState(state=entry.state, command=command)
    db.execute(_BUMP_VERSION, {"ticket_id": entry.ticket_id})
    _touch(change, entry, counter)
    return entry._replace(
        state=to, **{k: v for k, v in columns.items() if k in EntryRow._fields}
    )


def create_entry(
    db: Connection,
    change: Change,
    command: str,
    *,
    who: Actor,
    counter: CounterRow | None = None,
    **columns: Any,
) -> EntryRow:
    """Make a new entry and write its first event; ``columns`` hold its state."""
    made = db.execute(_INSERT_ENTRY, columns)
    known: dict[str, Any] = {name: columns.get(name) for name in EntryRow._fields}
    known.update(id=rows.new_id(made), call_count=0)
    entry = EntryRow(**known)
    event_columns = {k: v for k, v in columns.items() if k != "state"}
    _write_event(
        db,
        change,
        entry._replace(state=""),
        command,
        columns["state"],
        who,
        counter,
        None,
        event_columns,
    )
    _touch(change, entry, counter)
    return entry


def rebuild(events: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return the entries' columns, by entry id, from their events in order of id."""
    entries: dict[int, dict[str, Any]] = {}
    for event in events:
        columns = entries.setdefault(event["entry_id"], {})
        columns.update(event["data"], state=event["to_state"])
        if event["name"] == EVENT_NAMES["call_next"]:
            columns["call_id"] = event["id"]
        elif event["name"] == EVENT_NAMES["return"]:
            columns["returned_id"] = event["id"]
    return entries


@cache
def _update_of(names: frozenset[str]) -> Update:
    entry = rows.entry
    return (
        update(entry)
        .where(entry.c.id == bindparam("of_id"), entry.c.state == bindparam("was"))
        .values({name: bindparam(name) for name in (*names, "state")})
    )


def _write_event(
    db: Connection,
    change: Change,
    entry: EntryRow,
    command: str,
    to: EntryState,
    who: Actor,
    counter: CounterRow | None,
    reason: str | None,
    columns: Mapping[str, Any],
) -> int:
    written = db.execute(
        _INSERT_EVENT,
        {
            "ticket_id": entry.ticket_id,
            "entry_id": entry.id,
            "name": EVENT_NAMES[command],
            "from_state": entry.state or None,
            "to_state": to,
            "at": change.now,
            "actor": who.role,
            "staff_id": who.staff_id,
            "device_id": who.device_id,
            "counter_id": counter.id if counter else None,
            "reason": reason,
            "request_key": change.request_key,
            "data": {name: _plain(value) for name, value in columns.items()},
        },
    )
    return rows.new_id(written)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _touch(change: Change, entry: EntryRow, counter: CounterRow | None) -> None:
    change.touch(
        f"ticket:{entry.ticket_id}",
        f"service:{entry.service_id}",
        f"agency:{entry.agency_id}",
    )
    if counter:
        change.touch(f"counter:{counter.id}", f"zone:{counter.zone_id}")
