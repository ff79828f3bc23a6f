"""Hours as the site keeps them: when it serves, gives numbers, rests, is quiet."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.models.states import HoursKind
from app.queueing import rows

# what opens later is told without an end
DAYS_AHEAD = 14


class Scope(NamedTuple):
    """Whose hours: the site's, an agency's or a service's."""

    kind: str
    id: int | None = None

    @property
    def code(self) -> str:
        """Return the availability code of being outside these hours."""
        return f"{self.kind}-hours"


SITE = Scope("site")


class Span(NamedTuple):
    """A stretch of time; ``end`` is not part of it."""

    start: datetime
    end: datetime

    def contains(self, at: datetime) -> bool:
        """Tell whether a moment lies in it."""
        return self.start <= at < self.end


class Period(NamedTuple):
    """One line of hours, site-local."""

    weekday: int
    opens: str
    closes: str
    last_ticket: str | None

    def on(self, day: date, zone: ZoneInfo) -> Span:
        """Return this line's span on a date."""
        return Span(
            _local_moment(day, self.opens, zone), _local_moment(day, self.closes, zone)
        )

    def issues_until(self, day: date, zone: ZoneInfo) -> datetime:
        """Return when the last number of this line is given."""
        return _local_moment(day, self.last_ticket or self.closes, zone)


class Hours:
    """All hours and holidays of the site, read once.

    ``special`` holds hours of single dates: where there are some of a scope and kind,
    the week's of that kind do not hold on that date. ``is_always_open`` (the demo)
    means that nothing here closes anything.
    """

    def __init__(
        self,
        zone: ZoneInfo,
        periods: dict[tuple[Scope, str], list[Period]],
        special: dict[tuple[Scope, str, date], list[Period]],
        holidays: dict[date, dict[int | None, str]],
        *,
        is_always_open: bool,
    ) -> None:
        self.zone = zone
        self._periods = periods
        self._special = special
        self._holidays = holidays
        self.is_always_open = is_always_open
        scopes = {scope for scope, _ in periods} | {scope for scope, _, _ in special}
        self.services = frozenset(s.id for s in scopes if s.kind == "service")
        """The services that have hours of their own, of any kind."""

    def has(self, scope: Scope, kind: str, day: date) -> bool:
        """Tell whether hours of this kind bind a scope on a date."""
        # the week's bind on the days without a line too: closed; those of one date
        # say nothing of other days
        return bool(self._periods.get((scope, kind))) or (
            (scope, kind, day) in self._special
        )

    def period_at(self, scope: Scope, kind: str, at: datetime) -> Period | None:
        """Return the line that holds a moment."""
        # this day's lines alone: the import takes none that runs past midnight
        for period in self._periods_on(scope, kind, self.day_of(at)):
            if period.on(self.day_of(at), self.zone).contains(at):
                return period
        return None

    def spans(self, scope: Scope, kind: str, day: date) -> list[Span]:
        """Return a scope's spans of a kind on a date, in order."""
        return sorted(
            period.on(day, self.zone) for period in self._periods_on(scope, kind, day)
        )

    def periods_on(self, scope: Scope, kind: str, day: date) -> list[Period]:
        """Return a scope's lines of a kind on a date."""
        return list(self._periods_on(scope, kind, day))

    def openings_by_day(
        self, scopes: Iterable[Scope], at: datetime
    ) -> Iterator[tuple[date, list[datetime]]]:
        """Yield the days from a moment on, with when on each something may begin.

        That is where hours of these scopes begin, where breaks end, and
        midnight, at which days of rest and closures for a day end.
        """
        for day in _days_from(self.day_of(at), DAYS_AHEAD):
            moments = [_local_moment(day, "00:00", self.zone)]
            for scope in scopes:
                for kind in (HoursKind.SERVING, HoursKind.ISSUING):
                    moments += [span.start for span in self.spans(scope, kind, day)]
                moments += [s.end for s in self.spans(scope, HoursKind.BREAK, day)]
            yield day, moments

    def issuing_ends(self, scopes: Iterable[Scope], day: date) -> list[datetime]:
        """Return when on a date numbers may end: last tickets, hours, breaks."""
        moments = list[datetime]()
        for scope in scopes:
            periods = self.periods_on(scope, HoursKind.SERVING, day)
            moments += [period.issues_until(day, self.zone) for period in periods]
            moments += [s.end for s in self.spans(scope, HoursKind.ISSUING, day)]
            moments += [s.start for s in self.spans(scope, HoursKind.BREAK, day)]
        return sorted(moments)

    def next_change(self, at: datetime) -> datetime:
        """Return the first moment after ``at`` at which any hours begin or end.

        Of whatever scope; at the latest the next midnight.
        """
        day = self.day_of(at)
        moments = [_local_moment(day + timedelta(days=1), "00:00", self.zone)]
        for scope, kind in self._kinds_on(day):
            for period in self._periods_on(scope, kind, day):
                last_ticket = period.issues_until(day, self.zone)
                moments += [*period.on(day, self.zone), last_ticket]
        return min(moment for moment in moments if moment > at)

    def is_holiday(self, day: date, agency_id: int | None) -> bool:
        """Tell whether the site, or this agency, rests on a date."""
        rest_of = self._holidays.get(day, {})
        return None in rest_of or (agency_id is not None and agency_id in rest_of)

    def whole_day(self, day: date) -> Span:
        """Return a date from midnight to midnight."""
        return Span(*(_local_moment(d, "00:00", self.zone) for d in _days_from(day, 1)))

    def day_of(self, at: datetime) -> date:
        """Return the site's date at a moment."""
        return at.astimezone(self.zone).date()

    def _kinds_on(self, day: date) -> set[tuple[Scope, str]]:
        special = {(scope, kind) for scope, kind, on in self._special if on == day}
        return special | self._periods.keys()

    def _periods_on(self, scope: Scope, kind: str, day: date) -> Iterator[Period]:
        special = self._special.get((scope, kind, day))
        if special is not None:
            yield from special
            return
        for period in self._periods.get((scope, kind), ()):
            if period.weekday == day.weekday():
                yield period


