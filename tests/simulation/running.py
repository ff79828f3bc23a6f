"""Days of a simulated mall, event by event: arrivals, calls, ends of service."""

import heapq
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulation.mall import Mall
from tests.simulation.visitors import Errand, Visitor

Event = Callable[[datetime], None]


@dataclass
class VisitEntryView:
    """One errand as it went: minutes of waiting are from joining to the call."""

    service: int
    joined: datetime
    counter: int | None = None
    called: datetime | None = None
    done: datetime | None = None

    @property
    def waited(self) -> float:
        """Return the minutes from joining the line to the call."""
        assert self.called is not None
        return (self.called - self.joined) / timedelta(minutes=1)


@dataclass
class Visit:
    """A visitor's day in the building, with the entries in the order of the calls."""

    visitor: Visitor
    waiting: dict[int, VisitEntryView] = field(default_factory=dict)
    entries: list[VisitEntryView] = field(default_factory=list)
    is_at_a_counter: bool = False

    def is_served_at(self, moment: datetime) -> bool:
        """Tell whether the visitor is at a counter at a moment."""
        return any(
            entry.called is not None
            and entry.done is not None
            and entry.called <= moment < entry.done
            for entry in self.entries
        )

    @property
    def minutes(self) -> float:
        """Return the minutes from the arrival to the end of the last errand."""
        left = max(entry.done for entry in self.entries if entry.done is not None)
        return (left - self.visitor.arrives) / timedelta(minutes=1)


class Day:
    """One day: all visitors are served, however late it gets.

    ``together``: one ticket waits in all lines at once. Otherwise each errand
    has a ticket of its own, taken when the one before is done.
    """

    def __init__(self, mall: Mall, *, together: bool) -> None:
        self._mall = mall
        self._together = together
        self._events: list[tuple[datetime, int, Event]] = []
        self._order = itertools.count()
        self._visits: dict[int, Visit] = {}
        plan = mall.plan
        self._idle = set(range(plan.agencies * plan.counters_each))

    def run(self, visitors: Iterable[Visitor]) -> list[Visit]:
        """Let the day pass; returns the visits in the order of arrival."""
        visits = [Visit(visitor) for visitor in visitors]
        for visit in visits:
            self._at(visit.visitor.arrives, self._arrival(visit))
        while self._events:
            now, _, happens = heapq.heappop(self._events)
            happens(now)
        assert not any(visit.waiting for visit in visits), "somebody was forgotten"
        return visits

    def _at(self, moment: datetime, event: Event) -> None:
        heapq.heappush(self._events, (moment, next(self._order), event))

    def _arrival(self, visit: Visit) -> Event:
        errands = visit.visitor.errands

        def arrive(now: datetime) -> None:
            self._join(visit, errands if self._together else errands[:1], now)

        return arrive

    def _join(self, visit: Visit, errands: Iterable[Errand], now: datetime) -> None:
        services = [errand.service for errand in errands]
        ticket_id = self._mall.issue(services, visit.visitor.priority, now)
        self._visits[ticket_id] = visit
        visit.waiting |= {service: VisitEntryView(service, now) for service in services}
        for service in services:
            self._offer(service, now)

    def _offer(self, service: int, now: datetime) -> None:
        """Let the idle counters of a service call."""
        for counter in self._mall.counters_of(service):
            if counter in self._idle:
                self._call(counter, now)

    def _call(self, counter: int, now: datetime) -> None:
        ticket_id = self._mall.call_next(counter, now)
        if ticket_id is None:
            self._idle.add(counter)
            return
        self._idle.discard(counter)
        visit = self._visits[ticket_id]
        assert not visit.is_at_a_counter, "called at two counters at a time"
        visit.is_at_a_counter = True
        service = self._mall.service_of(counter)
        entry = visit.waiting.pop(service)
        entry.called, entry.counter = now, counter
        visit.entries.append(entry)
        errands = {errand.service: errand for errand in visit.visitor.errands}
        minutes = timedelta(minutes=errands[service].minutes)
        self._at(now + minutes, self._end(visit, entry, counter))

    def _end(self, visit: Visit, entry: VisitEntryView, counter: int) -> Event:
        def end(now: datetime) -> None:
            self._mall.serve(counter, now)
            entry.done = now
            visit.is_at_a_counter = False
            for service in list(visit.waiting):  # passed over until now
                self._offer(service, now)
            self._call(counter, now)
            done = len(visit.entries)
            if not self._together and done < len(visit.visitor.errands):
                self._join(visit, visit.visitor.errands[done : done + 1], now)

        return end
