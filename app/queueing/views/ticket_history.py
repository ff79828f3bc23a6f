"""The history of a ticket as staff may read it, within the privacy rule."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, Table, select

from app.errors import NotFound
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.history import EventRow, events_of_ticket
from app.queueing.rows import entries_of

SHOWN_OF_OTHER_AGENCIES = frozenset(
    {
        *("issued", "added", "called", "served", "no_show", "transferred"),
        *("cancelled", "expired", "undone"),
    }
)


class EventView(BaseModel):
    """One line of a ticket's history.

    Of another agency's entry only a few events are told, without service,
    counter, reason or person ("another service, done 09:40").
    """

    id: int
    at: datetime
    event: str
    entry_id: int
    service_id: int | None
    from_state: str | None
    to_state: str
    counter_id: int | None
    counter: str | None
    actor: str | None
    staff: str | None
    reason: str | None


def event_views(db: Connection, ticket_id: int, actor: Actor) -> list[EventView]:
    """Return what happened to a ticket; ``NotFound`` if no entry is the caller's."""
    entries = {entry.id: entry for entry in entries_of(db, ticket_id)}
    visible = {e.id for e in entries.values() if actor.sees(e.agency_id)}
    if not visible:
        raise NotFound
    names = _Names(db)
    views = []
    for event in events_of_ticket(db, ticket_id):
        if event.entry_id in visible:
            views.append(_full_view(event, entries[event.entry_id].service_id, names))
        elif event.name in SHOWN_OF_OTHER_AGENCIES:
            views.append(_hidden_view(event))
    return views


class _Names:
    """Names of counters and staff, read when first asked for."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._names: dict[tuple[str, int], str | None] = {}

    def counter(self, counter_id: int | None) -> str | None:
        return self._name(rows.counter, counter_id)

    def staff(self, staff_id: int | None) -> str | None:
        return self._name(rows.staff, staff_id)

    def _name(self, table: Table, row_id: int | None) -> str | None:
        if row_id is None:
            return None
        key = (table.name, row_id)
        if key not in self._names:
            statement = select(table.c.name).where(table.c.id == row_id)
            self._names[key] = self._db.execute(statement).scalar()
        return self._names[key]


def _full_view(event: EventRow, service_id: int, names: _Names) -> EventView:
    return EventView(
        id=event.id,
        at=event.at,
        event=event.name,
        entry_id=event.entry_id,
        service_id=service_id,
        from_state=event.from_state,
        to_state=event.to_state,
        counter_id=event.counter_id,
        counter=names.counter(event.counter_id),
        actor=event.actor,
        staff=names.staff(event.staff_id),
        reason=event.reason,
    )


def _hidden_view(event: EventRow) -> EventView:
    return EventView(
        id=event.id,
        at=event.at,
        event=event.name,
        entry_id=event.entry_id,
        service_id=None,
        from_state=event.from_state,
        to_state=event.to_state,
        counter_id=None,
        counter=None,
        actor=None,
        staff=None,
        reason=None,
    )
