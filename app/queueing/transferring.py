"""Transfer and add: the number goes on to another line, or waits in one more."""

from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from app.errors import AlreadyWaiting, Invalid, NoCounter, NotFound
from app.queueing import rows
from app.queueing.change import Actor, Change
from app.queueing.counters import active_at, counter_row, held_counter, services_of
from app.queueing.issuing import ServiceRow, head_start_of, service_row, take_places
from app.queueing.picking import is_in_line, seen_entry
from app.queueing.ranking import rank_after, rank_of
from app.queueing.rows import EntryRow, entries_of, ticket_row
from app.queueing.setting_aside import settled
from app.queueing.transition import Cause, create_entry, transition

Position = Literal["keep", "end", "next"]

_SOMEBODY = (
    select(rows.counter_service.c.counter_id)
    .where(rows.counter_service.c.service_id == bindparam("service_id"))
    .limit(1)
)


_NOTE = (
    update(rows.private)
    .where(rows.private.c.ticket_id == bindparam("of_id"))
    .values(note=bindparam("text"))
)


class Target(NamedTuple):
    """Where a transfer leads: a service, perhaps tied to one counter.

    ``back``: afterwards the visitor comes back to the sender's counter.
    """

    service_id: int | None = None
    counter_id: int | None = None
    position: Position = "keep"
    back: bool = False


def transfer_active(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    who: Actor,
    target: Target,
    note: str | None = None,
) -> int:
    """Transfer the counter's visitor, with a note for whoever serves next."""
    counter = held_counter(db, counter_id, who)
    entry = active_at(db, counter.id)
    _hand_over_note(db, entry.ticket_id, note)
    transfer_entry(db, change, entry, Cause(who, counter), target)
    return entry.ticket_id


def transfer_ticket(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    who: Actor,
    target: Target,
    entry_id: int | None = None,
    note: str | None = None,
) -> int:
    """Transfer a ticket's current entry, or the one named."""
    entry = seen_entry(db, ticket_id, who, entry_id, "transfer")
    _hand_over_note(db, ticket_id, note)
    counter = counter_row(db, entry.counter_id) if entry.counter_id else None
    transfer_entry(db, change, entry, Cause(who, counter), target)
    return ticket_id


def transfer_entry(
    db: Connection, change: Change, entry: EntryRow, cause: Cause, target: Target
) -> EntryRow:
    """End an entry here and begin another there; the number is kept.

    Ignores quota and last-ticket time. Raises ``NoCounter`` when nobody could
    ever call it, ``AlreadyWaiting`` when the ticket has that line already.
    """
    service, tied = destination(db, entry, target)
    if is_in_line(db, entry.ticket_id, service.id, apart_from=entry.id):
        raise AlreadyWaiting
    left = transition(
        db,
        change,
        entry,
        "transfer",
        cause,
        ended_at=change.now,
        **settled(entry, change.now),
    )
    arrived, rank = _place(db, change, entry, service.id, target.position)
    columns: dict[str, Any] = {
        "arrived_at": arrived,
        "rank": rank,
        "from_entry_id": entry.id,
        **_tie(tied, change.now),
    }
    if target.back and cause.counter is not None:
        columns |= {
            "back_counter_id": cause.counter.id,
            "back_service_id": entry.service_id,
        }
    came = Cause(cause.who, cause.counter, "transfer", left.event_id)
    return _begin(db, change, entry.ticket_id, service, came, columns)


def come_back(db: Connection, change: Change, served: EntryRow, cause: Cause) -> None:
    """Let a visitor who was sent with a way back wait for the sender again.

    Next in line; the tie holds while the sender's counter stays open. Nothing
    begins when the visit is in that line already.
    """
    if served.back_service_id is None:
        return
    service = service_row(db, served.back_service_id)
    if is_in_line(db, served.ticket_id, service.id):
        return
    sender = served.back_counter_id or 0
    # whoever took a visitor over may not serve that line: a tie would strand them
    tied = sender if service.id in services_of(db, sender) else None
    columns: dict[str, Any] = {
        "arrived_at": change.now,
        "rank": rank_after(db, service.id, 0, now=change.now),
        "from_entry_id": served.id,
        **_tie(tied, change.now),
    }
    came = Cause(cause.who, cause.counter, "back", served.event_id)
    _begin(db, change, served.ticket_id, service, came, columns)


def add(
    db: Connection, change: Change, *, ticket_id: int, service_id: int, who: Actor
) -> int:
    """Let a ticket wait at one more service, which must be available."""
    entries = entries_of(db, ticket_id)
    ticket = ticket_row(db, ticket_id)
    if ticket is None or not any(who.sees(entry.agency_id) for entry in entries):
        raise NotFound
    service = service_row(db, service_id)
    if is_in_line(db, ticket_id, service_id):
        raise AlreadyWaiting
    if ticket.service_day != change.day:
        raise Invalid("The ticket is of another day.", field="ticket_id")
    take_places(db, change, [service], people=ticket.people, channel=ticket.channel)
    head_start = head_start_of(change, ticket.priority or "regular")
    columns = {
        "arrived_at": change.now,
        "rank": rank_of(change.now, head_start),
        "quota_people": ticket.people,
    }
    _begin(db, change, ticket_id, service, Cause(who), columns)
    return ticket_id


def _hand_over_note(db: Connection, ticket_id: int, note: str | None) -> None:
    """Keep a note in the side table that retention drops; none leaves the old one."""
    if note is not None:
        db.execute(_NOTE, {"of_id": ticket_id, "text": note})


def _begin(
    db: Connection,
    change: Change,
    ticket_id: int,
    service: ServiceRow,
    cause: Cause,
    columns: dict[str, Any],
) -> EntryRow:
    return create_entry(
        db,
        change,
        "add",
        cause,
        ticket_id=ticket_id,
        service_id=service.id,
        agency_id=service.agency_id,
        **columns,
    )


def destination(
    db: Connection, entry: EntryRow, target: Target
) -> tuple[ServiceRow, int | None]:
    """Return the service in whose line it goes on, and the counter it is tied to."""
    if (target.service_id is None) == (target.counter_id is None):
        raise Invalid("Name a service or a counter.", field="service_id")
    if target.counter_id is not None:
        counter = counter_row(db, target.counter_id)
        served = services_of(db, counter.id)
        if not served:
            raise NoCounter
        here = entry.service_id
        return service_row(db, here if here in served else min(served)), counter.id
    service = service_row(db, target.service_id or 0)
    if db.execute(_SOMEBODY, {"service_id": service.id}).first() is None:
        raise NoCounter
    return service, None


def _place(
    db: Connection, change: Change, entry: EntryRow, service_id: int, position: str
) -> tuple[datetime, int]:
    """Return the arrival and the rank that a transfer gives."""
    if position == "keep":
        return entry.arrived_at, entry.rank
    if position == "next":
        return change.now, rank_after(db, service_id, 0, now=change.now)
    ticket = ticket_row(db, entry.ticket_id)
    priority = ticket.priority if ticket else None
    head_start = head_start_of(change, priority or "regular")
    return change.now, rank_of(change.now, head_start)


def _tie(counter_id: int | None, now: datetime) -> dict[str, Any]:
    if counter_id is None:
        return {}
    return {"tied_counter_id": counter_id, "tied_at": now}
