"""Lists: agencies with their services, and what is open."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict
from sqlalchemy import Connection, select

from app.db.engines import Reading
from app.models.states import DeviceKind
from app.queueing import rows
from app.queueing.line.ahead import LineNow, lines_now
from app.queueing.service_day import ledger_row
from app.queueing.site.availability import (
    Availability,
    AvailabilityRules,
    availability_rules,
)
from app.queueing.site.decisions import Decisions, decisions_of
from app.queueing.site.kiosk_limits import NO_LIMITS, kiosk_limits_at
from app.queueing.site.rulebook import practice_services
from app.queueing.views.kept_views import KeptViews
from app.queueing.views.tickets import Estimate


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Utc = Annotated[datetime, AfterValidator(_in_utc)]
"""A moment reckoned in the site's zone, told in UTC (contract.md#forms)."""


class ServiceView(BaseModel):
    """A service, whether it gives numbers now, and how many people wait.

    ``waiting_ahead`` is that of a regular number, were it drawn now.

    ``reception_only``: kiosks give none, reception does. ``kiosk_next_at``: when
    the kiosk that asked gives its next one, if not at once.
    """

    model_config = ConfigDict(frozen=True)  # shared while it is true

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
    counters_paused: int
    waiting: int
    waiting_ahead: int
    estimate: Estimate | None = None


class AgencyView(BaseModel):
    """An agency with its services; ``counters_open`` is told, not hidden."""

    model_config = ConfigDict(frozen=True)  # shared while it is true

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


class _ListedAgency(NamedTuple):
    """What the list tells of an agency whatever the moment, and of its services."""

    id: int
    fields: dict[str, Any]
    services: dict[int, dict[str, Any]]
    service_ids: frozenset[int]


class _MallNow(NamedTuple):
    """What the list is made of at one moment; and the views made of it before."""

    availability: AvailabilityRules
    lines: Mapping[int, LineNow]
    agencies: KeptViews[tuple[Any, ...], AgencyView]
    services: KeptViews[tuple[Any, ...], ServiceView]


class _KeptList(NamedTuple):
    """The newest views of agencies and services, by id, and the agencies' JSON."""

    agencies: KeptViews[tuple[Any, ...], AgencyView]
    services: KeptViews[tuple[Any, ...], ServiceView]
    texts: KeptViews[tuple[AgencyView], str]
    newest: dict[str, "_Newest"]
    """The last list of each channel."""


class _Newest(NamedTuple):
    """A list, of what it was made, and from when on it is true."""

    inputs: tuple[object, ...]
    since: datetime
    reading: Reading[list[AgencyView]]


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
    decisions, day = decisions_of(db), ledger_row(db).service_day
    day_of = decisions.rules.hours.day_of
    if at is not None and day_of(at) > day_of(now):
        day = day_of(at)
    return _availability_rules(
        db, decisions, at or now, day=day, channel=channel, kiosk_id=kiosk_id
    )


