"""The board: what one display shows of its zones (contract.md#displays-and-devices)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.models import EntryState
from app.models.states import DeviceKind
from app.queueing import rows
from app.queueing.hall.evacuation import evacuation_of
from app.queueing.hall.sound_spaces import SoundSpaces, SoundSpaceView
from app.queueing.line.ahead import waiting_by_service
from app.queueing.rows import active_and, in_states
from app.queueing.service_day import ledger_row
from app.queueing.site.availability import Availability, availability_in_common
from app.queueing.site.decisions import decisions_of
from app.queueing.site.site_row import SiteRow
from app.queueing.states import CALL_STAYS_SHOWN
from app.queueing.views.agencies import (
    Utc,
    availability_by_agency,
    current_availability,
)
from app.queueing.views.built import built

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


class NoticeView(BaseModel):
    """What matters more than any call; ``kind`` says what it is."""

    kind: Literal["evacuation"]
    text: str


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
    sound_spaces: list[SoundSpaceView]
    notice: NoticeView | None
    stale_after_seconds: int


_call = [
    rows.counter.c.zone_id,
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
)
_AGENCY_OF = select(rows.service.c.id, rows.service.c.agency_id)
_AGENCIES = (
    select(
        rows.counter.c.zone_id,
        rows.agency.c.id,
        rows.agency.c.name,
        rows.agency.c.short_name,
    )
    .distinct()
    .select_from(
        rows.agency.join(rows.service, rows.service.c.agency_id == rows.agency.c.id)
        .join(
            rows.counter_service,
            rows.counter_service.c.service_id == rows.service.c.id,
        )
        .join(rows.counter, rows.counter.c.id == rows.counter_service.c.counter_id)
    )
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


_ALL_ZONES = (
    select(rows.device.c.id, rows.display_zone.c.zone_id)
    .select_from(rows.device.outerjoin(rows.display_zone))
    .where(
        rows.device.c.kind == DeviceKind.DISPLAY, rows.device.c.is_retired.is_(False)
    )
)
Zones = frozenset[int]


class Boards:
    """What displays show of some zones at one moment, read once for all of them."""

    def __init__(
        self,
        db: Connection,
        now: datetime,
        zones: Iterable[int],
        *,
        stale_after_seconds: int,
    ) -> None:
        """Read it in the transaction of ``db``."""
        in_zones = {"zones": [*zones]}
        self.revision, day, _ = ledger_row(db)
        self._now = now
        self._stale_after_seconds = stale_after_seconds
        rules = current_availability(db, now, DeviceKind.KIOSK)
        self._spaces = SoundSpaces(db, now)
        moments = (rules.next_change(), self._spaces.next_change())
        self._fresh_until = min(moment for moment in moments if moment is not None)
        self._available = availability_by_agency(db, rules)
        self._calls = [*_calls_with_zone(db.execute(_CALLS, in_zones))]
        self._recent = [
            *_calls_with_zone(db.execute(_RECENT, {**in_zones, "day": day}))
        ]
        decisions = decisions_of(db)
        self._notice = _notice(decisions.rules.site)
        site = decisions.read(db, _read_site)
        self._agency_ids = site.agency_ids
        self._waiting = _waiting_by_agency(db, site.agency_of)
        shown = {id_ for zone in zones for id_ in site.agency_ids.get(zone, ())}
        self._agencies = {
            agency.id: self._agency(agency)
            for agency in site.agencies
            if agency.id in shown
        }

    def of(self, zones: Zones) -> Board:
        """Return what a display of some of them shows: no called number is left out."""
        ids = {id_ for zone in zones for id_ in self._agency_ids.get(zone, ())}
        here = [self._available[id_] for id_ in ids if id_ in self._available]
        return Board(
            revision=self.revision,
            now=self._now,
            fresh_until=self._fresh_until,
            **availability_in_common(here)._asdict(),
            calls=[call for zone, call in self._calls if zone in zones],
            recent=[call for zone, call in self._recent if zone in zones][:RECENT],
            # in the order of their names
            waiting=[view for id_, view in self._agencies.items() if id_ in ids],
            sound_spaces=self._spaces.views(zones),
            notice=self._notice,
            stale_after_seconds=self._stale_after_seconds,
        )

    def _agency(self, agency: Any) -> AgencyWaiting:
        # what only practice counters serve is never closed
        available = self._available.get(agency.id, Availability(True))
        return AgencyWaiting(
            agency_id=agency.id,
            agency=agency.name,
            agency_short=agency.short_name,
            waiting=self._waiting[agency.id],
            **available._asdict(),
        )


def board(
    db: Connection, display_id: int, *, now: datetime, stale_after_seconds: int
) -> Board:
    """Return what a display shows; ``NotFound`` when there is none such."""
    zones = frozenset(zones_of(db, display_id))
    return Boards(db, now, zones, stale_after_seconds=stale_after_seconds).of(zones)


def zones_of_displays(db: Connection) -> Mapping[int, Zones]:
    """Return the zones of every display that is not retired, by its id."""
    return decisions_of(db).read(db, _read_displays)


def _read_displays(db: Connection) -> Mapping[int, Zones]:
    displays: defaultdict[int, set[int]] = defaultdict(set)
    for display_id, zone_id in db.execute(_ALL_ZONES):
        displays[display_id] |= set() if zone_id is None else {zone_id}
    return {display_id: frozenset(zones) for display_id, zones in displays.items()}


def zones_of(db: Connection, display_id: int) -> dict[int, int]:
    """Return a display's zones, each with its sound space; ``NotFound`` if none."""
    params = {"display_id": display_id}
    if db.execute(_DISPLAY, params).first() is None:
        raise NotFound
    return {row.zone_id: row.sound_space_id for row in db.execute(_ZONES, params)}


class _Site(NamedTuple):
    """Which agencies there are, and where: as the site has decided."""

    agencies: list[Any]
    """By their names, each once."""
    agency_ids: dict[int, list[int]]
    """By zone."""
    agency_of: dict[int, int]
    """By service."""


def _notice(site: SiteRow) -> NoticeView | None:
    evacuation = evacuation_of(site)
    return evacuation and NoticeView(kind="evacuation", text=evacuation.text)


def _read_site(db: Connection) -> _Site:
    agencies: dict[int, Any] = {}
    agency_ids: dict[int, list[int]] = {}
    for agency in db.execute(_AGENCIES):
        agencies.setdefault(agency.id, agency)
        agency_ids.setdefault(agency.zone_id, []).append(agency.id)
    agency_of = {row.id: row.agency_id for row in db.execute(_AGENCY_OF)}
    return _Site([*agencies.values()], agency_ids, agency_of)


def _waiting_by_agency(db: Connection, agency_of: Mapping[int, int]) -> Counter[int]:
    waiting: Counter[int] = Counter()
    for service_id, entries in waiting_by_service(db).items():
        waiting[agency_of[service_id]] += entries
    return waiting


def _calls_with_zone(calls: Iterable[Any]) -> Iterator[tuple[int, CallView]]:
    for call in calls:
        fields = call._asdict()
        yield fields.pop("zone_id"), built(CallView, fields)
