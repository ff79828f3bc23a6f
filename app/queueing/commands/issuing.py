"""Issue: create a ticket with its number, and an entry for each chosen service."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from app.db.prepared import add_row, write_row
from app.errors import ClockInDoubt, Invalid, NotFound, TooEarly, Unavailable
from app.models import Priority
from app.queueing import rows
from app.queueing.change import Actor, Change
from app.queueing.counters import free_counter, serves
from app.queueing.hall.evacuation import require_no_evacuation
from app.queueing.line.numbering import DrawnNumber, draw_number
from app.queueing.line.placement import rank_by_arrival
from app.queueing.rows import EntryRow, TicketRow
from app.queueing.site.availability import Availability, availability_rules
from app.queueing.site.kiosk_limits import NO_LIMITS, KioskLimits, kiosk_limits_at
from app.queueing.site.kiosk_rate import KioskRate, RateUse
from app.queueing.site.policy import MAX_SERVICES
from app.queueing.site.quotas import quotas_of, take_quota
from app.queueing.site.rulebook import Rulebook, ServiceRow
from app.queueing.slips.print_jobs import queue_slip
from app.queueing.slips.under_way import PrintJobRow
from app.queueing.transition import Cause, create_entry

# 144 bits, 24 characters of an address: no slow hash is needed (changes.md#secrets)
TOKEN_BYTES = 18
NO_SERVICE = "There is no such service."


class TicketRequest(NamedTuple):
    """What a visitor asks for."""

    service_ids: Sequence[int]
    people: int = 1
    priority: str = Priority.REGULAR
    language: str = "id"
    assistance: bool = False


class IssuedRows(NamedTuple):
    """What was written of a ticket that has been issued, and where its page lies."""

    ticket: TicketRow
    entries: list[EntryRow]
    print_job: PrintJobRow | None
    public_url: str


_SERVICE = select(*(rows.service.c[name] for name in ServiceRow._fields)).where(
    rows.service.c.id == bindparam("service_id"),
    rows.service.c.is_retired.is_(False),
)
_INSERT_TICKET = insert(rows.ticket)
_INSERT_PRIVATE = insert(rows.private)


def issue(
    db: Connection,
    change: Change,
    *,
    ticket_request: TicketRequest,
    actor: Actor,
    printer_id: int | None = None,
    rate_use: RateUse | None = None,
) -> int:
    """Issue a ticket and return its id (``issue_ticket``)."""
    issued = issue_ticket(
        db,
        change,
        ticket_request=ticket_request,
        actor=actor,
        printer_id=printer_id,
        rate_use=rate_use,
    )
    return issued.ticket.id


def issue_ticket(
    db: Connection,
    change: Change,
    *,
    ticket_request: TicketRequest,
    actor: Actor,
    printer_id: int | None = None,
    rate_use: RateUse | None = None,
) -> IssuedRows:
    """Issue a ticket and return what was written of it.

    Its slip is queued at the kiosk's printer, or at the one reception names.
    All chosen services must be available. The number is of the series of the
    first. Raises ``Invalid`` for an unknown or repeated service or too many
    people, ``Unavailable`` with the ``service_id`` that is closed, ``TooEarly``
    where this kiosk gave the last number for one too short a while ago, ``TooMany``
    where it gives more than its rate (``rate_use``), whatever for.
    """
    kiosk_rate = _kiosk_rate(rate_use, change, actor)
    if kiosk_rate is not None:
        kiosk_rate.require()
    # the day may be another, with numbers of its own (decision 0007)
    if change.clock_is_in_doubt:
        raise ClockInDoubt
    require_no_evacuation(change)
    services = requested_services(db, ticket_request, change.rules)
    take_seats(
        db,
        change,
        services,
        people=ticket_request.people,
        channel=actor.role,
        kiosk_limits=_limits_for(db, change, actor),
    )
    number = draw_number(db, services[0].series_id, change.day)
    ticket = _insert_ticket(db, change, ticket_request, number, actor.role)
    entries = _create_entries(db, change, ticket, services, actor)
    # after the entries: how many are ahead is counted from them
    job = queue_slip(
        db,
        change,
        ticket=ticket,
        entries=entries,
        actor=actor,
        printer_id=printer_id,
    )
    if kiosk_rate is not None and rate_use is not None:
        rate_use.count(kiosk_rate)
    return IssuedRows(ticket, entries, job, change.rules.site.public_url)


def _create_entries(
    db: Connection,
    change: Change,
    ticket: TicketRow,
    services: "Sequence[ServiceRow]",
    actor: Actor,
) -> list[EntryRow]:
    """Let a new ticket wait for each of its services, by the same rank."""
    rank = rank_by_arrival(change, change.now, ticket.priority)
    return [
        create_entry(
            db,
            change,
            "issue",
            Cause(actor),
            ticket_id=ticket.id,
            service_id=service.id,
            agency_id=service.agency_id,
            arrived_at=change.now,
            rank=rank,
            quota_people=ticket.people,
        )
        for service in services
    ]


def walk_up(
    db: Connection, change: Change, *, counter_id: int, service_id: int, actor: Actor
) -> int:
    """Serve somebody who stands here without a ticket: a number, no slip, no voice.

    Counted in the service's quota, and not refused for it.
    """
    counter = free_counter(db, counter_id, actor)
    if not serves(db, counter_id, service_id):
        raise Invalid("This counter does not serve that service.", field="service_id")
    if change.clock_is_in_doubt:
        raise ClockInDoubt
    require_no_evacuation(change)
    service = service_row(db, service_id)
    number = draw_number(db, service.series_id, change.day)
    ticket_id = insert_ticket(
        db, change, TicketRequest([service_id]), number, actor.role
    )
    create_entry(
        db,
        change,
        "walk_up",
        Cause(actor, counter),
        ticket_id=ticket_id,
        service_id=service.id,
        agency_id=service.agency_id,
        arrived_at=change.now,
        rank=rank_by_arrival(change, change.now, None),
        counter_id=counter.id,
        started_at=change.now,
        quota_people=1,
    )
    # counted and not refused: the visitor stands here (decision 0010)
    count_seats(db, change, [service], people=1, channel=actor.role)
    return ticket_id


def take_seats(
    db: Connection,
    change: Change,
    services: "Sequence[ServiceRow]",
    *,
    people: int,
    channel: str,
    kiosk_limits: KioskLimits = NO_LIMITS,
) -> None:
    """Take people's seats at services; the refusal names the one that has none.

    ``kiosk_limits`` binds a kiosk; who gives a number by hand is not bound.
    """
    rules, now = change.rules, change.now
    availability = availability_rules(
        db, rules, at=now, day=change.day, channel=channel, kiosk_limits=kiosk_limits
    )
    for service in services:
        service_availability = availability.service(
            service.id, service.agency_id, people
        )
        _require_available(service_availability, service.id, now)
        take_quota(
            db,
            availability.quotas,
            service_id=service.id,
            channel=channel,
            people=people,
        )


def _require_available(
    service_availability: Availability, service_id: int, now: datetime
) -> None:
    """Refuse where no number is given, or not yet at this kiosk."""
    if not service_availability.open:
        raise Unavailable(
            service_availability.reason or "by-hand",
            service_id=service_id,
            until=service_availability.until,
            **({"reception_only": True} if service_availability.reception_only else {}),
        )
    if service_availability.kiosk_next_at is not None:
        left = (service_availability.kiosk_next_at - now).total_seconds()
        raise TooEarly(service_id=service_id, retry_after_seconds=round(left, 3))


def _limits_for(db: Connection, change: Change, actor: Actor) -> KioskLimits:
    """Return what is held back from whoever issues: only a kiosk holds back."""
    if not actor.is_kiosk:
        return NO_LIMITS
    return kiosk_limits_at(
        db, change.rules.service_limits, kiosk_id=actor.id, at=change.now
    )


def _kiosk_rate(
    rate_use: RateUse | None, change: Change, actor: Actor
) -> KioskRate | None:
    """Return the actor's rate; None where it is no kiosk: it has none."""
    if rate_use is None or not actor.is_kiosk or actor.id is None:
        return None
    rate_use.take_back()  # of a batch that is run once more
    return KioskRate(rate_use.rates, change.rules.policy.kiosk_rate(), actor.id)


