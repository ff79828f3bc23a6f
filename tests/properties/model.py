"""A small model of the queue, written from rules.md and not from the program.

Entries are plain objects in a list, time is counted by the minute, and undo
puts a copy back that was kept. It shares no code with ``app.queueing``; states,
commands and refusals are their names as strings.
"""

from collections import Counter as Multiset
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.properties.model_time import Times
from tests.support.rules.custom_mall import CustomMall, day_of

ACTIVE = ("called", "serving")
LIVE = ("reserved", "waiting", "called", "serving", "parked")
ALLOWED = {
    "call": "waiting parked no_show",
    "recall": "called",
    "start": "called",
    "serve": "serving called",
    "no_show": "called",
    "return": "called",
    "park": "called serving",
    "resume": "parked",
    "take": "waiting parked no_show",
    "requeue": "parked no_show",
    "transfer": "waiting called serving parked no_show",
    "cancel": "reserved waiting called parked no_show",
    "release": "called",
}
"""From which states: rules.md and states.md, told a second time."""
UNDOABLE = (
    *("started", "served", "no_show", "parked", "cancelled"),
    *("requeued", "transferred"),
)


class Refused(Exception):
    """The model refuses a command with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Who:
    """Somebody who gives commands."""

    kind: str
    role: str
    id: int | None = None
    agencies: frozenset[int] = frozenset()

    @property
    def staff(self) -> int | None:
        return self.id if self.kind == "staff" else None

    @property
    def supervises(self) -> bool:
        return self.role in ("supervisor", "admin")

    def sees(self, agency: int) -> bool:
        return self.role in ("admin", "reception") or agency in self.agencies


@dataclass
class Ticket:
    """A visit."""

    id: int
    day: date
    series: int
    drawn: int
    people: int
    channel: str
    priority: str = "regular"


@dataclass
class Entry:
    """One entry; the names are the table's columns where they are compared."""

    id: int
    ticket_id: int
    service_id: int
    state: str
    arrived_at: datetime
    rank: int
    counter_id: int | None = None
    call_count: int = 0
    called_at: datetime | None = None
    last_called_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    result: str | None = None
    tied_counter_id: int | None = None
    tied_at: datetime | None = None
    back_counter_id: int | None = None
    back_service_id: int | None = None
    from_entry_id: int | None = None
    parked_at: datetime | None = None
    parked_seconds: int = 0
    parked_by_counter_id: int | None = None
    remind_at: datetime | None = None
    set_aside_at: datetime | None = None
    requeue_count: int = 0
    quota_people: int = 0
    due_at: datetime | None = None
    returned: tuple[int, int] | None = None
    """By which counter it was last returned, and at which event."""


@dataclass
class Counter:
    """A counter; ``last_call`` is the event of its newest call."""

    id: int
    serves: dict[int, int]
    state: str = "closed"
    holder_id: int | None = None
    opened_at: datetime | None = None
    open_since: datetime | None = None
    handed_to_id: int | None = None
    last_call: int = 0


@dataclass
class Event:
    """One change of an entry, and the entry as it stood before (None: new)."""

    entry: Entry
    name: str
    actor: Who
    at: datetime
    counter: int | None
    before: Entry | None
    cause: "Event | None" = None
    number: int = 0


@dataclass
class Series:
    """The number last drawn on a day, and the stretches kept for a roll."""

    day: date | None = None
    last: int = 0
    roll: tuple[int, int] | None = None
    rolls: list[tuple[int, int]] = field(default_factory=list)


def ms(at: datetime) -> int:
    """Return a moment in milliseconds."""
    return round(at.timestamp() * 1000)


