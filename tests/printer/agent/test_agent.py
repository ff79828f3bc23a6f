"""The print agent against a server and a printer on real sockets."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from printer.agent import messages
from printer.agent.journal import Journal
from printer.agent.session import Session, SessionTimeouts, socket_url
from printer.agent.worker import Worker
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from tests.printer.agent.agent_server import TOKEN, AgentServer, listening
from tests.printer.emulator.odd_printers import moody_printer

FAST_TIMEOUTS = SessionTimeouts(
    first_delay=0.02, max_delay=0.05, open=2, ping=0.2, silence=0.3
)


def slip(number: str) -> bytes:
    return b"\x1b@" + f"{number}\n".encode() + b"\x1dVB\x00"


@pytest.fixture
def server() -> AgentServer:
    return AgentServer()


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite3")


@pytest.fixture
def worker(printer: PrinterEmulator, journal: Journal, deadlines: Deadlines) -> Worker:
    return Worker(
        printer.address,
        journal,
        deadlines=deadlines,
        status_seconds=0.05,
        retry_seconds=0.02,
    )


@asynccontextmanager
async def at_work(
    url: str, journal: Journal, worker: Worker, token: str = TOKEN
) -> AsyncIterator[None]:
    session = Session(url, token, journal, worker, FAST_TIMEOUTS)
    tasks = [asyncio.create_task(worker.run()), asyncio.create_task(session.run())]
    try:
        yield
    finally:
        tasks[1].cancel()
        worker.stop()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def url(server: AgentServer) -> AsyncIterator[str]:
    async with listening(server) as url:
        yield url


@pytest.fixture
async def agent(
    url: str, server: AgentServer, journal: Journal, worker: Worker
) -> AsyncIterator[None]:
    async with at_work(url, journal, worker):
        await server.until("status")
        yield


async def test_prints_what_the_server_sends(
    agent: None, server: AgentServer, printer: PrinterEmulator, journal: Journal
) -> None:
    for number in ("A-001", "A-002"):
        await server.print(number, slip(number))
    await server.until_ended("A-001", "A-002")

    assert [one.text for one in printer.slips] == [["A-001"], ["A-002"]]
    assert {end["state"] for end in server.ends.values()} == {"printed"}
    kinds = [m["type"] for m in server.received if m.get("key") == "A-001"]
    assert kinds == ["taken", "ended"]


async def test_says_why_nothing_came_out(
    agent: None, server: AgentServer, printer: PrinterEmulator
) -> None:
    printer.faults.paper_end = True
    await server.print("A-001", slip("A-001"))
    await server.until_ended("A-001")

    end = server.ends["A-001"]
    assert (end["state"], end["reason"]) == ("failed", "paper-end")
    assert end["nothing_printed"]


async def test_tells_how_the_printer_is_before_the_end_that_it_gave_a_slip(
    url: str,
    server: AgentServer,
    printer: PrinterEmulator,
    journal: Journal,
    deadlines: Deadlines,
) -> None:
    """Or the server, having heard the end, would hold the old word for the new."""
    watchful = replace(deadlines, poll=0.05, finish=600)
    worker = Worker(printer.address, journal, deadlines=watchful, status_seconds=60)
    async with at_work(url, journal, worker):
        await server.until("status", problem=None)
        printer.faults.paper_ends_after = 1
        await server.print("A-001", slip("A-001"))
        ended = await server.until("ended")

    assert (ended["state"], ended["reason"]) == ("unknown", "paper-end")
    before = server.received[: server.received.index(ended)]
    status = [m["problem"] for m in before if m["type"] == "status"]
    assert status[-1] == "paper-end"


async def test_tells_a_change_of_the_printer_by_itself(
    agent: None, server: AgentServer, printer: PrinterEmulator
) -> None:
    printer.faults.cover_open = True
    status = await server.until("status", problem="cover-open")
    assert status["cover_open"]

    printer.faults.cover_open, printer.faults.near_end = False, True
    assert (await server.until("status", near_end=True))["problem"] is None


async def test_one_lost_answer_is_no_trouble_and_two_are(
    url: str, server: AgentServer, journal: Journal
) -> None:
    async with moody_printer([True, False, True]) as address:
        worker = Worker(address, journal, status_seconds=0.05)
        async with at_work(url, journal, worker):
            await server.until("status", problem="connection-lost")

    status = [m["problem"] for m in server.received if m["type"] == "status"]
    assert status[:3] == [None, None, None]  # well, still in doubt, well again


async def test_a_slip_that_comes_while_a_look_is_in_doubt_goes_first(
    url: str, server: AgentServer, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("printer.agent.worker.RECHECK_SECONDS", 600)
    async with moody_printer([True]) as address:
        worker = Worker(address, journal, status_seconds=0.05)
        async with at_work(url, journal, worker):
            await server.until("status")
            await server.print("A-001", slip("A-001"))
            await server.until_ended("A-001")

    assert server.ends["A-001"]["reason"] == "connection-lost"


async def test_says_of_a_printer_without_status_that_it_cannot_tell(
    url: str, server: AgentServer, printer: PrinterEmulator, journal: Journal
) -> None:
    blind = replace(printer.address, reports_status=False)
    async with at_work(url, journal, Worker(blind, journal, status_seconds=0.05)):
        status = await server.until("status")
        await server.print("A-001", slip("A-001"))
        await server.until_ended("A-001")

    assert (status["problem"], status["cause"]) == ("no-answer", "one-way")
    assert server.ends["A-001"]["state"] == "sent"


async def test_does_not_print_again_what_the_server_forgot_it_had_heard(
    agent: None, server: AgentServer, printer: PrinterEmulator
) -> None:
    server.is_forgetful = True
    await server.print("A-001", slip("A-001"))
    await server.until("ended", key="A-001")
    server.is_forgetful = False

    for socket in list(server.sockets):
        await socket.close()
    await server.until_ended("A-001")

    assert server.ends["A-001"]["state"] == "printed"
    assert len(printer.slips) == 1


async def test_prints_on_while_the_server_is_away_and_tells_it_later(
    server: AgentServer, printer: PrinterEmulator, journal: Journal, worker: Worker
) -> None:
    printer.faults.seconds_per_reply = 0.05  # the slip outlasts the server
    async with AsyncExitStack() as first:
        url = await first.enter_async_context(listening(server))
        working = AsyncExitStack()
        await working.enter_async_context(at_work(url, journal, worker))
        await server.until("status")
        await server.print("A-001", slip("A-001"))
        await server.until("taken", key="A-001")
    async with working:
        await printer.wait_for_slip()
        async with listening(server, int(url.rpartition(":")[2])):
            await server.until_ended("A-001")

    assert server.ends["A-001"]["state"] == "printed"
    assert server.greetings == 2
    assert len(printer.slips) == 1


async def test_a_server_that_falls_silent_is_left_and_found_again(
    agent: None, server: AgentServer
) -> None:
    """No answer to pings: the line is dead, though no one hung up."""
    (socket,) = server.sockets
    socket.transport.pause_reading()

    await server.until_greeted(2)
    socket.transport.resume_reading()  # else its closing is waited for


async def test_drops_what_it_has_not_begun(
    agent: None, server: AgentServer, printer: PrinterEmulator
) -> None:
    # on a busy machine too, the second is dropped before the first has ended
    printer.faults.seconds_per_reply = 0.5
    await server.print("A-001", slip("A-001"))
    await server.print("A-002", slip("A-002"))
    await server.until("taken", key="A-002")

    await server.send(type="drop", key="A-002")
    await server.send(type="drop", key="A-001")
    await server.send(type="drop", key="A-003")

    await server.until("dropped", key="A-002")
    await server.until("dropped", key="A-003")
    printer.faults.seconds_per_reply = 0.0
    await server.until_ended("A-001")
    assert [one.text for one in printer.slips] == [["A-001"]]


async def test_does_not_print_what_came_too_late(
    server: AgentServer,
    url: str,
    printer: PrinterEmulator,
    journal: Journal,
    worker: Worker,
) -> None:
    journal.take("A-001", slip("A-001"), 1e-9)
    async with at_work(url, journal, worker):
        await server.until_ended("A-001")

    assert server.ends["A-001"]["reason"] == "too-late"
    assert printer.slips == ()


@pytest.mark.parametrize(
    "nonsense",
    [
        "{}", "[]", "null", "no json", '{"type":"job"}',
        '{"type":"job","key":"a","data":"*","good_for_seconds":9}',
        '{"type":"job","key":"a","data":"","good_for_seconds":9}',
        '{"type":"job","key":"a","data":"QQ==","good_for_seconds":-1}',
        '{"type":"job","key":"a","data":"QQ==","good_for_seconds":"nan"}',
        '{"type":"settled","key":7}', '{"type":"drop","key":""}',
    ],
)  # fmt: skip
async def test_hangs_up_on_nonsense_and_comes_back(
    agent: None, server: AgentServer, nonsense: str
) -> None:
    with pytest.raises(messages.BadMessage):
        messages.read_server_message(nonsense)
    for socket in list(server.sockets):
        await socket.send(nonsense)

    await server.until_greeted(2)


async def test_passes_over_what_a_later_server_says(
    agent: None, server: AgentServer
) -> None:
    await server.send(type="weather", sun=True)
    await server.print("A-001", slip("A-001"))

    await server.until_ended("A-001")
    assert server.greetings == 1


async def test_keeps_trying_when_it_is_refused(
    server: AgentServer,
    url: str,
    journal: Journal,
    worker: Worker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.refuses = True
    async with at_work(url, journal, worker):
        await server.refused_upgrade.wait()
        server.refuses = False
        await server.until("status")
        for socket in list(server.sockets):
            await socket.close(4401)
        await server.until_greeted(2)

    assert caplog.text.count("pair it again") >= 2


class FullDisk:
    """A journal whose disk is full for so many calls of one kind."""

    def __init__(self, journal: Journal, name: str, times: int) -> None:
        self.left = times
        self._whole: Callable[..., object] = getattr(journal, name)
        setattr(journal, name, self)

    def __call__(self, *values: object, **arguments: object) -> object:
        if self.left:
            self.left -= 1
            raise sqlite3.OperationalError("database or disk is full")
        return self._whole(*values, **arguments)


@pytest.mark.parametrize("name", ["take", "begin_next", "end", "unsettled_jobs"])
async def test_a_full_disk_prints_nothing_twice_and_passes(
    agent: None,
    server: AgentServer,
    printer: PrinterEmulator,
    journal: Journal,
    name: str,
) -> None:
    FullDisk(journal, name, 2)
    await server.print("A-001", slip("A-001"))

    await server.until_ended("A-001")

    assert server.ends["A-001"]["state"] == "printed"
    assert len(printer.slips) == 1


async def test_a_surprise_in_delivery_is_left_to_a_person(
    agent: None, server: AgentServer, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def surprise(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("printer.agent.worker.deliver", surprise)
    await server.print("A-001", slip("A-001"))
    await server.until_ended("A-001")

    assert server.ends["A-001"]["state"] == "unknown"


@pytest.mark.parametrize("text", ["", "192.168.1.10", "ftp://host", "http://"])
def test_says_how_a_server_is_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"http://192\.168\.1\.10:8000"):
        socket_url(text)


def test_speaks_under_tls_where_the_server_does() -> None:
    assert socket_url("https://mall/") == "wss://mall/api/v1/print-agent"
