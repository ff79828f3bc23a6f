"""What a visitor's page shows: the ticket, and where to go, in words."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.queueing import rows
from app.queueing.rows import ticket_row
from app.queueing.views.tickets import (
    EntryView,
    PrintJobView,
    TicketView,
    print_job_view,
    ticket_view,
)


class VisitEntryView(BaseModel):
    """One of the ticket's entries with its names and the zones to wait in."""

    entry: EntryView
    service: str
    service_en: str
    agency: str
    agency_en: str
    zones: list[str]


class Visit(BaseModel):
    """The whole view of the topic ``ticket:{token}``."""

    ticket: TicketView
    legs: list[VisitEntryView]
    print_job: PrintJobView | None
    language: str
    now: datetime


_NAMES = (
    select(
        rows.service.c.name.label("service"),
        rows.service.c.name_en.label("service_en"),
        rows.agency.c.name.label("agency"),
        rows.agency.c.name_en.label("agency_en"),
    )
    .select_from(rows.service.join(rows.agency))
    .where(rows.service.c.id == bindparam("service_id"))
)
_ZONES = (
    select(rows.zone.c.name)
    .distinct()
    .select_from(
        rows.counter_service.join(
            rows.counter, rows.counter.c.id == rows.counter_service.c.counter_id
        ).join(rows.zone, rows.zone.c.id == rows.counter.c.zone_id)
    )
    .where(rows.counter_service.c.service_id == bindparam("service_id"))
    .order_by(rows.zone.c.name)
)


class ServiceNames(BaseModel):
    """A service and its agency, in both languages."""

    service: str
    service_en: str
    agency: str
    agency_en: str


def visit(db: Connection, ticket_id: int, *, now: datetime) -> Visit:
    """Return what a ticket's page shows; ``NotFound`` when there is no such ticket."""
    ticket = ticket_view(db, ticket_id)
    ticket_private = ticket_row(db, ticket_id)
    return Visit(
        ticket=ticket,
        legs=[_visit_entry(db, entry) for entry in ticket.entries],
        print_job=print_job_view(db, ticket_id),
        language=(ticket_private.language if ticket_private else None) or "id",
        now=now,
    )


def service_names(db: Connection, service_id: int) -> ServiceNames:
    """Return how a service and its agency are called."""
    row = db.execute(_NAMES, {"service_id": service_id}).one()
    return ServiceNames(**row._asdict())


def zones_serving(db: Connection, service_id: int) -> list[str]:
    """Return the zones whose counters serve a service."""
    return list(db.execute(_ZONES, {"service_id": service_id}).scalars())


def _visit_entry(db: Connection, entry: EntryView) -> VisitEntryView:
    service_id = entry.service_id or 0
    return VisitEntryView(
        entry=entry,
        **service_names(db, service_id).model_dump(),
        zones=zones_serving(db, service_id),
    )
