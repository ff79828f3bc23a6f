"""What callers are told of tickets and counters (contract.md#a-ticket)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from pydantic import BaseModel
from sqlalchemy import Connection, select

from app.errors import NotFound
from app.models import ACTIVE, EntryState
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.commands.issuing import IssuedRows
from app.queueing.counters import counter_row
from app.queueing.line.ahead import waiting_ahead
from app.queueing.line.entries import current_entry
from app.queueing.line.handover_notes import note_for, read_notes
from app.queueing.rows import (
    EntryRow,
    TicketRow,
    entries_by_ticket,
    entries_of,
    ticket_row,
    ticket_rows,
)
from app.queueing.site.decisions import decisions_of
from app.queueing.site.site_row import site_row
from app.queueing.slips.print_jobs import (
    newest_job,
    newest_jobs,
    substitute_location,
)
from app.queueing.slips.under_way import PrintJobRow
from app.queueing.views.built import built


class Estimate(BaseModel):
    """A range of minutes, rounded outward."""

    low_minutes: int
    high_minutes: int


class EntryView(BaseModel):
    """One wait at one service; another agency's is told without its service."""

    id: int
    service_id: int | None
    agency_id: int | None
    state: str
    counter_id: int | None
    place: str | None
    waiting_ahead: int | None
    call_count: int
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    result: str | None


class TicketView(BaseModel):
    """A ticket; the fields at the top are those of its current entry."""

    id: int
    number: str
    people: int
    state: str
    service_id: int | None
    agency_id: int | None
    counter_id: int | None
    place: str | None
    waiting_ahead: int | None
    estimate: Estimate | None
    call_count: int
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    version: int
    entries: list[EntryView]


_OF_CURRENT_ENTRY = frozenset(EntryView.model_fields) - {"id", "result"}


class PrintJobView(BaseModel):
    """A print job, as far as its ticket tells.

    ``location`` is where the slip comes out if that is not where it was meant to.
    """

    id: int
    state: str
    reason: str | None = None
    printer_id: int
    is_copy: bool
    location: str | None = None


class StaffTicketView(TicketView):
    """What staff also see."""

    priority: str | None
    assistance: bool | None
    note: str | None
    print_job: PrintJobView | None


class IssuedTicket(StaffTicketView):
    """What the one who issued it is told."""

    token: str
    url: str


_PLACES = select(rows.counter.c.id, rows.counter.c.name)


def ticket_view(db: Connection, ticket_id: int) -> TicketView:
    """Return what the visitor is told of a ticket."""
    return ticket_rows_view(
        db, require_ticket(db, ticket_id), entries_of(db, ticket_id)
    )


def ticket_rows_view(
    db: Connection, ticket: TicketRow, entries: list[EntryRow]
) -> TicketView:
    """Return the same of a ticket whose rows have been read."""
    views = [_entry_view(db, entry, entries) for entry in entries]
    return TicketView(**_ticket_fields(ticket, entries, views))


def staff_ticket_view(
    db: Connection, ticket_id: int, actor: Actor, *, is_here: bool = False
) -> StaffTicketView:
    """Return what staff are told; ``NotFound`` if no entry is of their agencies.

    A visitor who ``is_here``, at a counter that the caller may know of, is
    seen whatever the agency; its entries stay hidden.
    """
    ticket = require_ticket(db, ticket_id)
    entries = entries_of(db, ticket_id)
    if not is_here and not any(actor.sees(entry.agency_id) for entry in entries):
        raise NotFound
    views = [
        _hide_other_agencies(actor, _entry_view(db, entry, entries))
        for entry in entries
    ]
    fields = _ticket_fields(ticket, entries, views)
    note = note_for(actor, entries, read_notes(db, entries))
    staff_fields = _staff_fields(db, ticket, newest_job(db, ticket.id), note)
    return built(StaffTicketView, {**fields, **staff_fields})


def staff_ticket_views(
    db: Connection, ids: Sequence[int], actor: Actor
) -> dict[int, StaffTicketView]:
    """Return what staff are told of visitors at counters that they may know of.

    Another agency's entries stay hidden.
    """
    ticket_by_id, entries = ticket_rows(db, ids), entries_by_ticket(db, ids)
    jobs = newest_jobs(db, ids)
    notes = read_notes(db, chain.from_iterable(entries.values()))
    # of every counter: they are few, and it is one read for all tickets
    places = decisions_of(db).read(db, _read_places)
    views_by_ticket = {}
    for ticket in ticket_by_id.values():
        of_ticket = entries[ticket.id]
        views = [
            _hide_other_agencies(
                actor,
                _entry_view_at(db, entry, _place_of(places, entry), of_ticket),
            )
            for entry in of_ticket
        ]
        note = note_for(actor, of_ticket, notes)
        staff_fields = _staff_fields(db, ticket, jobs.get(ticket.id), note)
        views_by_ticket[ticket.id] = StaffTicketView(
            **_ticket_fields(ticket, of_ticket, views), **staff_fields
        )
    return views_by_ticket


