"""A mall of a test's own: plain values, and how it is written into a database."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert

from app.queueing import rows
from tests.support.rules.empty import empty_database, hurried_engine

ZONE = "Asia/Jakarta"
EAST_OF_UTC = timedelta(hours=7)


@dataclass(frozen=True)
class HoursLine:
    """Hours of a scope on every weekday, site-local ``HH:MM``."""

    scope: str
    of: int | None
    kind: str
    opens: str
    closes: str
    last_ticket: str | None = None


@dataclass(frozen=True)
class CustomMall:
    """A mall with ids from 1 on: agencies, services, counters, and its decisions.

    ``services[i]`` is (agency, series); ``counters[i]`` maps service to head
    start in seconds; ``quotas`` are (service, channel, opens, people).
    """

    agencies: int
    services: list[tuple[int, int]]
    counters: list[dict[int, int]]
    policy: dict[str, Any]
    start: datetime
    is_always_open: bool = True
    hours: list[HoursLine] = field(default_factory=list)
    holidays: list[tuple[date, int | None]] = field(default_factory=list)
    quotas: list[tuple[int, str, str, int]] = field(default_factory=list)
    spare: dict[int, tuple[int, int]] = field(default_factory=dict)
    practice: frozenset[int] = frozenset()
    """The counters of the practice zone."""

    def is_practice(self, service: int) -> bool:
        """Tell whether practice counters serve a service."""
        return any(service in self.counters[c - 1] for c in self.practice)

    def agency_of(self, service: int) -> int:
        """Return a service's agency."""
        return self.services[service - 1][0]

    def agencies_at(self, counter: int) -> set[int]:
        """Return the agencies whose services a counter serves."""
        return {self.agency_of(service) for service in self.counters[counter - 1]}


def day_of(at: datetime) -> date:
    """Return the date in Jambi."""
    return (at + EAST_OF_UTC).date()


def open_database(path: Path, mall: CustomMall) -> Engine:
    """Write a mall to a new file; return its writer's engine, which does not flush."""
    engine = hurried_engine(empty_database(path))
    with engine.begin() as db:
        write(db, mall)
    return engine


def write(db: Connection, mall: CustomMall) -> None:
    """Write a mall into an empty database, with a member of staff per counter."""
    _write_site(db, mall)
    for agency in range(1, mall.agencies + 1):
        name = {"name": f"A{agency}", "name_en": "", "short_name": "", "symbol": ""}
        values = {"id": agency, "code": f"A{agency}", "position": agency, **name}
        db.execute(insert(rows.agency).values(values))
        first, last = mall.spare.get(agency, (None, None))
        roll = {"spare_from": first, "spare_to": last, "prefix": "ABC"[agency - 1]}
        db.execute(insert(rows.series).values(id=agency, last_number=0, **roll))
    for service, (agency, series) in enumerate(mall.services, start=1):
        names = {"code": f"S{service}", "name": "", "name_en": ""}
        where = {"id": service, "agency_id": agency, "series_id": series}
        values = {**where, **names, "typical_minutes": 5, "position": service}
        db.execute(insert(rows.service).values(values))
    _write_counters(db, mall)
    _write_times(db, mall)


def _write_site(db: Connection, mall: CustomMall) -> None:
    site = {"name": "M", "timezone": ZONE, "languages": [], "public_url": ""}
    opened = {"is_sample": False, "always_open": mall.is_always_open}
    db.execute(insert(rows.site).values(**site, **opened, policy=mall.policy))
    started = {
        "revision": 0,
        "service_day": day_of(mall.start),
        "last_moment": mall.start,
    }
    db.execute(insert(rows.ledger_state).values(id=1, **started))
    db.execute(insert(rows.sound_space).values(id=1, code="L", name="L"))
    hall = {"id": 1, "code": "Z", "name": "Z", "sound_space_id": 1}
    db.execute(insert(rows.zone).values(**hall, is_practice=False))
    learning = {"id": 2, "code": "P", "name": "P", "sound_space_id": 1}
    db.execute(insert(rows.zone).values(**learning, is_practice=True))
    kiosk = {"id": 1, "code": "K", "kind": "kiosk", "name": "K"}
    db.execute(insert(rows.device).values(kiosk))


def _write_counters(db: Connection, mall: CustomMall) -> None:
    for counter, serves in enumerate(mall.counters, start=1):
        names = {"code": f"L{counter}", "name": f"Loket {counter}", "state": "closed"}
        zone = 2 if counter in mall.practice else 1
        db.execute(insert(rows.counter).values(id=counter, zone_id=zone, **names))
        for service, seconds in serves.items():
            link = {"counter_id": counter, "service_id": service}
            link["head_start_seconds"] = seconds
            db.execute(insert(rows.counter_service).values(link))
    for staff in range(1, 10):
        person = {"id": staff, "username": f"u{staff}", "name": "", "role": "officer"}
        db.execute(insert(rows.staff).values(**person, password_hash=""))
        for agency in range(1, mall.agencies + 1):
            link = {"staff_id": staff, "agency_id": agency}
            db.execute(insert(rows.staff_agency).values(link))


def _write_times(db: Connection, mall: CustomMall) -> None:
    for line in mall.hours:
        for weekday in range(7):
            db.execute(
                insert(rows.opening_hours).values(
                    agency_id=line.of if line.scope == "agency" else None,
                    service_id=line.of if line.scope == "service" else None,
                    kind=line.kind,
                    weekday=weekday,
                    opens=line.opens,
                    closes=line.closes,
                    last_ticket=line.last_ticket,
                )
            )
    for day, agency in mall.holidays:
        values = {"day": day, "name": "Libur", "agency_id": agency}
        db.execute(insert(rows.holiday).values(values))
    for service, channel, opens, people in mall.quotas:
        part = {"service_id": service, "channel": channel, "opens": opens}
        db.execute(insert(rows.quota).values(**part, people=people))
