"""Whether a service gives numbers now: open, or the reason and until when.

One function for kiosk, API, reception and displays (field-lessons.md 11).
Closing stops issuing and drops nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from app.models.states import HoursKind
from app.queueing.hoarding import NOTHING_HELD, Held
from app.queueing.hours import SITE, Hours, Scope, scopes
from app.queueing.quota import Quotas, quotas_of
from app.queueing.rulebook import Rulebook


class Availability(NamedTuple):
    """Open, or a reason (a code of design §5) and until when, if that is known.

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


@dataclass(frozen=True, slots=True)
class OpenBook:
    """Everything that decides availability at one moment, read once.

    ``channel`` is the role that would issue; "" asks for no channel's quota in
    particular. ``held`` is what the kiosk that asks holds back.
    """

    rules: Rulebook
    quotas: Quotas
    at: datetime
    channel: str = ""
    held: Held = NOTHING_HELD
    _agencies: dict[int, Availability] = field(default_factory=dict)

    @property
    def hours(self) -> Hours:
        """Return the site's hours."""
        return self.rules.hours

    def service(self, service_id: int, agency_id: int, people: int = 1) -> Availability:
        """Tell whether a service gives a number to so many people."""
        if self._is_as_its_agency(service_id):
            told = self.agency(agency_id)
        else:
            asked = _Asked(agency_id, service_id, people)
            told = self._closed(asked, self.at) or self._open(asked)
        return self._as_held(told, service_id) if told.open else told

    def agency(self, agency_id: int) -> Availability:
        """Tell whether an agency as a whole gives numbers; looked up once."""
        if agency_id not in self._agencies:
            asked = _Asked(agency_id)
            told = self._closed(asked, self.at) or self._open(asked)
            self._agencies[agency_id] = told
        return self._agencies[agency_id]

    def gives_until(self, service_id: int, agency_id: int) -> datetime | None:
        """Return when hours of the day end an open service's numbers, if they do."""
        asked = _Asked(agency_id, service_id)
        for end in self.hours.ends(asked.bound, self.hours.day_of(self.at)):
            if end > self.at and self._reason_of_hours(asked, end) is not None:
                return end
        return None

    def serves(self, agency_id: int, service_id: int) -> bool:
        """Tell whether a service is being served now: hours, no break, no holiday."""
        return self._is_served(_Asked(agency_id, service_id), self.at)

    def _is_as_its_agency(self, service_id: int) -> bool:
        """Tell whether nothing is said of a service itself, as of most."""
        return not (
            self.hours.has_any(Scope("service", service_id))
            or self.quotas.opens_of(service_id)
            or any(closed.service_id == service_id for closed in self.rules.closures)
        )

    def _as_held(self, told: Availability, service_id: int) -> Availability:
        """Tell of an open service what a kiosk holds back of it.

        The contract has no code of its own for it: people give these numbers
        by hand (decisions/0013).
        """
        if service_id in self.held.reception_only:
            return Availability(False, "by-hand", reception_only=True)
        return told._replace(kiosk_next_at=self.held.next_at.get(service_id))

    def _open(self, asked: "_Asked") -> Availability:
        return Availability(True, serving_from=self._serving_from(asked, self.at))

    def _closed(self, asked: "_Asked", at: datetime) -> Availability | None:
        """Return why no number is given, and when one is given again; None: it is.

        Several reasons may hold at once: the first is told, and the moment at
        which none holds any more.
        """
        reason = self._reason(asked, at)
        if reason is None:
            return None
        opens = self._first(asked, at, lambda then: self._reason(asked, then) is None)
        return Availability(False, reason, opens)

    def _reason(self, asked: "_Asked", at: datetime) -> str | None:
        for closed in self.rules.closures:
            if closed.is_on(at) and closed.concerns(asked.agency_id, asked.service_id):
                return closed.reason
        told = self._reason_of_hours(asked, at)
        if told is None and asked.service_id is not None:
            quotas, day = self.quotas, self.hours.day_of(at)
            if day > max(quotas.day, self.hours.day_of(self.at)):
                quotas = quotas.on(day)
            left = quotas.leaves(asked.service_id, self.channel, at, asked.people)
            return None if left else "quota"
        return told

    def _reason_of_hours(self, asked: "_Asked", at: datetime) -> str | None:
        hours = self.hours
        if hours.is_always_open:
            return None
        if hours.is_holiday(hours.day_of(at), asked.agency_id):
            return "holiday"
        is_apart = any(hours.has(scope, HoursKind.ISSUING) for scope in asked.bound)
        reason_in = self._reason_apart if is_apart else self._reason_in
        for scope in asked.bound:
            reason = reason_in(scope, at)
            if reason is not None:
                return reason
        return self._never_served(asked, at) if is_apart else None

    def _reason_in(self, scope: Scope, at: datetime) -> str | None:
        """Return why a scope gives no numbers, where they are given while it serves."""
        hours = self.hours
        if hours.has(scope, HoursKind.SERVING):
            line = hours.line_at(scope, HoursKind.SERVING, at)
            if line is None:
                return scope.code
            if at >= line.issues_until(hours.day_of(at), hours.zone):
                return "last-ticket"
        return "break" if hours.line_at(scope, HoursKind.BREAK, at) else None

    def _reason_apart(self, scope: Scope, at: datetime) -> str | None:
        """Return why a scope gives no numbers, where they are given by hours apart.

        Before it serves and in its breaks too, but none that would not be
        served on this day any more.
        """
        hours = self.hours
        day = hours.day_of(at)
        if hours.has(scope, HoursKind.ISSUING):
            is_on = hours.line_at(scope, HoursKind.ISSUING, at) is not None
            return None if is_on else scope.code
        if hours.has(scope, HoursKind.SERVING):
            lines = hours.lines_on(scope, HoursKind.SERVING, day)
            if not any(at < line.issues_until(day, hours.zone) for line in lines):
                is_on = hours.line_at(scope, HoursKind.SERVING, at) is not None
                return "last-ticket" if is_on else scope.code
        return None

    def _never_served(self, asked: "_Asked", at: datetime) -> str | None:
        """Return whose hours keep a number of now from being served today."""
        if self._is_served(asked, at):
            return None
        begins = self._serving_from(asked, at)
        if begins is not None and self.hours.day_of(begins) == self.hours.day_of(at):
            return None
        served = [s for s in asked.bound if self.hours.has(s, HoursKind.SERVING)]
        return served[-1].code if served else SITE.code

    def _is_served(self, asked: "_Asked", at: datetime) -> bool:
        hours = self.hours
        if hours.is_always_open:
            return True
        return not hours.is_holiday(hours.day_of(at), asked.agency_id) and all(
            hours.line_at(scope, HoursKind.BREAK, at) is None
            and (
                not hours.has(scope, HoursKind.SERVING)
                or hours.line_at(scope, HoursKind.SERVING, at) is not None
            )
            for scope in asked.bound
        )

    def _serving_from(self, asked: "_Asked", at: datetime) -> datetime | None:
        """Return when serving begins; None while it is on, or if that is far off."""
        if self._is_served(asked, at):
            return None
        return self._first(asked, at, lambda moment: self._is_served(asked, moment))

    def _first(
        self, asked: "_Asked", at: datetime, holds: Callable[[datetime], bool]
    ) -> datetime | None:
        """Return the first moment after ``at`` from which something holds, or None.

        Only where hours, breaks, closures and parts of a quota begin or end
        can anything change.
        """
        ends = [c.until for c in self.rules.closures if c.until and c.until > at]
        parts = self.quotas.opens_of(asked.service_id)
        for day, turns in self.hours.turns(asked.bound, at):
            later = [*turns, *(end for end in ends if self.hours.day_of(end) == day)]
            later += [opens.on(day, self.hours.zone) for opens in parts]
            for moment in sorted({m for m in later if m > at}):
                if holds(moment):
                    return moment
        return None


class _Asked(NamedTuple):
    """What is asked about: an agency, or one of its services for so many people."""

    agency_id: int
    service_id: int | None = None
    people: int = 1

    @property
    def bound(self) -> list[Scope]:
        return scopes(self.agency_id, self.service_id)


def open_book(
    db: Connection,
    rules: Rulebook,
    *,
    at: datetime,
    day: date,
    channel: str = "",
    held: Held = NOTHING_HELD,
) -> OpenBook:
    """Return what decides availability at a moment of a service day."""
    quotas = quotas_of(db, rules.quota_parts, day, rules.site.zone)
    return OpenBook(rules=rules, quotas=quotas, at=at, channel=channel, held=held)
