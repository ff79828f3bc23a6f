"""What the ticket's page shows: the visit, and where its counters stand."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, or_, select

from app.queueing import rows
from app.queueing.rows import ticket_id_of
from app.queueing.visit import Visit, visit


class Place(BaseModel):
    """A counter to which this ticket may be called, and its zone."""

    counter_id: int
    place: str
    zone: str


class TicketPage(BaseModel):
    """The whole page of one ticket."""

    visit: Visit
    places: list[Place]

    @property
    def zone(self) -> str:
        """Return the zone where the ticket is called or served now, or nothing."""
        there = self.visit.ticket.counter_id
        return next((p.zone for p in self.places if p.counter_id == there), "")


_link = rows.counter_service
_stands_in = rows.zone.c.id == rows.counter.c.zone_id
_serves = _link.c.counter_id == rows.counter.c.id
_PLACES = (
    select(
        rows.counter.c.id.label("counter_id"),
        rows.counter.c.name.label("place"),
        rows.zone.c.name.label("zone"),
    )
    .distinct()
    .select_from(rows.counter.join(rows.zone, _stands_in).outerjoin(_link, _serves))
    .where(
        or_(
            _link.c.service_id.in_(bindparam("services", expanding=True)),
            rows.counter.c.id.in_(bindparam("counters", expanding=True)),
        )
    )
    .order_by(rows.counter.c.id)
)


def ticket_page(db: Connection, token: str, *, now: datetime) -> TicketPage | None:
    """Return what a ticket's page shows; None when the token opens nothing."""
    ticket_id = ticket_id_of(db, token)
    if ticket_id is None:
        return None
    shown = visit(db, ticket_id, now=now)
    entries = shown.ticket.entries
    asked = {
        "services": [entry.service_id for entry in entries],
        "counters": [entry.counter_id for entry in entries],
    }
    places = [Place(**row._asdict()) for row in db.execute(_PLACES, asked)]
    return TicketPage(visit=shown, places=places)
