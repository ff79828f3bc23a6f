"""Whether a service gives numbers now: open, or the reason and until when.

One function for kiosk, API, reception and displays (field-lessons.md 11).
Closing stops issuing and drops nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from app.models.states import HoursKind
from app.queueing.hours import SITE, Hours, Scope, scopes
from app.queueing.quota import Quotas, quotas_of
from app.queueing.rulebook import Rulebook


class Availability(NamedTuple):
    """Open, or a reason (a code of design §5) and until when, if that is known.

    ``serving_from`` says when serving begins, where numbers are given before.
    """

    open: bool
    reason: str | None = None
    until: datetime | None = None
    serving_from: datetime | None = None


OPEN = Availability(True)


@dataclass(frozen=True, slots=True)
class OpenBook:
    """Everything that decides availability at one moment, read once.

    ``channel`` is the role that would issue; "" asks for no channel's quota in
    particular.
    """

    rules: Rulebook
    quotas: Quotas
    at: datetime
    channel: str = ""

    @property
    def hours(self) -> Hours:
        """Return the site's hours."""
        return self.rules.hours

    def service(self, service_id: int, agency_id: int, people: int = 1) -> Availability:
        """Tell whether a service gives a number to so many people."""
        told = self._by_hand(agency_id, service_id) or self._by_time(
            agency_id, scopes(agency_id, service_id)
        )
        if not told.open:
            return told
        if self.quotas.leaves(service_id, self.channel, self.at, people):
            return told
        until = self.quotas.next_part(service_id, self.channel, self.at)
        return Availability(False, "quota", until)

    def agency(self, agency_id: int) -> Availability:
        """Tell whether an agency as a whole gives numbers."""
        return self._by_hand(agency_id, None) or self._by_time(
            agency_id, scopes(agency_id)
        )

    def serves(self, agency_id: int, service_id: int) -> bool:
        """Tell whether a service is being served now: hours, no break, no holiday."""
        bound = scopes(agency_id, service_id)
        return self._serving_from(agency_id, bound) is None

    def _by_hand(self, agency_id: int, service_id: int | None) -> Availability | None:
        for closed in self.rules.closures:
            if closed.is_on(self.at) and closed.concerns(agency_id, service_id):
                return Availability(False, closed.reason, closed.until)
        return None

    def _by_time(self, agency_id: int, bound: Sequence[Scope]) -> Availability:
        hours = self.hours
        if hours.is_always_open:
            return OPEN
        if hours.is_holiday(hours.day_of(self.at), agency_id):
            return Availability(False, "holiday", self._opens(bound))
        issuing = [scope for scope in bound if hours.has(scope, HoursKind.ISSUING)]
        for scope in bound:
            closed = self._closed_in(scope, has_issuing=bool(issuing))
            if closed is not None:
                return closed
        return Availability(True, serving_from=self._serving_from(agency_id, bound))

    def _closed_in(self, scope: Scope, *, has_issuing: bool) -> Availability | None:
        """Return why one scope gives no numbers; None when it does.

        Issuing hours of its own stand in a scope's place of its serving hours.
        Where any scope has some, numbers are given in breaks and before opening.
        """
        hours, at = self.hours, self.at
        if hours.has(scope, HoursKind.ISSUING):
            kind = HoursKind.ISSUING
        elif has_issuing:
            return None
        else:
            kind = HoursKind.SERVING
        if hours.has(scope, kind):
            line = hours.line_at(scope, kind, at)
            opens = hours.next_start(scope, kind, at)
            if line is None:
                return Availability(False, scope.code, opens)
            if at >= line.issues_until(hours.day_of(at), hours.zone):
                return Availability(False, "last-ticket", opens)
        resting = hours.line_at(scope, HoursKind.BREAK, at)
        if resting is not None and not has_issuing:
            ends = resting.on(hours.day_of(at), hours.zone).end
            return Availability(False, "break", ends)
        return None

    def _serving_from(self, agency_id: int, bound: Sequence[Scope]) -> datetime | None:
        """Return when serving begins, or None while it is on."""
        hours, at = self.hours, self.at
        if hours.is_always_open:
            return None
        begins = []
        for scope in bound:
            if hours.has(scope, HoursKind.SERVING) and not hours.line_at(
                scope, HoursKind.SERVING, at
            ):
                begins.append(hours.next_start(scope, HoursKind.SERVING, at))
            resting = hours.line_at(scope, HoursKind.BREAK, at)
            if resting is not None:
                begins.append(resting.on(hours.day_of(at), hours.zone).end)
        if hours.is_holiday(hours.day_of(at), agency_id):
            begins.append(self._opens(bound))
        return max((moment for moment in begins if moment), default=None)

    def _opens(self, bound: Sequence[Scope]) -> datetime | None:
        scope = next(
            (s for s in reversed(bound) if self.hours.has(s, HoursKind.SERVING)), SITE
        )
        return self.hours.next_start(scope, HoursKind.SERVING, self.at)


def open_book(
    db: Connection, rules: Rulebook, *, at: datetime, day: date, channel: str = ""
) -> OpenBook:
    """Return what decides availability at a moment of a service day."""
    quotas = quotas_of(db, rules.quota_parts, day, rules.site.zone)
    return OpenBook(rules=rules, quotas=quotas, at=at, channel=channel)
