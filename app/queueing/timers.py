"""Timers that stand still when nobody is served (design: time).

At a counter (cool-down, no-show) they stand still in breaks and quiet times,
unless the counter was opened in that very break; serving on after closing
time they run, for the line is still called. For a visitor (grace, being due
again, reminders) they also stand still outside serving hours.
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
    bound = list(bound)
    since = max(since, now - LONGEST)
    whole = Span(since, now)
    served = _serving(hours, bound, whole)
    still = still_in(hours, bound, since, now)
    return sum(
        ((part.end - part.start) - _covered(still, part) for part in served),
        timedelta(),
    )


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


def _covered(spans: Iterable[Span], whole: Span) -> timedelta:
    """Return how much of a span the others cover, overlaps counted once."""
    covered, reached = timedelta(), whole.start
    for cut in sorted(_cuts(whole, spans)):
        if cut.end > reached:
            covered += cut.end - max(cut.start, reached)
            reached = cut.end
    return covered
