"""The rules alone over a mall of one's own: any hours, quotas, clock and policy."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
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
from app.queueing.opening.availability import Availability, availability_rules
from app.queueing.opening.rulebook import Rulebook, read_rulebook
from app.queueing.rows import EntryRow, entries_of
from tests.properties.malls import HoursLine, Mall, write
from tests.properties.model_time import day_of
from tests.support.empty import empty_database, hurried_engine

# Tuesday 24 November 2026, 09:00 in Jambi (UTC+7)
NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
KIOSK = Actor("device", "kiosk", 1)
RESEPSI = Actor("staff", "reception", 5)
ADMIN = Actor("staff", "admin", 9)
VISITOR = Actor("visitor", "visitor")
SARI = Actor("staff", "officer", 1, agency_ids=frozenset({1}))
BUDI = Actor("staff", "officer", 2, agency_ids=frozenset({1}))
MADE = Actor("staff", "officer", 3, agency_ids=frozenset({2}))
KEPALA = Actor("staff", "supervisor", 6, agency_ids=frozenset({1}))
OFFICERS = {1: SARI, 2: BUDI, 3: MADE}


def clock_time(text: str, days: int = 0) -> datetime:
    """Return ``HH:MM`` in Jambi on the mall's Tuesday, or so many days later."""
    hour, minute = map(int, text.split(":"))
    return NINE + timedelta(days=days, hours=hour - 9, minutes=minute)


def mall(*hours: HoursLine, **other: Any) -> Mall:
    """Return two agencies: services 1 and 2 at counters 1 and 2, service 3 at 3."""
    known: dict[str, Any] = {
        "agencies": 2,
        "services": [(1, 1), (1, 1), (2, 2)],
        "counters": [{1: 0, 2: 0}, {1: 0, 2: 0}, {3: 0}],
        "policy": {},
        "start": NINE,
        "is_always_open": not hours,
        "hours": list(hours),
    }
    return Mall(**(known | other))


class Floor:
    """One mall: gives commands as the ledger does, at a time that a test sets."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = NINE
        self.facts: set[Fact] = set()
        self.is_in_doubt = False
        """The ledger doubts the clock: the service day stays as it was."""

    def wait(self, **step: float) -> None:
        """Let time pass: ``seconds``, ``minutes``, ``hours``."""
        self.now += timedelta(**step)

    def do(self, action: Callable[..., Any], **facts: Any) -> Any:
        """Run one action a millisecond later; ``self.facts`` says what it touched."""
        self.now += timedelta(milliseconds=1)
        with self.engine.begin() as db:
            change = self.change(db)
            outcome = action(db, change, **facts)
        self.facts = change.facts
        return outcome

    def change(self, db: Connection) -> Change:
        """Return what a command is handed now."""
        rules = read_rulebook(db)
        day = local_date(NINE if self.is_in_doubt else self.now, rules.site.zone)
        return Change(self.now, day, rules, self.is_in_doubt)

    def see(self, view: Callable[..., Any], **facts: Any) -> Any:
        """Read something."""
        with self.engine.begin() as db:
            return view(db, **facts)

    @property
    def rules(self) -> Rulebook:
        """Return the site's decisions."""
        found: Rulebook = self.see(read_rulebook)
        return found

    def issue(self, *services: int, actor: Actor = KIOSK, **ticket_request: Any) -> int:
        """Issue a ticket; returns its id."""
        ticket: int = self.do(
            issue,
            ticket_request=TicketRequest(services or (1,), **ticket_request),
            actor=actor,
        )
        return ticket

    def open(self, counter: int = 1) -> None:
        """Let a counter's own officer open it."""
        self.do(counter_states.open_, counter_id=counter, actor=OFFICERS[counter])

    def at(self, counter: int, action: Callable[..., Any], **facts: Any) -> Any:
        """Give a command at a counter as its officer."""
        return self.do(action, counter_id=counter, actor=OFFICERS[counter], **facts)

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
        found: list[EntryRow] = self.see(_entries, ticket_id=ticket)
        return found

    def states(self, ticket: int) -> list[str]:
        """Return the states of a ticket's entries."""
        return [entry.state for entry in self.entries(ticket)]

    def counter_state(self, counter: int = 1) -> str:
        """Return whether a counter is closed, open or paused."""
        return str(self.see(counters.counter_row, counter_id=counter).state)

    def available(
        self, at: str, *, service: int = 1, channel: str = "", days: int = 0
    ) -> Availability:
        """Return whether a service gives numbers at a time on the wall."""
        moment = clock_time(at, days)
        with self.engine.begin() as db:
            book = availability_rules(
                db, read_rulebook(db), at=moment, day=day_of(moment), channel=channel
            )
            return book.service(service, 1 if service < 3 else 2)

    def set_state(self, ticket: int, state: str) -> None:
        """Put an entry into a state by hand: only for what no command reaches yet."""
        with self.engine.begin() as db:
            of = rows.entry.c.ticket_id == ticket
            db.execute(update(rows.entry).where(of).values(state=state))


def _entries(db: Connection, *, ticket_id: int) -> list[EntryRow]:
    return entries_of(db, ticket_id)


def refusal_of(action: Callable[[], Any]) -> AntreanError | None:
    """Return how something was refused, or None when it was done."""
    try:
        action()
    except AntreanError as refused:
        return refused
    return None


@contextmanager
def floor_of(folder: Path, of: Mall | None = None) -> Iterator[Floor]:
    """Give a floor over a new database in a folder."""
    engine = hurried_engine(empty_database(folder / "antrean.sqlite3"))
    with engine.begin() as db:
        write(db, of or mall(), day_of(NINE))
    yield Floor(engine)
    engine.dispose()


SITE = HoursLine("site", None, "serving", "08:00", "15:00", "14:30")
"""The site's hours in most tests: nobody gets a number after 14:30."""


@contextmanager
def floors_in(folder: Path) -> Iterator[Callable[..., Floor]]:
    """Give a maker of floors in a folder, for tests that say their own hours."""
    with ExitStack() as opened:
        yield lambda *hours, **other: opened.enter_context(
            floor_of(folder, mall(*hours, **other))
        )


def partly_served() -> Mall:
    """Return a mall: service 4 is served nowhere, 3 by a counter of another agency."""
    return mall(
        services=[(1, 1), (1, 1), (2, 2), (2, 2)],
        counters=[{1: 0, 2: 0}, {1: 0, 2: 0}, {3: 0}, {}],
    )


PREFERENCE = 900


def preferring() -> Mall:
    """Return a mall whose counter 2 prefers service 2 by 15 minutes."""
    return mall(
        counters=[{1: 0, 2: 0}, {1: 0, 2: PREFERENCE}, {3: 0}],
        spare={1: (3, 5)},
    )


def closed(reason: str, until: str | None = None, days: int = 0) -> Availability:
    """Return the answer that no number is given, and until when."""
    return Availability(False, reason, clock_time(until, days) if until else None)


def line(floor: Floor, service: int) -> list[int]:
    """Return the tickets that wait in a line, in their order."""
    with floor.engine.begin() as db:
        entry = rows.entry.c
        found = db.execute(
            rows.entry.select()
            .where(entry.service_id == service, entry.state == "waiting")
            .order_by(entry.rank, entry.id)
        )
        return [row.ticket_id for row in found]