class World:
    """Everything that the model knows, and how it looks things up."""

    def __init__(self, mall: CustomMall, day: date) -> None:
        self.mall, self.times = mall, Times(mall)
        self.now, self.day, self.doubt = mall.start, day, False
        self.tickets: list[Ticket] = []
        self.entries: list[Entry] = []
        self.events: list[Event] = []
        self.used: Multiset[tuple[date, int, str]] = Multiset()
        self.closures: list[tuple[int | None, int | None, datetime | None]] = []
        self.announcements = 0
        self.counters = {
            number: Counter(number, serves)
            for number, serves in enumerate(mall.counters, start=1)
        }
        self.series = {
            number: Series(roll=mall.spare.get(number))
            for number in range(1, mall.agencies + 1)
        }

    @property
    def policy(self) -> Any:
        return self.mall.policy

    def agency(self, entry: Entry) -> int:
        return self.mall.agency_of(entry.service_id)

    def entries_of(self, ticket: int) -> list[Entry]:
        return [entry for entry in self.entries if entry.ticket_id == ticket]

    def ticket(self, entry: Entry) -> Ticket:
        return self.tickets[entry.ticket_id - 1]

    def line(self, service: int) -> list[Entry]:
        waiting = [e for e in self.entries if e.state == "waiting"]
        mine = [e for e in waiting if e.service_id == service]
        return sorted(mine, key=lambda e: (e.rank, e.id))

    def require_active_entry(self, counter: int) -> Entry | None:
        at = [e for e in self.entries if e.state in ACTIVE and e.counter_id == counter]
        assert len(at) <= 1
        return at[0] if at else None

    def is_active(self, ticket: int) -> bool:
        return any(entry.state in ACTIVE for entry in self.entries_of(ticket))

    def has_live(self, ticket: int, service: int, but: Entry | None = None) -> bool:
        return any(
            e.service_id == service and e.state in LIVE and e is not but
            for e in self.entries_of(ticket)
        )

    def reason(self, service: int, channel: str, people: int) -> str | None:
        """Return the availability code, or None when a number is given."""
        agency = self.mall.agency_of(service)
        for of_agency, of_service, until in self.closures:
            concerns = of_service == service if of_service else of_agency == agency
            if concerns and (until is None or self.now < until):
                return "by-hand"
        reason = self.times.reason(service, self.now)
        if reason:
            return reason
        for kind in self.quotas(service, channel):
            if (
                self.released(service, kind) - self.used[self.day, service, kind]
                < people
            ):
                return "quota"
        return None

    def quotas(self, service: int, channel: str) -> set[str]:
        return {
            kind
            for of, kind, _, _ in self.mall.quotas
            if of == service
            and kind in ("", "kiosk" if channel == "spare" else channel)
        }

    def released(self, service: int, kind: str) -> int:
        """Return the people whose parts have opened on this service day."""
        later = day_of(self.now) > self.day
        clock = f"{self.now + timedelta(hours=7):%H:%M}"
        return sum(
            people
            for of, which, opens, people in self.mall.quotas
            if (of, which) == (service, kind) and (later or opens <= clock)
        )

    def take_quota(self, ticket: Ticket, service: int, people: int) -> None:
        for kind in self.quotas(service, ticket.channel):
            self.used[ticket.day, service, kind] += people

    def write(
        self,
        entry: Entry,
        name: str,
        actor: Who,
        counter: int | None = None,
        cause: Event | None = None,
        **values: Any,
    ) -> Event:
        """Change an entry and note how it stood."""
        is_new = not any(event.entry is entry for event in self.events)
        before = None if is_new else copy(entry)
        number = len(self.events) + 1
        event = Event(entry, name, actor, self.now, counter, before, cause, number)
        for field_name, value in values.items():
            assert hasattr(entry, field_name)
            setattr(entry, field_name, value)
        self.events.append(event)
        return event

    def columns_ending_wait(self, entry: Entry) -> dict[str, Any]:
        """Return what ends a parking, a no-show, or waiting to come due."""
        names = ("parked_at", "remind_at", "set_aside_at", "due_at")
        ended: dict[str, Any] = dict.fromkeys(names)
        if entry.parked_at is not None:
            away = round((self.now - entry.parked_at).total_seconds())
            ended["parked_seconds"] = entry.parked_seconds + away
        return ended

    def last_event(self, entry: Entry) -> Event:
        return next(e for e in reversed(self.events) if e.entry is entry)

    def turn(self, day: date, system: Who) -> None:
        """End the service day: what is left expires, counters close."""
        for entry in self.entries:
            if entry.state in LIVE:
                self.write(entry, "expired", system, state="expired", ended_at=self.now)
        for counter in self.counters.values():
            self.shut(counter)
        self.day = day

    def shut(self, counter: Counter) -> None:
        counter.state, counter.holder_id = "closed", None
        counter.opened_at = counter.open_since = counter.handed_to_id = None


def newest(entries: Iterable[Entry]) -> Entry | None:
    """Return the entry made last."""
    return max(entries, key=lambda entry: entry.id, default=None)
