"""How many calls come before an entry's own, at each counter that could make it."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, bindparam, select

from app.models import EntryState
from app.queueing import rows
from app.queueing.line.lines import (
    CallingCounter,
    Counters,
    Lines,
    Rank,
    WaitingRow,
    is_callable_at,
    preferred,
    tie_of,
)
from app.queueing.rows import in_states
from app.queueing.site.policy import MAX_SERVICES

WAITING_COLUMNS = [
    rows.entry.c[name] for name in WaitingRow._fields if name in rows.entry.c
]
_OWN = select(*WAITING_COLUMNS).where(
    rows.entry.c.ticket_id == bindparam("ticket_id"),
    in_states(rows.entry.c.state, EntryState.WAITING),
)
_LINE = (
    select(*WAITING_COLUMNS)
    .where(
        rows.entry.c.service_id == bindparam("service_id"),
        in_states(rows.entry.c.state, EntryState.WAITING),
    )
    .order_by(rows.entry.c.rank, rows.entry.c.id)
    .limit(bindparam("most"))
)
_NOBODY: frozenset[int] = frozenset()


class CallingOrder:
    """The order of calls at one moment, for many questions.

    Whole stretches of lines are counted; the few entries that do not count are
    taken off: who is called or served elsewhere, who is tied to another counter, a
    ticket's own other lines.
    """

    def __init__(self, db: Connection, lines: Lines) -> None:
        self._db = db
        self._lines = lines
        self._counters = lines.counters or Counters(())
        self._returned = lines.returned or {}
        self._exceptions = lines.exceptions()
        self._named = {each.tied_counter_id for each in self._exceptions}
        self._named |= {each.active_counter_id for each in self._exceptions}
        self._whole: dict[tuple[int, Rank], int] = {}

    def ahead(self, entry: WaitingRow, own: Sequence[WaitingRow] = ()) -> int:
        """Return how many calls of other tickets come before an entry's own.

        ``own`` are the other waiting entries of its ticket.
        """
        counters = self._candidates(entry)
        if not counters:  # nobody can call it: as it stands in its line
            return self._lines.count(entry.service_id, entry.rank, entry.id)
        return min(self._ahead_at(each, entry, own) for each in self._unlike(counters))

    def _unlike(self, counters: list[CallingCounter]) -> Iterator[CallingCounter]:
        """Yield one of each kind: those of the same lines and wishes count the same.

        But for a counter that somebody is tied to, is served at or was returned by.
        """
        kinds = set[int]()
        for counter in counters:
            if counter.id in self._named or counter.id in self._returned:
                yield counter
            elif counter.kind not in kinds:
                kinds.add(counter.kind)
                yield counter

    def _candidates(self, entry: WaitingRow) -> list[CallingCounter]:
        """Return the counters that could call: open, else paused, else any."""
        tie = tie_of(entry, self._counters.opened)
        if tie is None:
            return self._counters.callers(entry.service_id).counters
        could = self._counters.of_service(entry.service_id)
        return preferred([counter for counter in could if counter.id == tie])

    def _ahead_at(
        self, counter: CallingCounter, entry: WaitingRow, own: Sequence[WaitingRow]
    ) -> int:
        before = self._calls_before(counter, entry, own)
        returned = self._returned.get(counter.id, _NOBODY)
        if entry.ticket_id in returned:
            return before + self._calls_instead(counter, entry)
        # the next call passes over whom this counter returned: alone before the
        # entry they do not delay it, but from the second call on they are called
        is_own_first = any(
            self._is_before(counter, each, entry) and self._is_callable(counter, each)
            for each in own
        )
        passed = self._passed_over(counter, entry, returned) if returned else 0
        return 0 if before == passed and not is_own_first else before

    def _calls_before(
        self, counter: CallingCounter, entry: WaitingRow, own: Sequence[WaitingRow]
    ) -> int:
        """Return how many entries of other tickets a counter would call sooner."""
        whole = self._stand_before(counter, self._position(counter, entry))
        if not own and not self._exceptions:
            return whole
        excepted = {
            each.id: each
            for each in self._exceptions
            if not is_callable_at(each, counter.id, self._counters.opened)
        }
        excepted |= {each.id: each for each in own}
        return whole - sum(
            self._is_before(counter, each, entry) for each in excepted.values()
        )

    def _stand_before(self, counter: CallingCounter, position: Rank) -> int:
        """Return how many stand before a position in all the lines of a counter."""
        key = (counter.kind, position)
        if key not in self._whole:
            rank, entry_id = position
            self._whole[key] = self._lines.count_all(
                counter.head_starts, rank, entry_id
            )
        return self._whole[key]

    def _passed_over(
        self, counter: CallingCounter, entry: WaitingRow, returned: frozenset[int]
    ) -> int:
        """Return how many of those before an entry this counter has returned."""
        return sum(
            self._is_before(counter, each, entry) and self._is_callable(counter, each)
            for ticket_id in returned
            for each in waiting_rows(self._db, ticket_id)
        )

    def _calls_instead(self, counter: CallingCounter, entry: WaitingRow) -> int:
        """Return 1 where the call that passes over an entry is of one behind it."""
        first = min(self._heads(counter, entry.ticket_id), default=None)
        if first is None:
            return 0  # nobody else waits: whom it returned is called all the same
        return int(not first < self._position(counter, entry))

    def _heads(self, counter: CallingCounter, ticket_id: int) -> Iterator[Rank]:
        """Yield where the first of each line stands that is not passed over."""
        returned = self._returned.get(counter.id, _NOBODY)
        # so many may stand before the first that this counter's next call takes
        most = len(self._exceptions) + MAX_SERVICES * (len(returned) + 1) + 1
        for service_id in counter.head_starts:
            params = {"service_id": service_id, "most": most}
            for row in self._db.execute(_LINE, params).all():
                each = WaitingRow(*row)
                if (
                    each.ticket_id not in returned
                    and each.ticket_id != ticket_id
                    and self._is_callable(counter, each)
                ):
                    yield self._position(counter, each)
                    break

    def _is_callable(self, counter: CallingCounter, entry: WaitingRow) -> bool:
        known = self._lines.exception(entry.id)
        opened = self._counters.opened
        return known is None or is_callable_at(known, counter.id, opened)

    def _position(self, counter: CallingCounter, entry: WaitingRow) -> Rank:
        return entry.rank - counter.head_starts[entry.service_id], entry.id

    def _is_before(
        self, counter: CallingCounter, one: WaitingRow, other: WaitingRow
    ) -> bool:
        if one.service_id not in counter.head_starts or one.id == other.id:
            return False
        return self._position(counter, one) < self._position(counter, other)


def waiting_rows(db: Connection, ticket_id: int) -> list[WaitingRow]:
    """Return the waiting entries of a ticket."""
    return [WaitingRow(*row) for row in db.execute(_OWN, {"ticket_id": ticket_id})]
