"""The rules alone, over a real database file: the harness beside ``AppServer``.

Over the small mall, or over a mall of a test's own: any hours, quotas and policy. In
both, officers Sari, Budi and Made open counters 1, 2 and 3.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, update

from app.clock import local_date
from app.errors import AntreanError
from app.queueing import counters, rows
from app.queueing.change import Actor, Change
from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.issuing import TicketRequest, issue
from app.queueing.facts import Fact
from app.queueing.rows import EntryRow, entries_of
from app.queueing.site.availability import Availability, availability_rules
from app.queueing.site.rulebook import Rulebook, read_rulebook
from tests.support import people
from tests.support.clock import MORNING, MovableClock
from tests.support.database import Disk
from tests.support.rules.custom_mall import CustomMall, HoursLine, day_of, open_database
from tests.support.rules.empty import hurried_engine

KIOSK = people.KIOSK.actor
RESEPSI = people.RESEPSI.actor
ADMIN = people.ADMIN.actor
SARI = people.SARI.actor
BUDI = people.BUDI.actor
MADE = people.MADE.actor
KEPALA = people.KEPALA.actor
VISITOR = Actor("visitor", "visitor")
OFFICERS = {1: SARI, 2: BUDI, 3: MADE}

Action = Callable[..., Any]


class RulesHarness:
    """Gives commands as the ledger does: a transaction each, at the clock's time."""

    def __init__(self, engine: Engine, clock: MovableClock) -> None:
        self.engine, self.clock = engine, clock
        self.disk = Disk(Path(str(engine.url.database)))
        self.facts: set[Fact] = set()
        """What the last command touched."""
        self.is_in_doubt = False
        """The ledger doubts the clock: the service day stays as it was."""

    @property
    def now(self) -> datetime:
        """The present moment; set it as you like."""
        return self.clock.moment

    @now.setter
    def now(self, moment: datetime) -> None:
        self.clock.set(moment)

    def wait(self, **step: float) -> None:
        """Let time pass: ``seconds``, ``minutes``, ``hours``."""
        self.clock.move(**step)

    def do(self, action: Action, **arguments: Any) -> Any:
        """Run one action a millisecond later; ``self.facts`` says what it touched."""
        self.clock.move(milliseconds=1)
        with self.engine.begin() as db:
            change = self.change(db)
            outcome = action(db, change, **arguments)
        self.facts = change.facts
        return outcome

    def change(self, db: Connection) -> Change:
        """Return what a command is handed now."""
        rulebook = read_rulebook(db)
        moment = MORNING if self.is_in_doubt else self.now
        day = local_date(moment, rulebook.site.zone)
        return Change(self.now, day, rulebook, self.is_in_doubt)

    def see(self, view: Action, **arguments: Any) -> Any:
        """Read something."""
        with self.engine.begin() as db:
            return view(db, **arguments)

    @property
    def rulebook(self) -> Rulebook:
        """The site's decisions."""
        rulebook: Rulebook = self.see(read_rulebook)
        return rulebook

    def issue(self, *services: int, actor: Actor = KIOSK, **ticket_request: Any) -> int:
        """Issue a ticket, for service 1 where none is named; returns its id."""
        ticket: int = self.do(
            issue,
            ticket_request=TicketRequest(services or (1,), **ticket_request),
            actor=actor,
        )
        return ticket

    def open(self, counter: int = 1) -> None:
        """Let a counter's own officer open it."""
        self.at(counter, counter_states.open_)

    def at(self, counter: int, action: Action, **arguments: Any) -> Any:
        """Give a command at a counter as its officer."""
        return self.do(action, counter_id=counter, actor=OFFICERS[counter], **arguments)

    def called(self, *services: int, counter: int = 1) -> int:
        """Open a counter, issue a ticket and call it; returns its id."""
        self.open(counter)
        ticket = self.issue(*services)
        assert self.at(counter, calling.call_next) == ticket
        return ticket

    def serving(self, *services: int, counter: int = 1) -> int:
        """Bring a ticket to be served."""
        ticket = self.called(*services, counter=counter)
        self.at(counter, serving.start)
        return ticket

    def entries(self, ticket: int) -> list[EntryRow]:
        """Return a ticket's entries."""
        entries: list[EntryRow] = self.see(_entries, ticket_id=ticket)
        return entries

    def states(self, ticket: int) -> list[str]:
        """Return the states of a ticket's entries."""
        return [entry.state for entry in self.entries(ticket)]

    def line(self, service: int) -> list[int]:
        """Return the tickets that wait in a line, in their order."""
        with self.engine.begin() as db:
            entry = rows.entry.c
            result = db.execute(
                rows.entry.select()
                .where(entry.service_id == service, entry.state == "waiting")
                .order_by(entry.rank, entry.id)
            )
            return [row.ticket_id for row in result]

    def counter_state(self, counter: int = 1) -> str:
        """Return whether a counter is closed, open or paused."""
        return str(self.see(counters.counter_row, counter_id=counter).state)

    def available(
        self, at: str, *, service: int = 1, channel: str = "", days: int = 0
    ) -> Availability:
        """Return whether a service gives numbers at a time on the wall."""
        moment = clock_time(at, days)
        with self.engine.begin() as db:
            availability = availability_rules(
                db, read_rulebook(db), at=moment, day=day_of(moment), channel=channel
            )
            return availability.service(service, 1 if service < 3 else 2)

    def set_state(self, ticket: int, state: str) -> None:
        """Put an entry into a state by hand: only for what no command reaches yet."""
        with self.engine.begin() as db:
            of = rows.entry.c.ticket_id == ticket
            db.execute(update(rows.entry).where(of).values(state=state))


