"""What the kiosk's lists show, and the page of a visitor's number."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.kiosk.wanted import Wanted
from app.kiosk.way import Way
from app.kiosk.words import SlipNote, slip_note
from app.queueing import rows
from app.queueing.lists import AgencyView, agency_views
from app.queueing.printing import newest_job, place_of
from app.queueing.rows import ticket_row
from app.queueing.site import site_row
from app.queueing.states import event_name
from app.queueing.views import ticket_url
from app.queueing.visit import Visit, visit

SHOWN_FOR = timedelta(minutes=10)
"""How long this kiosk may show a number that it gave."""
SLOW_AFTER = timedelta(seconds=6)
"""A printer that has not ended a slip by then is said not to answer."""


class Room(NamedTuple):
    """How many tiles fit on one screen without scrolling at 1080p."""

    agencies: int
    services: int
    found: int


ROOM = Room(agencies=16, services=12, found=5)
"""Agencies in two columns of eight upright, in four of four across."""
ROOM_WHILE_CHOOSING = Room(agencies=12, services=9, found=5)
"""A row less, for what is chosen already stands above them."""
LARGE_ROOM = Room(agencies=8, services=6, found=3)
LARGE_ROOM_WHILE_CHOOSING = Room(agencies=4, services=3, found=3)

T = TypeVar("T")


class Sheet(NamedTuple, Generic[T]):
    """As many of a list as fit on one screen, and which of how many this is."""

    items: Sequence[T]
    number: int
    total: int


class Result(BaseModel):
    """A visitor's number as the kiosk shows it."""

    visit: Visit
    url: str
    slip: SlipNote
    is_helped: bool


_ISSUED_AT = select(rows.event.c.at).where(
    rows.event.c.ticket_id == bindparam("ticket_id"),
    rows.event.c.device_id == bindparam("device_id"),
    rows.event.c.name == event_name("issue"),
)


def room_of(way: Way) -> Room:
    """Return how many tiles fit on this visitor's pages."""
    if way.is_large:
        return LARGE_ROOM_WHILE_CHOOSING if way.chosen.services else LARGE_ROOM
    return ROOM_WHILE_CHOOSING if way.chosen.services else ROOM


def sheet(items: Sequence[T], *, number: int, size: int) -> Sheet[T]:
    """Return sheet ``number`` (from 1) of a list; past the end, the last one."""
    count = max(1, -(-len(items) // size))
    number = min(number, count)
    return Sheet(items[(number - 1) * size : number * size], number, count)


def start_view(db: Connection, *, wanted: Wanted, now: datetime) -> list[AgencyView]:
    """Return the agencies as the start page lists them."""
    return wanted.in_order(db, agency_views(db, now))


def agency_view(db: Connection, agency_id: int, *, now: datetime) -> AgencyView:
    """Return one agency; ``NotFound`` when there is none."""
    for agency in agency_views(db, now):
        if agency.id == agency_id:
            return agency
    raise NotFound


def result_view(
    db: Connection, ticket_id: int, *, device_id: int, now: datetime
) -> Result | None:
    """Return a number that this kiosk gave a short while ago, else None."""
    if not is_shown(db, ticket_id, device_id=device_id, now=now):
        return None
    ticket = ticket_row(db, ticket_id)
    token = (ticket.token if ticket else None) or ""
    return Result(
        visit=visit(db, ticket_id, now=now),
        url=ticket_url(site_row(db).public_url, token),
        slip=_slip_note(db, ticket_id, now=now),
        is_helped=bool(ticket and ticket.assistance),
    )


def is_shown(db: Connection, ticket_id: int, *, device_id: int, now: datetime) -> bool:
    """Tell whether this kiosk gave that number, and not too long ago."""
    asked = {"ticket_id": ticket_id, "device_id": device_id}
    issued_at = db.execute(_ISSUED_AT, asked).scalar()
    return issued_at is not None and now - issued_at <= SHOWN_FOR


def slip_view(
    db: Connection, ticket_id: int, *, device_id: int, now: datetime
) -> SlipNote | None:
    """Return what became of the slip of a number that may be shown, else None."""
    if not is_shown(db, ticket_id, device_id=device_id, now=now):
        return None
    return _slip_note(db, ticket_id, now=now)


def _slip_note(db: Connection, ticket_id: int, *, now: datetime) -> SlipNote:
    job = newest_job(db, ticket_id)
    if job is None:
        return slip_note(None, None, is_slow=False)
    is_slow = now - job.created_at >= SLOW_AFTER
    place = place_of(db, job)
    return slip_note(job.state, job.reason, is_slow=is_slow, place=place)