_PERIODS = select(
    rows.opening_hours.c.agency_id,
    rows.opening_hours.c.service_id,
    rows.opening_hours.c.kind,
    rows.opening_hours.c.weekday,
    rows.opening_hours.c.opens,
    rows.opening_hours.c.closes,
    rows.opening_hours.c.last_ticket,
).order_by(rows.opening_hours.c.opens)
_SPECIAL = select(
    rows.special_hours.c.day,
    rows.special_hours.c.agency_id,
    rows.special_hours.c.service_id,
    rows.special_hours.c.kind,
    rows.special_hours.c.periods,
)
_HOLIDAYS = select(rows.holiday.c.day, rows.holiday.c.agency_id, rows.holiday.c.name)


def read_hours(db: Connection, zone: ZoneInfo, *, is_always_open: bool) -> Hours:
    """Read the site's hours and holidays."""
    periods: dict[tuple[Scope, str], list[Period]] = {}
    for row in db.execute(_PERIODS):
        scope = _scope(row.agency_id, row.service_id)
        period = Period(row.weekday, row.opens, row.closes, row.last_ticket)
        periods.setdefault((scope, row.kind), []).append(period)
    holidays: dict[date, dict[int | None, str]] = {}
    for day, agency_id, name in db.execute(_HOLIDAYS):
        holidays.setdefault(day, {})[agency_id] = name
    special = _read_special(db)
    return Hours(zone, periods, special, holidays, is_always_open=is_always_open)


def _read_special(db: Connection) -> dict[tuple[Scope, str, date], list[Period]]:
    return {
        (_scope(row.agency_id, row.service_id), row.kind, row.day): [
            Period(row.day.weekday(), *period) for period in row.periods
        ]
        for row in db.execute(_SPECIAL)
    }


def scopes_of(agency_id: int, service_id: int | None = None) -> list[Scope]:
    """Return the scopes that bind a service, or an agency, widest first."""
    scopes = [SITE, Scope("agency", agency_id)]
    return scopes if service_id is None else [*scopes, Scope("service", service_id)]


def breaks_and_quiet_times(
    hours: Hours, scopes: Iterable[Scope], start: datetime, end: datetime
) -> list[Span]:
    """Return the breaks and quiet times between two moments."""
    if hours.is_always_open:
        return []
    spans = []
    for day in _days_from(
        hours.day_of(start), (hours.day_of(end) - hours.day_of(start)).days
    ):
        for scope in scopes:
            for kind in (HoursKind.BREAK, HoursKind.QUIET):
                spans += hours.spans(scope, kind, day)
    return [span for span in spans if span.start < end and span.end > start]


def _scope(agency_id: int | None, service_id: int | None) -> Scope:
    if service_id is not None:
        return Scope("service", service_id)
    return SITE if agency_id is None else Scope("agency", agency_id)


def _local_moment(day: date, clock_time: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock_time), zone)


def _days_from(first: date, ahead: int) -> Iterator[date]:
    for offset in range(ahead + 1):
        yield first + timedelta(days=offset)
