"""Timers that stand still when nobody is served (design: time).

At a counter (cool-down, no-show) they stand still in breaks and quiet times,
unless the counter was opened in that very break; serving on after closing
time they run, for the line is still called. A reminder is for the officer: one
that falls into such a rest goes off when it ends. For a visitor (grace, being
due again) they also stand still outside serving hours.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.models.states import HoursKind
from app.queueing.hours import Hours, Scope, Span, still_in

LONGEST = timedelta(days=2)


def counter_time(
    hours: Hours,
    bound: Iterable[Scope],
    since: datetime,
    now: datetime,
    open_since: datetime | None,
) -> timedelta:
    """Return how long a counter's timer has run between two moments."""
    still = [
        span
        for span in still_in(hours, bound, since, now)
        if open_since is None or not span.holds(open_since)
    ]
    return (now - since) - _covered(still, Span(since, now))


def visitor_time(
    hours: Hours, bound: Iterable[Scope], since: datetime, now: datetime
) -> timedelta:
    """Return how long a visitor's timer has run between two moments."""
    if hours.is_always_open or now <= since:
        return now - since
    running = _running(hours, bound, Span(max(since, now - LONGEST), now))
    return sum((part.end - part.start for part in running), timedelta())


def visitor_moment(
    hours: Hours, bound: Iterable[Scope], since: datetime, length: timedelta
) -> datetime:
    """Return when a visitor's timer that begins now will have run so long.

    At the latest after ``LONGEST``: by then the service day is over.
    """
    if hours.is_always_open:
        return since + length
    whole, left = Span(since, since + LONGEST), length
    for part in _running(hours, bound, whole):
        if part.end - part.start >= left:
            return part.start + left
        left -= part.end - part.start
    return whole.end


def reminder_moment(
    hours: Hours, bound: Iterable[Scope], at: datetime, open_since: datetime | None
) -> datetime:
    """Return when a reminder goes off: as asked, or when the rest it falls in ends."""
    bound = list(bound)
    while rests := _rests_at(hours, bound, at, open_since):
        at = max(span.end for span in rests)
    return at


def _rests_at(
    hours: Hours, bound: Iterable[Scope], at: datetime, open_since: datetime | None
) -> list[Span]:
    """Return the rests of a counter that hold a moment."""
    return [
        span
        for span in still_in(hours, bound, at, at + timedelta.resolution)
        if span.holds(at) and not (open_since and span.holds(open_since))
    ]


def _running(hours: Hours, bound: Iterable[Scope], whole: Span) -> list[Span]:
    """Return the parts of a span in which a visitor's timer runs, in order."""
    bound = list(bound)
    running = _serving(hours, bound, whole)
    for still in still_in(hours, bound, whole.start, whole.end):
        running = [left for part in running for left in _without(part, still)]
    return sorted(running)


def _serving(hours: Hours, bound: list[Scope], whole: Span) -> list[Span]:
    """Return the parts of a span in which every scope serves."""
    parts = [whole]
    for scope in bound:
        if not hours.has(scope, HoursKind.SERVING):
            continue
        open_spans = []
        day = hours.day_of(whole.start)
        while day <= hours.day_of(whole.end):
            if not hours.is_holiday(day, scope.id if scope.kind == "agency" else None):
                open_spans += hours.spans(scope, HoursKind.SERVING, day)
            day += timedelta(days=1)
        parts = [cut for part in parts for cut in _cuts(part, open_spans)]
    return parts


def _cuts(part: Span, spans: Iterable[Span]) -> list[Span]:
    cuts = [Span(max(part.start, s.start), min(part.end, s.end)) for s in spans]
    return [cut for cut in cuts if cut.start < cut.end]


def _without(part: Span, still: Span) -> list[Span]:
    """Return what is left of a part."""
    left = [
        Span(part.start, min(part.end, still.start)),
        Span(max(part.start, still.end), part.end),
    ]
    return [span for span in left if span.start < span.end]


def _covered(spans: Iterable[Span], whole: Span) -> timedelta:
    """Return how much of a span the others cover, overlaps counted once."""
    covered, reached = timedelta(), whole.start
    for cut in sorted(_cuts(whole, spans)):
        if cut.end > reached:
            covered += cut.end - max(cut.start, reached)
            reached = cut.end
    return covered
