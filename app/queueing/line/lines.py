"""Every line of the site at one moment, and how many calls come before an entry's.

By the ranking that calls really follow (head starts, preferences, ties, numbers passed
over). Lines are kept sorted, so that a stretch of one is counted by halving it: as
cheap with ten thousand waiting as with ten (decision 0022).
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from itertools import count
from typing import NamedTuple, Self

from app.models import CounterState, EntryState
from app.queueing.rows import EntryRow

NEWEST = 2**62
"""The id of an entry that is not made yet: of equal ranks it comes last."""
Rank = tuple[int, int]
"""Where an entry stands in its line: by rank, then by id."""


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


def waiting_row(entry: EntryRow) -> WaitingRow:
    """Return what the order of calls depends on of an entry."""
    return WaitingRow(
        entry.service_id,
        entry.rank,
        entry.id,
        entry.ticket_id,
        entry.tied_counter_id,
        entry.tied_at,
    )


class CallingCounter(NamedTuple):
    """A counter, with what it prefers each of its lines by."""

    id: int
    state: str
    opened_at: datetime | None
    head_starts: dict[int, int]
    """Milliseconds by service id."""
    kind: int
    """The same number for counters of the same lines and preferences."""


class Counters:
    """The counters of the site, by the lines that they serve."""

    def __init__(self, counters: Iterable[CallingCounter]) -> None:
        self.all = tuple(counters)
        self.opened = {c.id: c.opened_at for c in self.all if c.opened_at is not None}
        self._of_service: dict[int, list[CallingCounter]] = {}
        self._callers: dict[int, Callers] = {}
        self._likenesses: dict[tuple[tuple[int, int], ...], int] = {}
        # each number once, though two threads ask at a time
        self._numbers = count()
        self.longest_head_start = max(
            (h for counter in self.all for h in counter.head_starts.values()), default=0
        )
        """Milliseconds by which a counter may prefer a line."""
        for counter in self.all:
            for service_id in counter.head_starts:
                self._of_service.setdefault(service_id, []).append(counter)

    def of_service(self, service_id: int) -> list[CallingCounter]:
        """Return the counters that serve a service."""
        return self._of_service.get(service_id, [])

    def callers(self, service_id: int) -> "Callers":
        """Return the counters that call who waits for a service; looked up once."""
        found = self._callers.get(service_id)
        if found is None:
            could = self.of_service(service_id)
            calling = preferred(could)
            wishes = tuple((each.id, each.head_starts[service_id]) for each in calling)
            likeness = self._likenesses.setdefault(wishes, next(self._numbers))
            found = self._callers[service_id] = Callers(
                calling,
                likeness,
                frozenset(c.id for c in could if c.state == CounterState.OPEN),
            )
        return found


class Callers(NamedTuple):
    """The counters that call who waits for a service: open, else paused, else any."""

    counters: list[CallingCounter]
    likeness: int
    """The same for services that the same counters call by the same preferences."""
    open: frozenset[int]
    """The ids of the open counters."""


class Lines:
    """Who waits in each line, and what decides who is called first.

    What a change makes doubtful is None until it is read again (``kept_lines``).
    ``changes`` counts them.
    """

    def __init__(self, ranks: dict[int, list[Rank]], tied: dict[int, WaitingRow]):
        self._ranks = ranks
        self._tied = tied
        self._unshared: set[int] = set()
        self._ahead: dict[int, int] = {}
        self.changes = 0
        self.is_whole = True
        """False: an entry left a line in which it did not stand."""
        self.active: dict[int, WaitingRow] | None = None
        """The waiting entries of tickets that are at a counter, by id."""
        self.counters: Counters | None = None
        self.returned: Mapping[int, frozenset[int]] | None = None
        """The tickets that each counter's next call passes over."""

    @classmethod
    def of(cls, waiting: Iterable[WaitingRow]) -> Self:
        """Return the lines of these waiting entries."""
        ranks: dict[int, list[Rank]] = {}
        tied: dict[int, WaitingRow] = {}
        for row in waiting:
            ranks.setdefault(row.service_id, []).append((row.rank, row.id))
            if row.tied_counter_id is not None:
                tied[row.id] = row
        for line in ranks.values():
            line.sort()
        return cls(ranks, tied)

    def copy(self) -> "Lines":
        """Return the lines as they stand; what changes here later is not seen there."""
        self._unshared.clear()
        copy = Lines(dict(self._ranks), dict(self._tied))
        copy.active, copy.counters = self.active, self.counters
        copy.returned, copy.changes = self.returned, self.changes
        copy._ahead = dict(self._ahead)
        return copy

    def move(
        self, before: EntryRow | None, after: EntryRow, *, may_be_elsewhere: bool
    ) -> None:
        """Follow a change of an entry; ``before`` is None for a new one.

        ``may_be_elsewhere``: it, or another entry of its ticket, may wait while the
        ticket is at a counter, or do so no longer.
        """
        self._note_change()
        if before is not None and before.state == EntryState.WAITING:
            self._leave(before)
        if after.state == EntryState.WAITING:
            self._join(after)
        if may_be_elsewhere or after.id in (self.active or ()):
            self.active = None
        if any(each and each.returned_by_counter_id for each in (before, after)):
            self.returned = None

    def forget_counters(self) -> None:
        """Have the counters read again: one was opened, paused or closed."""
        self._note_change()
        self.counters = self.returned = None

    def follow_call(self, counter_id: int) -> None:
        """Follow a counter's call: it passes over nobody any more."""
        self._note_change()
        if self.returned and counter_id in self.returned:
            self.returned = {
                other: tickets
                for other, tickets in self.returned.items()
                if other != counter_id
            }

    def lengths(self) -> dict[int, int]:
        """Return how many wait in each line that is not empty."""
        return {service: len(line) for service, line in self._ranks.items() if line}

    def last_rank(self) -> int | None:
        """Return the rank of whoever stands last of all; None where nobody waits."""
        return max((line[-1][0] for line in self._ranks.values() if line), default=None)

    def state(self) -> object:
        """Return all that it knows, to compare with another."""
        ranks = {service: line for service, line in self._ranks.items() if line}
        counters = self.counters.all if self.counters else None
        returned = {k: v for k, v in (self.returned or {}).items() if v}
        return ranks, self._tied, self.active, counters, returned

    def ahead_once(self, entry: EntryRow, count: Callable[[], int]) -> int:
        """Return what was counted for an entry since the last change, or count it."""
        if entry.id not in self._ahead:
            self._ahead[entry.id] = count()
        return self._ahead[entry.id]

    def count(self, service_id: int, rank: int, entry_id: int) -> int:
        """Return how many stand in a line before a rank."""
        line = self._ranks.get(service_id)
        return bisect_left(line, (rank, entry_id)) if line else 0

    def count_all(
        self, head_starts: Mapping[int, int], rank: int, entry_id: int
    ) -> int:
        """Return how many stand before a rank in some lines, each with a head start."""
        ranks, count = self._ranks, 0
        for service_id, head_start in head_starts.items():
            line = ranks.get(service_id)
            if line:
                count += bisect_left(line, (rank + head_start, entry_id))
        return count

    def exceptions(self) -> Collection[WaitingRow]:
        """Return the waiting entries that not every counter of their line calls."""
        if not self._tied:
            return (self.active or {}).values()
        return {**self._tied, **(self.active or {})}.values()

    def exception(self, entry_id: int) -> WaitingRow | None:
        """Return one of the exceptions, if an entry is one."""
        return (self.active or {}).get(entry_id) or self._tied.get(entry_id)

    def _note_change(self) -> None:
        """Forget what was counted."""
        self.changes += 1
        self._ahead.clear()

    def _leave(self, entry: EntryRow) -> None:
        line, rank = self._line(entry.service_id), (entry.rank, entry.id)
        at = bisect_left(line, rank)
        if at < len(line) and line[at] == rank:
            del line[at]
        else:
            self.is_whole = False
        self._tied.pop(entry.id, None)

    def _join(self, entry: EntryRow) -> None:
        insort(self._line(entry.service_id), (entry.rank, entry.id))
        if entry.tied_counter_id is not None:
            self._tied[entry.id] = waiting_row(entry)

    def _line(self, service_id: int) -> list[Rank]:
        """Return a line to change; what a copy holds of it stays as it is."""
        if service_id not in self._unshared:
            self._unshared.add(service_id)
            self._ranks[service_id] = [*self._ranks.get(service_id, ())]
        return self._ranks[service_id]


def tie_of(entry: WaitingRow, opened: Mapping[int, datetime]) -> int | None:
    """Return the counter that an entry is tied to; a tie ends when that one closes."""
    if entry.tied_counter_id is None or entry.tied_at is None:
        return None
    since = opened.get(entry.tied_counter_id)
    is_tied = since is not None and since <= entry.tied_at
    return entry.tied_counter_id if is_tied else None


def is_callable_at(
    entry: WaitingRow, counter_id: int, opened: Mapping[int, datetime]
) -> bool:
    """Tell whether neither a tie nor another counter keeps an entry from a counter.

    Whom the counter serves itself is done when it calls on.
    """
    is_elsewhere = entry.active_counter_id not in (None, counter_id)
    return not is_elsewhere and tie_of(entry, opened) in (None, counter_id)


def preferred(counters: list[CallingCounter]) -> list[CallingCounter]:
    """Return the open ones of some counters; else the paused, else all."""
    for state in (CounterState.OPEN, CounterState.PAUSED):
        of_state = [counter for counter in counters if counter.state == state]
        if of_state:
            return of_state
    return counters
