"""The order of calls at one moment, by the ranking that calls really follow.

Whole stretches of lines are counted by their index, so that it is cheap at any length;
the few entries that do not count are taken off: who is called or served elsewhere, who
is tied to another counter, a ticket's own other lines.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, literal, or_, select, union_all

from app.models import ACTIVE, CounterState, EntryState
from app.queueing import rows
from app.queueing.rows import in_states
from app.queueing.site.policy import MAX_SERVICES

NEWEST = 2**62
"""The id of an entry that is not made yet: of equal ranks it comes last."""


class _Counter(NamedTuple):
    """A counter that serves the line, with what it prefers each of its lines by."""

    id: int
    state: str
    opened_at: datetime | None
    head_starts: dict[int, int]
    """Milliseconds by service id."""
    returned: frozenset[int]
    """Tickets that its next call passes over."""

    def threshold(self, entry: "WaitingRow", service_id: int) -> int:
        """Return the rank in a line before which an entry is called sooner here."""
        preference = self.head_starts[service_id] - self.head_starts[entry.service_id]
        return entry.rank + preference


class WaitingRow(NamedTuple):
    """A waiting entry, as far as the order of calls depends on it."""

    service_id: int
    rank: int
    id: int
    ticket_id: int
    tied_counter_id: int | None = None
    tied_at: datetime | None = None
    active_counter_id: int | None = None
    """Where its ticket is called or served in another line."""

    def is_callable_at(self, counter_id: int, opened: dict[int, datetime]) -> bool:
        """Tell whether neither a tie nor another counter keeps it from a counter.

        Whom the counter serves itself is done when it calls on.
        """
        is_elsewhere = self.active_counter_id not in (None, counter_id)
        return not is_elsewhere and self.tie(opened) in (None, counter_id)

    def tie(self, opened: dict[int, datetime]) -> int | None:
        """Return the counter that it is tied to; a tie ends when that one closes."""
        if self.tied_counter_id is None or self.tied_at is None:
            return None
        since = opened.get(self.tied_counter_id)
        is_tied = since is not None and since <= self.tied_at
        return self.tied_counter_id if is_tied else None


_link = rows.counter_service.alias("link")
_serves = rows.counter_service.c.counter_id.in_(
    select(_link.c.counter_id).where(_link.c.service_id == bindparam("service_id"))
)
_COUNTERS = (
    select(
        rows.counter.c.id,
        rows.counter.c.state,
        rows.counter.c.opened_at,
        rows.counter_service.c.service_id,
        rows.counter_service.c.head_start_seconds,
    )
    .select_from(rows.counter_service.join(rows.counter))
    .order_by(rows.counter.c.id)
)
_COUNTERS_OF_LINE = _COUNTERS.where(_serves)
# whom the next call of a counter passes over: returned there since its newest call.
# Outer joins keep the order: from few counters to the few events since a call of theirs
_RETURNED = select(rows.counter.c.id, rows.entry.c.ticket_id).select_from(
    rows.counter.outerjoin(
        rows.event,
        (rows.event.c.counter_id == rows.counter.c.id)
        & (rows.event.c.id > func.coalesce(rows.counter.c.last_call_id, 0))
        & (rows.event.c.name == "returned"),
    ).outerjoin(
        rows.entry,
        (rows.entry.c.id == rows.event.c.entry_id)
        & (rows.entry.c.returned_id == rows.event.c.id)
        & (rows.entry.c.returned_by_counter_id == rows.counter.c.id),
    )
)
_RETURNED_OF_LINE = _RETURNED.where(
    rows.counter.c.id.in_(
        select(_link.c.counter_id).where(_link.c.service_id == bindparam("service_id"))
    )
)
_waiting_columns = (
    rows.entry.c.service_id,
    rows.entry.c.rank,
    rows.entry.c.id,
    rows.entry.c.ticket_id,
    rows.entry.c.tied_counter_id,
    rows.entry.c.tied_at,
)
_active = rows.entry.alias("active")
_nobody = literal(None, rows.entry.c.counter_id.type)
_ACTIVE = (
    select(*_waiting_columns, _active.c.counter_id.label("active_counter_id"))
    .select_from(
        _active.join(rows.entry, rows.entry.c.ticket_id == _active.c.ticket_id)
    )
    .where(
        in_states(_active.c.state, *ACTIVE),
        in_states(rows.entry.c.state, EntryState.WAITING),
    )
)
_TIED = select(*_waiting_columns, _nobody.label("active_counter_id")).where(
    in_states(rows.entry.c.state, EntryState.WAITING),
    rows.entry.c.tied_counter_id.is_not(None),
)
_EXCEPTIONS = union_all(_TIED, _ACTIVE)
_OWN = select(*_waiting_columns).where(
    rows.entry.c.ticket_id == bindparam("ticket_id"),
    in_states(rows.entry.c.state, EntryState.WAITING),
)
_COUNT = (
    select(rows.entry.c.service_id, func.count())
    .where(
        rows.entry.c.service_id.in_(bindparam("service_ids", expanding=True)),
        in_states(rows.entry.c.state, EntryState.WAITING),
        or_(
            rows.entry.c.rank < bindparam("rank"),
            (rows.entry.c.rank == bindparam("rank"))
            & (rows.entry.c.id < bindparam("entry_id")),
        ),
    )
    .group_by(rows.entry.c.service_id)
)
_OPENED = select(rows.counter.c.id, rows.counter.c.opened_at).where(
    rows.counter.c.opened_at.is_not(None)
)
_LINE = (
    select(*_waiting_columns)
    .where(
        rows.entry.c.service_id == bindparam("service_id"),
        in_states(rows.entry.c.state, EntryState.WAITING),
    )
    .order_by(rows.entry.c.rank, rows.entry.c.id)
    .limit(bindparam("most"))
)


class LineOrder:
    """The order of calls at one moment, read once for many questions."""

    def __init__(self, db: Connection, service_id: int | None = None) -> None:
        """Read it; ``service_id`` limits it to counters that serve one line."""
        self._db = db
        self._exceptions: dict[int, WaitingRow] = {}
        for row in db.execute(_EXCEPTIONS):
            each = WaitingRow(*row)
            if each.active_counter_id is not None or each.id not in self._exceptions:
                self._exceptions[each.id] = each
        self._opened: dict[int, datetime] = {}
        if any(each.tied_counter_id for each in self._exceptions.values()):
            self._opened = {row[0]: row[1] for row in db.execute(_OPENED)}
        self._counters = self._read_counters(service_id)
        self._counts: dict[tuple[int, int, int], int] = {}

    @property
    def service_ids(self) -> set[int]:
        """Return the services of the counters that it knows."""
        return {
            service_id
            for counter in self._counters
            for service_id in counter.head_starts
        }

    def ahead(self, entry: WaitingRow, own: Iterable[WaitingRow] = ()) -> int:
        """Return how many calls of other tickets come before an entry's own.

        ``own`` are the waiting entries of its ticket.
        """
        counters = self._candidates(entry)
        if not counters:  # nobody can call it: as it stands in its line
            return self._count(entry.service_id, entry.rank, entry.id)
        self._count_at_once(counters, entry)
        mine = [*own]
        return min(self._ahead_at(each, entry, mine) for each in self._unlike(counters))

    def _unlike(self, counters: list[_Counter]) -> Iterator[_Counter]:
        """Yield one of each kind: those of the same lines and wishes count the same.

        But for a counter that somebody is tied to, is served at or was returned by.
        """
        named = {each.tied_counter_id for each in self._exceptions.values()}
        named |= {each.active_counter_id for each in self._exceptions.values()}
        kinds = set[frozenset[tuple[int, int]]]()
        for counter in counters:
            kind = frozenset(counter.head_starts.items())
            if counter.id in named or counter.returned or kind not in kinds:
                yield counter
            if counter.id not in named and not counter.returned:
                kinds.add(kind)

    def _candidates(self, entry: WaitingRow) -> list[_Counter]:
        """Return the counters that could call: open, else paused, else any."""
        tie = entry.tie(self._opened)
        could = [
            counter
            for counter in self._counters
            if entry.service_id in counter.head_starts and tie in (None, counter.id)
        ]
        for state in (CounterState.OPEN, CounterState.PAUSED):
            of_state = [counter for counter in could if counter.state == state]
            if of_state:
                return of_state
        return could

    def _ahead_at(
        self, counter: _Counter, entry: WaitingRow, own: list[WaitingRow]
    ) -> int:
        before = self._calls_before(counter, entry, own)
        if entry.ticket_id in counter.returned:
            return before + self._calls_instead(counter, entry)
        # the next call passes over whom this counter returned: alone before the
        # entry they do not delay it, but from the second call on they are called
        is_own_first = any(
            self._is_before(counter, each, entry) and self._is_callable(counter, each)
            for each in own
        )
        passed = self._passed_over(counter, entry)
        return 0 if before == passed and not is_own_first else before

    def _calls_before(
        self, counter: _Counter, entry: WaitingRow, own: list[WaitingRow]
    ) -> int:
        """Return how many entries of other tickets a counter would call sooner."""
        whole = sum(
            self._count(service_id, counter.threshold(entry, service_id), entry.id)
            for service_id in counter.head_starts
        )
        excepted = {
            each.id: each
            for each in self._exceptions.values()
            if not each.is_callable_at(counter.id, self._opened)
        }
        excepted |= {each.id: each for each in own}
        return whole - sum(
            self._is_before(counter, each, entry) for each in excepted.values()
        )

    def _passed_over(self, counter: _Counter, entry: WaitingRow) -> int:
        """Return how many of those before an entry this counter has returned."""
        return sum(
            self._is_before(counter, each, entry) and self._is_callable(counter, each)
            for ticket_id in counter.returned - {entry.ticket_id}
            for each in waiting_rows(self._db, ticket_id)
        )

    def _calls_instead(self, counter: _Counter, entry: WaitingRow) -> int:
        """Return 1 where the call that passes over an entry is of one behind it."""
        heads = self._heads(counter, entry.ticket_id)
        first = min(heads, default=None)
        if first is None:
            return 0  # nobody else waits: whom it returned is called all the same
        return int(not first < self._position(counter, entry))

    def _heads(self, counter: _Counter, ticket_id: int) -> Iterator[tuple[int, int]]:
        """Yield where the first of each line stands that is not passed over."""
        # so many may stand before the first that this counter's next call takes
        most = len(self._exceptions) + MAX_SERVICES * (len(counter.returned) + 1) + 1
        for service_id in counter.head_starts:
            params = {"service_id": service_id, "most": most}
            for row in self._db.execute(_LINE, params).all():
                each = WaitingRow(*row)
                if (
                    each.ticket_id not in counter.returned
                    and each.ticket_id != ticket_id
                    and self._is_callable(counter, each)
                ):
                    yield self._position(counter, each)
                    break

    def _is_callable(self, counter: _Counter, entry: WaitingRow) -> bool:
        known = self._exceptions.get(entry.id)
        return known is None or known.is_callable_at(counter.id, self._opened)

    def _position(self, counter: _Counter, entry: WaitingRow) -> tuple[int, int]:
        return entry.rank - counter.head_starts[entry.service_id], entry.id

    def _is_before(self, counter: _Counter, one: WaitingRow, other: WaitingRow) -> bool:
        if one.service_id not in counter.head_starts or one.id == other.id:
            return False
        return self._position(counter, one) < self._position(counter, other)

    def _count(self, service_id: int, rank: int, entry_id: int) -> int:
        key = (service_id, rank, entry_id)
        if key not in self._counts:
            self.count_lines({service_id}, rank, entry_id)
        return self._counts[key]

    def _count_at_once(self, counters: list[_Counter], entry: WaitingRow) -> None:
        """Count the lines of all counters, one statement for each threshold."""
        wanted: dict[int, set[int]] = defaultdict(set)
        for counter in counters:
            for service_id in counter.head_starts:
                rank = counter.threshold(entry, service_id)
                if (service_id, rank, entry.id) not in self._counts:
                    wanted[rank].add(service_id)
        for rank, service_ids in wanted.items():
            self.count_lines(service_ids, rank, entry.id)

    def count_lines(
        self, service_ids: Collection[int], rank: int, entry_id: int
    ) -> None:
        """Count who waits in these lines before a rank, in one statement."""
        params = {"service_ids": sorted(service_ids), "rank": rank}
        for service_id in service_ids:
            self._counts[service_id, rank, entry_id] = 0
        for service_id, count in self._db.execute(
            _COUNT, {**params, "entry_id": entry_id}
        ):
            self._counts[service_id, rank, entry_id] = count

    def _read_counters(self, service_id: int | None) -> list[_Counter]:
        params = {"service_id": service_id}
        is_all = service_id is None
        result = self._db.execute(_COUNTERS if is_all else _COUNTERS_OF_LINE, params)
        returned: dict[int, set[int]] = defaultdict(set)
        for counter_id, ticket_id in self._db.execute(
            _RETURNED if is_all else _RETURNED_OF_LINE, params
        ):
            if ticket_id is not None:
                returned[counter_id].add(ticket_id)
        counters: dict[int, _Counter] = {}
        for counter_id, state, opened_at, served_id, head_start_seconds in result:
            counter = counters.setdefault(
                counter_id,
                _Counter(
                    counter_id,
                    state,
                    opened_at,
                    {},
                    frozenset(returned.get(counter_id, ())),
                ),
            )
            counter.head_starts[served_id] = head_start_seconds * 1000
        return list(counters.values())


def waiting_rows(db: Connection, ticket_id: int) -> list[WaitingRow]:
    """Return the waiting entries of a ticket."""
    return [WaitingRow(*row) for row in db.execute(_OWN, {"ticket_id": ticket_id})]
