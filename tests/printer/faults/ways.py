"""Every way to a printer, each with an emulator at its end that can be broken."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from printer.address import (
    FileAddress,
    PrinterAddress,
    SerialAddress,
    TcpAddress,
    UsbAddress,
)
from printer.agent.journal import Journal
from printer.agent.session import Session, SessionTimeouts
from printer.agent.worker import Worker
from printer.delivery import deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from tests.printer.agent.agent_server import TOKEN, AgentServer, listening
from tests.printer.transports.pseudo_terminals import line_to

DEADLINES = Deadlines(
    connect=2,
    write=1,
    read=0.8,
    gs_r_reply=0.4,
    finish=1.5,
    poll=0.2,
    settle=0.4,
    quiet=0.1,
    late_reply=1.0,
)
SHORT_DEADLINES = Deadlines(
    connect=1,
    write=0.5,
    read=0.15,
    gs_r_reply=0.1,
    finish=0.4,
    poll=0.05,
    settle=0.1,
    quiet=0.005,
    late_reply=0.3,
)
FAST_TIMEOUTS = SessionTimeouts(first_delay=0.02, max_delay=0.05)
USB = UsbAddress(0x04B8, 0x0E15)
NOWHERE: dict[str, PrinterAddress] = {
    "TCP": TcpAddress("127.0.0.1", 9),
    "serial": SerialAddress("/dev/antrean-none"),
    "device file": FileAddress("/dev/antrean-none"),
    "USB": UsbAddress(0x04B8, 0xFFFF),
    "agent": TcpAddress("127.0.0.1", 9),
}


@dataclass(frozen=True)
class End:
    """How a job ended, as whoever asked for it hears."""

    state: str
    reason: str | None


@dataclass
class Way:
    """One way to one printer; `agent` is set where a print agent drives it."""

    name: str
    printer: PrinterEmulator
    address: PrinterAddress
    agent: "AgentAtWork | None" = None

    def __post_init__(self) -> None:
        self._driven = DrivenPrinter(self.address)

    async def print(self, key: str, data: bytes) -> End:
        """Print one slip and say how that ended."""
        if self.agent is not None:
            return await self.agent.print(key, data)
        ended = await deliver(data, self._driven, deadlines=DEADLINES)
        return End(ended.state, ended.reason)


class AgentAtWork:
    """A print agent with its journal, on a real socket to a small server."""

    def __init__(self, address: PrinterAddress, folder: Path, url: str) -> None:
        self.server = AgentServer()
        self._folder, self._url = folder, url
        self.address = address
        self._tasks: list[asyncio.Task[None]] = []

    async def print(self, key: str, data: bytes) -> End:
        await self.server.print(key, data)
        await self.server.until_ended(key)
        end = self.server.ends[key]
        return End(end["state"], end["reason"])

    async def start(self, url: str | None = None) -> None:
        """Start an agent on the journal and wait until it has looked."""
        self._url = url or self._url
        self._journal = Journal(self._folder / "journal.sqlite3")
        worker = Worker(
            self.address, self._journal, deadlines=DEADLINES, status_seconds=60
        )
        session = Session(self._url, TOKEN, self._journal, worker, FAST_TIMEOUTS)
        greeted = self.server.greetings
        self._tasks = [
            asyncio.create_task(worker.run()),
            asyncio.create_task(session.run()),
        ]
        await self.server.until_greeted(greeted + 1)
        while worker.status is None:  # noqa: ASYNC110 (it tells nobody else)
            await asyncio.sleep(0.005)

    async def kill(self) -> None:
        """End it in the middle of whatever it does."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._journal.close()


@asynccontextmanager
async def over_tcp(folder: Path) -> AsyncIterator[Way]:
    async with PrinterEmulator(max_slips=10_000) as printer:
        yield Way("TCP", printer, printer.address)


@asynccontextmanager
async def over_serial(folder: Path) -> AsyncIterator[Way]:
    async with PrinterEmulator() as printer, line_to(printer) as path:
        yield Way("serial", printer, SerialAddress(path))


@asynccontextmanager
async def over_a_device_file(folder: Path) -> AsyncIterator[Way]:
    async with PrinterEmulator() as printer, line_to(printer) as path:
        yield Way("device file", printer, FileAddress(path))


_one_bus = asyncio.Lock()


@asynccontextmanager
async def over_usb(folder: Path) -> AsyncIterator[Way]:
    """The machine has one bus, so one at a time."""
    from usb.backend import libusb1

    from tests.printer.transports.usb_bus import FakeBus

    async with _one_bus, PrinterEmulator() as printer:
        bus, before = FakeBus(printer), libusb1.get_backend
        libusb1.get_backend = lambda *_args, **_options: bus
        try:
            yield Way("USB", printer, USB)
        finally:
            libusb1.get_backend = before
            bus.unplug()


@asynccontextmanager
async def over_an_agent(folder: Path) -> AsyncIterator[Way]:
    async with PrinterEmulator(max_slips=10_000) as printer:
        agent = AgentAtWork(printer.address, folder, "")
        async with listening(agent.server) as url:
            await agent.start(url)
            try:
                yield Way("agent", printer, printer.address, agent)
            finally:
                await agent.kill()


Opening = Callable[[Path], AbstractAsyncContextManager[Way]]
WAYS: dict[str, Opening] = {
    "TCP": over_tcp,
    "serial": over_serial,
    "device file": over_a_device_file,
    "USB": over_usb,
    "agent": over_an_agent,
}
