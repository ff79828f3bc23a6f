"""Which entry a command means, when a person names a ticket."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select

from app.errors import NotFound, TicketBusy, WrongState
from app.models import ACTIVE, ENDED, EntryState
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.counters import CounterRow, services_of
from app.queueing.rows import EntryRow, entries_of, in_states
from app.queueing.states import is_allowed

_ACTIVE = select(
    exists().where(
        rows.entry.c.ticket_id == bindparam("ticket_id"),
        in_states(rows.entry.c.state, *ACTIVE),
    )
)


def is_active_somewhere(db: Connection, ticket_id: int) -> bool:
    """Tell whether a ticket is called or served at any counter."""
    return bool(db.execute(_ACTIVE, {"ticket_id": ticket_id}).scalar())


def is_live(entry: EntryRow) -> bool:
    """Tell whether an entry is in a line or at a counter; a no-show is not."""
    return entry.state not in (*ENDED, EntryState.NO_SHOW)


def is_in_line(
    db: Connection, ticket_id: int, service_id: int, except_entry_id: int | None = None
) -> bool:
    """Tell whether a ticket is in a service's line, or at its counter, already.

    A no-show is not: the visit may be added there anew.
    """
    return any(
        entry.service_id == service_id
        and entry.id != except_entry_id
        and is_live(entry)
        for entry in entries_of(db, ticket_id)
    )


def waits_in_same_line(db: Connection, entry: EntryRow) -> bool:
    """Tell whether another entry of the ticket is in this one's line."""
    return is_in_line(db, entry.ticket_id, entry.service_id, except_entry_id=entry.id)


def entry_for_counter(
    db: Connection, counter: CounterRow, ticket_id: int, command: str
) -> EntryRow:
    """Return the ticket's entry that a counter would act upon.

    Raises ``NotFound`` when the ticket has nothing to do with this counter's
    services, ``TicketBusy`` when it is at a counter, else ``WrongState``.
    """
    served_services = services_of(db, counter.id)
    entries = [
        entry
        for entry in entries_of(db, ticket_id)
        if entry.service_id in served_services or entry.tied_counter_id == counter.id
    ]
    if not entries:
        raise NotFound
    if is_active_somewhere(db, ticket_id):
        raise TicketBusy
    for entry in sorted(entries, key=_waiting_first):
        # not a no-show whose visit waits in this line anew
        if is_allowed(command, entry.state) and not waits_in_same_line(db, entry):
            return entry
    raise WrongState(state=entries[-1].state)


def _waiting_first(entry: EntryRow) -> tuple[bool, int]:
    return entry.state != EntryState.WAITING, entry.rank


def current_entry(entries: Sequence[EntryRow]) -> EntryRow:
    """Return the active entry, else the first waiting, else the last to rest.

    So rules.md#the-current-entry has it. Not the last made: an entry that an undo
    withdrew is not what became of the visit.
    """
    for entry in entries:
        if entry.state in ACTIVE:
            return entry
    for entry in entries:
        if entry.state == EntryState.WAITING:
            return entry
    return max(entries, key=_last_change)


def _last_change(entry: EntryRow) -> tuple[datetime, bool, int]:
    # of one moment: who may still come back, then the younger entry
    at = entry.ended_at or entry.set_aside_at or entry.arrived_at
    return at, entry.state not in ENDED, entry.id


def visible_entry(
    db: Connection,
    ticket_id: int,
    actor: Actor,
    entry_id: int | None,
    command: str | None = None,
) -> EntryRow:
    """Return the entry that staff mean: the one named, else the current one.

    Without a name, and where the current one does not allow the command, the
    newest that does. Entries of agencies that the caller does not
    see are not found.
    """
    visible = visible_entries(db, ticket_id, actor)
    if entry_id is not None:
        return named(visible, entry_id)
    current = current_entry(visible)
    if command is None or is_allowed(command, current.state):
        return current
    allowing = [entry for entry in visible if is_allowed(command, entry.state)]
    # none does: the table of states refuses the current one
    return allowing[-1] if allowing else current


def visible_entries(db: Connection, ticket_id: int, actor: Actor) -> list[EntryRow]:
    """Return a ticket's entries of agencies that the caller sees; else ``NotFound``."""
    visible = [
        entry for entry in entries_of(db, ticket_id) if actor.sees(entry.agency_id)
    ]
    if not visible:
        raise NotFound
    return visible


def named(entries: Sequence[EntryRow], entry_id: int) -> EntryRow:
    """Return the entry with this id; else raise ``NotFound``."""
    for entry in entries:
        if entry.id == entry_id:
            return entry
    raise NotFound
