"""What the kiosk's lists show, and the page of a visitor's number."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.db.engines import Reading
from app.errors import NotFound
from app.kiosk.popularity import Popularity
from app.kiosk.url_state import UrlState
from app.kiosk.words import SlipNote, slip_note
from app.queueing import rows
from app.queueing.rows import ticket_row
from app.queueing.site.site_row import site_row
from app.queueing.slips.print_jobs import newest_job, substitute_location
from app.queueing.states import event_name
from app.queueing.views.agencies import (
    AgencyView,
    agency_views,
    steady_agency_views,
)
from app.queueing.views.tickets import ticket_url
from app.queueing.views.visit import Visit, visit

TICKET_DISPLAY_TIME = timedelta(minutes=10)
"""How long this kiosk may show a number that it gave."""
SLOW_AFTER = timedelta(seconds=6)
"""A printer that has not ended a slip by then is shown as not answering."""


class PageCapacity(NamedTuple):
    """How many tiles fit on one screen without scrolling at 1080p."""

    agencies: int
    services: int
    results: int


CAPACITY = PageCapacity(agencies=16, services=12, results=5)
"""Agencies in two columns of eight upright, in four of four across."""
CAPACITY_WHILE_CHOOSING = PageCapacity(agencies=12, services=9, results=5)
"""A row less, for what is chosen already stands above them."""
LARGE_CAPACITY = PageCapacity(agencies=8, services=6, results=3)
LARGE_CAPACITY_WHILE_CHOOSING = PageCapacity(agencies=4, services=3, results=3)

T = TypeVar("T")


class Sheet(NamedTuple, Generic[T]):
    """As many of a list as fit on one screen, and which of how many this is."""

    items: Sequence[T]
    number: int
    total: int


class IssuedTicketView(BaseModel):
    """A visitor's number as the kiosk shows it."""

    visit: Visit
    url: str
    slip: SlipNote
    needs_assistance: bool


_ISSUED_AT = select(rows.event.c.at).where(
    rows.event.c.ticket_id == bindparam("ticket_id"),
    rows.event.c.device_id == bindparam("device_id"),
    rows.event.c.name == event_name("issue"),
)


def page_capacity_of(url_state: UrlState) -> PageCapacity:
    """Return how many tiles fit on this visitor's pages."""
    if url_state.is_large:
        return (
            LARGE_CAPACITY_WHILE_CHOOSING
            if url_state.choices.services
            else LARGE_CAPACITY
        )
    return CAPACITY_WHILE_CHOOSING if url_state.choices.services else CAPACITY


def sheet(items: Sequence[T], *, number: int, size: int) -> Sheet[T]:
    """Return sheet ``number`` (from 1) of a list; past the end, the last one."""
    count = max(1, -(-len(items) // size))
    number = min(number, count)
    return Sheet(items[(number - 1) * size : number * size], number, count)


def start_view(
    db: Connection, *, popularity: Popularity, now: datetime
) -> Reading[list[AgencyView]]:
    """Return the agencies as the start page lists them, and until when they are so."""
    agencies, until = steady_agency_views(db, now)
    return Reading(popularity.sort_agencies(db, agencies), until)


def agency_view(db: Connection, agency_id: int, *, now: datetime) -> AgencyView:
    """Return one agency; ``NotFound`` when there is none."""
    for agency in agency_views(db, now):
        if agency.id == agency_id:
            return agency
    raise NotFound


def issued_ticket_view(
    db: Connection, ticket_id: int, *, device_id: int, now: datetime
) -> IssuedTicketView | None:
    """Return a number that this kiosk gave a short while ago, else None."""
    if not may_show_ticket(db, ticket_id, device_id=device_id, now=now):
        return None
    ticket = ticket_row(db, ticket_id)
    token = (ticket.token if ticket else None) or ""
    return IssuedTicketView(
        visit=visit(db, ticket_id, now=now),
        url=ticket_url(site_row(db).public_url, token),
        slip=_slip_note(db, ticket_id, now=now),
        needs_assistance=bool(ticket and ticket.assistance),
    )


def may_show_ticket(
    db: Connection, ticket_id: int, *, device_id: int, now: datetime
) -> bool:
    """Tell whether this kiosk gave that number, and not too long ago."""
    params = {"ticket_id": ticket_id, "device_id": device_id}
    issued_at = db.execute(_ISSUED_AT, params).scalar()
    return issued_at is not None and now - issued_at <= TICKET_DISPLAY_TIME


def slip_view(
    db: Connection, ticket_id: int, *, device_id: int, now: datetime
) -> SlipNote | None:
    """Return what became of the slip of a number that may be shown, else None."""
    if not may_show_ticket(db, ticket_id, device_id=device_id, now=now):
        return None
    return _slip_note(db, ticket_id, now=now)


def _slip_note(db: Connection, ticket_id: int, *, now: datetime) -> SlipNote:
    job = newest_job(db, ticket_id)
    if job is None:
        return slip_note(None, None, is_slow=False)
    is_slow = now - job.created_at >= SLOW_AFTER
    location = substitute_location(db, job)
    return slip_note(job.state, job.reason, is_slow=is_slow, location=location)
