"""What the site has decided, read once: policy, hours, closures, quotas, limits."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.queueing import facts, rows
from app.queueing.site.hours import Hours, read_hours
from app.queueing.site.kiosk_limits import ServiceLimits, read_service_limits
from app.queueing.site.policy import Policy
from app.queueing.site.quotas import QuotaParts, read_parts
from app.queueing.site.site_row import SiteRow, site_row

RULEBOOK_FACTS = frozenset({facts.SITE, facts.CLOSURES, facts.QUIET})
"""The facts that make a rulebook out of date."""


class ClosureRow(NamedTuple):
    """A closure that is not lifted; of the whole site when it names neither."""

    agency_id: int | None
    service_id: int | None
    reason: str
    since: datetime
    until: datetime | None
    note: str | None
    by: str | None

    def is_on(self, at: datetime) -> bool:
        """Tell whether it is in force at a moment."""
        return self.since <= at and (self.until is None or at < self.until)

    def concerns(self, agency_id: int, service_id: int | None) -> bool:
        """Tell whether it closes a service, or (None) a whole agency."""
        if self.service_id is not None:
            return self.service_id == service_id
        return self.agency_id in (None, agency_id)


class ServiceRow(NamedTuple):
    """A service, its agency, and the series that its numbers are drawn from."""

    id: int
    agency_id: int
    series_id: int


class Rulebook(NamedTuple):
    """The site's decisions; they change by an import or by a person."""

    site: SiteRow
    policy: Policy
    hours: Hours
    closures: list[ClosureRow]
    quota_parts: QuotaParts
    practice: frozenset[int]
    """The services of the practice zone."""
    service_limits: ServiceLimits
    """The services that are limited at kiosks."""
    quiet_until: Mapping[int, datetime] = MappingProxyType({})
    """Until when somebody wants quiet, by sound space."""
    services: Mapping[int, ServiceRow] = MappingProxyType({})
    """By id, as far as they are kept: the writer keeps them all."""


_CLOSURES = (
    select(
        rows.closure.c.agency_id,
        rows.closure.c.service_id,
        rows.closure.c.reason,
        rows.closure.c.since,
        rows.closure.c.until,
        rows.closure.c.note,
        rows.staff.c.name,
    )
    .select_from(rows.closure.outerjoin(rows.staff))
    .where(rows.closure.c.lifted_at.is_(None))
    .order_by(rows.closure.c.id)
)
_PRACTICE = (
    select(rows.counter_service.c.service_id)
    .distinct()
    .select_from(rows.counter_service.join(rows.counter).join(rows.zone))
    .where(rows.zone.c.is_practice)
)
_QUIET = select(rows.sound_space.c.id, rows.sound_space.c.quiet_until).where(
    rows.sound_space.c.quiet_until.is_not(None)
)
_SERVICES = select(*(rows.service.c[name] for name in ServiceRow._fields)).where(
    rows.service.c.is_retired.is_(False)
)


def read_quiet(db: Connection) -> dict[int, datetime]:
    """Return until when somebody wants quiet, by sound space."""
    return {row.id: row.quiet_until for row in db.execute(_QUIET)}


def read_services(db: Connection) -> dict[int, ServiceRow]:
    """Return every service that is not retired, by its id."""
    services = (ServiceRow._make(row) for row in db.execute(_SERVICES))
    return {service.id: service for service in services}


def practice_services(db: Connection) -> frozenset[int]:
    """Return the services that practice counters serve; an import keeps them apart."""
    return frozenset(db.execute(_PRACTICE).scalars())


def read_closures(db: Connection) -> list[ClosureRow]:
    """Return the closures that are not lifted, and who closed by hand."""
    return [ClosureRow._make(row) for row in db.execute(_CLOSURES)]


def read_rulebook(db: Connection) -> Rulebook:
    """Read the site's decisions."""
    site = site_row(db)
    return Rulebook(
        site=site,
        policy=site.rules(),
        hours=read_hours(db, site.zone, is_always_open=site.always_open),
        closures=read_closures(db),
        # the demo is open at all hours: nothing that hangs on the clock closes it
        quota_parts={} if site.always_open else read_parts(db),
        practice=practice_services(db),
        service_limits=read_service_limits(db),
        quiet_until=read_quiet(db),
    )


def next_change(rules: Rulebook, at: datetime) -> datetime:
    """Return the first moment after ``at`` at which the clock may change availability.

    Where hours, closures or parts of a quota begin or end; at the latest midnight.
    """
    hours = rules.hours
    moments = [hours.next_change(at)]
    moments += [c.until for c in rules.closures if c.until is not None]
    moments += [c.since for c in rules.closures]
    for parts in rules.quota_parts.values():
        moments += [part.on(hours.day_of(at), hours.zone) for part in parts]
    return min(moment for moment in moments if moment > at)
