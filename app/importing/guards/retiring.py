"""What a file retires, and from which service day on it may be (import.md#retiring).

A date that lies ahead is noted, and the day's turn retires: then nobody waits and no
counter is open. At once goes only what nobody used on this service day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, or_, select, update
from sqlmodel import col

from app.importing.problems import Problem
from app.importing.schema import AgencySpec, CounterSpec, Mall, ServiceSpec
from app.importing.tables import ids_of
from app.models import Agency, Counter, CounterState, Entry, Service, Ticket, metadata
from app.queueing.site.retirement import retire_due


@dataclass(frozen=True, slots=True)
class Retirement:
    """A row in use that a file retires from a day that has begun."""

    table: str
    id: int
    where: str
    day: date


def without_retired(mall: Mall, day: date) -> Mall:
    """Return the mall as it is on a service day: without what is retired by then."""
    agencies = [
        agency.model_copy(
            update={"services": [s for s in agency.services if _is_kept(s, day)]}
        )
        for agency in mall.agencies
        if _is_agency_kept(agency, day)
    ]
    offered = {agency.code for agency in agencies} | {
        f"{agency.code}/{service.code}"
        for agency in agencies
        for service in agency.services
    }
    counters = [
        _without_refs(counter, offered)
        for counter in mall.counters
        if _is_kept(counter, day)
    ]
    return mall.model_copy(update={"agencies": agencies, "counters": counters})


def retirements_due(db: Connection, mall: Mall, day: date) -> list[Retirement]:
    """Return what is in use and retired by a date of the file that has come."""
    agency_ids = ids_of(db, Agency, "code")
    service_ids = ids_of(db, Service, "agency_id", "code")
    counter_ids = ids_of(db, Counter, "code")
    due = list[Retirement]()
    for agency in mall.agencies:
        agency_id, where = agency_ids.get((agency.code,)), f"agencies.{agency.code}"
        if agency_id is None:
            continue
        if not _is_agency_kept(agency, day):
            due.append(Retirement("agency", agency_id, where, agency.retired or day))
        for service in agency.services:
            service_id = service_ids.get((agency_id, service.code))
            if service_id and service.retired and not _is_kept(service, day):
                path = f"{where}.services.{service.code}"
                due.append(Retirement("service", service_id, path, service.retired))
    for counter in mall.counters:
        counter_id = counter_ids.get((counter.code,))
        if counter_id and counter.retired and not _is_kept(counter, day):
            path = f"counters.{counter.code}"
            due.append(Retirement("counter", counter_id, path, counter.retired))
    return due


def retiring_problems(
    db: Connection, due: list[Retirement], day: date
) -> Iterator[Problem]:
    """Yield a problem for each that was used on this service day."""
    next_day = day + timedelta(days=1)
    for each in due:
        if each.table == "counter" and is_open(db, each.id):
            yield Problem.of_database(each.where, "open-today", day=next_day)
        elif _was_used(db, each, day):
            # by who waits, or by an undo, which brings back who has left
            yield Problem.of_database(each.where, "used-today", day=next_day)


def retire_now(db: Connection, due: list[Retirement], day: date) -> int:
    """Retire these at once, and return how many."""
    for each in due:
        table = metadata.tables[each.table]
        set_day = update(table).where(table.c.id == each.id)
        db.execute(set_day.values(retired_on=each.day))
    if due:
        retire_due(db, day)
    return len(due)


def is_open(db: Connection, counter_id: int) -> bool:
    """Tell whether somebody holds a counter, paused ones too."""
    state = select(col(Counter.state)).where(col(Counter.id) == counter_id)
    return db.execute(state).scalar_one() != CounterState.CLOSED


def _is_kept(spec: AgencySpec | ServiceSpec | CounterSpec, day: date) -> bool:
    return spec.retired is None or spec.retired > day


def _is_agency_kept(agency: AgencySpec, day: date) -> bool:
    # without services there is nothing to come for
    return _is_kept(agency, day) and any(_is_kept(s, day) for s in agency.services)


def _without_refs(counter: CounterSpec, offered: set[str]) -> CounterSpec:
    starts = counter.head_start_minutes
    return counter.model_copy(
        update={
            "services": [ref for ref in counter.services if ref in offered],
            "head_start_minutes": {
                ref: minutes for ref, minutes in starts.items() if ref in offered
            },
        }
    )


def _was_used(db: Connection, each: Retirement, day: date) -> bool:
    entry = {
        "agency": col(Entry.agency_id) == each.id,
        "service": col(Entry.service_id) == each.id,
        "counter": or_(
            col(Entry.counter_id) == each.id, col(Entry.tied_counter_id) == each.id
        ),
    }[each.table]
    used = (
        select(col(Entry.id))
        .join(Ticket, col(Ticket.id) == col(Entry.ticket_id))
        .where(col(Ticket.service_day) == day, entry)
    )
    return db.execute(used.limit(1)).first() is not None
