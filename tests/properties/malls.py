"""Random malls: plain values, and how one is written into an empty database."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Connection, insert

from app.queueing import rows

ZONE = "Asia/Jakarta"
# Tuesday 24 November 2026 in Jambi (UTC+7): before opening, open, and late
STARTS = (
    datetime(2026, 11, 24, 0, 10, tzinfo=UTC),
    datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
    datetime(2026, 11, 24, 4, 40, tzinfo=UTC),
    datetime(2026, 11, 24, 16, 30, tzinfo=UTC),
)


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
class Mall:
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


HOURS_LINES = (
    HoursLine("site", None, "serving", "07:30", "15:00", "14:30"),
    HoursLine("site", None, "break", "12:00", "13:00"),
    HoursLine("site", None, "quiet", "11:30", "11:50"),
    HoursLine("agency", 1, "serving", "08:00", "14:00"),
    HoursLine("agency", 1, "issuing", "07:00", "13:00"),
    HoursLine("agency", 1, "break", "12:30", "13:30"),
    HoursLine("agency", 2, "break", "11:45", "12:15"),
    HoursLine("service", 1, "serving", "09:00", "11:30", "11:00"),
    HoursLine("service", 2, "serving", "08:00", "18:00"),
    HoursLine("service", 2, "issuing", "06:00", "08:30"),
    HoursLine("service", 2, "issuing", "13:00", "15:00"),
)
SOME_HOURS = st.lists(st.sampled_from(HOURS_LINES), unique=True, max_size=6)
SOME_HOLIDAYS = st.lists(
    st.tuples(
        st.sampled_from([date(2026, 11, 25), date(2026, 11, 26)]),
        st.sampled_from([None, 1]),
    ),
    unique=True,
    max_size=2,
)
POLICIES = st.fixed_dictionaries(
    {
        "recall_cooldown_seconds": st.sampled_from([0, 3]),
        "no_show_after_calls": st.sampled_from([1, 2]),
        "no_show_after_seconds": st.sampled_from([0, 10]),
        "requeue_after_tickets": st.integers(0, 3),
        "requeue_after_minutes": st.sampled_from([0, 5, 15]),
        "requeue_grace_minutes": st.sampled_from([2, 60]),
        "requeues_by_visitor": st.integers(0, 2),
        "undo_minutes": st.sampled_from([0, 5, 30, 240]),
        "officers_may_choose": st.booleans(),
        "head_start_minutes": st.fixed_dictionaries({"lansia": st.integers(0, 30)}),
    }
)


@st.composite
def malls(draw: st.DrawFn) -> Mall:
    """Return a mall of two or three agencies with overlapping counters."""
    agencies = draw(st.integers(2, 3))
    several = st.lists(st.integers(1, agencies), min_size=2, max_size=5)
    services = [
        (agency, draw(st.sampled_from(sorted({agency, 1}))))
        for agency in sorted(draw(several))
    ]
    ids = st.integers(1, len(services))
    serves = st.dictionaries(ids, st.sampled_from([0, 0, 300, 900]), min_size=1)
    counters = draw(st.lists(serves, min_size=2, max_size=4))
    learners = draw(st.sampled_from([None, None, agencies]))
    counters = [_one_kind(counter, services, learners) for counter in counters]
    always_open = draw(st.sampled_from([False, False, True]))
    return Mall(
        agencies=agencies,
        services=services,
        counters=counters,
        practice=frozenset(
            number
            for number, counter in enumerate(counters, start=1)
            if services[min(counter) - 1][0] == learners
        ),
        policy=draw(POLICIES),
        start=draw(st.sampled_from(STARTS)),
        is_always_open=always_open,
        hours=[] if always_open else draw(SOME_HOURS),
        holidays=[] if always_open else draw(SOME_HOLIDAYS),
        quotas=[] if always_open else draw(_some_quotas(len(services))),
        spare=draw(st.dictionaries(st.just(1), st.just((3, 5)))),
    )


def _one_kind(
    counter: dict[int, int], services: list[tuple[int, int]], learners: int | None
) -> dict[int, int]:
    """Let a counter serve in practice or in earnest, as an import wants it."""
    kind = services[min(counter) - 1][0] == learners
    return {
        service: seconds
        for service, seconds in counter.items()
        if (services[service - 1][0] == learners) is kind
    }


def _some_quotas(services: int) -> st.SearchStrategy[list[tuple[int, str, str, int]]]:
    parts = st.tuples(
        st.integers(1, services),
        st.sampled_from(["", "kiosk", "reception"]),
        st.sampled_from(["00:00", "08:00", "13:00"]),
        st.integers(0, 6),
    )
    return st.lists(parts, max_size=3, unique_by=lambda part: part[:3])


def write(db: Connection, mall: Mall, day: date) -> None:
    """Write a mall into an empty database, with a member of staff per counter."""
    _write_site(db, mall, day)
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


def _write_site(db: Connection, mall: Mall, day: date) -> None:
    site = {"name": "M", "timezone": ZONE, "languages": [], "public_url": ""}
    opened = {"is_sample": False, "always_open": mall.is_always_open}
    db.execute(insert(rows.site).values(**site, **opened, policy=mall.policy))
    started = {"revision": 0, "service_day": day, "last_moment": mall.start}
    db.execute(insert(rows.ledger_state).values(id=1, **started))
    db.execute(insert(rows.sound_space).values(id=1, code="L", name="L"))
    hall = {"id": 1, "code": "Z", "name": "Z", "sound_space_id": 1}
    db.execute(insert(rows.zone).values(**hall, is_practice=False))
    learning = {"id": 2, "code": "P", "name": "P", "sound_space_id": 1}
    db.execute(insert(rows.zone).values(**learning, is_practice=True))
    kiosk = {"id": 1, "code": "K", "kind": "kiosk", "name": "K"}
    db.execute(insert(rows.device).values(kiosk))


def _write_counters(db: Connection, mall: Mall) -> None:
    for counter, serves in enumerate(mall.counters, start=1):
        place = {"code": f"L{counter}", "name": f"Loket {counter}", "state": "closed"}
        zone = 2 if counter in mall.practice else 1
        db.execute(insert(rows.counter).values(id=counter, zone_id=zone, **place))
        for service, seconds in serves.items():
            link = {"counter_id": counter, "service_id": service}
            link["head_start_seconds"] = seconds
            db.execute(insert(rows.counter_service).values(link))
    for staff in range(1, 10):
        person = {"id": staff, "username": f"u{staff}", "name": "", "role": "officer"}
        db.execute(insert(rows.staff).values(**person, password_hash=""))


def _write_times(db: Connection, mall: Mall) -> None:
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
