"""A mall for simulations: a real database, the real rules, and a clock that we set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, update

from app.clock import local_date
from app.importing import import_mall, read_mall
from app.models.states import CounterState
from app.queueing import rows
from app.queueing.change import SYSTEM, Actor, Change
from app.queueing.commands.calling import call_next
from app.queueing.commands.issuing import TicketRequest, issue
from app.queueing.commands.serving import serve
from app.queueing.site.rulebook import read_rulebook
from tests.simulation.visitors import CLASSES
from tests.support.clock import MORNING
from tests.support.rules.empty import empty_database, hurried_engine

OFFICER_ID = 1
PREFIXES = "ABCDEFGHJK"


class Plan(NamedTuple):
    """How a simulated mall is built: agencies with one service each."""

    agencies: int
    counters_each: int
    head_start_minutes: int = 20


class Mall:
    """Services and counters are numbered, from 0 on."""

    def __init__(self, db: Connection, plan: Plan) -> None:
        self._db = db
        self.plan = plan
        self._rules = read_rulebook(db)
        agencies = frozenset(range(1, plan.agencies + 1))
        self._officer = Actor("staff", "officer", OFFICER_ID, agency_ids=agencies)

    def issue(self, services: list[int], priority: str, now: datetime) -> int:
        """Issue a ticket for services; returns its id."""
        ids = [service + 1 for service in services]
        ticket_request = TicketRequest(ids, priority=priority)
        return issue(
            self._db, self._change(now), ticket_request=ticket_request, actor=SYSTEM
        )

    def call_next(self, counter: int, now: datetime) -> int | None:
        """Call the next at a counter; returns the ticket's id."""
        return call_next(
            self._db, self._change(now), counter_id=counter + 1, actor=self._officer
        )

    def serve(self, counter: int, now: datetime) -> None:
        """Note that a counter is done with its visitor."""
        serve(self._db, self._change(now), counter_id=counter + 1, actor=self._officer)

    def service_of(self, counter: int) -> int:
        """Return the service of a counter."""
        return counter // self.plan.counters_each

    def counters_of(self, service: int) -> range:
        """Return the counters that serve a service."""
        first = service * self.plan.counters_each
        return range(first, first + self.plan.counters_each)

    def _change(self, now: datetime) -> Change:
        return Change(now, local_date(now, self._rules.site.zone), self._rules)


@contextmanager
def simulated(path: Path, plan: Plan) -> Iterator[Mall]:
    """Build a mall in a new file, every counter open; nothing of it is kept."""
    engine = hurried_engine(empty_database(path))
    with engine.connect() as db, db.begin() as transaction:
        import_mall(db, read_mall(mall_text(plan)), now=MORNING)
        _open(db, plan)
        yield Mall(db, plan)
        transaction.rollback()
    engine.dispose()


def _open(db: Connection, plan: Plan) -> None:
    person: dict[str, Any] = {
        "id": OFFICER_ID,
        "username": "petugas",
        "name": "Petugas",
        "role": "officer",
        "password_hash": "-",
        "is_active": True,
    }
    db.execute(rows.staff.insert().values(person))
    held = {"holder_id": OFFICER_ID, "opened_at": MORNING, "open_since": MORNING}
    db.execute(update(rows.counter).values(state=CounterState.OPEN, **held))
    starts = dict.fromkeys(CLASSES, plan.head_start_minutes)
    policy = {"head_start_minutes": starts}
    db.execute(update(rows.site).values(always_open=True, policy=policy))


def mall_text(plan: Plan) -> str:
    """Return the import file of a plan."""
    agencies = [
        f"  - {{code: A{number}, name: Instansi {number}, name_en: Agency {number},"
        f" short_name: A{number}, symbol: building, prefix: {PREFIXES[number]},"
        f" services: [{{code: S, name: Layanan, name_en: Service,"
        f" typical_minutes: 8}}]}}"
        for number in range(plan.agencies)
    ]
    counters = [
        f"  - {{code: L{number}, name: Loket {number}, zone: A,"
        f" services: [A{number // plan.counters_each}]}}"
        for number in range(plan.agencies * plan.counters_each)
    ]
    return "\n".join(
        [
            "site:",
            "  name: Mal Simulasi",
            "  timezone: Asia/Jakarta",
            "  languages: [id]",
            "  public_url: http://mal.example",
            "  hours: [{days: [mon], opens: 08:00, closes: 15:30}]",
            "sound_spaces: [{code: L1, name: Lantai 1}]",
            "zones: [{code: A, name: Zona A, sound_space: L1}]",
            "agencies:",
            *agencies,
            "counters:",
            *counters,
            "",
        ]
    )
