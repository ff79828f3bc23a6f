"""What a day that has begun forbids: nobody may be left where none can call them."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, Executable, and_, or_, select
from sqlmodel import col

from app.importing.problems import Problem
from app.importing.schema import Mall
from app.importing.services import served_by, services_in
from app.models import Agency, Counter, CounterService, Entry, Service, Site, Ticket
from app.models.states import ACTIVE, EntryState
from app.queueing.site.rulebook import practice_services

_LINKS: Executable = (
    select(
        col(CounterService.counter_id),
        col(CounterService.service_id),
        col(Counter.code).label("counter"),
        col(Agency.code).label("agency"),
        col(Service.code).label("service"),
    )
    .join(Counter, col(Counter.id) == col(CounterService.counter_id))
    .join(Service, col(Service.id) == col(CounterService.service_id))
    .join(Agency, col(Agency.id) == col(Service.agency_id))
    .order_by(col(CounterService.counter_id), col(CounterService.service_id))
)
_SERVICES: Executable = (
    select(
        col(Service.id),
        col(Agency.code).label("agency"),
        col(Service.code).label("service"),
    )
    .join(Agency, col(Agency.id) == col(Service.agency_id))
    .where(col(Service.is_retired).is_(False))
)


def running_day_problems(db: Connection, mall: Mall, day: date) -> Iterator[Problem]:
    """Yield a problem for each change that would harm who is here today."""
    yield from _counter_problems(db, mall)
    yield from _practice_problems(db, mall, day)


def timezone_problems(db: Connection, mall: Mall) -> Iterator[Problem]:
    """Yield a problem where a running server would have to change its clock."""
    timezone = db.execute(select(col(Site.timezone))).scalar()
    if timezone not in (None, mall.site.timezone):
        yield Problem.of_database("site.timezone", "timezone")


def _counter_problems(db: Connection, mall: Mall) -> Iterator[Problem]:
    """Keep to its counter whoever is there, or may be called by it alone."""
    links = _links_in(mall)
    counters = {counter.code for counter in mall.counters}
    in_file = _refs_in(mall)
    for row in db.execute(_LINKS):
        ref = f"{row.agency}/{row.service}"
        # of a counter or service that leaves as a whole others speak
        is_left = row.counter in counters and ref in in_file
        is_taken = is_left and (row.counter, ref) not in links
        if is_taken and _somebody_is_bound(db, row.counter_id, row.service_id):
            where = f"counters.{row.counter}.services"
            yield Problem.of_database(where, "at-counter", what=ref)


def _links_in(mall: Mall) -> set[tuple[str, str]]:
    return {
        (counter.code, ref)
        for counter in mall.counters
        for _, ref in served_by(mall, counter)
    }


def _refs_in(mall: Mall) -> set[str]:
    return {f"{agency.code}/{service.code}" for agency, service in services_in(mall)}


def _somebody_is_bound(db: Connection, counter_id: int, service_id: int) -> bool:
    here = and_(
        col(Entry.counter_id) == counter_id, col(Entry.state).in_([*map(str, ACTIVE)])
    )
    tied = and_(
        col(Entry.tied_counter_id) == counter_id,
        col(Entry.state) == EntryState.WAITING.value,
    )
    bound = select(col(Entry.id)).where(
        col(Entry.service_id) == service_id, or_(here, tied)
    )
    return db.execute(bound.limit(1)).first() is not None


def _practice_problems(db: Connection, mall: Mall, day: date) -> Iterator[Problem]:
    """Let no numbers of a day turn from practice into real ones, or back."""
    zones = {zone.code for zone in mall.zones if zone.practice}
    practice_counters = {each.code for each in mall.counters if each.zone in zones}
    practice_refs = {ref for code, ref in _links_in(mall) if code in practice_counters}
    stored = practice_services(db)
    in_file = _refs_in(mall)
    for row in db.execute(_SERVICES):
        ref = f"{row.agency}/{row.service}"
        if ref not in in_file or (ref in practice_refs) == (row.id in stored):
            continue
        given = (
            select(col(Entry.id))
            .join(Ticket, col(Ticket.id) == col(Entry.ticket_id))
            .where(col(Entry.service_id) == row.id, col(Ticket.service_day) == day)
        )
        if db.execute(given.limit(1)).first() is not None:
            where = f"agencies.{row.agency}.services.{row.service}"
            yield Problem.of_database(where, "practice")
