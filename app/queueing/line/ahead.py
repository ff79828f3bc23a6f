"""How many are ahead: the calls that come before a waiting entry's own.

For each counter that could call the entry: how many calls of other tickets it would
make first if it alone called on, by its own preferences, and nobody came. The least
of these counts, so that nobody misses a call for having counted on more time; 0: the
next call of some counter is this one (rules.md#how-many-are-ahead).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from app.models import EntryState
from app.queueing.line.calling_order import CallingOrder, waiting_rows
from app.queueing.line.kept_lines import lines_of
from app.queueing.line.lines import NEWEST, Lines, WaitingRow, waiting_row
from app.queueing.line.ranking import rank_of
from app.queueing.rows import EntryRow


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


def waiting_ahead_of_new(
    db: Connection, service_ids: Iterable[int], now: datetime
) -> dict[int, int]:
    """Return how many would be ahead of a regular number drawn now, by service."""
    order, rank = CallingOrder(db, lines_of(db)), rank_of(now, timedelta())
    return {
        service_id: order.ahead(WaitingRow(service_id, rank, NEWEST, 0))
        for service_id in service_ids
    }


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
