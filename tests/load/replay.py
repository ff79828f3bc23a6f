"""Playing the events of a day back, to see that every call was the right one."""

from collections import defaultdict
from typing import NamedTuple

from tests.support.database import Disk

ACTIVE = ("called", "serving")


class Event(NamedTuple):
    """One event of an entry, with its line and rank."""

    ticket_id: int
    entry_id: int
    name: str
    to_state: str
    service_id: int
    rank: int


class Replay:
    """The lines as the events build them up and empty them."""

    def __init__(self, disk: Disk) -> None:
        self._waiting: dict[int, dict[int, Event]] = defaultdict(dict)
        self._active: dict[int, int] = {}
        self.calls: dict[int, int] = defaultdict(int)
        self.wrong: list[str] = []
        for row in disk.rows(
            "SELECT e.ticket_id, e.entry_id, e.name, e.to_state, n.service_id, n.rank"
            " FROM ticket_event e JOIN entry n ON n.id = e.entry_id ORDER BY e.id"
        ):
            self._play(Event(*row))

    def _play(self, event: Event) -> None:
        line = self._waiting[event.service_id]
        if event.name == "called":
            self._look_at_call(event, line)
        if event.to_state == "waiting":
            line[event.entry_id] = event
        else:
            line.pop(event.entry_id, None)
        if event.to_state in ACTIVE:
            self._active[event.ticket_id] = event.entry_id
        elif self._active.get(event.ticket_id) == event.entry_id:
            del self._active[event.ticket_id]

    def _look_at_call(self, event: Event, line: dict[int, Event]) -> None:
        self.calls[event.entry_id] += 1
        if event.ticket_id in self._active:
            self.wrong.append(f"ticket {event.ticket_id} called at two counters")
        ready = [e for e in line.values() if e.ticket_id not in self._active]
        first = min(ready, key=lambda e: (e.rank, e.entry_id), default=None)
        if first is None or first.entry_id != event.entry_id:
            self.wrong.append(f"entry {event.entry_id} called before {first}")
