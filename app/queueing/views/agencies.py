"""Lists: agencies with their services, the site, and what is open."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel
from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.models import CounterState
from app.models.states import DeviceKind
from app.queueing import rows
from app.queueing.line.ahead import waiting_ahead_of_new, waiting_by_service
from app.queueing.service_day import ledger_row
from app.queueing.site.availability import (
    Availability,
    AvailabilityRules,
    availability_rules,
)
from app.queueing.site.kiosk_limits import NO_LIMITS, kiosk_limits_at
from app.queueing.site.policy import Policy
from app.queueing.site.rulebook import read_rulebook
from app.queueing.site.site_row import site_row
from app.queueing.views.tickets import Estimate


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Utc = Annotated[datetime, AfterValidator(_in_utc)]
"""A moment reckoned in the site's zone, told in UTC (contract.md#forms)."""


class SiteView(BaseModel):
    """The mall, as anyone may know it."""

    name: str
    timezone: str
    languages: list[str]
    service_day: date
    now: datetime
    policy: Policy
    is_sample: bool


class ServiceView(BaseModel):
    """A service, whether it gives numbers now, and how many people wait.

    ``waiting_ahead`` is that of a regular number, were it drawn now.

    ``reception_only``: kiosks give none, reception does. ``kiosk_next_at``: when
    the kiosk that asked gives its next one, if not at once.
    """

    id: int
    code: str
    name: str
    name_en: str
    prefix: str
    open: bool
    reason: str | None
    until: Utc | None
    serving_from: Utc | None
    reception_only: bool
    kiosk_next_at: Utc | None
    counters_open: int
    waiting: int
    waiting_ahead: int
    estimate: Estimate | None = None


class AgencyView(BaseModel):
    """An agency with its services; ``counters_open`` is told, not hidden."""

    id: int
    code: str
    name: str
    name_en: str
    short_name: str
    symbol: str
    open: bool
    reason: str | None
    until: Utc | None
    serving_from: Utc | None
    reception_only: bool
    counters_open: int
    waiting: int
    services: list[ServiceView]


class AvailabilityView(BaseModel):
    """Open, or the reason and until when."""

    open: bool
    reason: str | None
    until: Utc | None
    serving_from: Utc | None
    reception_only: bool
    kiosk_next_at: Utc | None


_SERVICES = (
    select(
        rows.service.c.id,
        rows.service.c.agency_id,
        rows.service.c.code,
        rows.service.c.name,
        rows.service.c.name_en,
        rows.series.c.prefix,
    )
    .select_from(rows.service.join(rows.series))
    .where(rows.service.c.is_retired.is_(False))
    .order_by(rows.service.c.position, rows.service.c.id)
)
_SERVICE_IDS = select(rows.service.c.id, rows.service.c.agency_id).where(
    rows.service.c.is_retired.is_(False)
)
_AGENCIES = (
    select(
        rows.agency.c.id,
        rows.agency.c.code,
        rows.agency.c.name,
        rows.agency.c.name_en,
        rows.agency.c.short_name,
        rows.agency.c.symbol,
    )
    .where(rows.agency.c.is_retired.is_(False))
    .order_by(rows.agency.c.position, rows.agency.c.id)
)
_OPEN = (
    select(rows.counter_service.c.service_id, rows.counter.c.id)
    .select_from(rows.counter_service.join(rows.counter))
    .where(rows.counter.c.state == CounterState.OPEN)
)
_AGENCY_OF = select(rows.service.c.agency_id).where(
    rows.service.c.id == bindparam("service_id"),
    rows.service.c.is_retired.is_(False),
)


def site_view(db: Connection, now: datetime) -> SiteView:
    """Return the mall, its service day and policy."""
    site = site_row(db)
    return SiteView(
        name=site.name,
        timezone=site.timezone,
        languages=site.languages,
        service_day=ledger_row(db).service_day,
        now=now,
        policy=site.rules(),
        is_sample=site.is_sample,
    )


def current_availability(
    db: Connection,
    now: datetime,
    channel: str = "",
    *,
    at: datetime | None = None,
    kiosk_id: int | None = None,
) -> AvailabilityRules:
    """Return what decides availability now, or at another moment.

    On a later day nothing is taken yet of that day's quotas. ``kiosk_id`` names
    the kiosk that asks, by whose cool-downs it is said.
    """
    # read anew: the ledger's own rulebook belongs to its thread
    rules, day = read_rulebook(db), ledger_row(db).service_day
    if at is not None and rules.hours.day_of(at) > rules.hours.day_of(now):
        day = rules.hours.day_of(at)
    kiosk_limits = NO_LIMITS
    if channel == DeviceKind.KIOSK:
        kiosk_limits = kiosk_limits_at(
            db, rules.service_limits, kiosk_id=kiosk_id, at=at or now
        )
    return availability_rules(
        db, rules, at=at or now, day=day, channel=channel, kiosk_limits=kiosk_limits
    )


