"""The emulated printer on the network: one caller at a time, as real ones."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType

from printer.address import TcpAddress
from printer.emulator.connection import Connection
from printer.emulator.faults import Faults
from printer.emulator.mechanism import Mechanism, utc_now
from printer.emulator.printed_slip import PrintedSlip

MAX_SLIPS = 50


class PrinterEmulator:
    """A TCP ESC/POS printer that keeps its last slips in memory.

    Use it as an asynchronous context manager. `faults` may be changed at any
    time. While it is stopped (no paper, cover open, offline, cutter) it takes
    bytes and prints nothing. Port 0 lets the system choose; `width` is that of
    the paper, in dots. `connection_count` counts who has connected.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        faults: Faults | None = None,
        width: int = 576,
        max_slips: int = MAX_SLIPS,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._endpoint = host, port
        self._mechanism = Mechanism(faults or Faults(), width, max_slips, now)
        self._changed = asyncio.Condition()
        self._busy = asyncio.Lock()
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.connection_count = 0

    @property
    def address(self) -> TcpAddress:
        """Where it listens; only while it runs."""
        if self._server is None or not self._server.sockets:
            raise RuntimeError("The printer emulator is not running.")
        host, port = self._server.sockets[0].getsockname()[:2]
        return TcpAddress(host, port)

    @property
    def faults(self) -> Faults:
        """What is wrong with it; set its fields while it runs."""
        return self._mechanism.faults

    @property
    def slips(self) -> Sequence[PrintedSlip]:
        """The last slips, newest last."""
        return self._mechanism.slips

    async def wait_for_slip(self, number: int = 1) -> PrintedSlip:
        """Wait until so many slips came out since the start; return the newest.

        Slips are noticed when their connection ends.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: self._mechanism.count >= number)
            return self.slips[-1]

    async def until_alone(self) -> None:
        """Wait until whoever was served has hung up, and what they left is kept."""
        async with self._busy:
            pass

    async def __aenter__(self) -> "PrinterEmulator":
        """Listen."""
        self._server = await asyncio.start_server(self._serve, *self._endpoint)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening and hang up on whoever is there."""
        if self._server is not None:
            self._server.close()
        tasks = tuple(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connection_count += 1
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            if not self.faults.refuse:
                async with self._busy:
                    await Connection(self._mechanism, reader, writer).run()
        except (OSError, asyncio.CancelledError):
            pass  # the plug was pulled, or we are switched off
        finally:
            writer.transport.abort()
        async with self._changed:
            self._changed.notify_all()
