"""What each command at a counter does in the model: guards, then effects."""

from datetime import datetime, timedelta
from typing import Any

from tests.properties.model import (
    ACTIVE,
    ALLOWED,
    Counter,
    Entry,
    Event,
    Refused,
    Who,
    ms,
)
from tests.properties.model_ranks import Ranks

SYSTEM = Who("system", "system")


def need(condition: bool, code: str) -> None:
    """Refuse unless a condition holds."""
    if not condition:
        raise Refused(code)


class AtCounters(Ranks):
    """Commands given for a counter."""

    def known(self, counter_id: int, actor: Who) -> Counter:
        counter = self.counters[counter_id]
        mine = actor.staff is not None and counter.holder_id == actor.staff
        agencies = self.mall.agencies_at(counter_id)
        need(mine or any(actor.sees(agency) for agency in agencies), "not-found")
        return counter

    def held(self, counter_id: int, actor: Who) -> Counter:
        counter = self.known(counter_id, actor)
        need(counter.holder_id is not None, "counter-not-open")
        need(counter.holder_id == actor.staff or actor.supervises, "forbidden")
        return counter

    def open_one(self, counter_id: int, actor: Who) -> Counter:
        counter = self.held(counter_id, actor)
        need(counter.state == "open", "counter-not-open")
        return counter

    def free(self, counter_id: int, actor: Who) -> Counter:
        counter = self.open_one(counter_id, actor)
        need(self.require_active_entry(counter_id) is None, "counter-busy")
        return counter

    def may_act(self, entry: Entry, actor: Who) -> None:
        """Let an officer act only while holding a counter of the agency."""
        if actor.role != "officer":
            return
        held = [c for c in self.counters.values() if c.holder_id == actor.staff]
        if entry.state in ACTIVE:
            need(entry.counter_id in [counter.id for counter in held], "forbidden")
            return
        of = self.agency(entry)
        need(any(of in self.mall.agencies_at(c.id) for c in held), "forbidden")

    def visitor(self, counter_id: int, actor: Who) -> Entry:
        self.held(counter_id, actor)
        entry = self.require_active_entry(counter_id)
        if entry is None:
            raise Refused("wrong-state")
        return entry

    def chosen(self, counter: Counter, ticket: int, command: str) -> Entry:
        here = [
            entry
            for entry in self.entries_of(ticket)
            if entry.service_id in counter.serves or entry.tied_counter_id == counter.id
        ]
        need(bool(here), "not-found")
        need(not self.is_active(ticket), "ticket-busy")
        for entry in sorted(here, key=lambda e: (e.state != "waiting", e.rank)):
            again = self.has_live(ticket, entry.service_id, but=entry)
            if entry.state in ALLOWED[command].split() and not again:
                self.today(entry)
                return entry
        raise Refused("wrong-state")

    def today(self, entry: Entry) -> None:
        need(self.ticket(entry).day == self.day, "wrong-state")

    def open(self, *, counter_id: int, actor: Who) -> None:
        counter = self.known(counter_id, actor)
        need(counter.holder_id in (None, actor.staff), "counter-taken")
        if counter.holder_id is None:
            counter.holder_id, counter.opened_at = actor.staff, self.now
        counter.state, counter.open_since = "open", self.now
        counter.handed_to_id = None

    def pause(self, *, counter_id: int, actor: Who, hand_to: int | None) -> None:
        counter = self.held(counter_id, actor)
        visitor = self.require_active_entry(counter_id)
        if hand_to is None:
            need(visitor is None, "counter-busy")
        else:
            here = self.mall.agencies_at(counter_id)
            if visitor is not None:
                here = {self.agency(visitor)}
            fits = bool(here & self.mall.agencies_at(hand_to))
            need(fits and hand_to != counter_id, "invalid")
        counter.state, counter.handed_to_id = "paused", hand_to

    def close(self, *, counter_id: int, actor: Who) -> None:
        if self.known(counter_id, actor).holder_id is None:
            return
        counter = self.held(counter_id, actor)
        need(self.require_active_entry(counter_id) is None, "counter-busy")
        self.shut(counter)

    def sign_out(self, *, actor: Who) -> None:
        for counter in self.counters.values():
            if counter.holder_id == actor.staff and not self.require_active_entry(
                counter.id
            ):
                self.shut(counter)

    def call_next(self, *, counter_id: int, actor: Who) -> int | None:
        counter = self.free(counter_id, actor)
        need(not self._break_has_begun(counter), "counter-not-open")
        return self._next(counter, actor)

    def call(self, *, counter_id: int, ticket_id: int, actor: Who) -> int:
        counter = self.free(counter_id, actor)
        may = self.policy["officers_may_choose"] or actor.role != "officer"
        need(may, "forbidden")
        return self._call(self.chosen(counter, ticket_id, "call"), counter, actor)

    def resume(self, *, counter_id: int, ticket_id: int, actor: Who) -> int:
        counter = self.free(counter_id, actor)
        entry = self.chosen(counter, ticket_id, "resume")
        return self._call(entry, counter, actor, name="resumed")

    def take(self, *, counter_id: int, ticket_id: int, actor: Who) -> int:
        counter = self.free(counter_id, actor)
        entry = self.chosen(counter, ticket_id, "take")
        values: dict[str, Any] = self.columns_ending_wait(entry) | {
            "state": "serving",
            "counter_id": counter_id,
        }
        values["started_at"] = entry.started_at or self.now
        self.write(entry, "taken", actor, counter_id, **values)
        return ticket_id

    def recall(self, *, counter_id: int, actor: Who) -> int:
        entry = self.visitor(counter_id, actor)
        need(entry.state == "called", "wrong-state")
        self._not_before(entry, self.policy["recall_cooldown_seconds"])
        calls = entry.call_count + 1
        values: dict[str, Any] = {"last_called_at": self.now, "call_count": calls}
        self.write(entry, "recalled", actor, counter_id, **values)
        self._announce(entry)
        return entry.ticket_id

    def start(self, *, counter_id: int, actor: Who) -> int:
        entry = self.visitor(counter_id, actor)
        need(entry.state == "called", "wrong-state")
        began = entry.started_at or self.now
        values: dict[str, Any] = {"state": "serving", "started_at": began}
        self.write(entry, "started", actor, counter_id, due_at=None, **values)
        return entry.ticket_id

    def serve(self, *, counter_id: int, actor: Who) -> int:
        entry = self.visitor(counter_id, actor)
        self._serve(entry, actor, counter_id)
        return entry.ticket_id

    def serve_next(self, *, counter_id: int, actor: Who) -> tuple[int, int | None]:
        counter = self.held(counter_id, actor)
        entry = self.visitor(counter_id, actor)
        need(entry.state == "serving", "wrong-state")
        served = self._serve(entry, actor, counter_id)
        if counter.state == "paused" or self._break_has_begun(counter):
            return entry.ticket_id, None
        return entry.ticket_id, self._next(counter, actor, cause=served)

    def no_show(self, *, counter_id: int, actor: Who, reason: str | None) -> int:
        entry = self.visitor(counter_id, actor)
        need(entry.state == "called", "wrong-state")
        if reason != "left":
            enough = entry.call_count >= self.policy["no_show_after_calls"]
            need(enough, "too-early")
            self._not_before(entry, self.policy["no_show_after_seconds"])
        values: dict[str, Any] = {"state": "no_show", "set_aside_at": self.now}
        values["due_at"] = None
        self.write(entry, "no_show", actor, counter_id, **values)
        return entry.ticket_id

    def return_(self, *, counter_id: int, actor: Who) -> int:
        entry = self.visitor(counter_id, actor)
        need(entry.state == "called", "wrong-state")
        values = self.columns_before_call(entry)
        event = self.write(
            entry, "returned", actor, counter_id, state="waiting", **values
        )
        entry.returned = (counter_id, event.number)
        return entry.ticket_id

    def park(self, *, counter_id: int, actor: Who, remind_at: datetime | None) -> int:
        entry = self.visitor(counter_id, actor)
        values: dict[str, Any] = {
            "state": "parked",
            "parked_at": self.now,
            "set_aside_at": self.now,
        }
        if remind_at is not None:
            opened = self.counters[counter_id].open_since
            remind_at = self.times.reminder_time(entry.service_id, remind_at, opened)
        values |= {"remind_at": remind_at, "parked_by_counter_id": counter_id}
        values["due_at"] = None
        self.write(entry, "parked", actor, counter_id, **values)
        return entry.ticket_id

    def take_over(self, *, counter_id: int, ticket_id: int, actor: Who) -> int:
        self.free(counter_id, actor)
        seen = any(
            actor.sees(self.agency(entry)) for entry in self.entries_of(ticket_id)
        )
        need(seen, "not-found")
        active = [e for e in self.entries_of(ticket_id) if e.state in ACTIVE]
        need(bool(active), "wrong-state")
        left = self.counters[active[0].counter_id or 0]
        handed = left.state == "paused" and left.handed_to_id == counter_id
        supervises = actor.supervises and actor.sees(self.agency(active[0]))
        need(handed or supervises, "forbidden")
        of = {counter_id, left.id} & set(self.mall.practice)
        need(len(of) != 1, "invalid")
        entry = active[0]
        values: dict[str, Any] = {"counter_id": counter_id}
        if entry.state == "called":
            values["last_called_at"] = self.now
        self.write(entry, "taken_over", actor, counter_id, **values)
        if entry.state == "called":
            self._announce(entry)
        return ticket_id

    def run_timed(self) -> None:
        due = [
            e
            for e in self.entries
            if e.state == "waiting" and e.due_at is not None and e.due_at <= self.now
        ]
        for entry in sorted(due, key=lambda e: (e.due_at, e.id)):
            rank = min(self.next_rank(entry.due_at or self.now), entry.rank)
            self.write(entry, "requeued", SYSTEM, rank=rank, due_at=None)
        for counter in self.counters.values():
            idle = counter.state == "open" and not self.require_active_entry(counter.id)
            if idle and self._break_has_begun(counter):
                counter.state = "paused"

    def _break_has_begun(self, counter: Counter) -> bool:
        agencies = self.mall.agencies_at(counter.id)
        return self.times.break_has_begun(agencies, counter.open_since, self.now)

    def _not_before(self, entry: Entry, seconds: int) -> None:
        since = entry.last_called_at
        if since is None or self.now - since >= timedelta(days=1):
            return
        opened = self.counters[entry.counter_id or 0].open_since
        ran = self.times.counter_ran(entry.service_id, since, self.now, opened)
        need(ran >= timedelta(seconds=seconds), "too-early")

    def _next(
        self, counter: Counter, actor: Who, cause: Event | None = None
    ) -> int | None:
        entry = self.first_for(counter)
        return self._call(entry, counter, actor, cause=cause) if entry else None

    def _call(
        self,
        entry: Entry,
        counter: Counter,
        actor: Who,
        *,
        name: str = "called",
        cause: Event | None = None,
    ) -> int:
        values: dict[str, Any] = self.columns_ending_wait(entry) | {
            "state": "called",
            "counter_id": counter.id,
            "due_at": entry.due_at,
        }
        values |= {"called_at": entry.called_at or self.now}
        values |= {"last_called_at": self.now, "call_count": entry.call_count + 1}
        event = self.write(entry, name, actor, counter.id, cause, **values)
        counter.last_call = event.number
        self._announce(entry)
        return entry.ticket_id

    def _announce(self, entry: Entry) -> None:
        is_said = not self.times.is_quiet(entry.service_id, self.now)
        self.announcements += is_said and entry.counter_id not in self.mall.practice

    def _serve(self, entry: Entry, actor: Who, counter_id: int) -> Event:
        values: dict[str, Any] = {
            "state": "served",
            "result": "done",
            "ended_at": self.now,
        }
        served = self.write(entry, "served", actor, counter_id, **values)
        back = entry.back_service_id
        if back is None or self.has_live(entry.ticket_id, back):
            return served
        home = entry.back_counter_id
        tie = home if home and back in self.counters[home].serves else None
        after = self.home_after(entry, back, tie)
        self.begin(
            entry.ticket_id,
            back,
            "added",
            actor,
            served,
            rank=self.next_rank(self.now),
            tied_counter_id=tie,
            tied_at=self.now if tie else None,
            from_entry_id=entry.id,
            back_counter_id=after[0],
            back_service_id=after[1],
        )
        return served

    def home_after(
        self, entry: Entry, service: int, tied: int | None
    ) -> tuple[int | None, int | None]:
        """Return where the entry after an entry leads back to: counter, service."""
        home = entry.back_counter_id, entry.back_service_id
        is_there = service == home[1] and tied in (None, home[0])
        if home[1] is None or not is_there:
            return home
        before = entry.from_entry_id
        while before is not None:
            entry = self.entries[before - 1]
            if (entry.counter_id, entry.service_id) == home:
                return entry.back_counter_id, entry.back_service_id
            before = entry.from_entry_id
        return None, None

    def begin(
        self,
        ticket_id: int,
        service: int,
        name: str,
        actor: Who,
        cause_id: Event | None = None,
        **values: Any,
    ) -> Entry:
        """Make a waiting entry that arrived now, but for what ``values`` say."""
        made = Entry(
            len(self.entries) + 1, ticket_id, service, "waiting", self.now, ms(self.now)
        )
        self.entries.append(made)
        self.write(made, name, actor, None, cause_id, **values)
        return made
