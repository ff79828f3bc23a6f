"""What the ticket's page shows: the visit, and where its counters stand."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, or_, select

from app.models import EntryState
from app.queueing import rows
from app.queueing.rows import ticket_id_of
from app.queueing.views.local_text import LocalText
from app.queueing.views.visit import Visit, VisitEntryView, visit


class PlaceView(BaseModel):
    """A counter to which this ticket may be called, and its zone."""

    counter_id: int
    place: str
    zone: LocalText


class TicketPageView(BaseModel):
    """The whole page of one ticket."""

    visit: Visit
    places: list[PlaceView]

    @property
    def current(self) -> VisitEntryView:
        """Return the entry that the ticket's own state is of."""
        ticket = self.visit.ticket
        current = (ticket.state, ticket.service_id)
        entries = self.visit.legs
        by_state = {(e.entry.state, e.entry.service_id): e for e in entries}
        return by_state.get(current, entries[-1])

    @property
    def served_soonest(self) -> VisitEntryView:
        """Return the waiting entry that is served now, else soonest; else the current.

        Whose agency has closed still waits for another one's counter.
        """
        waiting = [e for e in self.visit.legs if e.entry.state == EntryState.WAITING]
        return min(
            [self.current, *waiting],
            key=lambda each: (not each.is_served_now, not each.is_served_today),
        )

    @property
    def zone(self) -> LocalText | None:
        """Return the zone where the ticket is called or served now, or nothing."""
        counter_id = self.visit.ticket.counter_id
        return next((p.zone for p in self.places if p.counter_id == counter_id), None)


_link = rows.counter_service
_stands_in = rows.zone.c.id == rows.counter.c.zone_id
_serves = _link.c.counter_id == rows.counter.c.id
_PLACES = (
    select(
        rows.counter.c.id.label("counter_id"),
        rows.counter.c.name.label("place"),
        rows.zone.c.name.label("zone"),
        rows.zone.c.name_en.label("zone_en"),
    )
    .distinct()
    .select_from(rows.counter.join(rows.zone, _stands_in).outerjoin(_link, _serves))
    .where(
        or_(
            _link.c.service_id.in_(bindparam("services", expanding=True)),
            # whoever takes a visitor over need not serve the line
            rows.counter.c.id.in_(bindparam("counters", expanding=True)),
        )
    )
    .order_by(rows.counter.c.id)
)


def ticket_page(db: Connection, token: str, *, now: datetime) -> TicketPageView | None:
    """Return what a ticket's page shows; None when the token opens nothing."""
    ticket_id = ticket_id_of(db, token)
    if ticket_id is None:
        return None
    visit_view = visit(db, ticket_id, now=now)
    entries = visit_view.ticket.entries
    params = {
        "services": [entry.service_id for entry in entries],
        "counters": [entry.counter_id for entry in entries],
    }
    places = [
        PlaceView(
            counter_id=row.counter_id,
            place=row.place,
            zone=LocalText(text=row.zone, text_en=row.zone_en),
        )
        for row in db.execute(_PLACES, params)
    ]
    return TicketPageView(visit=visit_view, places=places)
