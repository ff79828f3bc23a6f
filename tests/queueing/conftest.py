"""The rules alone, over a real database file; and the mall with counters open."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from app.clock import local_date
from app.db.engines import writer_engine
from app.queueing.change import Actor, Change
from app.queueing.commands import counter_states
from app.queueing.commands.issuing import TicketRequest, issue
from app.queueing.facts import Fact
from app.queueing.opening.rulebook import read_rulebook
from app.queueing.rows import EntryRow, entries_of
from tests.support import cast
from tests.support.clock import MovableClock
from tests.support.database import Disk

Action = Callable[..., Any]


class Rules:
    """Gives commands as the ledger does: a transaction each, at the clock's time."""

    def __init__(self, engine: Engine, clock: MovableClock) -> None:
        self._engine = engine
        self._clock = clock
        self.facts: set[Fact] = set()

    def do(self, action: Action, **facts: Any) -> Any:
        """Run one action; ``self.facts`` then says what it touched."""
        with self._engine.begin() as db:
            now = self._clock.now()
            rules = read_rulebook(db)
            change = Change(now, local_date(now, rules.site.zone), rules)
            outcome = action(db, change, **facts)
        self.facts = change.facts
        return outcome

    def see(self, view: Callable[..., Any], **facts: Any) -> Any:
        """Read something."""
        with self._engine.begin() as db:
            return view(db, **facts)

    def issue(
        self, *service_ids: int, actor: Actor = cast.KIOSK.actor, **ticket_request: Any
    ) -> int:
        """Issue a ticket; returns its id."""
        ticket_id: int = self.do(
            issue,
            ticket_request=TicketRequest(service_ids, **ticket_request),
            actor=actor,
        )
        return ticket_id

    def open(self, counter_id: int, member: cast.StaffMember) -> None:
        """Open a counter."""
        self.do(counter_states.open_, counter_id=counter_id, actor=member.actor)

    def entry(self, ticket_id: int, number: int = 0) -> EntryRow:
        """Return a ticket's entry as it stands."""
        entries: list[EntryRow] = self.see(_entries, ticket_id=ticket_id)
        return entries[number]


def _entries(db: Connection, *, ticket_id: int) -> list[EntryRow]:
    return entries_of(db, ticket_id)


@pytest.fixture
def rules(disk: Disk, clock: MovableClock) -> Iterator[Rules]:
    engine = writer_engine(disk.path)
    yield Rules(engine, clock)
    engine.dispose()
