"""How many statements a command is, so that they do not creep up.

Each costs 2 to 5 microseconds on the driver, and as much again around it
(decision 0015). A batch has four of its own, however many commands it carries.
"""

from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, event, insert

from app.api.commands import counter_command, show_ticket
from app.ledger import Ledger, RequestKey
from app.queueing import rows
from app.queueing.change import Actor, Change
from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.issuing import TicketRequest, issue_ticket
from app.queueing.slips.attempts import Attempt, end_attempt
from app.queueing.slips.print_jobs import begin_sending
from app.queueing.views.tickets import IssuedTicket, issued_rows_view, issued_ticket
from tests.support.clock import MovableClock
from tests.support.rules.custom_mall import open_database
from tests.support.rules.harness import KIOSK, SARI, custom_mall

OF_BATCH = 4
"""BEGIN, data_version, the revision, COMMIT."""
OF_SAVEPOINT = 2
OF_COMMAND = 4
"""The savepoint and its release; the request's key looked up, and its answer kept."""


class Traced:
    """A ledger whose connection tells every statement that it runs."""

    def __init__(self, engine: Engine) -> None:
        self.clock = MovableClock()
        self.ledger = Ledger(engine, self.clock, publish=lambda _facts: None)
        self._statements: list[str] = []

        @event.listens_for(engine, "connect")
        def trace(connection: Any, _entry: object) -> None:
            connection.set_trace_callback(self._statements.append)

    async def statements(self, run: Any, key: str | None = "key") -> list[str]:
        """Run a command alone in a batch; return its statements."""
        self.clock.move(seconds=20)
        request_key = RequestKey(key, uuid4().hex, "") if key else None
        self._statements.clear()
        await self.ledger.do(run, key=request_key)
        return [" ".join(each.split()) for each in self._statements]

    async def count(self, run: Any) -> int:
        """Return the statements of a command without those of its batch.

        The first time may have something to read that is kept from then on.
        """
        await self.ledger.do(run)
        return len(await self.statements(run)) - OF_BATCH


@pytest.fixture
async def traced(tmp_path: Path) -> AsyncIterator[Traced]:
    engine = open_database(tmp_path / "antrean.sqlite3", custom_mall())
    with engine.begin() as db:
        printer = {"code": "P", "name": "P", "address": "tcp://127.0.0.1"}
        db.execute(insert(rows.printer).values(id=1, paper="80mm", **printer))
    made = Traced(engine)
    made.ledger.start()
    await made.ledger.do(partial(counter_states.open_, counter_id=1, actor=SARI))
    yield made
    await made.ledger.stop()
    engine.dispose()


def issue(actor: Actor = KIOSK, **more: Any) -> Callable[[Connection, Change], Any]:
    """Return the command of a touch at the kiosk, with its answer."""

    def run(db: Connection, change: Change) -> IssuedTicket:
        request = TicketRequest([1])
        issued = issue_ticket(db, change, ticket_request=request, actor=actor, **more)
        return issued_rows_view(db, issued)

    return run


def at_counter(rule: Any) -> Callable[[Connection, Change], Any]:
    """Return an officer's command, with its answer."""
    return counter_command(rule, show_ticket(SARI), counter_id=1, actor=SARI)


async def test_a_batch_has_four_of_its_own(traced: Traced) -> None:
    await traced.ledger.do(issue())

    statements = await traced.statements(issue())

    assert statements[0] == "BEGIN IMMEDIATE"
    assert statements[1] == "PRAGMA data_version"
    assert statements[2] == "SAVEPOINT command"
    assert statements[-3] == "RELEASE command"
    assert statements[-2].startswith("UPDATE ledger_state")
    assert statements[-1] == "COMMIT"


async def test_a_ticket_is_ten(traced: Traced) -> None:
    # the kiosk's printer; series, ticket, what is private of it, entry, event
    assert await traced.count(issue()) == OF_COMMAND + 6


async def test_a_slip_is_one_more(traced: Traced) -> None:
    await traced.ledger.do(issue())
    admin = Actor("staff", "admin", 1)

    # the printer is looked up in any case; its job
    assert await traced.count(issue(admin, printer_id=1)) == OF_COMMAND + 7


async def test_a_call_is_sixteen(traced: Traced) -> None:
    for _ in range(3):
        await traced.ledger.do(issue())
    await traced.ledger.do(at_counter(calling.call_next))
    await traced.ledger.do(at_counter(serving.serve))

    statements = await traced.statements(at_counter(calling.call_next))

    # who holds the counter, whom it serves, who is first; the event, the entry, the
    # ticket's version, the counter's last call, the announcement; and for the answer
    # the ticket, its entries, the counter's name, the slip's state
    assert len(statements) - OF_BATCH == OF_COMMAND + 12


async def test_serving_is_twelve(traced: Traced) -> None:
    for _ in range(3):
        await traced.ledger.do(issue())
    for command in (calling.call_next, serving.serve, calling.call_next):
        await traced.ledger.do(at_counter(command))

    statements = await traced.statements(at_counter(serving.serve))

    # the counter, whom it serves; the event, the entry, the ticket's version; and for
    # the answer the ticket, its entries, the slip's state
    assert len(statements) - OF_BATCH == OF_COMMAND + 8


async def test_a_slip_is_one_to_send_and_five_to_end(traced: Traced) -> None:
    admin = Actor("staff", "admin", 1)
    for _ in range(2):
        await traced.ledger.do(issue(admin, printer_id=1))
    printed = Attempt("printed", None, nothing_printed=False, near_end=False)

    def send(job_id: int) -> Any:
        return partial(begin_sending, job_id=job_id)

    def end(job_id: int) -> Any:
        return partial(end_attempt, job_id=job_id, attempt=printed)

    for command in (send(1), end(1)):
        await traced.ledger.do(command)
    sending = await traced.statements(send(2), key=None)
    ending = await traced.statements(end(2), key=None)

    # its state, in which the ticket is told
    assert len(sending) - OF_BATCH - OF_SAVEPOINT == 1
    # the job, its printer and the sibling; its state; the printer's status and roll
    assert len(ending) - OF_BATCH - OF_SAVEPOINT == 5


async def test_the_answer_says_what_was_written(traced: Traced) -> None:
    views: list[IssuedTicket] = []

    def run(db: Connection, change: Change) -> None:
        request = TicketRequest([1, 2], people=3, priority="lansia", language="en")
        issued = issue_ticket(
            db,
            change,
            ticket_request=request,
            actor=Actor("staff", "admin", 1),
            printer_id=1,
        )
        views.append(issued_rows_view(db, issued))
        views.append(issued_ticket(db, issued.ticket.id))

    await traced.ledger.do(run)

    written, read = views
    assert written.model_dump_json() == read.model_dump_json()
