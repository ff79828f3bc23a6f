"""What each command on a ticket or a line does in the model."""

from copy import copy
from datetime import timedelta
from typing import Any

from tests.properties.model import (
    ACTIVE,
    ALLOWED,
    LIVE,
    Entry,
    Event,
    Ticket,
    Who,
    ms,
    newest,
)
from tests.properties.model_counters import SYSTEM, need
from tests.properties.model_undo import Undoing
from tests.support.rules.custom_mall import day_of

ASIDE = ("parked", "no_show")


class Model(Undoing):
    """All commands."""

    def issue(
        self, *, services: list[int], people: int, priority: str, actor: Who
    ) -> int:
        need(not self.doubt, "clock-in-doubt")
        need(len(set(services)) == len(services), "invalid")
        need(not any(map(self.mall.is_practice, services)), "invalid")
        for service in services:
            reason = self.reason(service, actor.role, people)
            need(reason is None, reason or "")
        ticket = self._ticket(services[0], actor.role, people, priority)
        for service in services:
            self.take_quota(ticket, service, people)
            rank = ms(self.now) - self.head_start(priority)
            values: dict[str, Any] = {"rank": rank, "quota_people": people}
            self.begin(ticket.id, service, "issued", actor, **values)
        return ticket.id

    def walk_up(self, *, counter_id: int, service_id: int, actor: Who) -> int:
        counter = self.free(counter_id, actor)
        need(service_id in counter.serves, "invalid")
        need(not self.doubt, "clock-in-doubt")
        ticket = self._ticket(service_id, actor.role)
        self.take_quota(ticket, service_id, 1)
        values: dict[str, Any] = {"state": "serving", "counter_id": counter_id}
        values["quota_people"] = 1
        self.begin(
            ticket.id, service_id, "walked_up", actor, **values, started_at=self.now
        )
        return ticket.id

    def book_in(self, *, services: list[int], drawn: int, ago: int, actor: Who) -> int:
        need(not self.doubt, "clock-in-doubt")
        need(len(set(services)) == len(services), "invalid")
        need(not any(map(self.mall.is_practice, services)), "invalid")
        number = self.mall.services[services[0] - 1][1]
        roll = self.series[number].roll
        need(roll is not None and roll[0] <= drawn <= roll[1], "invalid")
        arrived = self.now - timedelta(minutes=ago)
        need(day_of(arrived) == self.day, "invalid")
        given = ((t.day, t.series, t.drawn) for t in self.tickets)
        need((self.day, number, drawn) not in given, "number-taken")
        ticket = self._ticket(services[0], "spare", drawn=drawn)
        for service in services:
            values: dict[str, Any] = {"arrived_at": arrived, "rank": ms(arrived)}
            self.take_quota(ticket, service, 1)
            values["quota_people"] = 1
            self.begin(ticket.id, service, "issued", actor, **values)
        return ticket.id

    def invent_line(self, *, counter_id: int, visitors: int, actor: Who) -> int:
        self.known(counter_id, actor)
        need(counter_id in self.mall.practice, "not-found")
        served = sorted(self.counters[counter_id].serves)
        classes = ("regular", "regular", "lansia", "regular", "hamil", "regular")
        for index in range(visitors):
            service = served[index % len(served)]
            ticket = self._ticket(service, "practice", priority=classes[index])
            rank = ms(self.now) - self.head_start(ticket.priority)
            self.begin(ticket.id, service, "issued", SYSTEM, rank=rank)
        return visitors

    def reserve_roll(self, *, service_id: int, first: int, last: int) -> None:
        number = self.mall.services[service_id - 1][1]
        series = self.series[number]
        need(first <= last, "invalid")
        drawn = series.last if series.day == self.day else 0
        need(drawn < first, "invalid")
        booked = [
            t.drawn
            for t in self.tickets
            if (t.day, t.series) == (self.day, number) and t.drawn > drawn
        ]
        need(all(first <= each <= last for each in booked), "invalid")
        series.roll = (first, last)

    def add(self, *, ticket_id: int, service_id: int, actor: Who) -> int:
        self._any_seen(ticket_id, actor)
        seen = [e for e in self.entries_of(ticket_id) if actor.sees(self.agency(e))]
        self.may_act(self._current(seen), actor)
        own = self.entries_of(ticket_id)[0].service_id
        need(self.mall.is_practice(own) == self.mall.is_practice(service_id), "invalid")
        need(not self.has_live(ticket_id, service_id), "already-waiting")
        lines = [e for e in self.entries_of(ticket_id) if e.state in LIVE]
        need(len(lines) < 5, "invalid")
        ticket = self.tickets[ticket_id - 1]
        need(ticket.day == self.day, "invalid")
        reason = self.reason(service_id, ticket.channel, ticket.people)
        need(reason is None, reason or "")
        self.take_quota(ticket, service_id, ticket.people)
        rank = ms(self.now) - self.head_start(ticket.priority)
        values: dict[str, Any] = {"rank": rank, "quota_people": ticket.people}
        self.begin(ticket_id, service_id, "added", actor, **values)
        return ticket_id

    def requeue(self, *, ticket_id: int, actor: Who) -> int:
        entry = self._aside(ticket_id, actor)
        self.may_act(entry, actor)
        need(entry.state in ALLOWED["requeue"].split(), "wrong-state")
        need(self.ticket(entry).day == self.day, "grace-over")
        since = entry.set_aside_at or self.now
        gone = self.times.visitor_ran(entry.service_id, since, self.now)
        grace = timedelta(minutes=self.policy["requeue_grace_minutes"])
        need(gone <= grace, "grace-over")
        often = entry.requeue_count >= self.policy["requeues_by_visitor"]
        need(not (actor.kind == "visitor" and often), "requeues-used-up")
        again = self.has_live(ticket_id, entry.service_id, but=entry)
        need(not again, "already-waiting")
        minutes = timedelta(minutes=self.policy["requeue_after_minutes"])
        tickets_before = self.policy["requeue_after_tickets"]
        values = self.columns_ending_wait(entry) | {
            "state": "waiting",
            "counter_id": None,
        }
        values |= {"rank": self.rank_behind(entry, tickets_before)}
        due = self.times.visitor_deadline(entry.service_id, self.now, minutes)
        values |= {"due_at": due}
        by_visitor = 1 if actor.kind == "visitor" else 0
        values |= {"requeue_count": entry.requeue_count + by_visitor, "call_count": 0}
        self.write(entry, "requeued", actor, **values)
        if tickets_before:
            assert self.stands_behind(entry) <= tickets_before
        return ticket_id

    def transfer(
        self,
        *,
        counter_id: int,
        actor: Who,
        to: tuple[str, int],
        position: str,
        back: bool,
    ) -> int:
        entry = self.visitor(counter_id, actor)
        self._transfer(entry, actor, counter_id, to, position, back)
        return entry.ticket_id

    def transfer_ticket(
        self,
        *,
        ticket_id: int,
        actor: Who,
        to: tuple[str, int],
        position: str,
        back: bool,
    ) -> int:
        entry = self._meant(ticket_id, actor, "transfer")
        self.may_act(entry, actor)
        self._transfer(entry, actor, entry.counter_id, to, position, back)
        return ticket_id

    def transfer_line(
        self, *, service_id: int, actor: Who, to: tuple[str, int], position: str
    ) -> list[int]:
        need(actor.sees(self.mall.agency_of(service_id)), "not-found")
        moved = []
        there, _ = self._destination(service_id, to)
        for entry in self.line(service_id):
            if not self.has_live(entry.ticket_id, there, but=entry):
                self._transfer(entry, actor, None, to, position, back=False)
                moved.append(entry.ticket_id)
        return moved

    def cancel_line(self, *, service_id: int, actor: Who) -> list[int]:
        need(actor.sees(self.mall.agency_of(service_id)), "not-found")
        line = self.line(service_id)
        for entry in line:
            self._cancel(entry, actor)
        return [entry.ticket_id for entry in line]

    def close_by_hand(
        self,
        *,
        agency: int | None,
        service: int | None,
        minutes: int | None,
        actor: Who,
    ) -> None:
        self.lift_closure(agency=agency, service=service, actor=actor)
        until = self.now + timedelta(minutes=minutes) if minutes else None
        self.closures.append((agency, service, until))

    def lift_closure(
        self, *, agency: int | None, service: int | None, actor: Who
    ) -> None:
        whose = self.mall.agency_of(service) if service else agency or 0
        need(actor.sees(whose), "not-found")
        self.closures = [c for c in self.closures if c[:2] != (agency, service)]

    def set_priority(self, *, ticket_id: int, priority: str, actor: Who) -> int:
        self._any_seen(ticket_id, actor)
        waiting = [e for e in self.entries_of(ticket_id) if e.state == "waiting"]
        need(bool(waiting), "wrong-state")
        self.tickets[ticket_id - 1].priority = priority
        for entry in waiting:
            self.write(entry, "priority_set", actor, rank=self.rank_in_class(entry))
        return ticket_id

    def cancel_by_visitor(self, *, ticket_id: int, actor: Who) -> int:
        waiting = [
            e for e in self.entries_of(ticket_id) if e.state in ("waiting", "parked")
        ]
        need(bool(waiting) and not self.is_active(ticket_id), "wrong-state")
        self._cancel_as_one(waiting, actor)
        return ticket_id

    def cancel_every_line(self, *, ticket_id: int, actor: Who) -> int:
        self._any_seen(ticket_id, actor)
        seen = [e for e in self.entries_of(ticket_id) if actor.sees(self.agency(e))]
        meant = [e for e in seen if e.state in ALLOWED["cancel"].split()]
        need(bool(meant), "wrong-state")
        for entry in meant:
            if entry.state in ACTIVE:
                self.may_act(entry, actor)
            self.today(entry)
        self._cancel_as_one(meant, actor)
        return ticket_id

    def cancel(self, *, ticket_id: int, entry_id: int | None, actor: Who) -> int:
        entry = self._meant(ticket_id, actor, None, entry_id)
        if entry.state in ACTIVE:
            self.may_act(entry, actor)
        need(entry.state in ALLOWED["cancel"].split(), "wrong-state")
        self.today(entry)
        self._cancel(entry, actor)
        return ticket_id

    def release(self, *, ticket_id: int, actor: Who) -> int:
        entry = self._meant(ticket_id, actor, "release")
        need(entry.state == "called", "wrong-state")
        at = entry.counter_id
        values = self.columns_before_call(entry)
        self.write(entry, "released", actor, at, state="waiting", **values)
        entry.returned = None
        return ticket_id

    def _ticket(
        self,
        service: int,
        channel: str,
        people: int = 1,
        priority: str = "regular",
        drawn: int | None = None,
    ) -> Ticket:
        number = self.mall.services[service - 1][1]
        if drawn is None:
            series = self.series[number]
            drawn = series.last + 1 if series.day == self.day else 1
            if series.roll and series.roll[0] <= drawn <= series.roll[1]:
                drawn = series.roll[1] + 1
            series.day, series.last = self.day, drawn
        ticket = Ticket(
            len(self.tickets) + 1, self.day, number, drawn, people, channel, priority
        )
        self.tickets.append(ticket)
        return ticket

    def _cancel_as_one(self, entries: list[Entry], actor: Who) -> None:
        first = self._cancel(entries[0], actor)
        for entry in entries[1:]:
            self._cancel(entry, actor, first)

    def _cancel(self, entry: Entry, actor: Who, cause: Event | None = None) -> Event:
        values = self.columns_ending_wait(entry) | {
            "state": "cancelled",
            "ended_at": self.now,
        }
        if entry.called_at is None and entry.started_at is None:
            people = entry.quota_people
            self.take_quota(self.ticket(entry), entry.service_id, -people)
            values["quota_people"] = 0
        return self.write(entry, "cancelled", actor, entry.counter_id, cause, **values)

    def _destination(self, own: int, to: tuple[str, int]) -> tuple[int, int | None]:
        kind, number = to
        serves = self.counters[number].serves if kind == "counter" else {number: 0}
        there = own if own in serves else min(serves)
        somebody = any(there in c.serves for c in self.counters.values())
        need(somebody, "no-counter")
        need(self.mall.is_practice(there) == self.mall.is_practice(own), "invalid")
        return there, number if kind == "counter" else None

    def _transfer(
        self,
        entry: Entry,
        actor: Who,
        counter_id: int | None,
        to: tuple[str, int],
        position: str,
        back: bool,
    ) -> None:
        service, tied = self._destination(entry.service_id, to)
        need(not (back and counter_id is None), "invalid")
        again = self.has_live(entry.ticket_id, service, but=entry)
        need(not again, "already-waiting")
        need(entry.state in ALLOWED["transfer"].split(), "wrong-state")
        self.today(entry)
        was = copy(entry)
        values = self.columns_ending_wait(entry) | {
            "state": "transferred",
            "ended_at": self.now,
        }
        left = self.write(entry, "transferred", actor, counter_id, **values)
        start = self.head_start(self.ticket(entry).priority)
        came = was.arrived_at if position == "keep" else self.now
        columns: dict[str, Any] = {"arrived_at": came, "rank": ms(came) - start}
        if position == "next":
            columns["rank"] = self.next_rank(self.now)
        if tied is not None:
            columns |= {"tied_counter_id": tied, "tied_at": self.now}
        home: tuple[int | None, int | None] = (counter_id, was.service_id)
        if not back:
            home = self.home_after(was, service, tied)
        columns |= {"back_counter_id": home[0], "back_service_id": home[1]}
        columns |= {"from_entry_id": entry.id}
        self.begin(entry.ticket_id, service, "added", actor, left, **columns)

    def _any_seen(self, ticket_id: int, actor: Who) -> None:
        seen = any(
            actor.sees(self.agency(entry)) for entry in self.entries_of(ticket_id)
        )
        need(seen, "not-found")

    def _meant(
        self,
        ticket_id: int,
        actor: Who,
        command: str | None,
        entry_id: int | None = None,
    ) -> Entry:
        """Return the entry that staff mean, with or without naming one."""
        seen = [e for e in self.entries_of(ticket_id) if actor.sees(self.agency(e))]
        if entry_id is not None:
            seen = [e for e in seen if e.id == entry_id]
        need(bool(seen), "not-found")
        current = self._current(seen)
        allowed = ALLOWED[command].split() if command else [current.state]
        if current.state in allowed:
            return current
        return newest(e for e in seen if e.state in allowed) or current

    def _current(self, entries: list[Entry]) -> Entry:
        active = [e for e in entries if e.state in ACTIVE]
        waiting = [e for e in entries if e.state == "waiting"]
        if active or waiting:
            return (active or waiting)[0]
        rested = [
            (e.ended_at or e.set_aside_at or e.arrived_at, e.state in ASIDE, e.id)
            for e in entries
        ]
        return next(e for e in entries if e.id == max(rested)[2])

    def _aside(self, ticket_id: int, actor: Who) -> Entry:
        if actor.kind != "visitor":
            return self._meant(ticket_id, actor, "requeue")
        aside = [e for e in self.entries_of(ticket_id) if e.state in ASIDE]
        need(bool(aside), "wrong-state")
        return aside[-1]
