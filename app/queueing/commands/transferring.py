"""Transfer and add: the number goes on to another line, or waits in one more."""

from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, bindparam, select

from app.errors import AlreadyWaiting, Invalid, NoCounter, NotFound
from app.queueing import rows
from app.queueing.change import Actor, Change
from app.queueing.commands.issuing import (
    service_in_field,
    service_row,
    take_seats,
)
from app.queueing.commands.parking import columns_ending_wait
from app.queueing.counters import (
    PRACTICE_APART,
    counter_in_field,
    counter_row,
    held_counter,
    require_active_entry,
    require_counter_held,
    services_of,
)
from app.queueing.line.entries import current_entry, is_in_line, is_live, visible_entry
from app.queueing.line.handover_notes import write_note
from app.queueing.line.placement import rank_by_arrival, rank_next
from app.queueing.line.way_back import remaining_way_back, way_back_columns
from app.queueing.rows import EntryColumns, EntryRow, entries_of, ticket_row
from app.queueing.site.policy import MAX_SERVICES
from app.queueing.site.rulebook import ServiceRow
from app.queueing.transition import Cause, create_entry, transition

Position = Literal["keep", "end", "next"]

_ANY_COUNTER = (
    select(rows.counter_service.c.counter_id)
    .where(rows.counter_service.c.service_id == bindparam("service_id"))
    .limit(1)
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
    actor: Actor,
    target: Target,
    note: str | None = None,
) -> int:
    """Transfer the counter's visitor, with a note for whoever serves next."""
    counter = held_counter(db, counter_id, actor)
    entry = require_active_entry(db, counter.id)
    new_entry = transfer_entry(db, change, entry, Cause(actor, counter), target)
    write_note(db, new_entry, note)
    return entry.ticket_id


def transfer_ticket(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    actor: Actor,
    target: Target,
    entry_id: int | None = None,
    note: str | None = None,
) -> int:
    """Transfer a ticket's current entry, or the one named.

    ``Forbidden`` for an officer who does not hold the counter.
    """
    entry = visible_entry(db, ticket_id, actor, entry_id, "transfer")
    counter = counter_row(db, entry.counter_id) if entry.counter_id else None
    require_counter_held(db, entry, actor)
    new_entry = transfer_entry(db, change, entry, Cause(actor, counter), target)
    write_note(db, new_entry, note)
    return ticket_id


def transfer_entry(
    db: Connection, change: Change, entry: EntryRow, cause: Cause, target: Target
) -> EntryRow:
    """End an entry here and begin another there; the number is kept.

    Ignores quota and last-ticket time. Raises ``NoCounter`` when nobody could
    ever call it, ``AlreadyWaiting`` when the ticket has that line already.
    """
    service, tied_counter_id = destination(db, change, entry.service_id, target)
    if target.back and cause.counter is None:
        raise Invalid("There is no counter to come back to.", field="back")
    if is_in_line(db, entry.ticket_id, service.id, except_entry_id=entry.id):
        raise AlreadyWaiting
    ending: EntryColumns = {
        "ended_at": change.now,
        **columns_ending_wait(entry, change.now),
    }
    # the end first: its event is the cause of the new entry's (decision 0018)
    ended = transition(db, change, entry, "transfer", cause, **ending)
    arrived, rank = _arrival_and_rank(db, change, entry, target.position)
    # no seat: a transfer takes and gives back none (decision 0009)
    columns: EntryColumns = {
        "arrived_at": arrived,
        "rank": rank,
        "from_entry_id": entry.id,
        **_tie_columns(tied_counter_id, change.now),
    }
    if target.back and cause.counter is not None:
        columns |= way_back_columns(cause.counter.id, entry.service_id)
    else:
        columns |= remaining_way_back(db, entry, service.id, tied_counter_id)
    cause_of_entry = Cause(cause.actor, cause.counter, "transfer", ended.event_id)
    return _create_entry(db, change, entry.ticket_id, service, cause_of_entry, columns)


