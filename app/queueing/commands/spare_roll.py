"""After an outage: numbers from the spare roll are booked in with their times.

A stretch of each series is kept for the roll (printed beforehand); it is never
drawn, so that a booked-in number meets no other.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from app.errors import ClockInDoubt, Invalid, QueueError
from app.queueing import facts, rows
from app.queueing.change import Actor, Change
from app.queueing.commands.issuing import (
    TicketRequest,
    count_seats,
    insert_ticket,
    requested_services,
    service_in_field,
)
from app.queueing.hall.evacuation import require_no_evacuation
from app.queueing.line.numbering import DrawnNumber, number_text
from app.queueing.line.placement import rank_by_arrival
from app.queueing.site.quotas import SPARE
from app.queueing.transition import Cause, create_entry

MAX_ROLL_NUMBERS = 1000


class NumberTaken(QueueError):
    """This number was given already today."""

    code = "number-taken"


class SpareNumber(NamedTuple):
    """A number of the roll, and when its holder was given it."""

    drawn: int
    arrived_at: datetime


_SERIES = select(
    rows.series.c.id,
    rows.series.c.prefix,
    rows.series.c.spare_from,
    rows.series.c.spare_to,
    rows.series.c.last_number,
    rows.series.c.day,
).where(rows.series.c.id == bindparam("series_id"))
_TICKET_WITH_NUMBER = select(rows.ticket.c.id).where(
    rows.ticket.c.series_id == bindparam("series_id"),
    rows.ticket.c.service_day == bindparam("day"),
    rows.ticket.c.drawn == bindparam("drawn"),
)
_BOOKED_ABOVE = select(rows.ticket.c.drawn).where(
    rows.ticket.c.series_id == bindparam("series_id"),
    rows.ticket.c.service_day == bindparam("day"),
    rows.ticket.c.drawn > bindparam("drawn"),
)


def reserve_roll(
    db: Connection, change: Change, *, service_id: int, first: int, last: int
) -> None:
    """Keep a stretch of a service's series for the spare roll.

    Raises ``Invalid`` when today's numbers have reached it, or when it leaves
    out a number that was booked in today.
    """
    series = _series(db, service_id)
    if not 1 <= first <= last:
        raise Invalid("First and last number of the roll, in order.", field="first")
    if last - first >= MAX_ROLL_NUMBERS:
        # a slip of the finger would push today's numbers behind it
        raise Invalid(f"A roll holds at most {MAX_ROLL_NUMBERS} numbers.", field="last")
    drawn = series.last_number if series.day == change.day else 0
    if drawn >= first:
        raise Invalid("Numbers of this stretch were given today.", field="first")
    params = {"series_id": series.id, "day": change.day, "drawn": drawn}
    if any(not first <= number <= last for number in db.scalars(_BOOKED_ABOVE, params)):
        # left out of the roll, a number that was booked in would be drawn again
        raise Invalid("Numbers of the old roll were given today.", field="first")
    db.execute(
        update(rows.series)
        .where(rows.series.c.id == series.id)
        .values(spare_from=first, spare_to=last)
    )
    change.touch(facts.SITE)


def book_in(
    db: Connection,
    change: Change,
    *,
    ticket_request: TicketRequest,
    spare: SpareNumber,
    actor: Actor,
) -> int:
    """Let somebody with a number of the roll wait from when they were given it.

    Counted in the quotas, and not refused for them: the paper is a promise.
    """
    if change.clock_is_in_doubt:
        raise ClockInDoubt
    require_no_evacuation(change)
    services = requested_services(db, ticket_request, change.rules)
    series = _series(db, services[0].id)
    _require_in_roll(series.spare_from, series.spare_to, spare.drawn)
    _require_today(change, spare.arrived_at)
    params = {"series_id": series.id, "day": change.day, "drawn": spare.drawn}
    # the database would refuse it as well, but not by a word that reception can use
    if db.execute(_TICKET_WITH_NUMBER, params).first() is not None:
        raise NumberTaken
    text = number_text(series.prefix, spare.drawn)
    number = DrawnNumber(series.id, spare.drawn, text)
    ticket_id = insert_ticket(db, change, ticket_request, number, SPARE)
    # of when it was given: the line is in its old order again (decision 0010)
    rank = rank_by_arrival(change, spare.arrived_at, ticket_request.priority)
    for service in services:
        create_entry(
            db,
            change,
            "issue",
            Cause(actor, reason="spare roll"),
            ticket_id=ticket_id,
            service_id=service.id,
            agency_id=service.agency_id,
            arrived_at=spare.arrived_at,
            rank=rank,
            quota_people=ticket_request.people,
        )
    count_seats(db, change, services, people=ticket_request.people, channel=SPARE)
    return ticket_id


def _series(db: Connection, service_id: int) -> "_SeriesRow":
    series_id = service_in_field(db, service_id).series_id
    return _SeriesRow._make(db.execute(_SERIES, {"series_id": series_id}).one())


class _SeriesRow(NamedTuple):
    id: int
    prefix: str
    spare_from: int | None
    spare_to: int | None
    last_number: int
    day: object


def _require_in_roll(first: int | None, last: int | None, drawn: int) -> None:
    if first is None or last is None or not first <= drawn <= last:
        raise Invalid("This number is not on the spare roll.", field="number")


def _require_today(change: Change, arrived_at: datetime) -> None:
    if arrived_at > change.now:
        raise Invalid("The time lies in the future.", field="arrived_at")
    if change.rules.hours.day_of(arrived_at) != change.day:
        raise Invalid("The time is of another day.", field="arrived_at")
