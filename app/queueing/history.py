"""The past of entries: rebuilt from events, and told to staff."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from app.queueing import rows
from app.queueing.states import CALL_WITHDRAWN, CALLS


class EventRow(NamedTuple):
    """One event as it was written."""

    id: int
    ticket_id: int
    entry_id: int
    name: str
    from_state: str | None
    to_state: str
    at: datetime
    actor: str
    staff_id: int | None
    counter_id: int | None
    reason: str | None
    cause_id: int | None
    data: dict[str, Any]


EVENT_COLUMNS = [rows.event.c[name] for name in EventRow._fields]
_OF_TICKET = (
    select(*EVENT_COLUMNS)
    .where(rows.event.c.ticket_id == bindparam("ticket_id"))
    .order_by(rows.event.c.id)
)
_OF_ENTRY = (
    select(*EVENT_COLUMNS)
    # by the ticket besides: the index is of tickets, and each has few events
    .where(rows.event.c.entry_id == bindparam("entry_id"))
    .where(rows.event.c.ticket_id == bindparam("ticket_id"))
    .order_by(rows.event.c.id)
)
_EVENT = select(*EVENT_COLUMNS).where(rows.event.c.id == bindparam("event_id"))
_CAUSED = (
    select(*EVENT_COLUMNS)
    .where(rows.event.c.cause_id == bindparam("event_id"))
    .order_by(rows.event.c.id)
)
# JSON has no times: in an event's data they are texts
TIME_COLUMNS = frozenset(
    column.name for column in rows.entry.columns if rows.is_time(column)
)


def events_of_ticket(db: Connection, ticket_id: int) -> list[EventRow]:
    """Return a ticket's events in their order."""
    result = db.execute(_OF_TICKET, {"ticket_id": ticket_id})
    return [EventRow._make(row) for row in result]


def events_of_entry(db: Connection, ticket_id: int, entry_id: int) -> list[EventRow]:
    """Return an entry's events in their order."""
    params = {"ticket_id": ticket_id, "entry_id": entry_id}
    return [EventRow._make(row) for row in db.execute(_OF_ENTRY, params)]


def event_row(db: Connection, event_id: int) -> EventRow:
    """Return one event."""
    return EventRow._make(db.execute(_EVENT, {"event_id": event_id}).one())


def events_caused_by(db: Connection, event_id: int) -> list[EventRow]:
    """Return the events that came as one with an event."""
    result = db.execute(_CAUSED, {"event_id": event_id})
    return [EventRow._make(row) for row in result]


def rebuild(events: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return the entries' columns, by entry id, from their events in order of id.

    Times are aware datetimes; a column that no event set is absent.
    """
    entries: dict[int, dict[str, Any]] = {}
    for event in events:
        columns = entries.setdefault(event["entry_id"], {})
        columns.update(_typed(event["data"]), state=event["to_state"])
        if event["name"] in CALLS:
            columns["call_id"] = event["id"]
        elif event["name"] in CALL_WITHDRAWN:
            columns["returned_id"] = event["id"]
    return entries


def _typed(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value)
        if name in TIME_COLUMNS and value is not None
        else value
        for name, value in data.items()
    }
