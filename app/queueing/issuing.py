"""Issue: create a ticket with its number, and an entry for each chosen service."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from app.errors import ClockInDoubt, Invalid, NotFound, TooEarly, Unavailable
from app.models import Priority
from app.queueing import rows
from app.queueing.availability import Availability, open_book
from app.queueing.change import Actor, Change
from app.queueing.counters import free_counter, serves
from app.queueing.hoarding import NOTHING_HELD, Held, held_at_kiosk
from app.queueing.numbering import DrawnNumber, draw_number
from app.queueing.placing import rank_by_arrival
from app.queueing.printing import queue_slip
from app.queueing.quota import quotas_of, take_quota
from app.queueing.rulebook import Rulebook
from app.queueing.transition import Cause, create_entry

TOKEN_BYTES = 18
MAX_SERVICES = 5
NO_SERVICE = "There is no such service."


class Wish(NamedTuple):
    """What a visitor asks for."""

    service_ids: Sequence[int]
    people: int = 1
    priority: str = Priority.REGULAR
    language: str = "id"
    assistance: bool = False


class ServiceRow(NamedTuple):
    id: int
    agency_id: int
    series_id: int


_SERVICE = select(*(rows.service.c[name] for name in ServiceRow._fields)).where(
    rows.service.c.id == bindparam("service_id")
)
_INSERT_TICKET = insert(rows.ticket)
_INSERT_PRIVATE = insert(rows.private)


def issue(
    db: Connection,
    change: Change,
    *,
    wish: Wish,
    who: Actor,
    printer_id: int | None = None,
) -> int:
    """Issue a ticket and return its id.

    Its slip is queued at the kiosk's printer, or at the one reception names.
    All chosen services must be available. The number is of the series of the
    first. Raises ``Invalid`` for an unknown or repeated service or too many
    people, ``Unavailable`` with the ``service_id`` that is closed, ``TooEarly``
    where this kiosk gave the last number for one too short a while ago.
    """
    if change.clock_is_in_doubt:
        raise ClockInDoubt
    services = chosen_services(db, wish, change.rules)
    held = _held_from(db, change, who)
    take_places(db, change, services, people=wish.people, channel=who.role, held=held)
    number = draw_number(db, services[0].series_id, change.day)
    ticket_id = insert_ticket(db, change, wish, number, who.role)
    rank = rank_by_arrival(change, change.now, wish.priority)
    for service in services:
        create_entry(
            db,
            change,
            "issue",
            Cause(who),
            ticket_id=ticket_id,
            service_id=service.id,
            agency_id=service.agency_id,
            arrived_at=change.now,
            rank=rank,
            quota_people=wish.people,
        )
    queue_slip(db, change, ticket_id=ticket_id, who=who, printer_id=printer_id)
    return ticket_id


def walk_up(
    db: Connection, change: Change, *, counter_id: int, service_id: int, who: Actor
) -> int:
    """Serve somebody who stands here without a ticket: a number, no slip, no voice.

    Counted in the service's quota, and not refused for it.
    """
    counter = free_counter(db, counter_id, who)
    if not serves(db, counter_id, service_id):
        raise Invalid("This counter does not serve that service.", field="service_id")
    if change.clock_is_in_doubt:
        raise ClockInDoubt
    service = service_row(db, service_id)
    number = draw_number(db, service.series_id, change.day)
    ticket_id = insert_ticket(db, change, Wish([service_id]), number, who.role)
    create_entry(
        db,
        change,
        "walk_up",
        Cause(who, counter),
        ticket_id=ticket_id,
        service_id=service.id,
        agency_id=service.agency_id,
        arrived_at=change.now,
        rank=rank_by_arrival(change, change.now, None),
        counter_id=counter.id,
        started_at=change.now,
        quota_people=1,
    )
    count_places(db, change, [service], people=1, channel=who.role)
    return ticket_id


def take_places(
    db: Connection,
    change: Change,
    services: "Sequence[ServiceRow]",
    *,
    people: int,
    channel: str,
    held: Held = NOTHING_HELD,
) -> None:
    """Take people's places at services; the refusal names the one that has none.

    ``held`` is what a kiosk holds back; who gives a number by hand is not bound.
    """
    rules, now = change.rules, change.now
    book = open_book(db, rules, at=now, day=change.day, channel=channel, held=held)
    for service in services:
        available = book.service(service.id, service.agency_id, people)
        _need_a_number(available, service.id, now)
        take_quota(
            db, book.quotas, service_id=service.id, channel=channel, people=people
        )


def _need_a_number(available: Availability, service_id: int, now: datetime) -> None:
    """Refuse where no number is given, or not yet at this kiosk."""
    if not available.open:
        raise Unavailable(
            available.reason or "by-hand",
            service_id=service_id,
            until=available.until,
            **({"reception_only": True} if available.reception_only else {}),
        )
    if available.kiosk_next_at is not None:
        left = (available.kiosk_next_at - now).total_seconds()
        raise TooEarly(service_id=service_id, retry_after_seconds=round(left, 3))


def _held_from(db: Connection, change: Change, who: Actor) -> Held:
    """Return what is held back from whoever issues: only a kiosk holds back."""
    if not who.is_kiosk:
        return NOTHING_HELD
    return held_at_kiosk(db, change.rules.guards, kiosk_id=who.id, at=change.now)


def count_places(
    db: Connection,
    change: Change,
    services: "Sequence[ServiceRow]",
    *,
    people: int,
    channel: str,
) -> None:
    """Count people who are served whatever is left: who is here, or has a number."""
    parts, zone = change.rules.quota_parts, change.rules.site.zone
    quotas = quotas_of(db, parts, change.day, zone)
    for service in services:
        take_quota(db, quotas, service_id=service.id, channel=channel, people=people)


def chosen_services(db: Connection, wish: Wish, rules: Rulebook) -> list[ServiceRow]:
    """Return the services of a wish; ``Invalid`` when it is not of the form.

    For a practice service nobody takes a number: its line is invented.
    """
    if len(set(wish.service_ids)) != len(wish.service_ids):
        raise Invalid("A service is named twice.", field="service_ids")
    if not 1 <= len(wish.service_ids) <= MAX_SERVICES:
        raise Invalid("One to five services.", field="service_ids")
    most = rules.policy.people_max
    if not 1 <= wish.people <= most:
        raise Invalid(f"One to {most} people.", field="people")
    if not rules.practice.isdisjoint(wish.service_ids):
        raise Invalid(NO_SERVICE, field="service_ids")
    return [named_service(db, of, field="service_ids") for of in wish.service_ids]


def named_service(
    db: Connection, service_id: int, *, field: str = "service_id"
) -> ServiceRow:
    """Return the service that a field names; else raise ``Invalid``."""
    try:
        return service_row(db, service_id)
    except NotFound:
        raise Invalid(NO_SERVICE, field=field) from None


def service_row(db: Connection, service_id: int) -> ServiceRow:
    """Return a service; else raise ``NotFound``."""
    row = db.execute(_SERVICE, {"service_id": service_id}).first()
    if row is None:
        raise NotFound
    return ServiceRow._make(row)


def insert_ticket(
    db: Connection, change: Change, wish: Wish, number: DrawnNumber, channel: str
) -> int:
    """Write a ticket and what is private of it; returns its id."""
    made = db.execute(
        _INSERT_TICKET,
        {
            "service_day": change.day,
            "series_id": number.series_id,
            "drawn": number.drawn,
            "number": number.text,
            "people": wish.people,
            "channel": channel,
            "version": 1,
            "issued_at": change.now,
        },
    )
    ticket_id = rows.new_id(made)
    db.execute(
        _INSERT_PRIVATE,
        {
            "ticket_id": ticket_id,
            "token": secrets.token_urlsafe(TOKEN_BYTES),
            "priority": wish.priority,
            "assistance": wish.assistance,
            "language": wish.language,
        },
    )
    return ticket_id
