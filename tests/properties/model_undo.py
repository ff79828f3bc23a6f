"""What an undo does in the model: a copy that was kept is put back."""

from datetime import datetime, timedelta
from typing import Any

from tests.properties.model import ACTIVE, LIVE, UNDOABLE, Entry, Event, Who
from tests.properties.model_counters import SYSTEM, AtCounters, need


class Undoing(AtCounters):
    """Undo at a counter and by ticket."""

    def undo(self, *, counter_id: int, actor: Who) -> int:
        self.held(counter_id, actor)
        since = self.now - timedelta(minutes=self.policy["undo_minutes"])
        here = [
            event
            for event in self.events
            if event.counter == counter_id
            and event.name in UNDOABLE
            and event.at >= since
            and (actor.supervises or event.actor.staff == actor.staff)
        ]
        need(bool(here), "undo-blocked")
        self._undo(here[-1], actor)
        return here[-1].entry.ticket_id

    def undo_ticket(self, *, ticket_id: int, actor: Who) -> int:
        entries = [e for e in self.entries_of(ticket_id) if actor.sees(self.agency(e))]
        need(bool(entries), "not-found")
        events = [
            event
            for event in self.events
            if event.entry in entries
            and event.name in UNDOABLE
            and event.actor != SYSTEM
        ]
        need(bool(events), "undo-blocked")
        own = [event for event in events if self._may_undo(event, actor)]
        self._undo((own or events)[-1], actor)
        return ticket_id

    def _may_undo(self, event: Event, actor: Who) -> bool:
        is_own = event.actor.staff is not None and event.actor.staff == actor.staff
        return actor.supervises or is_own

    def _undo(self, last: Event, actor: Who) -> None:
        event = last.cause or last
        entry = event.entry
        need(self._may_undo(event, actor), "forbidden")
        longest = timedelta(minutes=self.policy["undo_minutes"])
        need(self.now - event.at <= longest, "undo-blocked")
        need(self.ticket(entry).day == self.day, "undo-blocked")
        need(self.last_event(entry) is event, "undo-blocked")
        came = [e for e in reversed(self.events) if e.cause is event]
        need(all(self._is_untouched(each, came) for each in came), "undo-blocked")
        back = [each for each in came if each.name == "cancelled"] + [event]
        moved = [each.entry for each in came if each.name == "added"]
        moved += [each.entry for each in back]
        others = [e for e in self.entries_of(entry.ticket_id) if e not in moved]
        there = {e.service_id for e in others if e.state in LIVE}
        for each in back:
            was = each.before
            assert was is not None
            again = was.state in LIVE and was.service_id in there
            need(not again, "undo-blocked")
        for each in came:
            if each not in back:
                self._withdraw(each, event, actor)
        for each in back:
            self._restore(each, actor)

    def _restore(self, event: Event, actor: Who) -> None:
        entry, before = event.entry, event.before
        assert before is not None
        values = dict(vars(before))
        still = entry.state in ACTIVE and entry.counter_id == before.counter_id
        free = still or self._may_be_active(entry, before.counter_id, event.at)
        if before.state in ACTIVE and not free:
            values |= {"state": "parked", "parked_at": self.now}
            values |= {"set_aside_at": self.now}
            values |= {"parked_by_counter_id": before.counter_id}
        people = before.quota_people - entry.quota_people
        self.take_quota(self.ticket(entry), entry.service_id, people)
        self.write(entry, "undone", actor, before.counter_id, event, **values)

    def _is_untouched(self, came: Event, all_came: list[Event]) -> bool:
        """Tell whether what came with a command is still as that left it."""
        mine = [e for e in self.events if e.entry is came.entry]
        if came.name == "called":
            calls = [e for e in mine if e.name in ("called", "resumed")]
            here = came.entry.counter_id == came.counter
            return came.entry.state == "called" and calls[-1] is came and here
        was_called = any(e.entry is came.entry and e is not came for e in all_came)
        return was_called or mine[-1] is came

    def _withdraw(self, came: Event, undone: Event, actor: Who) -> None:
        values: dict[str, Any] = {"state": "cancelled", "ended_at": self.now}
        if came.name == "called":
            values = {"state": "waiting", **self.columns_before_call(came.entry)}
        self.write(came.entry, "undone", actor, came.counter, undone, **values)

    def _may_be_active(
        self, entry: Entry, counter_id: int | None, since: datetime
    ) -> bool:
        """Tell whether nobody is at a counter that has been open since then."""
        opened = self.counters[counter_id].opened_at if counter_id else None
        others = [e for e in self.entries if e.state in ACTIVE and e is not entry]
        return (
            opened is not None
            and opened <= since
            and not any(
                e.ticket_id == entry.ticket_id or e.counter_id == counter_id
                for e in others
            )
        )
