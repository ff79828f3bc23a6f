"""Where an entry stands in its line: one number, the smaller the sooner."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select

from app.queueing import rows
from app.queueing.counters import CounterRow
from app.queueing.rows import ENTRY_COLUMNS, EntryRow, in_states

# no counter has this id: nobody is passed over
NEVER = -1


def rank_of(arrival: datetime, head_start: timedelta) -> int:
    """Return the rank of an entry, in milliseconds since the epoch.

    A priority class or a booking is a head start: only those who arrived
    within it after you can pass you, so nobody starves
    (decision 0002).
    """
    return round((arrival - head_start).timestamp() * 1000)


_tied = rows.counter.alias("tied")


def has_no_tie_elsewhere(waiting: Any) -> ColumnElement[bool]:
    """Tell of a waiting entry whether no tie keeps it from ``:counter_id``.

    A tie to a counter falls away when that counter closes, for good.
    """
    return or_(
        waiting.c.tied_counter_id.is_(None),
        waiting.c.tied_counter_id == bindparam("counter_id"),
        ~select(_tied.c.id)
        .where(
            _tied.c.id == waiting.c.tied_counter_id,
            # opened later than it was tied: the counter has closed in between
            _tied.c.opened_at <= waiting.c.tied_at,
        )
        .exists(),
    )


_returned = rows.entry.alias("returned")


def is_passed_over(
    waiting: Any, *, by_counter_id: Any, last_call_id: Any
) -> ColumnElement[bool]:
    """Tell of a waiting entry whether a counter's next call passes over its ticket.

    In all its lines: it was returned there since the newest call.
    """
    return (
        select(_returned.c.id)
        .where(
            _returned.c.ticket_id == waiting.c.ticket_id,
            _returned.c.returned_by_counter_id == by_counter_id,
            _returned.c.returned_id > last_call_id,
        )
        .exists()
    )


def in_order_of_calls(by_rank: Sequence[Any]) -> list[Any]:
    """Return rows of who waits as one counter calls them: who is passed over second.

    ``by_rank`` has rows in the order of their rank there, each with ``is_passed_over``
    and ``is_elsewhere``: in service at another counter, and so keeping its place.
    """
    order = list(by_rank)
    free = [index for index, row in enumerate(by_rank) if not row.is_elsewhere]
    passed = [index for index in free if by_rank[index].is_passed_over]
    called = [index for index in free if not by_rank[index].is_passed_over]
    if passed and called and passed[0] < called[0]:
        order.insert(passed[0], order.pop(called[0]))
    return order


_waiting = rows.entry.alias("waiting")
_elsewhere = rows.entry.alias("elsewhere")
# of each line only the head is read, by its index: a call costs the same however many
# wait (decision 0002)
_head = (
    select(_waiting.c.id)
    .where(
        _waiting.c.service_id == rows.counter_service.c.service_id,
        in_states(_waiting.c.state, "waiting"),
        has_no_tie_elsewhere(_waiting),
        ~is_passed_over(
            _waiting,
            by_counter_id=bindparam("passing_counter_id"),
            last_call_id=bindparam("last_call_id"),
        ),
        ~select(_elsewhere.c.id)
        .where(
            _elsewhere.c.ticket_id == _waiting.c.ticket_id,
            in_states(_elsewhere.c.state, "called", "serving"),
        )
        .exists(),
    )
    .order_by(_waiting.c.rank, _waiting.c.id)
    .limit(1)
    .correlate(rows.counter_service)
    .scalar_subquery()
)
_FIRST = (
    select(*ENTRY_COLUMNS)
    .select_from(rows.counter_service.join(rows.entry, rows.entry.c.id == _head))
    .where(rows.counter_service.c.counter_id == bindparam("counter_id"))
    .order_by(
        rows.entry.c.rank - rows.counter_service.c.head_start_seconds * 1000,
        rows.entry.c.id,
    )
    .limit(1)
)


def first_in_lines(db: Connection, counter: CounterRow) -> EntryRow | None:
    """Return who is to be called next at a counter, or None when nobody waits.

    Compares the heads of the counter's lines. Tickets with an active entry
    elsewhere are passed over and keep their rank; so, once, is an entry that
    this counter returned, if anybody else waits.
    """
    # before its first call every return here is newer
    params = {"counter_id": counter.id, "last_call_id": counter.last_call_id or 0}
    row = db.execute(_FIRST, {**params, "passing_counter_id": counter.id}).first()
    if row is None:
        # nobody else waits: whom this counter returned comes after all (decision 0004)
        row = db.execute(_FIRST, {**params, "passing_counter_id": NEVER}).first()
    return EntryRow(*row) if row else None