def count_seats(
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


def requested_services(
    db: Connection, ticket_request: TicketRequest, rules: Rulebook
) -> list[ServiceRow]:
    """Return the services of a request; ``Invalid`` when it is not of the form.

    For a practice service nobody takes a number: its line is invented.
    """
    if len(set(ticket_request.service_ids)) != len(ticket_request.service_ids):
        raise Invalid("A service is named twice.", field="service_ids")
    if not 1 <= len(ticket_request.service_ids) <= MAX_SERVICES:
        raise Invalid(f"One to {MAX_SERVICES} services.", field="service_ids")
    people_max = rules.policy.people_max
    if not 1 <= ticket_request.people <= people_max:
        raise Invalid(f"One to {people_max} people.", field="people")
    if not rules.practice.isdisjoint(ticket_request.service_ids):
        raise Invalid(NO_SERVICE, field="service_ids")
    return [
        rules.services.get(service_id)
        or service_in_field(db, service_id, field="service_ids")
        for service_id in ticket_request.service_ids
    ]


def service_in_field(
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
    db: Connection,
    change: Change,
    ticket_request: TicketRequest,
    number: DrawnNumber,
    channel: str,
) -> int:
    """Write a ticket and what is private of it; returns its id."""
    return _insert_ticket(db, change, ticket_request, number, channel).id


def _insert_ticket(
    db: Connection,
    change: Change,
    ticket_request: TicketRequest,
    number: DrawnNumber,
    channel: str,
) -> TicketRow:
    columns = {
        "service_day": change.day,
        "number": number.text,
        "people": ticket_request.people,
        "channel": channel,
        "version": 1,
        "issued_at": change.now,
    }
    drawn = {"series_id": number.series_id, "drawn": number.drawn}
    ticket_id = add_row(db, _INSERT_TICKET, {**columns, **drawn})
    private_columns = {
        "token": secrets.token_urlsafe(TOKEN_BYTES),
        "priority": ticket_request.priority,
        "assistance": ticket_request.assistance,
        "language": ticket_request.language,
    }
    write_row(db, _INSERT_PRIVATE, {"ticket_id": ticket_id, **private_columns})
    # what was written need not be read again
    written_columns: dict[str, Any] = {**columns, **private_columns}
    return TicketRow(id=ticket_id, **written_columns)
