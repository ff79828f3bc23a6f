"""Write when the mall is there for people: hours, breaks, holidays, quotas."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection
from sqlmodel import SQLModel

from app.importing.schema import Mall
from app.importing.services import service_ids, services_in
from app.importing.tables import (
    Key,
    Tally,
    Values,
    delete_except,
    ids_of,
    upsert,
)
from app.importing.times import Times, period_of
from app.models.mall import Agency, Holiday, OpeningHours, Quota, SpecialHours

_LINE = ("agency_id", "service_id", "kind", "weekday", "opens", "closes")
_SPECIAL = ("day", "agency_id", "service_id", "kind")
_HOLIDAY = ("day", "agency_id")
_QUOTA = ("service_id", "channel", "opens")
_ALL_CHANNELS = ""


class Owner(NamedTuple):
    """Whose times: the site's (neither), an agency's or a service's."""

    times: Times
    agency_id: int | None = None
    service_id: int | None = None


def upsert_times(db: Connection, mall: Mall, tally: Tally) -> None:
    """Bring hours, holidays and quotas to what the file says."""
    lines: dict[Key, Values] = {}
    special: dict[Key, Values] = {}
    for owner in _owners(db, mall):
        lines.update(_lines(owner))
        special.update(_special(owner))
    _replace(db, OpeningHours, _LINE, lines, tally)
    _replace(db, SpecialHours, _SPECIAL, special, tally)
    _replace(db, Holiday, _HOLIDAY, dict(_holidays(db, mall)), tally)
    _replace(db, Quota, _QUOTA, dict(_quotas(db, mall)), tally)


def _replace(
    db: Connection,
    model: type[SQLModel],
    key: tuple[str, ...],
    values_by_key: dict[Key, Values],
    tally: Tally,
) -> None:
    # by their content: lines of the timetable have no code, so one that changed is new
    upsert(db, model, key, values_by_key, tally)
    delete_except(db, model, key, values_by_key, tally)


def _owners(db: Connection, mall: Mall) -> Iterator[Owner]:
    agency_ids = ids_of(db, Agency, "code")
    ids = service_ids(db, mall)
    yield Owner(mall.site)
    for agency in mall.agencies:
        yield Owner(agency, agency_id=agency_ids[agency.code,])
    for agency, service in services_in(mall):
        yield Owner(service, service_id=ids[agency.code, service.code])


def _lines(owner: Owner) -> Iterator[tuple[Key, Values]]:
    for kind, items in owner.times.by_kind().items():
        for item in items:
            begins, ends, last = period_of(item)
            for day in item.days:
                owner_key = owner.agency_id, owner.service_id, kind.value
                yield (*owner_key, day.number, begins, ends), {"last_ticket": last}


def _special(owner: Owner) -> Iterator[tuple[Key, Values]]:
    for item in owner.times.special_hours:
        for kind, times in item.by_kind().items():
            periods = [list(each) for each in sorted(map(period_of, times))]
            key = item.day, owner.agency_id, owner.service_id, kind.value
            yield key, {"periods": periods}


def _holidays(db: Connection, mall: Mall) -> Iterator[tuple[Key, Values]]:
    agency_ids = ids_of(db, Agency, "code")
    for holiday in mall.site.holidays:
        yield (holiday.day, None), {"name": holiday.name}
    for agency in mall.agencies:
        for holiday in agency.holidays:
            key = holiday.day, agency_ids[agency.code,]
            yield key, {"name": holiday.name}


def _quotas(db: Connection, mall: Mall) -> Iterator[tuple[Key, Values]]:
    ids = service_ids(db, mall)
    for agency, service in services_in(mall):
        for quota in service.quotas:
            owner_key = ids[agency.code, service.code], quota.channel or _ALL_CHANNELS
            yield (*owner_key, quota.opens), {"people": quota.people}
