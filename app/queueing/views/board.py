"""The board: what one display shows of its zones (contract.md#displays-and-devices)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.models import EntryState
from app.models.states import DeviceKind
from app.queueing import rows
from app.queueing.line.ahead import waiting_by_service
from app.queueing.rows import active_and, in_states
from app.queueing.service_day import ledger_row
from app.queueing.site.availability import Availability, availability_in_common
from app.queueing.states import CALL_STAYS_SHOWN
from app.queueing.views.agencies import (
    Utc,
    availability_by_agency,
    current_availability,
)

RECENT = 12


class CallView(BaseModel):
    """A call: its id stays the same over recalls, ``count`` rises.

    ``called_at`` is the first call; ``last_called_at`` the newest, by which
    the board is sorted, so that a recalled number stands on top again.
    """

    id: int
    number: str
    counter: str
    counter_id: int
    place: str
    agency: str
    agency_short: str
    zone: str
    called_at: datetime
    last_called_at: datetime
    count: int


class AgencyWaiting(BaseModel):
    """How many entries wait at an agency, and whether it gives numbers now.

    ``reason`` and ``until`` as a kiosk says them (contract.md#availability).
    """

    agency_id: int
    agency: str
    agency_short: str
    waiting: int
    open: bool
    reason: str | None
    until: Utc | None
    reception_only: bool


class Board(BaseModel):
    """What one display shows.

    ``open``: some agency here gives numbers; else the reason that they share, if
    they do, and when the first opens again. ``serving_from``: numbers are given,
    and served from then on. The clock alone changes nothing before ``fresh_until``.
    """

    revision: int
    now: datetime
    fresh_until: Utc
    open: bool
    reason: str | None
    until: Utc | None
    serving_from: Utc | None
    reception_only: bool
    calls: list[CallView]
    recent: list[CallView]
    waiting: list[AgencyWaiting]
    stale_after_seconds: int


class MallNow(NamedTuple):
    """What does not differ between displays: it is read once for all of them.

    ``waiting`` and ``available`` by agency id.
    """

    waiting: Counter[int]
    available: dict[int, Availability]
    fresh_until: datetime


_call = [
    rows.entry.c.call_id.label("id"),
    rows.ticket.c.number,
    rows.counter.c.name.label("counter"),
    rows.counter.c.id.label("counter_id"),
    rows.counter.c.name.label("place"),
    rows.agency.c.name.label("agency"),
    rows.agency.c.short_name.label("agency_short"),
    rows.zone.c.name.label("zone"),
    rows.entry.c.called_at,
    rows.entry.c.last_called_at,
    rows.entry.c.call_count.label("count"),
]
_tables = (
    rows.entry.join(rows.ticket, rows.ticket.c.id == rows.entry.c.ticket_id)
    .join(rows.agency, rows.agency.c.id == rows.entry.c.agency_id)
    .join(rows.counter, rows.counter.c.id == rows.entry.c.counter_id)
    .join(rows.zone, rows.zone.c.id == rows.counter.c.zone_id)
)
_in_zones = rows.counter.c.zone_id.in_(bindparam("zones", expanding=True))
_newest_first = (rows.entry.c.last_called_at.desc(), rows.entry.c.call_id.desc())
# no limit: a call stands here until it is over, however many there are (lesson 8)
_CALLS = (
    select(*_call)
    .select_from(_tables)
    .where(_in_zones, active_and(rows.entry.c.state, EntryState.CALLED))
    .order_by(*_newest_first)
)
# the newest call of each counter, once its visitor has come or has not
_RECENT = (
    select(*_call)
    .select_from(
        # by the event, whose id leads straight to the entry: its call_id has no index
        _tables.join(rows.event, rows.event.c.id == rows.counter.c.last_call_id)
    )
    .where(
        _in_zones,
        rows.event.c.entry_id == rows.entry.c.id,
        rows.entry.c.call_id == rows.counter.c.last_call_id,
        rows.ticket.c.service_day == bindparam("day"),
        in_states(rows.entry.c.state, *CALL_STAYS_SHOWN),
    )
    .order_by(*_newest_first)
    .limit(RECENT)
)
_AGENCY_OF = select(rows.service.c.id, rows.service.c.agency_id)
_AGENCIES = (
    select(rows.agency.c.id, rows.agency.c.name, rows.agency.c.short_name)
    .distinct()
    .select_from(
        rows.agency.join(rows.service, rows.service.c.agency_id == rows.agency.c.id)
        .join(
            rows.counter_service,
            rows.counter_service.c.service_id == rows.service.c.id,
        )
        .join(rows.counter, rows.counter.c.id == rows.counter_service.c.counter_id)
    )
    .where(_in_zones)
    .order_by(rows.agency.c.name)
)
_ZONES = (
    select(rows.display_zone.c.zone_id, rows.zone.c.sound_space_id)
    .select_from(rows.display_zone.join(rows.zone))
    .where(rows.display_zone.c.device_id == bindparam("display_id"))
)
_DISPLAY = select(rows.device.c.name).where(
    rows.device.c.id == bindparam("display_id"),
    rows.device.c.kind == DeviceKind.DISPLAY,
    rows.device.c.is_retired.is_(False),
)


def zones_of(db: Connection, display_id: int) -> dict[int, int]:
    """Return a display's zones, each with its sound space; ``NotFound`` if none."""
    params = {"display_id": display_id}
    if db.execute(_DISPLAY, params).first() is None:
        raise NotFound
    return {row.zone_id: row.sound_space_id for row in db.execute(_ZONES, params)}


def _agencies_in(db: Connection, zones: Iterable[int]) -> list[Any]:
    """Return the agencies that have a counter in one of the zones, by name."""
    return list(db.execute(_AGENCIES, {"zones": list(zones)}))


def mall_now(db: Connection, now: datetime) -> MallNow:
    """Return what all boards of a moment have in common."""
    rules = current_availability(db, now, DeviceKind.KIOSK)
    return MallNow(
        waiting=_waiting_by_agency(db),
        available=availability_by_agency(db, rules),
        fresh_until=rules.next_change(),
    )


def board(
    db: Connection,
    display_id: int,
    *,
    now: datetime,
    stale_after_seconds: int,
    mall: MallNow | None = None,
) -> Board:
    """Return what a display shows: no called number is ever left out.

    ``mall``: what is known of this very moment and transaction already.
    """
    zones = list(zones_of(db, display_id))
    revision, day, _ = ledger_row(db)
    waiting, available, fresh_until = mall or mall_now(db, now)
    agencies = _agencies_in(db, zones)
    here = [available[agency.id] for agency in agencies if agency.id in available]
    return Board(
        revision=revision,
        now=now,
        fresh_until=fresh_until,
        **availability_in_common(here)._asdict(),
        calls=_views(db.execute(_CALLS, {"zones": zones})),
        recent=_views(db.execute(_RECENT, {"zones": zones, "day": day})),
        waiting=[
            AgencyWaiting(
                agency_id=agency.id,
                agency=agency.name,
                agency_short=agency.short_name,
                waiting=waiting[agency.id],
                # what only practice counters serve is never closed
                **available.get(agency.id, Availability(True))._asdict(),
            )
            for agency in agencies
        ],
        stale_after_seconds=stale_after_seconds,
    )


def _waiting_by_agency(db: Connection) -> Counter[int]:
    agency_of = {row.id: row.agency_id for row in db.execute(_AGENCY_OF)}
    waiting: Counter[int] = Counter()
    for service_id, entries in waiting_by_service(db).items():
        waiting[agency_of[service_id]] += entries
    return waiting


def _views(calls: Iterable[Any]) -> list[CallView]:
    return [CallView(**row._asdict()) for row in calls]
