"""The tables as Core sees them, and the rows that the rules read, as plain values."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypedDict, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Table,
    bindparam,
    literal_column,
    select,
    update,
)
from sqlmodel import SQLModel

from app import models
from app.db.prepared import known_rows, write_row
from app.errors import NotFound


def table_of(model: type[SQLModel]) -> Table:
    """Return a model's table."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


ticket = table_of(models.Ticket)
private = table_of(models.TicketPrivate)
handover_note = table_of(models.HandoverNote)
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
display_receipt = table_of(models.DisplayReceipt)
voice_receipt = table_of(models.VoiceReceipt)
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
special_hours = table_of(models.SpecialHours)
holiday = table_of(models.Holiday)
quota = table_of(models.Quota)
quota_use = table_of(models.QuotaUse)


def new_id(result: CursorResult[Any]) -> int:
    """Return the id of the row that an insert has just made."""
    key = result.inserted_primary_key
    if key is None:
        raise LookupError
    return int(key[0])


def is_time(column: Any) -> bool:
    """Tell whether a column holds a moment."""
    return "datetime" in type(column.type).__name__.lower()


def in_states(column: Any, *states: str) -> ColumnElement[bool]:
    """Compare with literals, and one with ``=``: else no partial index is used."""
    literals: list[ColumnElement[str]] = [
        literal_column(f"'{state}'") for state in states
    ]
    if len(literals) == 1:
        return cast("ColumnElement[bool]", column == literals[0])
    return cast("ColumnElement[bool]", column.in_(literals))


def active_and(column: Any, state: str) -> ColumnElement[bool]:
    """Compare with one active state, repeating the predicate of the active index.

    SQLite uses a partial index only where a query holds its very predicate.
    """
    return in_states(column, *models.ACTIVE) & in_states(column, state)


def unsent_and(column: Any, state: str) -> ColumnElement[bool]:
    """Compare a print job's state so that its partial index is used."""
    return in_states(column, "queued", "sending") & in_states(column, state)


class EntryRow(NamedTuple):
    """An entry as it stood when it was read.

    ``event_id`` is set by the change that has just written it.
    """

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
    tied_counter_id: int | None
    tied_at: datetime | None
    back_counter_id: int | None
    back_service_id: int | None
    from_entry_id: int | None
    parked_at: datetime | None
    parked_seconds: int
    parked_by_counter_id: int | None
    remind_at: datetime | None
    set_aside_at: datetime | None
    requeue_count: int
    quota_people: int
    due_at: datetime | None
    event_id: int = 0


class EntryColumns(TypedDict, total=False):
    """Columns of an entry that a change sets; mypy finds one that there is not."""

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
    returned_by_counter_id: int | None
    tied_counter_id: int | None
    tied_at: datetime | None
    back_counter_id: int | None
    back_service_id: int | None
    from_entry_id: int | None
    parked_at: datetime | None
    parked_seconds: int
    parked_by_counter_id: int | None
    remind_at: datetime | None
    set_aside_at: datetime | None
    requeue_count: int
    quota_people: int
    due_at: datetime | None


class NewEntryColumns(EntryColumns):
    """Columns of an entry that is made."""

    ticket_id: int
    service_id: int
    agency_id: int


ENTRY_COLUMNS = [entry.c[name] for name in EntryRow._fields if name != "event_id"]


class TicketRow(NamedTuple):
    """A ticket and what its side table still says of it."""

    id: int
    service_day: date
    number: str
    people: int
    version: int
    issued_at: datetime
    channel: str
    token: str | None
    priority: str | None
    assistance: bool | None
    language: str | None


