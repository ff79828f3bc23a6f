"""Where the model's visitors stand: whom a counter calls, and after whom."""

from datetime import datetime
from typing import Any

from tests.properties.model import Counter, Entry, World, ms


class Ranks(World):
    """Ranks, and the order in which each counter calls."""

    def first_for(self, counter: Counter) -> Entry | None:
        """Return whom a counter calls next (rules.md#ranking)."""
        fit = [
            entry
            for service in counter.serves
            for entry in self.line(service)
            if not self.is_active(entry.ticket_id)
            and self._is_tied_to(entry) in (None, counter.id)
        ]
        fit.sort(key=lambda e: (e.rank - counter.serves[e.service_id] * 1000, e.id))
        fresh = [entry for entry in fit if not self._is_passed_over(counter, entry)]
        return next(iter(fresh or fit), None)

    def _is_tied_to(self, entry: Entry) -> int | None:
        """Return the counter that a waiting entry is tied to while that is open."""
        if entry.tied_counter_id is None or entry.tied_at is None:
            return None
        opened = self.counters[entry.tied_counter_id].opened_at
        holds = opened is not None and opened <= entry.tied_at
        return entry.tied_counter_id if holds else None

    def _is_passed_over(self, counter: Counter, entry: Entry) -> bool:
        """Tell whether an entry of the ticket was returned here since the last call."""
        own = self.entries_of(entry.ticket_id)
        returns = [each.returned for each in own if each.returned]
        return any(
            by == counter.id and event > counter.last_call for by, event in returns
        )

    def next_rank(self, since: datetime) -> int:
        """Before all who arrive, behind those who were placed next before."""
        return ms(since) - 7 * 24 * 3600 * 1000

    def rank_behind(self, entry: Entry, tickets: int) -> int:
        """Return the latest rank at which no counter calls more before an entry."""
        if tickets == 0:
            return self.next_rank(self.now)
        own = self._is_tied_to(entry)
        able = [c for c in self.counters.values() if entry.service_id in c.serves]
        held = [c for c in able if c.state != "closed"] or able
        at = [c for c in able if c.id == own] or held
        best = ms(self.now)
        for counter in at:
            seen: list[int] = []
            for other in self.calls_of(counter, but=entry.ticket_id):
                if other.ticket_id not in seen:
                    seen.append(other.ticket_id)
                if len(seen) == tickets:
                    last = other.rank - counter.serves[other.service_id] * 1000
                    rank = last + 1 + counter.serves[entry.service_id] * 1000
                    while self.before(counter, entry, rank) > tickets:
                        rank -= 1
                    best = min(best, rank)
                    break
        return best

    def before(self, counter: Counter, entry: Entry, rank: int) -> int:
        """Return how many tickets a counter calls before an entry of this rank."""
        mine = rank - counter.serves[entry.service_id] * 1000, entry.id
        sooner = {
            e.ticket_id
            for e in self.calls_of(counter, but=entry.ticket_id)
            if (e.rank - counter.serves[e.service_id] * 1000, e.id) < mine
        }
        return len(sooner)

    def calls_of(self, counter: Counter, but: int) -> list[Entry]:
        """Return whom a counter may call, in order, one ticket left out."""
        fit = [
            entry
            for service in counter.serves
            for entry in self.line(service)
            if entry.ticket_id != but and self._is_tied_to(entry) in (None, counter.id)
        ]
        return sorted(
            fit, key=lambda e: (e.rank - counter.serves[e.service_id] * 1000, e.id)
        )

    def stands_behind(self, entry: Entry) -> int:
        """Return how many tickets, at most, one of its counters calls before it."""
        behind = 0
        for counter in self.counters.values():
            is_able = entry.service_id in counter.serves and counter.state != "closed"
            if not is_able or self._is_tied_to(entry) not in (None, counter.id):
                continue
            behind = max(behind, self.before(counter, entry, entry.rank))
        return behind

    def head_start(self, priority: str) -> int:
        usual = {"regular": 0, "anak": 10}.get(priority, 20)
        return int(self.policy["head_start_minutes"].get(priority, usual)) * 60_000

    def rank_in_class(self, entry: Entry) -> int:
        """Return a rank under the ticket's class; who was placed by hand keeps it."""
        classes = ("regular", "lansia", "disabilitas", "hamil", "menyusui", "anak")
        arrived = ms(entry.arrived_at)
        if entry.rank in {arrived - self.head_start(of) for of in classes}:
            return arrived - self.head_start(self.ticket(entry).priority)
        return entry.rank

    def columns_before_call(self, entry: Entry) -> dict[str, Any]:
        """Return what an entry's call changed, as it was before."""
        calls = [
            event
            for event in self.events
            if event.entry is entry and event.name in ("called", "resumed")
        ]
        before = calls[-1].before
        assert before is not None
        names = ("called_at", "last_called_at", "call_count")
        values = {name: getattr(before, name) for name in names}
        return {**values, "counter_id": None, "rank": self.rank_in_class(entry)}