def agency_views(
    db: Connection,
    now: datetime,
    channel: str = DeviceKind.KIOSK,
    *,
    kiosk_id: int | None = None,
) -> list[AgencyView]:
    """Return every agency with its services, open or why not, and the waiting.

    What only practice counters serve is left out, and its agency.
    """
    availability = current_availability(db, now, channel, kiosk_id=kiosk_id)
    at = _open_counters(db)
    services = _services_by_agency(db, availability, at, now)
    return [
        _agency(row._asdict(), services[row.id], availability, at)
        for row in db.execute(_AGENCIES)
        if row.id in services
    ]


def availability_by_agency(
    db: Connection, rules: AvailabilityRules
) -> dict[int, Availability]:
    """Return what each agency as a whole gives: numbers while a service of it does.

    Without what only practice counters serve.
    """
    services: dict[int, list[Availability]] = defaultdict(list)
    for service_id, agency_id in db.execute(_SERVICE_IDS):
        if service_id not in rules.rules.practice:
            services[agency_id].append(rules.service(service_id, agency_id))
    return {
        agency_id: _availability_as_a_whole(rules.agency(agency_id), of_services)
        for agency_id, of_services in services.items()
    }


def availability_of(
    db: Connection,
    *,
    now: datetime,
    agency_id: int | None = None,
    service_id: int | None = None,
) -> AvailabilityView:
    """Return whether an agency, or the service named, gives numbers now."""
    if service_id is not None:
        return service_availability(db, service_id=service_id, now=now)
    available = current_availability(db, now).agency(agency_id or 0)
    return AvailabilityView(**available._asdict())


def service_availability(
    db: Connection,
    *,
    service_id: int,
    now: datetime,
    at: datetime | None = None,
    channel: str = "",
) -> AvailabilityView:
    """Return whether a service gives numbers; ``NotFound`` when there is none.

    ``channel``: the role that would issue, by whose quota it is said.
    """
    agency_id = db.execute(_AGENCY_OF, {"service_id": service_id}).scalar()
    if agency_id is None:
        raise NotFound
    availability = current_availability(db, now, channel, at=at)
    available = availability.service(service_id, agency_id)
    return AvailabilityView(**available._asdict())


def _services_by_agency(
    db: Connection,
    availability: AvailabilityRules,
    open_counters: Mapping[int, set[int]],
    now: datetime,
) -> dict[int, list[ServiceView]]:
    waiting = waiting_by_service(db)
    result = db.execute(_SERVICES).all()
    offered = [row for row in result if row.id not in availability.rules.practice]
    ahead = waiting_ahead_of_new(db, [row.id for row in offered], now)
    services: dict[int, list[ServiceView]] = defaultdict(list)
    for row in offered:
        fields = row._asdict()
        agency_id = fields.pop("agency_id")
        available = availability.service(row.id, agency_id)
        services[agency_id].append(
            ServiceView(
                **fields,
                **available._asdict(),
                waiting=waiting.get(row.id, 0),
                waiting_ahead=ahead[row.id],
                counters_open=len(open_counters[row.id]),
            )
        )
    return services


def _open_counters(db: Connection) -> dict[int, set[int]]:
    counters_by_service: dict[int, set[int]] = defaultdict(set)
    for service_id, counter_id in db.execute(_OPEN):
        counters_by_service[service_id].add(counter_id)
    return counters_by_service


def _agency(
    fields: dict[str, object],
    services: list[ServiceView],
    availability: AvailabilityRules,
    open_counters: Mapping[int, set[int]],
) -> AgencyView:
    """Show an agency: it is open while one of its services gives numbers."""
    counters: set[int] = set().union(*(open_counters[s.id] for s in services))
    available = _availability_as_a_whole(
        availability.agency(int(str(fields["id"]))), services
    )
    return AgencyView.model_validate(
        {
            **fields,
            **available._asdict(),
            "counters_open": len(counters),
            "waiting": sum(service.waiting for service in services),
            "services": services,
        }
    )


def _availability_as_a_whole(
    agency: Availability, services: Sequence[Availability | ServiceView]
) -> Availability:
    """Return an agency's availability: open while one of its services is.

    Else that of the service which gives numbers again first.
    """
    if not agency.open or any(service.open for service in services):
        return agency
    # what a visitor may still have at the reception is worth telling first
    first = min(services, key=_order_of_telling)
    return agency._replace(
        open=False,
        reason=first.reason,
        until=first.until,
        reception_only=first.reception_only,
    )


def _order_of_telling(service: Availability | ServiceView) -> tuple[bool, bool, float]:
    """Return the order in which closed services are worth telling of."""
    until = service.until
    opens_at = until.timestamp() if until else 0
    return not service.reception_only, until is None, opens_at
