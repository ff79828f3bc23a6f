"""Hours as a person would look them up: by the clock on the wall, minute by minute.

Shares nothing with ``app.queueing.site.hours``: no spans are cut; a timer is the sum
of the minutes in which it ran.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.support.rules.custom_mall import EAST_OF_UTC, CustomMall, HoursLine, day_of

MINUTE = timedelta(minutes=1)
TWO_DAYS = timedelta(days=2)
Bound = list[tuple[str, int | None]]


def wall(at: datetime) -> str:
    """Return the time in Jambi as ``HH:MM``."""
    return f"{at + EAST_OF_UTC:%H:%M}"


class Times:
    """A mall's hours and holidays."""

    def __init__(self, mall: CustomMall) -> None:
        self._mall = mall
        self._open = mall.is_always_open

    def reason(self, service: int, at: datetime) -> str | None:
        """Return why the hours give no number now, or None."""
        if self._open:
            return None
        scopes = self.scopes(service)
        if any(self._rests_all_day(scope, at) for scope in scopes[:2]):
            return "holiday"
        apart = any(self._lines(scope, "issuing") for scope in scopes)
        found = (self._reason_in(scope, apart, at) for scope in scopes)
        first = next((reason for reason in found if reason), None)
        if first or not apart or self._is_served_later(service, at):
            return first
        served = [scope for scope in scopes if self._lines(scope, "serving")]
        return f"{served[-1][0] if served else 'site'}-hours"

    def _is_served_later(self, service: int, at: datetime) -> bool:
        """Tell whether some minute of this day is left in which it is served."""
        moment = at
        while day_of(moment) == day_of(at):
            rests = (
                self._holds(x, moment)
                for s in self.scopes(service)
                for x in self._lines(s, "break")
            )
            if not any(rests) and all(
                any(self._holds(x, moment) for x in self._lines(s, "serving"))
                for s in self.scopes(service)
                if self._lines(s, "serving")
            ):
                return True
            moment = _next_minute(moment)
        return False

    def _reason_in(
        self, scope: tuple[str, int | None], apart: bool, at: datetime
    ) -> str | None:
        lines = self._lines(scope, "issuing" if apart else "serving")
        if apart and not lines and (served := self._lines(scope, "serving")):
            now = wall(at)
            if not any(now < (x.last_ticket or x.closes) for x in served):
                is_on = any(self._holds(x, at) for x in served)
                return "last-ticket" if is_on else f"{scope[0]}-hours"
        if lines:
            on = [line for line in lines if self._holds(line, at)]
            if not on:
                return f"{scope[0]}-hours"
            if wall(at) >= (on[0].last_ticket or on[0].closes):
                return "last-ticket"
        rests = any(self._holds(line, at) for line in self._lines(scope, "break"))
        return "break" if rests and not apart else None

    def counter_ran(
        self, service: int, since: datetime, now: datetime, opened: datetime | None
    ) -> timedelta:
        """Return how long a counter's timer ran: not in breaks and quiet times.

        Unless the counter was opened in that very one.
        """
        lines = [] if self._open else self._still(service)

        def runs(at: datetime) -> bool:
            return not any(
                self._holds(line, at) and not self._same(line, at, opened)
                for line in lines
            )

        return _sum(runs, since, now)

    def visitor_ran(self, service: int, since: datetime, now: datetime) -> timedelta:
        """Return how long a visitor's timer ran: in serving hours, without rests."""
        if self._open:
            return now - since
        return _sum(self._runs_for_visitor(service), max(since, now - TWO_DAYS), now)

    def visitor_deadline(
        self, service: int, since: datetime, length: timedelta
    ) -> datetime:
        """Return when a visitor's timer will have run so long."""
        if self._open:
            return since + length
        runs = self._runs_for_visitor(service)
        at, left = since, length
        while at < since + TWO_DAYS:
            end = min(_next_minute(at), since + TWO_DAYS)
            if runs(at):
                if end - at >= left:
                    return at + left
                left -= end - at
            at = end
        return at

    def reminder_time(
        self, service: int, at: datetime, opened: datetime | None
    ) -> datetime:
        """Return when a reminder goes off: not in a rest, but when it ends."""
        lines = [] if self._open else self._still(service)
        while any(
            self._holds(line, at) and not self._same(line, at, opened) for line in lines
        ):
            at = _next_minute(at)
        return at

    def _runs_for_visitor(self, service: int) -> Callable[[datetime], bool]:
        still = self._still(service)
        served = [s for s in self.scopes(service) if self._lines(s, "serving")]

        def runs(at: datetime) -> bool:
            is_served = all(
                not self._rests_all_day(scope, at)
                and any(self._holds(x, at) for x in self._lines(scope, "serving"))
                for scope in served
            )
            return is_served and not any(self._holds(line, at) for line in still)

        return runs

    def break_has_begun(
        self, agencies: set[int], opened: datetime | None, now: datetime
    ) -> bool:
        """Tell whether all agencies rest in a break that began after the opening."""
        return not self._open and all(
            any(
                self._holds(line, now) and not self._same(line, now, opened)
                for scope in (("site", None), ("agency", agency))
                for line in self._lines(scope, "break")
            )
            for agency in agencies
        )

    def is_quiet(self, service: int, now: datetime) -> bool:
        """Tell whether nothing is announced now."""
        return not self._open and any(
            self._holds(line, now)
            for scope in self.scopes(service)
            for line in self._lines(scope, "quiet")
        )

    def scopes(self, service: int) -> Bound:
        """Return whose hours bind a service, widest first."""
        agency = self._mall.agency_of(service)
        return [("site", None), ("agency", agency), ("service", service)]

    def _still(self, service: int) -> list[HoursLine]:
        kinds = ("break", "quiet")
        return [
            x
            for s in self.scopes(service)
            for kind in kinds
            for x in self._lines(s, kind)
        ]

    def _lines(self, scope: tuple[str, int | None], kind: str) -> list[HoursLine]:
        return [
            x for x in self._mall.hours if ((x.scope, x.of), x.kind) == (scope, kind)
        ]

    def _holds(self, line: HoursLine, at: datetime) -> bool:
        return line.opens <= wall(at) < line.closes

    def _same(self, line: HoursLine, at: datetime, opened: datetime | None) -> bool:
        """Tell whether a counter was opened within the same rest."""
        if opened is None:
            return False
        return day_of(opened) == day_of(at) and self._holds(line, opened)

    def _rests_all_day(self, scope: tuple[str, int | None], at: datetime) -> bool:
        whose = {None, scope[1]} if scope[0] == "agency" else {None}
        return any((day_of(at), actor) in self._mall.holidays for actor in whose)


def _sum(runs: Callable[[datetime], bool], since: datetime, now: datetime) -> timedelta:
    total, at = timedelta(), since
    while at < now:
        end = min(_next_minute(at), now)
        if runs(at):
            total += end - at
        at = end
    return total


def _next_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + MINUTE