MakeRules = Callable[..., RulesHarness]
"""Makes a mall of hours and other fields of ``CustomMall``, and its rules."""


def _entries(db: Connection, *, ticket_id: int) -> list[EntryRow]:
    return entries_of(db, ticket_id)


def clock_time(text: str, days: int = 0) -> datetime:
    """Return ``HH:MM`` in Jambi on the mall's Tuesday, or so many days later."""
    hour, minute = map(int, text.split(":"))
    return MORNING + timedelta(days=days, hours=hour - 9, minutes=minute)


def refusal_of(action: Callable[[], Any]) -> AntreanError | None:
    """Return how something was refused, or None when it was done."""
    try:
        action()
    except AntreanError as error:
        return error
    return None


@contextmanager
def rules_in(path: Path, clock: MovableClock) -> Iterator[RulesHarness]:
    """Give the rules over a database file that is there."""
    engine = hurried_engine(path)
    yield RulesHarness(engine, clock)
    engine.dispose()


@contextmanager
def rules_of(folder: Path, mall: CustomMall | None = None) -> Iterator[RulesHarness]:
    """Give the rules over a new database in a folder."""
    engine = open_database(folder / "antrean.sqlite3", mall or custom_mall())
    yield RulesHarness(engine, MovableClock())
    engine.dispose()


@contextmanager
def rules_maker(folder: Path) -> Iterator[MakeRules]:
    """Give a maker of rules in a folder, for tests that each have their own hours."""
    with ExitStack() as stack:
        yield lambda *hours, **other: stack.enter_context(
            rules_of(folder, custom_mall(*hours, **other))
        )


SITE = HoursLine("site", None, "serving", "08:00", "15:00", "14:30")
"""The site's hours in most tests: nobody gets a number after 14:30."""


def custom_mall(*hours: HoursLine, **other: Any) -> CustomMall:
    """Return two agencies: services 1 and 2 at counters 1 and 2, service 3 at 3."""
    usual: dict[str, Any] = {
        "agencies": 2,
        "services": [(1, 1), (1, 1), (2, 2)],
        "counters": [{1: 0, 2: 0}, {1: 0, 2: 0}, {3: 0}],
        "policy": {},
        "start": MORNING,
        "is_always_open": not hours,
        "hours": list(hours),
    }
    return CustomMall(**(usual | other))


def mall_with_breaks() -> CustomMall:
    """Return a mall that rests from 12:00 to 13:00, its agency 1 from 12:30 to 13:30.

    It is quiet from 09:30 to 09:40; service 2 is served from 10:00 to 11:00; the next
    day is a holiday.
    """
    return custom_mall(
        HoursLine("site", None, "serving", "08:00", "15:00"),
        HoursLine("site", None, "break", "12:00", "13:00"),
        HoursLine("agency", 1, "break", "12:30", "13:30"),
        HoursLine("site", None, "quiet", "09:30", "09:40"),
        HoursLine("service", 2, "serving", "10:00", "11:00"),
        holidays=[(date(2026, 11, 25), None)],
    )


def partly_served() -> CustomMall:
    """Return a mall: service 4 is served nowhere, 3 by a counter of another agency."""
    return custom_mall(
        services=[(1, 1), (1, 1), (2, 2), (2, 2)],
        counters=[{1: 0, 2: 0}, {1: 0, 2: 0}, {3: 0}, {}],
    )


PREFERENCE = 900


def preferring() -> CustomMall:
    """Return a mall whose counter 2 prefers service 2 by 15 minutes."""
    return custom_mall(
        counters=[{1: 0, 2: 0}, {1: 0, 2: PREFERENCE}, {3: 0}],
        spare={1: (3, 5)},
    )


def closed(reason: str, until: str | None = None, days: int = 0) -> Availability:
    """Return the answer that no number is given, and until when."""
    return Availability(False, reason, clock_time(until, days) if until else None)
