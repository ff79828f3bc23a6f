"""Where somebody is placed: by arrival and class, next, or after a few tickets."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from app.models import CounterState, Priority
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.ranking import is_callable_at, rank_of
from app.queueing.rows import EntryRow, in_states

NEXT = timedelta(days=7)
"""The head start of whoever is placed next: more than arrival and class can give."""


class _Server(NamedTuple):
    """A counter that serves a line, and what it prefers that line by."""

    counter_id: int
    head_start_seconds: int
    state: str
    opened_at: datetime | None


class _Place(NamedTuple):
    """Where an entry stands at a counter: by rank there, then by id."""

    rank: int
    entry_id: int
    ticket_id: int


_link = rows.counter_service.c
_SERVERS = (
    select(
        _link.counter_id,
        _link.head_start_seconds,
        rows.counter.c.state,
        rows.counter.c.opened_at,
    )
    .select_from(rows.counter_service.join(rows.counter))
    .where(_link.service_id == bindparam("service_id"))
)
_LINES = select(_link.service_id, _link.head_start_seconds).where(
    _link.counter_id == bindparam("counter_id")
)
_FIRST_OF_LINE = (
    select(rows.entry.c.rank, rows.entry.c.id, rows.entry.c.ticket_id)
    .where(
        rows.entry.c.service_id == bindparam("service_id"),
        in_states(rows.entry.c.state, "waiting"),
        rows.entry.c.ticket_id != bindparam("ticket_id"),
        is_callable_at(rows.entry),
    )
    .order_by(rows.entry.c.rank, rows.entry.c.id)
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
    return rank_of(placed_at, NEXT)


def rank_in_class(change: Change, entry: EntryRow, priority: str | None) -> int:
    """Return an entry's rank under a priority class (None: no class is kept).

    Whoever was placed by hand (next, after a few) has no head start in their
    rank, and keeps it.
    """
    arrived = entry.arrived_at
    if all(entry.rank != rank_by_arrival(change, arrived, of) for of in Priority):
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
    places = [rank_of(now, timedelta())]
    for server in _servers(db, entry):
        there = _places_at(db, server.counter_id, entry.ticket_id, tickets + 1)
        if len(there) >= tickets:
            place = _between(there[tickets - 1], there[tickets:], entry.id)
            places.append(place + server.head_start_seconds * 1000)
    return min(places)


def _between(last: _Place, after: Sequence[_Place], entry_id: int) -> int:
    """Return the rank right behind a place, and before whoever comes after it."""
    behind = last.rank + 1
    if not after:
        return behind
    (next_one,) = after
    return min(behind, next_one.rank - (entry_id > next_one.entry_id))


def _servers(db: Connection, entry: EntryRow) -> list[_Server]:
    """Return the counters that may call an entry; while all are closed, those."""
    found = db.execute(_SERVERS, {"service_id": entry.service_id})
    servers = [_Server._make(row) for row in found]
    tied = [server for server in servers if _is_tied(entry, server)]
    held = [server for server in servers if server.state != CounterState.CLOSED]
    return tied or held or servers


def _is_tied(entry: EntryRow, server: _Server) -> bool:
    return (
        entry.tied_counter_id == server.counter_id
        and entry.tied_at is not None
        and server.opened_at is not None
        and server.opened_at <= entry.tied_at
    )


def _places_at(
    db: Connection, counter_id: int, ticket_id: int, tickets: int
) -> list[_Place]:
    """Return where a counter's next tickets stand, in the order of their calls."""
    asked = {"counter_id": counter_id, "ticket_id": ticket_id, "tickets": tickets}
    heads = [
        _Place(rank - head_start * 1000, entry_id, of)
        for service_id, head_start in db.execute(_LINES, asked).all()
        for rank, entry_id, of in db.execute(
            _FIRST_OF_LINE, {**asked, "service_id": service_id}
        )
    ]
    return _once_each(sorted(heads))[:tickets]


def _once_each(places: Iterable[_Place]) -> list[_Place]:
    """Return the places in order, of each ticket only its first."""
    first: dict[int, _Place] = {}
    for place in places:
        first.setdefault(place.ticket_id, place)
    return list(first.values())
