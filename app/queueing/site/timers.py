"""Timers that stand still when nobody is served (changes.md#time).

At a counter (cool-down, no-show) they stand still in breaks and quiet times,
unless the counter was opened in that very break; serving on after closing
time they run, for the line is still called. A reminder is for the officer: one
that falls into such a rest goes off when it ends. For a visitor (grace, being
due again) they also stand still outside serving hours.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from app.models.states import HoursKind
from app.queueing.site.hours import Hours, Scope, Span, breaks_and_quiet_times

MAX_SPAN = timedelta(days=2)


def counter_elapsed(
    hours: Hours,
    scopes: Iterable[Scope],
    since: datetime,
    now: datetime,
    open_since: datetime | None,
) -> timedelta:
    """Return how long a counter's timer has run between two moments."""
    stopped = [
        span
        for span in breaks_and_quiet_times(hours, scopes, since, now)
        if open_since is None or not span.contains(open_since)
    ]
    return _total(_subtract_all([Span(since, now)], stopped))


def visitor_elapsed(
    hours: Hours, scopes: Iterable[Scope], since: datetime, now: datetime
) -> timedelta:
    """Return how long a visitor's timer has run between two moments."""
    if hours.is_always_open or now <= since:
        return now - since
    return _total(_running_spans(hours, scopes, Span(max(since, now - MAX_SPAN), now)))


def visitor_deadline(
    hours: Hours, scopes: Iterable[Scope], since: datetime, length: timedelta
) -> datetime:
    """Return when a visitor's timer that begins now will have run so long.

    At the latest after ``MAX_SPAN``: by then the service day is over.
    """
    if hours.is_always_open:
        return since + length
    span, remaining = Span(since, since + MAX_SPAN), length
    for part in _running_spans(hours, scopes, span):
        if part.end - part.start >= remaining:
            return part.start + remaining
        remaining -= part.end - part.start
    return span.end


def reminder_time(
    hours: Hours, scopes: Iterable[Scope], at: datetime, open_since: datetime | None
) -> datetime:
    """Return when a reminder goes off: as asked, or when the rest it falls in ends."""
    scopes = list(scopes)
    # again: a break may end within a quiet time
    while breaks := _breaks_at(hours, scopes, at, open_since):
        at = max(span.end for span in breaks)
    return at


def _breaks_at(
    hours: Hours, scopes: Iterable[Scope], at: datetime, open_since: datetime | None
) -> list[Span]:
    """Return the rests of a counter that hold a moment."""
    return [
        span
        # the shortest span that holds the moment: an end is no part of it
        for span in breaks_and_quiet_times(hours, scopes, at, at + timedelta.resolution)
        if span.contains(at) and not (open_since and span.contains(open_since))
    ]


def _running_spans(hours: Hours, scopes: Iterable[Scope], span: Span) -> list[Span]:
    """Return the parts of a span in which a visitor's timer runs, in order."""
    scopes = list(scopes)
    stopped = breaks_and_quiet_times(hours, scopes, span.start, span.end)
    return sorted(_subtract_all(_serving_spans(hours, scopes, span), stopped))


def _serving_spans(hours: Hours, scopes: list[Scope], span: Span) -> list[Span]:
    """Return the parts of a span in which every scope serves."""
    parts = [span]
    for scope in scopes:
        open_spans = []
        day = hours.day_of(span.start)
        while day <= hours.day_of(span.end):
            open_spans += _open_spans_on(hours, scope, day)
            day += timedelta(days=1)
        parts = [span for part in parts for span in _intersections(part, open_spans)]
    return parts


def _open_spans_on(hours: Hours, scope: Scope, day: date) -> list[Span]:
    if not hours.has(scope, HoursKind.SERVING, day):
        return [hours.whole_day(day)]
    if hours.is_holiday(day, scope.id if scope.kind == "agency" else None):
        return []
    return hours.spans(scope, HoursKind.SERVING, day)


def _intersections(part: Span, spans: Iterable[Span]) -> list[Span]:
    overlaps = [Span(max(part.start, s.start), min(part.end, s.end)) for s in spans]
    return [span for span in overlaps if span.start < span.end]


def _subtract_all(parts: list[Span], stopped: Iterable[Span]) -> list[Span]:
    """Return what is left of some parts without the times that stand still."""
    for rest in stopped:
        parts = [
            rest_of_part for part in parts for rest_of_part in _subtract(part, rest)
        ]
    return parts


def _subtract(part: Span, rest: Span) -> list[Span]:
    remaining = [
        Span(part.start, min(part.end, rest.start)),
        Span(max(part.start, rest.end), part.end),
    ]
    return [span for span in remaining if span.start < span.end]


def _total(parts: Iterable[Span]) -> timedelta:
    return sum((part.end - part.start for part in parts), timedelta())
