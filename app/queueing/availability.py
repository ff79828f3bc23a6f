"""Whether a service gives numbers now: open, or the reason and until when.

One function for kiosk, API, reception and displays (field-lessons.md 11).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, or_, select

from app.queueing import rows
from app.queueing.site import SiteRow

DAYS_AHEAD = 7


class Availability(NamedTuple):
    """Open, or a reason (a code of design §5) and until when, if that is known."""

    open: bool
    reason: str | None = None
    until: datetime | None = None


OPEN = Availability(True)


class Hours(NamedTuple):
    """One line of opening hours, site-local."""

    agency_id: int | None
    service_id: int | None
    weekday: int
    opens: str
    closes: str


class ClosureRow(NamedTuple):
    """A closure in force; of the whole site when it names neither."""

    agency_id: int | None
    service_id: int | None
    reason: str
    until: datetime | None


_HOURS = select(*(rows.opening_hours.c[name] for name in Hours._fields))
_CLOSURES = (
    select(*(rows.closure.c[name] for name in ClosureRow._fields))
    .where(
        rows.closure.c.lifted_at.is_(None),
        rows.closure.c.since <= bindparam("at"),
        or_(rows.closure.c.until.is_(None), rows.closure.c.until > bindparam("at")),
    )
    .order_by(rows.closure.c.id)
)


@dataclass(frozen=True, slots=True)
class OpenBook:
    """Everything that decides availability at one moment, read once."""

    at: datetime
    zone: ZoneInfo
    always_open: bool
    hours: dict[tuple[str, int | None], list[Hours]]
    closures: list[ClosureRow]

    def service(self, service_id: int, agency_id: int) -> Availability:
        """Tell whether a service gives numbers; the nearest reason is named."""
        for closed in self.closures:
            if self._concerns(closed, service_id, agency_id):
                return Availability(False, closed.reason, closed.until)
        return self._in_hours(
            ("site-hours", None),
            ("agency-hours", agency_id),
            ("service-hours", service_id),
        )

    def agency(self, agency_id: int) -> Availability:
        """Tell whether an agency as a whole gives numbers."""
        for closed in self.closures:
            whole = closed.service_id is None
            if whole and closed.agency_id in (None, agency_id):
                return Availability(False, closed.reason, closed.until)
        return self._in_hours(("site-hours", None), ("agency-hours", agency_id))

    @staticmethod
    def _concerns(closed: ClosureRow, service_id: int, agency_id: int) -> bool:
        if closed.service_id is not None:
            return closed.service_id == service_id
        return closed.agency_id in (None, agency_id)

    def _in_hours(self, *scopes: tuple[str, int | None]) -> Availability:
        if self.always_open:
            return OPEN
        for scope in scopes:
            lines = self.hours.get(scope)
            if lines is not None and not self._covers(lines):
                return Availability(False, scope[0], self._next_opening(lines))
        return OPEN

    def _covers(self, lines: list[Hours]) -> bool:
        local = self.at.astimezone(self.zone)
        now = local.strftime("%H:%M")
        return any(
            line.weekday == local.weekday() and line.opens <= now < line.closes
            for line in lines
        )

    def _next_opening(self, lines: list[Hours]) -> datetime | None:
        local = self.at.astimezone(self.zone)
        found = []
        for ahead in range(DAYS_AHEAD + 1):
            day = local.date() + timedelta(days=ahead)
            for line in lines:
                opens = datetime.combine(day, time.fromisoformat(line.opens), self.zone)
                if line.weekday == day.weekday() and opens > self.at:
                    found.append(opens)
        return min(found, default=None)


def open_book(db: Connection, site: SiteRow, at: datetime) -> OpenBook:
    """Read what decides availability at a moment."""
    hours: dict[tuple[str, int | None], list[Hours]] = defaultdict(list)
    for row in db.execute(_HOURS):
        line = Hours._make(row)
        hours[_scope(line)].append(line)
    closures = [ClosureRow._make(row) for row in db.execute(_CLOSURES, {"at": at})]
    return OpenBook(at, site.zone, site.always_open, dict(hours), closures)


def _scope(line: Hours) -> tuple[str, int | None]:
    if line.service_id is not None:
        return ("service-hours", line.service_id)
    if line.agency_id is not None:
        return ("agency-hours", line.agency_id)
    return ("site-hours", None)