def return_to_sender(
    db: Connection, change: Change, served: EntryRow, cause: Cause
) -> None:
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
    tied_counter_id = sender if service.id in services_of(db, sender) else None
    columns: EntryColumns = {
        "arrived_at": change.now,
        "rank": rank_next(change.now),
        "from_entry_id": served.id,
        **remaining_way_back(db, served, service.id, tied_counter_id),
        **_tie_columns(tied_counter_id, change.now),
    }
    cause_of_entry = Cause(cause.actor, cause.counter, "back", served.event_id)
    _create_entry(db, change, served.ticket_id, service, cause_of_entry, columns)


def add(
    db: Connection, change: Change, *, ticket_id: int, service_id: int, actor: Actor
) -> int:
    """Let a ticket wait at one more service, which must be available.

    In as many lines at a time as one may choose when taking a number.
    """
    entries = entries_of(db, ticket_id)
    ticket = ticket_row(db, ticket_id)
    visible = [entry for entry in entries if actor.sees(entry.agency_id)]
    if ticket is None or not visible:
        raise NotFound
    require_counter_held(db, current_entry(visible), actor)
    service = service_in_field(db, service_id)
    _keep_practice_apart(change, service_id, *(entry.service_id for entry in entries))
    if is_in_line(db, ticket_id, service_id):
        raise AlreadyWaiting
    if sum(is_live(entry) for entry in entries) >= MAX_SERVICES:
        raise Invalid(f"At most {MAX_SERVICES} lines at a time.", field="service_id")
    if ticket.service_day != change.day:
        raise Invalid("The ticket is of another day.", field="ticket_id")
    take_seats(db, change, [service], people=ticket.people, channel=ticket.channel)
    columns: EntryColumns = {
        "arrived_at": change.now,
        "rank": rank_by_arrival(change, change.now, ticket.priority),
        "quota_people": ticket.people,
    }
    _create_entry(db, change, ticket_id, service, Cause(actor), columns)
    return ticket_id


def _create_entry(
    db: Connection,
    change: Change,
    ticket_id: int,
    service: ServiceRow,
    cause: Cause,
    columns: EntryColumns,
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
    db: Connection, change: Change, service_id: int, target: Target
) -> tuple[ServiceRow, int | None]:
    """Return in which service's line a visit to one goes on, and tied to what counter.

    Raises ``Invalid``, ``NoCounter``.
    """
    service, tied_counter_id = _target_line(db, service_id, target)
    _keep_practice_apart(change, service_id, service.id)
    return service, tied_counter_id


def _keep_practice_apart(change: Change, *service_ids: int) -> None:
    """Refuse what would mix invented visitors with real ones."""
    if len({service_id in change.rules.practice for service_id in service_ids}) > 1:
        raise Invalid(PRACTICE_APART, field="service_id")


def _target_line(
    db: Connection, here: int, target: Target
) -> tuple[ServiceRow, int | None]:
    if (target.service_id is None) == (target.counter_id is None):
        raise Invalid("Name a service or a counter.", field="service_id")
    if target.counter_id is not None:
        counter = counter_in_field(db, target.counter_id, field="counter_id")
        service_ids = services_of(db, counter.id)
        if not service_ids:
            raise NoCounter
        # without this line there, any of its own will do, and always the same one
        service_id = here if here in service_ids else min(service_ids)
        return service_row(db, service_id), counter.id
    service = service_in_field(db, target.service_id or 0)
    if db.execute(_ANY_COUNTER, {"service_id": service.id}).first() is None:
        raise NoCounter
    return service, None


def _arrival_and_rank(
    db: Connection, change: Change, entry: EntryRow, position: str
) -> tuple[datetime, int]:
    """Return the arrival and the rank that a transfer gives."""
    if position == "next":
        return change.now, rank_next(change.now)
    # not its rank: who was placed next there has no such claim here
    arrived = entry.arrived_at if position == "keep" else change.now
    ticket = ticket_row(db, entry.ticket_id)
    return arrived, rank_by_arrival(change, arrived, ticket and ticket.priority)


def _tie_columns(counter_id: int | None, now: datetime) -> EntryColumns:
    if counter_id is None:
        return {}
    return {"tied_counter_id": counter_id, "tied_at": now}
