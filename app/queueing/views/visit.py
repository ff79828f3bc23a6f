"""What a visitor's page shows: the ticket, and where to go, in words."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.queueing import rows
from app.queueing.commands.parking import comes_back_until
from app.queueing.line.ahead import counters_now
from app.queueing.rows import EntryRow, entries_of
from app.queueing.service_day import ledger_row
from app.queueing.site.availability import AvailabilityRules
from app.queueing.site.decisions import Decisions, decisions_of
from app.queueing.site.pauses import end_of_day
from app.queueing.views.agencies import Utc, current_availability
from app.queueing.views.local_text import LocalText
from app.queueing.views.tickets import (
    EntryView,
    PrintJobView,
    TicketView,
    print_job_view,
    require_ticket,
    ticket_rows_view,
)


class ServingView(BaseModel):
    """Whether a service is served now by hours, else why and when it goes on.

    ``ends``: when the hours of the date end, where some do.
    """

    open: bool
    reason: str | None
    until: Utc | None
    is_today: bool
    ends: Utc | None


class VisitEntryView(BaseModel):
    """One of the ticket's entries with its names and the zones to wait in.

    ``serving`` and ``counters_open`` say whether anybody serves it now: a counter
    that serves its last visitor before a break counts as paused already;
    ``comes_back_until`` how long a visitor who missed the call may come back.
    """

    entry: EntryView
    service: str
    service_en: str
    agency: str
    agency_en: str
    zones: list[str]
    zone_names: list[LocalText]
    serving: ServingView
    counters_open: int
    counters_paused: int
    comes_back_until: Utc | None

    @property
    def is_served_now(self) -> bool:
        """Tell whether a counter calls for it: an open one does whatever the hours."""
        return self.counters_open > 0

    @property
    def is_served_today(self) -> bool:
        """Tell whether it is served by hours, now or later on this day."""
        return self.serving.open or self.serving.is_today


class Visit(BaseModel):
    """The whole view of the topic ``ticket:{token}``.

    The clock alone changes nothing before ``fresh_until``.
    """

    ticket: TicketView
    legs: list[VisitEntryView]
    print_job: PrintJobView | None
    language: str
    now: datetime
    fresh_until: Utc


_EVERY_NAME = select(
    rows.service.c.id,
    rows.service.c.name.label("service"),
    rows.service.c.name_en.label("service_en"),
    rows.agency.c.name.label("agency"),
    rows.agency.c.name_en.label("agency_en"),
).select_from(rows.service.join(rows.agency))
_NAMES = _EVERY_NAME.where(rows.service.c.id == bindparam("service_id"))
_EVERY_ZONE = (
    select(rows.counter_service.c.service_id, rows.zone.c.name, rows.zone.c.name_en)
    .distinct()
    .select_from(
        rows.counter_service.join(
            rows.counter, rows.counter.c.id == rows.counter_service.c.counter_id
        ).join(rows.zone, rows.zone.c.id == rows.counter.c.zone_id)
    )
    .order_by(rows.zone.c.name)
)
_ZONES = _EVERY_ZONE.where(rows.counter_service.c.service_id == bindparam("service_id"))


class ServiceNames(BaseModel):
    """A service and its agency, in both languages."""

    service: str
    service_en: str
    agency: str
    agency_en: str


def visit(
    db: Connection,
    ticket_id: int,
    *,
    now: datetime,
    rules: AvailabilityRules | None = None,
) -> Visit:
    """Return what a ticket's page shows; ``NotFound`` when there is no such ticket.

    ``rules``: what decides availability now, if the caller has read it already.
    """
    row, entries = require_ticket(db, ticket_id), entries_of(db, ticket_id)
    ticket = ticket_rows_view(db, row, entries)
    rules = rules or current_availability(db, now)
    back_until = _comes_back_until(db, entries, rules)
    decisions = decisions_of(db)
    legs = [
        _visit_entry(db, entry, rules, decisions, back_until[entry.id])
        for entry in ticket.entries
    ]
    ends = [end for end in back_until.values() if end is not None and end > now]
    return Visit(
        ticket=ticket,
        legs=legs,
        print_job=print_job_view(db, ticket_id),
        language=row.language or "id",
        now=now,
        fresh_until=min([rules.next_change(), *ends]),
    )


def service_names(db: Connection, service_id: int) -> ServiceNames:
    """Return how a service and its agency are called."""
    return _names(db.execute(_NAMES, {"service_id": service_id}).one())


def zones_serving(db: Connection, service_id: int) -> list[LocalText]:
    """Return the zones whose counters serve a service."""
    return [_zone(row) for row in db.execute(_ZONES, {"service_id": service_id})]


def read_zones(db: Connection) -> dict[int, list[LocalText]]:
    """Read the zones whose counters serve each service, by service."""
    zones: dict[int, list[LocalText]] = defaultdict(list)
    for row in db.execute(_EVERY_ZONE):
        zones[row.service_id].append(_zone(row))
    return dict(zones)


def _read_names(db: Connection) -> dict[int, ServiceNames]:
    """Read how every service is called, a retired one too: tickets name it."""
    return {row.id: _names(row) for row in db.execute(_EVERY_NAME)}


def _names(row: Any) -> ServiceNames:
    return ServiceNames(
        service=row.service,
        service_en=row.service_en,
        agency=row.agency,
        agency_en=row.agency_en,
    )


def _zone(row: Any) -> LocalText:
    return LocalText(text=row.name, text_en=row.name_en)


def _comes_back_until(
    db: Connection, entries: Sequence[EntryRow], rules: AvailabilityRules
) -> dict[int, datetime | None]:
    day = ledger_row(db).service_day
    return {
        entry.id: comes_back_until(db, rules.rules, entry, day=day, now=rules.at)
        for entry in entries
    }


def _visit_entry(
    db: Connection,
    entry: EntryView,
    rules: AvailabilityRules,
    decisions: Decisions,
    back_until: datetime | None,
) -> VisitEntryView:
    service_id = entry.service_id or 0
    agency_id = entry.agency_id or 0
    serving = rules.serving(agency_id, service_id)
    counters = counters_now(db, service_id, rules.hours, rules.at)
    ends = end_of_day(rules.hours, rules.at, agency_id, service_id)
    names = decisions.read(db, _read_names)[service_id]
    zones = decisions.read(db, read_zones).get(service_id, [])
    return VisitEntryView(
        entry=entry,
        **names.model_dump(),
        zones=[zone.text for zone in zones],
        zone_names=zones,
        serving=ServingView(**serving._asdict(), ends=ends),
        counters_open=counters.open,
        counters_paused=counters.paused,
        comes_back_until=back_until,
    )
