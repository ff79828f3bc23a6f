"""The tables as Core sees them, and the rows that the rules read, as plain values."""

from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Table,
    bindparam,
    literal_column,
    select,
)
from sqlmodel import SQLModel

from app import models


def table_of(model: type[SQLModel]) -> Table:
    """Return a model's table."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


ticket = table_of(models.Ticket)
private = table_of(models.TicketPrivate)
entry = table_of(models.Entry)
event = table_of(models.TicketEvent)
series = table_of(models.Series)
service = table_of(models.Service)
agency = table_of(models.Agency)
counter = table_of(models.Counter)
counter_service = table_of(models.CounterService)
zone = table_of(models.Zone)
sound_space = table_of(models.SoundSpace)
announcement = table_of(models.Announcement)
site = table_of(models.Site)
ledger_state = table_of(models.LedgerState)
staff = table_of(models.Staff)
staff_agency = table_of(models.StaffAgency)
device = table_of(models.Device)
display_zone = table_of(models.DisplayZone)
printer = table_of(models.Printer)
print_job = table_of(models.PrintJob)
closure = table_of(models.Closure)
opening_hours = table_of(models.OpeningHours)


def new_id(made: CursorResult[Any]) -> int:
    """Return the id of the row that an insert has just made."""
    key = made.inserted_primary_key
    if key is None:
        raise LookupError
    return int(key[0])


def in_states(column: Any, *states: str) -> ColumnElement[bool]:
    """Compare with literals, and one with ``=``: else no partial index is used."""
    literals: list[ColumnElement[str]] = [
        literal_column(f"'{state}'") for state in states
    ]
    if len(literals) == 1:
        return cast("ColumnElement[bool]", column == literals[0])
    return cast("ColumnElement[bool]", column.in_(literals))


class EntryRow(NamedTuple):
    """An entry as it stood when it was read."""

    id: int
    ticket_id: int
    service_id: int
    agency_id: int
    state: str
    arrived_at: datetime
    rank: int
    counter_id: int | None
    call_id: int | None
    call_count: int
    called_at: datetime | None
    last_called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    result: str | None
    returned_id: int | None
    returned_by_counter_id: int | None


ENTRY_COLUMNS = [entry.c[name] for name in EntryRow._fields]


class TicketRow(NamedTuple):
    """A ticket and what its side table still says of it."""

    id: int
    service_day: date
    number: str
    people: int
    version: int
    issued_at: datetime
    token: str | None
    priority: str | None
    assistance: bool | None
    language: str | None


_TICKET = (
    select(
        ticket.c.id,
        ticket.c.service_day,
        ticket.c.number,
        ticket.c.people,
        ticket.c.version,
        ticket.c.issued_at,
        private.c.token,
        private.c.priority,
        private.c.assistance,
        private.c.language,
    )
    .select_from(ticket.outerjoin(private))
    .where(ticket.c.id == bindparam("ticket_id"))
)
_ENTRIES = (
    select(*ENTRY_COLUMNS)
    .where(entry.c.ticket_id == bindparam("ticket_id"))
    .order_by(entry.c.id)
)
_BY_TOKEN = select(private.c.ticket_id).where(private.c.token == bindparam("token"))


def ticket_row(db: Connection, ticket_id: int) -> TicketRow | None:
    """Return a ticket, or None."""
    row = db.execute(_TICKET, {"ticket_id": ticket_id}).first()
    return TicketRow._make(row) if row else None


def entries_of(db: Connection, ticket_id: int) -> list[EntryRow]:
    """Return a ticket's entries in the order in which they were made."""
    rows = db.execute(_ENTRIES, {"ticket_id": ticket_id})
    return [EntryRow._make(row) for row in rows]


def ticket_id_of(db: Connection, token: str) -> int | None:
    """Return the ticket that a token opens, or None."""
    return db.execute(_BY_TOKEN, {"token": token}).scalar()
