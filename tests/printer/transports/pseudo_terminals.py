"""Ends of lines to plug a printer into: pseudo-terminals, each a real device."""

import asyncio
import os
import pty
import tty
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from printer.emulator import PrinterEmulator


@contextmanager
def pseudo_terminal() -> Iterator[tuple[int, str]]:
    """Return the far end and the path of the near end; both stay plugged in."""
    far, near = pty.openpty()
    tty.setraw(near)
    os.set_blocking(far, False)
    try:
        yield far, os.ttyname(near)
    finally:
        os.close(near)
        os.close(far)


@asynccontextmanager
async def line_to(printer: PrinterEmulator) -> AsyncIterator[str]:
    """Return the path of a line that leads to the emulator and never ends."""
    with pseudo_terminal() as (far, path):
        address = printer.address
        reader, writer = await asyncio.open_connection(address.host, address.port)
        there = asyncio.create_task(_carry_there(far, writer))
        back = asyncio.create_task(_carry_back(far, reader))
        try:
            yield path
        finally:
            there.cancel()
            back.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
            writer.transport.abort()


async def _carry_there(far: int, writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    while True:
        ready = asyncio.Event()
        loop.add_reader(far, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(far)
        with suppress(OSError):  # the printer's plug was pulled: bytes go nowhere
            writer.write(os.read(far, 4096))
            await writer.drain()


async def _carry_back(far: int, reader: asyncio.StreamReader) -> None:
    with suppress(OSError):
        while reply := await reader.read(4096):
            os.write(far, reply)
