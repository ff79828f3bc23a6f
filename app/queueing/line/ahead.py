"""How many are ahead: the calls that come before a waiting entry's own.

For each counter that could call the entry: how many calls of other tickets it would
make first if it alone called on, by its own preferences, and nobody came. The least
of these counts, so that nobody misses a call for having counted on more time; 0: the
next call of some counter is this one (rules.md#how-many-are-ahead).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.models import EntryState
from app.queueing.line.calling_order import CallingOrder, waiting_rows
from app.queueing.line.kept_lines import lines_of
from app.queueing.line.lines import NEWEST, Counters, Lines, WaitingRow, waiting_row
from app.queueing.line.ranking import rank_of
from app.queueing.rows import EntryRow
from app.queueing.site.hours import Hours
from app.queueing.site.pauses import rests


class LineNow(NamedTuple):
    """A line at one moment; ``waiting_ahead`` is that of a regular number drawn now."""

    waiting: int
    waiting_ahead: int
    open_counters: frozenset[int]
    """The ids of the open counters that serve it."""
    paused_counters: frozenset[int]


class CountersNow(NamedTuple):
    """How many of a service's counters call now, and how many are paused."""

    open: int
    paused: int


class LinesNow(NamedTuple):
    """Lines at one moment, by service."""

    by_service: dict[int, LineNow]
    is_new_last: bool
    """A regular number drawn now, or later, is called after all who wait, whatever the
    counters prefer: then time alone changes nothing of the lines."""


def waiting_ahead(
    db: Connection, entry: EntryRow, entries: Sequence[EntryRow] | None = None
) -> int:
    """Return how many calls of other tickets come before a waiting entry's own.

    ``entries`` are all of its ticket, where they have been read already.
    """
    lines = lines_of(db)

    def count() -> int:
        own = _own_rows(db, entry.ticket_id, entries)
        others = [row for row in own if row.id != entry.id]
        return CallingOrder(db, lines).ahead(waiting_row(entry), others)

    return lines.ahead_once(entry, count)


def lines_now(db: Connection, service_ids: Iterable[int], now: datetime) -> LinesNow:
    """Return how the lines of these services stand."""
    lines = lines_of(db)
    counters = lines.counters or Counters(())
    order, rank = CallingOrder(db, lines), rank_of(now, timedelta())
    waiting = lines.lengths()
    ahead_by_likeness: dict[int, int] = {}
    by_service = {}
    for service_id in service_ids:
        callers = counters.callers(service_id)
        # who is ahead of a number not drawn yet is asked of counters, by rank: only
        # where there are none, of the line itself
        likeness = callers.likeness
        ahead = ahead_by_likeness.get(likeness) if callers.counters else None
        if ahead is None:
            ahead = order.ahead(WaitingRow(service_id, rank, NEWEST, 0))
            ahead_by_likeness[likeness] = ahead
        by_service[service_id] = LineNow(
            waiting.get(service_id, 0), ahead, callers.open, callers.paused
        )
    last = lines.last_rank()
    is_last = last is None or last < rank - counters.longest_head_start
    return LinesNow(by_service, is_last)


def counters_now(
    db: Connection, service_id: int, hours: Hours, now: datetime
) -> CountersNow:
    """Return how a service's counters stand.

    One that serves into its break calls nobody: it counts as paused. One that was
    opened in the break calls on.
    """
    counters = lines_of(db).counters or Counters(())
    callers = counters.callers(service_id)
    resting = sum(
        rests(hours, counter.agency_ids, counter.open_since, now)
        for counter in counters.of_service(service_id)
        if counter.id in callers.open
    )
    return CountersNow(len(callers.open) - resting, len(callers.paused) + resting)


def waiting_by_service(db: Connection) -> dict[int, int]:
    """Return how many entries wait in each line that is not empty."""
    return lines_of(db).lengths()


def lines_beside(db: Connection, service_ids: Collection[int]) -> set[int]:
    """Return these services and all that their counters serve besides."""
    return {*service_ids, *_served_beside(lines_of(db), service_ids)}


def _served_beside(lines: Lines, service_ids: Iterable[int]) -> set[int]:
    counters = lines.counters
    if counters is None:
        return set()
    return {
        beside
        for service_id in service_ids
        for counter in counters.of_service(service_id)
        for beside in counter.head_starts
    }


def _own_rows(
    db: Connection, ticket_id: int, entries: Sequence[EntryRow] | None
) -> list[WaitingRow]:
    """Return the waiting entries of a ticket."""
    if entries is None:
        return waiting_rows(db, ticket_id)
    return [waiting_row(each) for each in entries if each.state == EntryState.WAITING]
