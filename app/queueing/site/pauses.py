"""Pauses of counters: why, until when, and what an officer is asked who is not back.

A break pauses a counter and never opens it again: whoever is back says so
(rules.md#pauses-of-counters). So what is due is told, to the officer and to the
supervisor, as long as nobody has answered.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection

from app.models import CounterState
from app.models.states import HoursKind
from app.queueing.site.decisions import decisions_of
from app.queueing.site.hours import Hours, Span, scopes_of
from app.queueing.site.policy import Policy


class PauseReason(StrEnum):
    """Why a counter is paused, in a word that is shown in each reader's language.

    An officer may write another reason, which stays as it is written. A holder has
    left who was moved or suspended while a visitor was there.
    """

    BREAK = "break"
    MEETING = "meeting"
    SYSTEM_TROUBLE = "system_trouble"
    HOLDER_LEFT = "holder_left"


class PromptKind(StrEnum):
    """What an officer is asked to look at."""

    BREAK_OVER = "break-over"
    LONG_PAUSE = "long-pause"
    AFTER_HOURS = "after-hours"


class CounterTimes(NamedTuple):
    """How a counter stands: its state, and since when."""

    state: str
    paused_reason: str | None
    paused_since: datetime | None
    open_since: datetime | None
    is_busy: bool
    agency_ids: Collection[int]


class Pause(NamedTuple):
    """A pause; ``until`` is the end of the break for which it is, if it is for one."""

    reason: str | None
    since: datetime | None
    until: datetime | None


class Prompt(NamedTuple):
    """What is due at a counter, and since when."""

    kind: PromptKind
    since: datetime


class PauseRules(NamedTuple):
    """By what pauses are judged: the moment, the hours, how long is a long pause."""

    now: datetime
    hours: Hours
    long_pause: timedelta


def pause_rules(now: datetime, hours: Hours, policy: Policy) -> PauseRules:
    """Return by what pauses are judged at a moment."""
    return PauseRules(now, hours, timedelta(minutes=policy.long_pause_minutes))


def read_pause_rules(db: Connection, now: datetime) -> PauseRules:
    """Read by what pauses are judged, where no command brings the site's rules."""
    rules = decisions_of(db).rules
    return pause_rules(now, rules.hours, rules.policy)


def pause_of(counter: CounterTimes, rules: PauseRules) -> Pause | None:
    """Return a counter's pause, or the break that begins when its visitor has gone."""
    if counter.state == CounterState.PAUSED:
        until = None
        if counter.paused_reason == PauseReason.BREAK:
            until = _end_of_break(counter, rules)
        return Pause(counter.paused_reason, counter.paused_since, until)
    now, hours = rules.now, rules.hours
    if counter.state != CounterState.OPEN or not rests(
        hours, counter.agency_ids, counter.open_since, now
    ):
        return None
    rest = next(
        rest
        for rest in breaks_in_common(hours, counter.agency_ids, now)
        if rest.contains(now)
    )
    return Pause(PauseReason.BREAK, rest.start, rest.end)


def prompt_of(counter: CounterTimes, rules: PauseRules) -> Prompt | None:
    """Return what is due at a counter without a visitor: the first that holds.

    After hours, unless it was opened after them; a break that is over; a long
    pause that is for no break of the hours.
    """
    if counter.state == CounterState.CLOSED or counter.is_busy:
        return None
    now = rules.now
    ended = end_of_hours(rules.hours, counter.agency_ids, now)
    if ended and (counter.open_since is None or counter.open_since < ended):
        return Prompt(PromptKind.AFTER_HOURS, ended)
    pause = pause_of(counter, rules)
    if pause is None or pause.since is None:
        return None
    if pause.until is not None:
        is_over = pause.until <= now
        return Prompt(PromptKind.BREAK_OVER, pause.until) if is_over else None
    due = pause.since + rules.long_pause
    return Prompt(PromptKind.LONG_PAUSE, due) if due <= now else None


def rests(
    hours: Hours, agency_ids: Collection[int], open_since: datetime | None, at: datetime
) -> bool:
    """Tell whether all agencies have a break that began after the counter was opened.

    Opened or resumed within a break, it works through it (decision 0006).
    """
    if hours.is_always_open or not agency_ids:
        return False
    return all(
        any(
            span.contains(at) and (open_since is None or open_since < span.start)
            for span in _breaks(hours, agency_id, at)
        )
        for agency_id in agency_ids
    )


def breaks_in_common(
    hours: Hours, agency_ids: Collection[int], at: datetime
) -> list[Span]:
    """Return the breaks of a date that all agencies have, in order.

    What follows one another without a gap is one: of a counter it is asked when
    somebody is served again.
    """
    if hours.is_always_open or not agency_ids:
        return []
    of_each = [_joined(_breaks(hours, agency_id, at)) for agency_id in agency_ids]
    common, *others = of_each
    for spans in others:
        common = [
            Span(max(one.start, other.start), min(one.end, other.end))
            for one in common
            for other in spans
            if one.start < other.end and other.start < one.end
        ]
    return common


def end_of_hours(
    hours: Hours, agency_ids: Collection[int], at: datetime
) -> datetime | None:
    """Return when the last agency's hours of the date ended; None before that.

    None, too, where an agency keeps no hours, and on a day that has none.
    """
    if not agency_ids:
        return None
    ends = [end_of_day(hours, at, agency_id) for agency_id in agency_ids]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends):
        return None
    last = max(known)
    return last if last <= at else None


def end_of_day(
    hours: Hours, at: datetime, agency_id: int, service_id: int | None = None
) -> datetime | None:
    """Return when the last hours of a date end of an agency, or of its service.

    The earliest of its scopes; None where hours end nothing.
    """
    if hours.is_always_open:
        return None
    day = hours.day_of(at)
    ends = [
        max(span.end for span in hours.spans(scope, HoursKind.SERVING, day))
        for scope in scopes_of(agency_id, service_id)
        if hours.spans(scope, HoursKind.SERVING, day)
    ]
    return min(ends, default=None)


def next_change(rules: PauseRules, *paused_since: datetime | None) -> datetime:
    """Return the first moment at which the clock alone may change any of this."""
    moments = [rules.hours.next_change(rules.now)]
    moments += [since + rules.long_pause for since in paused_since if since]
    return min(moment for moment in moments if moment > rules.now)


def _end_of_break(counter: CounterTimes, rules: PauseRules) -> datetime | None:
    """Return when the break ends in which a counter is paused, or was at first.

    A pause by hand that began before it is for this break too.
    """
    since = counter.paused_since
    if since is None:
        return None
    for rest in breaks_in_common(rules.hours, counter.agency_ids, since):
        if rest.start <= rules.now and rest.end > since:
            return rest.end
    return None


def _breaks(hours: Hours, agency_id: int, at: datetime) -> list[Span]:
    day = hours.day_of(at)
    return [
        span
        for scope in scopes_of(agency_id)
        for span in hours.spans(scope, HoursKind.BREAK, day)
    ]


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
