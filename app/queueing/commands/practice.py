"""Practice: an invented line for new officers, unannounced and uncounted.

It lives in a practice zone: real counters, lines and commands, but nothing is
announced, shown in the hall, offered at the kiosk or counted in figures. No
ticket goes from it to the real lines, and none of theirs to it.
"""

from sqlalchemy import Connection

from app.errors import NotFound
from app.queueing.change import SYSTEM, Actor, Change
from app.queueing.commands.issuing import TicketRequest, insert_ticket, service_row
from app.queueing.counters import services_of, visible_counter
from app.queueing.line.numbering import draw_number
from app.queueing.line.placement import rank_by_arrival
from app.queueing.transition import Cause, create_entry

VISITOR_COUNT = 8
PRIORITIES = ("regular", "regular", "lansia", "regular", "hamil", "regular")


def invent_line(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    actor: Actor,
    visitors: int = VISITOR_COUNT,
) -> int:
    """Let invented visitors wait at a practice counter; returns how many."""
    counter = visible_counter(db, counter_id, actor)
    if not counter.is_practice:
        raise NotFound
    service_ids = sorted(services_of(db, counter.id))
    for index in range(visitors):
        service = service_row(db, service_ids[index % len(service_ids)])
        ticket_request = TicketRequest(
            [service.id], priority=PRIORITIES[index % len(PRIORITIES)]
        )
        number = draw_number(db, service.series_id, change.day)
        ticket_id = insert_ticket(db, change, ticket_request, number, "practice")
        create_entry(
            db,
            change,
            "issue",
            # no slip, no seat: none of this is counted (decision 0010)
            Cause(SYSTEM, reason="practice"),
            ticket_id=ticket_id,
            service_id=service.id,
            agency_id=service.agency_id,
            arrived_at=change.now,
            rank=rank_by_arrival(change, change.now, ticket_request.priority),
        )
    return visitors
