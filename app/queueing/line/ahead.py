"""How many are ahead: the calls that come before a waiting entry's own.

For each counter that could call the entry: how many calls of other tickets it would
make first if it alone called on, by its own preferences, and nobody came. The least
of these counts, so that nobody misses a call for having counted on more time; 0: the
next call of some counter is this one (rules.md#how-many-are-ahead).
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select

from app.queueing import rows
from app.queueing.line.calling_order import (
    NEWEST,
    LineOrder,
    WaitingRow,
    waiting_rows,
)
from app.queueing.line.ranking import rank_of
from app.queueing.rows import EntryRow

_link = rows.counter_service.alias("link")
_BESIDE = (
    select(rows.counter_service.c.service_id)
    .distinct()
    .where(
        rows.counter_service.c.counter_id.in_(
            select(_link.c.counter_id).where(
                _link.c.service_id.in_(bindparam("service_ids", expanding=True))
            )
        )
    )
)


def waiting_ahead(db: Connection, entry: EntryRow) -> int:
    """Return how many calls of other tickets come before a waiting entry's own."""
    waiting = WaitingRow(
        entry.service_id,
        entry.rank,
        entry.id,
        entry.ticket_id,
        entry.tied_counter_id,
        entry.tied_at,
    )
    own = [each for each in waiting_rows(db, entry.ticket_id) if each.id != entry.id]
    return LineOrder(db, entry.service_id).ahead(waiting, own)


def waiting_ahead_of_new(
    db: Connection, service_ids: Iterable[int], now: datetime
) -> dict[int, int]:
    """Return how many would be ahead of a regular number drawn now, by service."""
    order, rank = LineOrder(db), rank_of(now, timedelta())
    order.count_lines(order.service_ids, rank, NEWEST)
    return {
        service_id: order.ahead(WaitingRow(service_id, rank, NEWEST, 0))
        for service_id in service_ids
    }


def lines_beside(db: Connection, service_ids: Collection[int]) -> set[int]:
    """Return these services and all that their counters serve besides."""
    params = {"service_ids": sorted(service_ids)}
    return {*service_ids, *db.execute(_BESIDE, params).scalars()}
