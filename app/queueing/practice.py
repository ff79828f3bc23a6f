"""Practice: an invented line for new officers, unannounced and uncounted.

It lives in a practice zone: real counters, lines and commands, but nothing is
announced, shown in the hall, offered at the kiosk or counted in figures. No
ticket goes from it to the real lines, and none of theirs to it.
"""

from sqlalchemy import Connection

from app.errors import NotFound
from app.queueing.change import SYSTEM, Actor, Change
from app.queueing.counters import known_counter, services_of
from app.queueing.issuing import Wish, insert_ticket, service_row
from app.queueing.numbering import draw_number
from app.queueing.placing import rank_by_arrival
from app.queueing.transition import Cause, create_entry

VISITORS = 8
CLASSES = ("regular", "regular", "lansia", "regular", "hamil", "regular")


def invent_line(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    who: Actor,
    visitors: int = VISITORS,
) -> int:
    """Let invented visitors wait at a practice counter; returns how many."""
    counter = known_counter(db, counter_id, who)
    if not counter.is_practice:
        raise NotFound
    served = sorted(services_of(db, counter.id))
    for place in range(visitors):
        service = service_row(db, served[place % len(served)])
        wish = Wish([service.id], priority=CLASSES[place % len(CLASSES)])
        number = draw_number(db, service.series_id, change.day)
        ticket_id = insert_ticket(db, change, wish, number, "practice")
        create_entry(
            db,
            change,
            "issue",
            Cause(SYSTEM, reason="practice"),
            ticket_id=ticket_id,
            service_id=service.id,
            agency_id=service.agency_id,
            arrived_at=change.now,
            rank=rank_by_arrival(change, change.now, wish.priority),
        )
    return visitors
