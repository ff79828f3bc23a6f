"""How many statements a command is, so that they do not creep up.

Each costs 2 to 5 microseconds on the driver, and as much again around it
(decision 0015); a row that waits for its batch's end (decision 0025) less. A batch has
four of its own, however many commands it carries.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, event, insert, update

from app.api.commands import counter_command, show_ticket
from app.db.driver import run_many
from app.ledger import Ledger, RequestKey
from app.printing.next_slip import end_and_take_next, take_next
from app.queueing import facts, rows
from app.queueing.change import Actor, Change
from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.issuing import TicketRequest, issue_ticket
from app.queueing.slips.attempts import Attempt
from app.queueing.slips.under_way import PrintJobRow
from app.queueing.views.tickets import IssuedTicket, issued_rows_view, issued_ticket
from tests.ledger.conftest import Gate
from tests.support.clock import MovableClock
from tests.support.rules.custom_mall import open_database
from tests.support.rules.harness import KIOSK, SARI, custom_mall

OF_BATCH = 4
"""BEGIN, data_version, the revision, COMMIT."""
OF_COMMAND = 2
"""The request's key looked up, and its answer kept."""


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
        self.clear()
        await self.ledger.do(run, key=request_key)
        return self.trace()

    def clear(self) -> None:
        """Forget what was run so far."""
        self._statements.clear()

    def trace(self) -> list[str]:
        """Return the statements that were run since."""
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
    assert not any("SAVEPOINT" in each or "RELEASE" in each for each in statements)
    assert statements[-2].startswith("UPDATE ledger_state")
    assert statements[-1] == "COMMIT"


async def test_a_ticket_is_seven(traced: Traced) -> None:
    # series, ticket, what is private of it, entry, event
    assert await traced.count(issue()) == OF_COMMAND + 5


async def test_a_kiosks_own_slip_is_one_more(traced: Traced) -> None:
    def place_printer(db: Connection, change: Change) -> None:
        is_kiosk = rows.device.c.id == KIOSK.id
        db.execute(update(rows.device).where(is_kiosk).values(printer_id=1))
        change.touch(facts.SITE)

    await traced.ledger.do(place_printer)

    assert await traced.count(issue()) == OF_COMMAND + 6  # its job


async def test_a_slip_where_reception_names_the_printer_is_two_more(
    traced: Traced,
) -> None:
    await traced.ledger.do(issue())
    admin = Actor("staff", "admin", 1)

    # its job; and whether there is such a printer
    assert await traced.count(issue(admin, printer_id=1)) == OF_COMMAND + 7


async def test_a_batch_writes_each_table_once(
    traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    await traced.ledger.do(issue())
    texts: list[str] = []

    def written(db: Connection, text: str, values: Any) -> int:
        texts.append(text)
        return run_many(db, text, values)

    monkeypatch.setattr("app.db.write_buffer.run_many", written)
    gate = Gate()
    blocking = await gate.hold(traced.ledger)
    keys = [RequestKey("key", uuid4().hex, "") for _ in range(20)]
    sent = [asyncio.create_task(traced.ledger.do(issue(), key=key)) for key in keys]
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(blocking, *sent)

    tables = [text.replace("INSERT INTO", "UPDATE").split()[1] for text in texts]
    assert tables == [
        *("series", "ticket", "ticket_private", "entry", "ticket_event"),
        "request_record",
    ]


async def test_the_keys_of_a_batch_are_looked_up_at_once(traced: Traced) -> None:
    gate = Gate()
    blocking = await gate.hold(traced.ledger)
    traced.clear()
    keys = [RequestKey(f"key {n % 2}", uuid4().hex, "") for n in range(20)]
    sent = [asyncio.create_task(traced.ledger.do(issue(), key=key)) for key in keys]
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(blocking, *sent)

    looks = [each for each in traced.trace() if "FROM request_record" in each]
    assert len(looks) == 2  # one for each scope


async def test_a_call_is_thirteen(traced: Traced) -> None:
    for _ in range(4):
        await traced.ledger.do(issue())
    for command in (calling.call_next, serving.serve) * 2:
        await traced.ledger.do(at_counter(command))

    statements = await traced.statements(at_counter(calling.call_next))

    # whom the counter serves, who is first, the ticket, its entries; the event, the
    # entry, the ticket's version, the counter's last call, how many wait for the voice
    # (hall.md#under-load), the announcement; and for the answer the slip's state
    assert len(statements) - OF_BATCH == OF_COMMAND + 11


async def test_serving_is_nine(traced: Traced) -> None:
    for _ in range(3):
        await traced.ledger.do(issue())
    for command in (calling.call_next, serving.serve, calling.call_next):
        await traced.ledger.do(at_counter(command))

    statements = await traced.statements(at_counter(serving.serve))

    # whom the counter serves, the ticket, its entries; the event, the entry, the
    # ticket's version; and for the answer the slip's state
    assert len(statements) - OF_BATCH == OF_COMMAND + 7


async def test_a_slip_is_one_to_send_and_two_to_end(traced: Traced) -> None:
    admin = Actor("staff", "admin", 1)
    jobs: list[PrintJobRow] = []

    def queue(db: Connection, change: Change) -> None:
        issued = issue_ticket(
            db, change, ticket_request=TicketRequest([1]), actor=admin, printer_id=1
        )
        assert issued.print_job is not None
        jobs.append(issued.print_job)

    for _ in range(4):
        await traced.ledger.do(queue)
    take = partial(take_next, printer_id=1)
    printed = Attempt("printed", None, nothing_printed=False, near_end=False)

    def end(job: PrintJobRow) -> Any:
        return partial(end_and_take_next, job=job, attempt=printed)

    await traced.ledger.do(take)
    await traced.ledger.do(end(jobs[0]))
    both = await traced.statements(end(jobs[1]), key=None)
    await traced.ledger.do(end(jobs[2]))
    ending = await traced.statements(end(jobs[3]), key=None)
    await traced.ledger.do(queue)
    sending = await traced.statements(take, key=None)

    # that it is being sent
    assert len(sending) - OF_BATCH == 1
    # its state; the printer's status and roll
    assert len(ending) - OF_BATCH == 2
    assert len(both) - OF_BATCH == 3


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
