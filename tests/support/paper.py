"""A TCP printer in this process, on a thread of its own, for tests without a loop."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from printer.emulator import PrintedSlip, PrinterEmulator

PATIENCE_SECONDS = 15


class Printer:
    """An emulated printer and the loop that it runs on."""

    def __init__(self, emulator: PrinterEmulator, loop: asyncio.AbstractEventLoop):
        self._emulator = emulator
        self._loop = loop

    @property
    def address(self) -> str:
        """Return where it listens: ``tcp://host:port``."""
        return str(self._emulator.address)

    def wait_for_slip(self, number: int) -> PrintedSlip:
        """Wait until so many slips came out; return the newest."""
        waiting = asyncio.run_coroutine_threadsafe(
            self._emulator.wait_for_slip(number), self._loop
        )
        return waiting.result(PATIENCE_SECONDS)


@contextmanager
def tcp_printer() -> Iterator[Printer]:
    """Run an emulated printer while the test goes on."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    emulator = PrinterEmulator()
    asyncio.run_coroutine_threadsafe(emulator.__aenter__(), loop).result()
    try:
        yield Printer(emulator, loop)
    finally:
        closing = emulator.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(closing, loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