_TICKET_COLUMNS = [
    *(ticket.c[name] for name in TicketRow._fields if name in ticket.c),
    *(private.c[name] for name in TicketRow._fields if name not in ticket.c),
]
# outer joins: retention drops the private row, and the ticket stays (lesson 14)
_TICKET = (
    select(*_TICKET_COLUMNS)
    .select_from(ticket.outerjoin(private))
    .where(ticket.c.id == bindparam("ticket_id"))
)
_TICKETS = (
    select(*_TICKET_COLUMNS)
    .select_from(ticket.outerjoin(private))
    .where(ticket.c.id.in_(bindparam("ids", expanding=True)))
)
# by id: the first is of the number's own series, the last the newest
_ENTRIES = (
    select(*ENTRY_COLUMNS)
    .where(entry.c.ticket_id == bindparam("ticket_id"))
    .order_by(entry.c.id)
)
_ENTRIES_OF = (
    select(*ENTRY_COLUMNS)
    .where(entry.c.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(entry.c.id)
)
_RAISE_VERSION = (
    update(ticket)
    .where(ticket.c.id == bindparam("of_id"))
    .values(version=ticket.c.version + 1)
)
_BY_TOKEN = select(private.c.ticket_id).where(private.c.token == bindparam("token"))


def ticket_row(db: Connection, ticket_id: int) -> TicketRow | None:
    """Return a ticket, or None."""
    known = _known_tickets(db).get(ticket_id)
    if known is not None:
        return known
    row = db.execute(_TICKET, {"ticket_id": ticket_id}).first()
    if row is None:
        return None
    read = _known_tickets(db)[ticket_id] = TicketRow._make(row)
    return read


def entries_of(db: Connection, ticket_id: int) -> list[EntryRow]:
    """Return a ticket's entries in the order in which they were made."""
    known = _known_entries(db).get(ticket_id)
    if known is None:
        read = db.execute(_ENTRIES, {"ticket_id": ticket_id})
        known = _known_entries(db)[ticket_id] = [EntryRow(*row) for row in read]
    return [*known]


# the table's defaults, so that the row need not be read again
_NEW_ENTRY: dict[str, Any] = {
    **dict.fromkeys(EntryRow._fields),
    **dict.fromkeys(
        ("call_count", "requeue_count", "parked_seconds", "quota_people"), 0
    ),
}


def new_entry(
    entry_id: int, event_id: int, state: str, columns: NewEntryColumns
) -> EntryRow:
    """Return the row of an entry that was made of these columns, with its event."""
    made = {**_NEW_ENTRY, **columns}
    made.update(id=entry_id, event_id=event_id, state=state)
    return EntryRow._make(made.values())


def raise_version(db: Connection, ticket_id: int) -> TicketRow:
    """Give a ticket its next version; return it with that."""
    ticket = ticket_row(db, ticket_id)
    if ticket is None or not write_row(db, _RAISE_VERSION, {"of_id": ticket_id}):
        raise LookupError
    raised = ticket._replace(version=ticket.version + 1)
    _known_tickets(db)[ticket_id] = raised
    return raised


def follow_written_entry(db: Connection, entry: EntryRow) -> None:
    """Let what is known of a ticket's entries follow one that was made or changed."""
    known = _known_entries(db).get(entry.ticket_id)
    if known is None:
        return
    written = entry._replace(event_id=0)
    for index, each in enumerate(known):
        if each.id == entry.id:
            known[index] = written
            return
    known.append(written)


def _known_tickets(db: Connection) -> dict[int, TicketRow]:
    return known_rows(db, "ticket", "ticket_private", of_batch=True)


def _known_entries(db: Connection) -> dict[int, list[EntryRow]]:
    return known_rows(db, "entry", of_batch=True)


def ticket_rows(db: Connection, ids: Sequence[int]) -> dict[int, TicketRow]:
    """Return these tickets by their ids."""
    result = db.execute(_TICKETS, {"ids": ids})
    return {row.id: TicketRow._make(row) for row in result}


def entries_by_ticket(
    db: Connection, ids: Sequence[int]
) -> defaultdict[int, list[EntryRow]]:
    """Return the entries of these tickets, each in the order of their making."""
    entries: defaultdict[int, list[EntryRow]] = defaultdict(list)
    for row in db.execute(_ENTRIES_OF, {"ids": ids}):
        entries[row.ticket_id].append(EntryRow(*row))
    return entries


def ticket_id_of(db: Connection, token: str) -> int | None:
    """Return the ticket that a token opens, or None."""
    return db.execute(_BY_TOKEN, {"token": token}).scalar()


def ticket_opened_by(db: Connection, token: str) -> int:
    """Return the ticket that a token opens; else raise ``NotFound``."""
    ticket_id = ticket_id_of(db, token)
    if ticket_id is None:
        raise NotFound
    return ticket_id
