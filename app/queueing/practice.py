"""Practice: an invented line for new officers, unannounced and uncounted.

It lives in a practice zone: real counters, lines and commands, but nothing is
announced, shown in the hall, offered at the kiosk or counted in figures.
"""

from sqlalchemy import Connection, select

from app.errors import NotFound
from app.queueing import rows
from app.queueing.change import SYSTEM, Actor, Change
from app.queueing.counters import known_counter, services_of
from app.queueing.issuing import Wish, head_start_of, insert_ticket, service_row
from app.queueing.numbering import draw_number
from app.queueing.ranking import rank_of
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
            rank=rank_of(change.now, head_start_of(change, wish.priority)),
        )
    return visitors


def practice_services(db: Connection) -> frozenset[int]:
    """Return the services that only practice counters serve."""
    link = rows.counter_service.c
    places = rows.counter_service.join(
        rows.counter, rows.counter.c.id == link.counter_id
    ).join(rows.zone, rows.zone.c.id == rows.counter.c.zone_id)
    found = db.execute(
        select(link.service_id, rows.zone.c.is_practice).select_from(places)
    ).all()
    real = {row.service_id for row in found if not row.is_practice}
    return frozenset({row.service_id for row in found} - real)