def issued_ticket(db: Connection, ticket_id: int) -> IssuedTicket:
    """Return a ticket with its token and address, for whoever issued it."""
    issued = IssuedRows(
        require_ticket(db, ticket_id),
        entries_of(db, ticket_id),
        newest_job(db, ticket_id),
        site_row(db).public_url,
    )
    return issued_rows_view(db, issued)


def issued_rows_view(db: Connection, issued: IssuedRows) -> IssuedTicket:
    """Return a ticket that has just been issued, without reading it back."""
    ticket, entries = issued.ticket, issued.entries
    views = [_entry_view(db, entry, entries) for entry in entries]
    token = ticket.token or ""
    fields = {
        **_ticket_fields(ticket, entries, views),
        **_staff_fields(db, ticket, issued.print_job),
        "token": token,
        "url": ticket_url(issued.public_url, token),
    }
    return built(IssuedTicket, fields)


def ticket_url(public_url: str, token: str) -> str:
    """Return the address of a ticket's page, as the slip's QR holds it."""
    return f"{public_url.rstrip('/')}/t/{token}"


def print_job_view(db: Connection, ticket_id: int) -> PrintJobView | None:
    """Return the newest print job of a ticket, or None."""
    return _job_view(db, newest_job(db, ticket_id))


def _job_view(db: Connection, job: PrintJobRow | None) -> PrintJobView | None:
    if job is None:
        return None
    return PrintJobView(
        id=job.id,
        state=job.state,
        reason=job.reason,
        printer_id=job.printer_id,
        is_copy=job.is_copy,
        location=substitute_location(db, job),
    )


def require_ticket(db: Connection, ticket_id: int) -> TicketRow:
    """Return a ticket's row; ``NotFound`` when there is no such ticket."""
    ticket = ticket_row(db, ticket_id)
    if ticket is None:
        raise NotFound
    return ticket


def _staff_fields(
    db: Connection,
    ticket: TicketRow,
    job: PrintJobRow | None,
    note: str | None = None,
) -> dict[str, object]:
    return {
        "priority": ticket.priority,
        "assistance": ticket.assistance,
        "note": note,
        "print_job": _job_view(db, job),
    }


def _ticket_fields(
    ticket: TicketRow, entries: list[EntryRow], views: list[EntryView]
) -> dict[str, object]:
    # its view and not its row: another agency's is hidden in it already
    current = views[entries.index(current_entry(entries))]
    return {
        "id": ticket.id,
        "number": ticket.number,
        "people": ticket.people,
        "issued_at": ticket.issued_at,
        "version": ticket.version,
        # nothing rather than a guess, until waits are measured (lesson 12)
        "estimate": None,
        "entries": views,
        **{name: getattr(current, name) for name in _OF_CURRENT_ENTRY},
    }


def _entry_view(
    db: Connection, entry: EntryRow, entries: Sequence[EntryRow]
) -> EntryView:
    place = None
    if entry.state in ACTIVE and entry.counter_id is not None:
        place = counter_row(db, entry.counter_id).name
    return _entry_view_at(db, entry, place, entries)


def _read_places(db: Connection) -> dict[int, str]:
    return {row.id: row.name for row in db.execute(_PLACES)}


def _place_of(places: Mapping[int, str], entry: EntryRow) -> str | None:
    if entry.state not in ACTIVE or entry.counter_id is None:
        return None
    return places[entry.counter_id]


def _entry_view_at(
    db: Connection, entry: EntryRow, place: str | None, entries: Sequence[EntryRow]
) -> EntryView:
    """Show an entry; ``entries`` are all of its ticket."""
    is_waiting = entry.state == EntryState.WAITING
    fields = {
        "id": entry.id,
        "service_id": entry.service_id,
        "agency_id": entry.agency_id,
        "state": entry.state,
        "counter_id": entry.counter_id,
        "place": place,
        "waiting_ahead": waiting_ahead(db, entry, entries) if is_waiting else None,
        "call_count": entry.call_count,
        "called_at": entry.called_at,
        "started_at": entry.started_at,
        "ended_at": entry.ended_at,
        "result": entry.result,
    }
    return built(EntryView, fields)


def _hide_other_agencies(actor: Actor, view: EntryView) -> EntryView:
    """Hide another agency's entry but for its state and times (rules.md#privacy)."""
    if view.agency_id is None or actor.sees(view.agency_id):
        return view
    hidden = {"service_id": None, "agency_id": None, "counter_id": None}
    return view.model_copy(update={**hidden, "place": None, "result": None})