def _availability_rules(
    db: Connection,
    decisions: Decisions,
    at: datetime,
    *,
    day: date,
    channel: str,
    kiosk_id: int | None,
) -> AvailabilityRules:
    rules, kiosk_limits = decisions.rules, NO_LIMITS
    if channel == DeviceKind.KIOSK:
        kiosk_limits = kiosk_limits_at(
            db, rules.service_limits, kiosk_id=kiosk_id, at=at
        )
    return availability_rules(
        db,
        rules,
        at=at,
        day=day,
        channel=channel,
        kiosk_limits=kiosk_limits,
        known=decisions.steady_at(at).known,
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
    return [*_views(db, decisions_of(db), now, channel, kiosk_id).value]


def steady_agency_views(db: Connection, now: datetime) -> Reading[list[AgencyView]]:
    """Return the same list, for no kiosk in particular, and until when it is true."""
    return _views(db, decisions_of(db), now, DeviceKind.KIOSK, None)


def agencies_json(db: Connection, now: datetime, channel: str) -> Reading[str]:
    """Return it as JSON; an agency is serialised anew where it changed."""
    decisions = decisions_of(db)
    texts = decisions.read(db, _kept_list).texts
    views, until = _views(db, decisions, now, channel, None)
    each = (texts.view(view.id, (view,), view.model_dump_json) for view in views)
    return Reading(f"[{','.join(each)}]", until)


def availability_by_agency(
    db: Connection, rules: AvailabilityRules
) -> dict[int, Availability]:
    """Return what each agency as a whole gives: numbers while a service of it does.

    Without what only practice counters serve.
    """
    agencies = decisions_of(db).read(db, _read_list)
    return {
        agency.id: _availability_as_a_whole(
            rules.agency(agency.id),
            [rules.service(service_id, agency.id) for service_id in agency.services],
        )
        for agency in agencies
    }


def _views(
    db: Connection,
    decisions: Decisions,
    now: datetime,
    channel: str,
    kiosk_id: int | None,
) -> Reading[list[AgencyView]]:
    kept = decisions.read(db, _kept_list)
    revision, day, _ = ledger_row(db)
    rules = _availability_rules(
        db, decisions, now, day=day, channel=channel, kiosk_id=kiosk_id
    )
    # of the same revision only the clock makes another list, or the kiosk that asks
    inputs = (revision, rules.kiosk_limits)
    newest = kept.newest.get(channel)
    if (
        newest is None
        or newest.inputs != inputs
        or not newest.since <= now < newest.reading.until
    ):
        reading = _read_views(db, decisions, rules, kept)
        newest = kept.newest[channel] = _Newest(inputs, now, reading)
    return newest.reading


def _read_views(
    db: Connection, decisions: Decisions, rules: AvailabilityRules, kept: _KeptList
) -> Reading[list[AgencyView]]:
    agencies = decisions.read(db, _read_list)
    service_ids = (each for agency in agencies for each in agency.services)
    lines = lines_now(db, service_ids, rules.at)
    mall = _MallNow(rules, lines.by_service, kept.agencies, kept.services)
    # a kiosk's cool-down ends too
    ends = [decisions.steady_at(rules.at).until, *rules.kiosk_limits.next_at.values()]
    until = min(ends) if lines.is_new_last else rules.at
    return Reading([_agency(mall, agency) for agency in agencies], until)


def _read_list(db: Connection) -> list[_ListedAgency]:
    """Read who is listed: all but what only practice counters serve."""
    practice = practice_services(db)
    services: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in db.execute(_SERVICES):
        if row.id not in practice:
            fields = row._asdict()
            services[fields.pop("agency_id")][row.id] = fields
    return [
        _ListedAgency(
            row.id, row._asdict(), services[row.id], frozenset(services[row.id])
        )
        for row in db.execute(_AGENCIES)
        if row.id in services
    ]


def _kept_list(_db: Connection) -> _KeptList:
    return _KeptList(KeptViews(), KeptViews(), KeptViews(), {})


def _agency(mall: _MallNow, agency: _ListedAgency) -> AgencyView:
    """Show an agency: it is open while one of its services gives numbers."""
    rules = mall.availability
    available = rules.agency(agency.id)
    lines = [mall.lines[service_id] for service_id in agency.services]
    of_services = (
        [available] * len(agency.services)
        if rules.all_follow_agency(agency.service_ids)
        else [rules.service(service_id, agency.id) for service_id in agency.services]
    )

    def make() -> AgencyView:
        services = [
            _service(mall, service_id, fields, each)
            for (service_id, fields), each in zip(
                agency.services.items(), of_services, strict=True
            )
        ]
        return AgencyView(
            **agency.fields,
            **_availability_as_a_whole(available, services)._asdict(),
            counters_open=len(
                frozenset[int]().union(*(line.open_counters for line in lines))
            ),
            waiting=sum(line.waiting for line in lines),
            services=services,
        )

    return mall.agencies.view(agency.id, (available, lines, of_services), make)


def _service(
    mall: _MallNow, service_id: int, fields: dict[str, Any], available: Availability
) -> ServiceView:
    line = mall.lines[service_id]

    def make() -> ServiceView:
        return ServiceView(
            **fields,
            **available._asdict(),
            waiting=line.waiting,
            waiting_ahead=line.waiting_ahead,
            counters_open=len(line.open_counters),
            counters_paused=len(line.paused_counters),
        )

    return mall.services.view(service_id, (available, line), make)


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
