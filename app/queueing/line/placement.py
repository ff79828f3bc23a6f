"""Where somebody is placed: by arrival and class, next, or after a few tickets."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from app.models import CounterState, Priority
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.line.ranking import has_no_tie_elsewhere, rank_of
from app.queueing.rows import EntryRow, in_states

NEXT_HEAD_START = timedelta(days=7)
"""Of whoever is placed next: more than arrival and class can give (decision 0011)."""


class _ServingCounter(NamedTuple):
    """A counter that serves a line, and what it prefers that line by."""

    counter_id: int
    head_start_seconds: int
    state: str
    opened_at: datetime | None


class _RankAtCounter(NamedTuple):
    """Where an entry stands at a counter: by rank there, then by id."""

    rank: int
    entry_id: int
    ticket_id: int


_served = rows.counter_service.c
_COUNTERS = (
    select(
        _served.counter_id,
        _served.head_start_seconds,
        rows.counter.c.state,
        rows.counter.c.opened_at,
    )
    .select_from(rows.counter_service.join(rows.counter))
    .where(_served.service_id == bindparam("service_id"))
)
_SERVICES = select(_served.service_id, _served.head_start_seconds).where(
    _served.counter_id == bindparam("counter_id")
)
_FIRST_OF_LINE = (
    select(rows.entry.c.rank, rows.entry.c.id, rows.entry.c.ticket_id)
    .where(
        rows.entry.c.service_id == bindparam("service_id"),
        in_states(rows.entry.c.state, "waiting"),
        rows.entry.c.ticket_id != bindparam("ticket_id"),
        has_no_tie_elsewhere(rows.entry),
    )
    .order_by(rows.entry.c.rank, rows.entry.c.id)
    # as many of each line will do: a ticket waits in a line once at most
    .limit(bindparam("tickets"))
)


def rank_by_arrival(change: Change, arrived_at: datetime, priority: str | None) -> int:
    """Return the rank of an arrival in a priority class; None is a regular's."""
    minutes = change.rules.policy.head_start(priority or Priority.REGULAR)
    return rank_of(arrived_at, timedelta(minutes=minutes))


def rank_next(placed_at: datetime) -> int:
    """Return the rank of whoever is placed next, whichever counter calls.

    Before all who arrived, and behind those who were placed next before: who
    came back first is called first.
    """
    return rank_of(placed_at, NEXT_HEAD_START)


def rank_in_class(change: Change, entry: EntryRow, priority: str | None) -> int:
    """Return an entry's rank under a priority class (None: no class is kept).

    Whoever was placed by hand (next, after a few) has no head start in their
    rank, and keeps it.
    """
    arrived = entry.arrived_at
    if all(entry.rank != rank_by_arrival(change, arrived, each) for each in Priority):
        return entry.rank
    return rank_by_arrival(change, arrived, priority)


def rank_behind(db: Connection, entry: EntryRow, tickets: int, *, now: datetime) -> int:
    """Return the rank behind the next so many tickets; 0 is next.

    No counter that may call the entry calls more of them before it, whatever
    lines it serves besides, even where several arrived in the same millisecond.
    Where fewer wait, behind everybody present.
    """
    if tickets == 0:
        return rank_next(now)
    # the earliest holds: any one of the counters may be the one that calls
    ranks = [rank_of(now, timedelta())]
    for counter in _counters_for(db, entry):
        # one more than asked for: the rank must also lie before whoever comes after
        ranks_there = _ranks_at(db, counter.counter_id, entry.ticket_id, tickets + 1)
        if len(ranks_there) >= tickets:
            rank = _between(ranks_there[tickets - 1], ranks_there[tickets:], entry.id)
            # from the counter's reckoning, by its preference, to the rank that is
            # stored
            ranks.append(rank + counter.head_start_seconds * 1000)
    return min(ranks)


def _between(
    last: _RankAtCounter, after: Sequence[_RankAtCounter], entry_id: int
) -> int:
    """Return the rank right behind a rank, and before whoever comes after it."""
    behind = last.rank + 1
    if not after:
        return behind
    (next_one,) = after
    # of equal ranks the older is called first; with no room between, one call fewer
    return min(behind, next_one.rank - (entry_id > next_one.entry_id))


def _counters_for(db: Connection, entry: EntryRow) -> list[_ServingCounter]:
    """Return the counters that may call an entry; while all are closed, those."""
    result = db.execute(_COUNTERS, {"service_id": entry.service_id})
    counters = [_ServingCounter._make(row) for row in result]
    tied = [counter for counter in counters if _is_tied(entry, counter)]
    not_closed = [
        counter for counter in counters if counter.state != CounterState.CLOSED
    ]
    return tied or not_closed or counters


def _is_tied(entry: EntryRow, counter: _ServingCounter) -> bool:
    # as has_no_tie_elsewhere (ranking) says it in SQL
    return (
        entry.tied_counter_id == counter.counter_id
        and entry.tied_at is not None
        and counter.opened_at is not None
        and counter.opened_at <= entry.tied_at
    )


def _ranks_at(
    db: Connection, counter_id: int, ticket_id: int, tickets: int
) -> list[_RankAtCounter]:
    """Return where a counter's next tickets stand, in the order of their calls."""
    params = {"counter_id": counter_id, "ticket_id": ticket_id, "tickets": tickets}
    heads = [
        _RankAtCounter(rank - head_start * 1000, entry_id, other_ticket_id)
        for service_id, head_start in db.execute(_SERVICES, params).all()
        for rank, entry_id, other_ticket_id in db.execute(
            _FIRST_OF_LINE, {**params, "service_id": service_id}
        )
    ]
    return _first_per_ticket(sorted(heads))[:tickets]


def _first_per_ticket(ranks: Iterable[_RankAtCounter]) -> list[_RankAtCounter]:
    """Return the ranks in order, of each ticket only its first."""
    first: dict[int, _RankAtCounter] = {}
    for rank in ranks:
        first.setdefault(rank.ticket_id, rank)
    return list(first.values())
