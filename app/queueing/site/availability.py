"""Whether a service gives numbers now: open, or the reason and until when.

One function for kiosk, API, reception and displays (lesson 11).
Closing stops issuing and drops nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from app.models.states import HoursKind
from app.queueing.site.hours import SITE, Hours, Scope, scopes_of
from app.queueing.site.kiosk_limits import NO_LIMITS, KioskLimits
from app.queueing.site.quotas import Quotas, quotas_of
from app.queueing.site.rulebook import Rulebook, next_change


class Availability(NamedTuple):
    """Open, or a reason (contract.md#availability) and until when, if that is known.

    ``serving_from`` says when serving begins, where numbers are given before.
    ``reception_only``: reception gives numbers, kiosks do not. ``kiosk_next_at``:
    open, but the kiosk that asked gives its next number only then.
    """

    open: bool
    reason: str | None = None
    until: datetime | None = None
    serving_from: datetime | None = None
    reception_only: bool = False
    kiosk_next_at: datetime | None = None


class Serving(NamedTuple):
    """Whether a service is served at a moment by hours, whoever gives numbers.

    ``reason`` is an availability code; ``until`` when serving goes on, and
    ``is_today`` whether that is on the same date: a number is good for one day.
    """

    open: bool
    reason: str | None = None
    until: datetime | None = None
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class AvailabilityRules:
    """Everything that decides availability at one moment, read once.

    ``channel`` is the role that would issue; "" asks for no channel's quota in
    particular. ``kiosk_limits`` is what the kiosk that asks holds back.
    """

    rules: Rulebook
    quotas: Quotas
    at: datetime
    channel: str = ""
    kiosk_limits: KioskLimits = NO_LIMITS
    # of which something is said besides of their agency: few
    services_apart: frozenset[int | None] = frozenset()
    # most services follow their agency
    known: "KnownAvailability" = field(default_factory=dict)

    @property
    def hours(self) -> Hours:
        """Return the site's hours."""
        return self.rules.hours

    def service(self, service_id: int, agency_id: int, people: int = 1) -> Availability:
        """Tell whether a service gives a number to so many people."""
        if self._follows_agency(service_id):
            # for how many people is asked of quotas alone, and this service has none
            availability = self.agency(agency_id)
        elif self.quotas.parts_of(service_id):
            availability = self._availability(Query(agency_id, service_id, people))
        else:
            availability = self._known_availability(Query(agency_id, service_id))
        # last: "closed until 08.00" helps more than "at the reception" (decision 0013)
        return (
            self._with_kiosk_limits(availability, service_id)
            if availability.open
            else availability
        )

    def agency(self, agency_id: int) -> Availability:
        """Tell whether an agency as a whole gives numbers; looked up once."""
        return self._known_availability(Query(agency_id))

    def gives_until(self, service_id: int, agency_id: int) -> datetime | None:
        """Return when hours of the day end an open service's numbers, if they do."""
        query = Query(agency_id, service_id)
        for end in self.hours.issuing_ends(query.scopes, self.hours.day_of(self.at)):
            # where the next hours begin at once, nothing ends
            if end > self.at and self._reason_of_hours(query, end) is not None:
                return end
        return None

    def gives_again(
        self, service_id: int, agency_id: int, end: datetime
    ) -> datetime | None:
        """Return when numbers that end at ``end`` are given again on that date."""
        query = Query(agency_id, service_id)
        resumption = self._first_moment(
            query, end, lambda then: self._reason_of_hours(query, then) is None
        )
        if resumption is None or self.hours.day_of(resumption) != self.hours.day_of(
            end
        ):
            return None
        return resumption

    def serving(self, agency_id: int, service_id: int) -> "Serving":
        """Return whether a service is being served by hours, else why not."""
        query = Query(agency_id, service_id)
        if self._is_served(query, self.at):
            return Serving(True)
        begins = self._serving_from(query, self.at)
        reason = self._reason_not_served(query)
        is_today = begins and self.hours.day_of(begins) == self.hours.day_of(self.at)
        return Serving(False, reason, begins, bool(is_today))

    def _reason_not_served(self, query: "Query") -> str:
        hours, at = self.hours, self.at
        day = hours.day_of(at)
        if hours.is_holiday(day, query.agency_id):
            return "holiday"
        for scope in query.scopes:
            if hours.has(scope, HoursKind.SERVING, day) and not hours.period_at(
                scope, HoursKind.SERVING, at
            ):
                return scope.code
        return "break"

    def all_follow_agency(self, service_ids: frozenset[int]) -> bool:
        """Tell whether nothing is said of any of these services but of their agency."""
        limits = self.kiosk_limits
        return (
            service_ids.isdisjoint(self.services_apart)
            and service_ids.isdisjoint(limits.reception_only)
            and service_ids.isdisjoint(limits.next_at)
        )

    def next_change(self) -> datetime:
        """Return until when the clock alone changes nothing of all this."""
        return next_change(self.rules, self.at)

    def serves(self, agency_id: int, service_id: int) -> bool:
        """Tell whether a service is being served now: hours, no break, no holiday."""
        return self._is_served(Query(agency_id, service_id), self.at)

    def _follows_agency(self, service_id: int) -> bool:
        """Tell whether nothing is said of a service itself, as of most."""
        return service_id not in self.services_apart

    def _known_availability(self, query: "Query") -> Availability:
        """Return an availability on which no quota bears; looked up once."""
        known = self.known.get(query)
        if known is None:
            known = self.known[query] = self._availability(query)
        return known

    def _availability(self, query: "Query") -> Availability:
        closed = self._closed_availability(query, self.at)
        return closed or self._open_availability(query)

    def _with_kiosk_limits(
        self, availability: Availability, service_id: int
    ) -> Availability:
        """Tell of an open service what a kiosk holds back of it.

        The contract has no code of its own for it: people give these numbers
        by hand (decision 0013).
        """
        if service_id in self.kiosk_limits.reception_only:
            return Availability(False, "by-hand", reception_only=True)
        next_at = self.kiosk_limits.next_at.get(service_id)
        if next_at is None:
            return availability
        return availability._replace(kiosk_next_at=next_at)

    def _open_availability(self, query: "Query") -> Availability:
        return Availability(True, serving_from=self._serving_from(query, self.at))

    def _closed_availability(self, query: "Query", at: datetime) -> Availability | None:
        """Return why no number is given, and when one is given again; None: it is.

        Several reasons may hold at once: the first is told, and the moment at
        which none holds any more.
        """
        reason = self._reason(query, at)
        if reason is None:
            return None
        opens = self._first_moment(
            query, at, lambda then: self._reason(query, then) is None
        )
        return Availability(False, reason, opens)

    def _reason(self, query: "Query", at: datetime) -> str | None:
        for closure in self.rules.closures:
            if closure.is_on(at) and closure.concerns(
                query.agency_id, query.service_id
            ):
                return closure.reason
        availability = self._reason_of_hours(query, at)
        if availability is None and query.service_id is not None:
            quotas, day = self.quotas, self.hours.day_of(at)
            # of a later day nothing is taken yet; past midnight the stored service day
            # still counts until it turns
            if day > max(quotas.day, self.hours.day_of(self.at)):
                quotas = quotas.on(day)
            left = quotas.has_room(query.service_id, self.channel, at, query.people)
            return None if left else "quota"
        return availability

    def _reason_of_hours(self, query: "Query", at: datetime) -> str | None:
        hours = self.hours
        if hours.is_always_open:
            return None
        day = hours.day_of(at)
        if hours.is_holiday(day, query.agency_id):
            return "holiday"
        has_issuing_hours = any(
            hours.has(scope, HoursKind.ISSUING, day) for scope in query.scopes
        )
        reason_in = (
            self._reason_by_issuing_hours
            if has_issuing_hours
            else self._reason_by_serving_hours
        )
        for scope in query.scopes:
            reason = reason_in(scope, at)
            if reason is not None:
                return reason
        return self._reason_not_served_today(query, at) if has_issuing_hours else None

    def _reason_by_serving_hours(self, scope: Scope, at: datetime) -> str | None:
        """Return why a scope gives no numbers, where they are given while it serves."""
        hours = self.hours
        if hours.has(scope, HoursKind.SERVING, hours.day_of(at)):
            period = hours.period_at(scope, HoursKind.SERVING, at)
            if period is None:
                return scope.code
            if at >= period.issues_until(hours.day_of(at), hours.zone):
                return "last-ticket"
        return "break" if hours.period_at(scope, HoursKind.BREAK, at) else None

    def _reason_by_issuing_hours(self, scope: Scope, at: datetime) -> str | None:
        """Return why a scope gives no numbers, where they are given by hours apart.

        Before it serves and in its breaks too, but none that would not be
        served on this day any more.
        """
        hours = self.hours
        day = hours.day_of(at)
        if hours.has(scope, HoursKind.ISSUING, day):
            is_on = hours.period_at(scope, HoursKind.ISSUING, at) is not None
            return None if is_on else scope.code
        if hours.has(scope, HoursKind.SERVING, day):
            periods = hours.periods_on(scope, HoursKind.SERVING, day)
            if not any(at < period.issues_until(day, hours.zone) for period in periods):
                is_on = hours.period_at(scope, HoursKind.SERVING, at) is not None
                return "last-ticket" if is_on else scope.code
        return None

    def _reason_not_served_today(self, query: "Query", at: datetime) -> str | None:
        """Return whose hours keep a number of now from being served today."""
        if self._is_served(query, at):
            return None
        begins = self._serving_from(query, at)
        if begins is not None and self.hours.day_of(begins) == self.hours.day_of(at):
            return None
        day = self.hours.day_of(at)
        served = [s for s in query.scopes if self.hours.has(s, HoursKind.SERVING, day)]
        return served[-1].code if served else SITE.code

    def _is_served(self, query: "Query", at: datetime) -> bool:
        hours = self.hours
        if hours.is_always_open:
            return True
        day = hours.day_of(at)
        return not hours.is_holiday(day, query.agency_id) and all(
            hours.period_at(scope, HoursKind.BREAK, at) is None
            and (
                not hours.has(scope, HoursKind.SERVING, day)
                or hours.period_at(scope, HoursKind.SERVING, at) is not None
            )
            for scope in query.scopes
        )

    def _serving_from(self, query: "Query", at: datetime) -> datetime | None:
        """Return when serving begins; None while it is on, or if that is far off."""
        if self._is_served(query, at):
            return None
        return self._first_moment(
            query, at, lambda moment: self._is_served(query, moment)
        )

    def _first_moment(
        self, query: "Query", at: datetime, condition: Callable[[datetime], bool]
    ) -> datetime | None:
        """Return the first moment after ``at`` from which something holds, or None.

        Only where hours, breaks, closures and parts of a quota begin or end
        can anything change.
        """
        ends = [c.until for c in self.rules.closures if c.until and c.until > at]
        parts = self.quotas.parts_of(query.service_id)
        for day, openings_by_day in self.hours.openings_by_day(query.scopes, at):
            later = [
                *openings_by_day,
                *(end for end in ends if self.hours.day_of(end) == day),
            ]
            later += [opens.on(day, self.hours.zone) for opens in parts]
            for moment in sorted({m for m in later if m > at}):
                if condition(moment):
                    return moment
        return None


def availability_in_common(availabilities: Sequence[Availability]) -> Availability:
    """Return whether any of several gives numbers, else what they have in common.

    ``until`` is when the first opens again. ``reason`` is that of all, else of those
    that open first where they are more than half: in the mall's break one agency may be
    absent. Else it is None. Where numbers are given, ``serving_from`` is when the first
    of them is served.
    """
    giving = [each for each in availabilities if each.open]
    if giving or not availabilities:
        begins = [each.serving_from for each in giving if each.serving_from]
        is_served = len(begins) < len(giving)
        return Availability(
            True, serving_from=None if is_served else min(begins, default=None)
        )
    until = min((each.until for each in availabilities if each.until), default=None)
    first = [each for each in availabilities if each.until == until]
    reasons = {each.reason for each in availabilities}
    if 2 * len(first) > len(availabilities):
        reasons = {each.reason for each in first}
    return Availability(
        False,
        reasons.pop() if len(reasons) == 1 else None,
        until,
        reception_only=all(each.reception_only for each in availabilities),
    )


class Query(NamedTuple):
    """What is asked about: an agency, or one of its services for so many people."""

    agency_id: int
    service_id: int | None = None
    people: int = 1

    @property
    def scopes(self) -> list[Scope]:
        return scopes_of(self.agency_id, self.service_id)


KnownAvailability = dict[Query, Availability]
"""What was looked up while neither a decision nor the clock changed any of it."""


def availability_rules(
    db: Connection,
    rules: Rulebook,
    *,
    at: datetime,
    day: date,
    channel: str = "",
    kiosk_limits: KioskLimits = NO_LIMITS,
    known: KnownAvailability | None = None,
) -> AvailabilityRules:
    """Return what decides availability at a moment of a service day.

    ``known`` is what was found by the same rules, with no ``next_change`` between.
    """
    quotas = quotas_of(db, rules.quota_parts, day, rules.site.zone)
    # None: a closure of a whole agency; no service is called that
    closed = {closure.service_id for closure in rules.closures}
    with_quota = {service_id for service_id, _ in quotas.parts}
    return AvailabilityRules(
        rules=rules,
        quotas=quotas,
        at=at,
        channel=channel,
        kiosk_limits=kiosk_limits,
        services_apart=rules.hours.services | with_quota | closed,
        known={} if known is None else known,
    )
