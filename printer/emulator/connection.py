"""One connection to the emulated printer, faults and all."""

import asyncio
import contextlib

from printer.emulator.commands import Command, CommandReader
from printer.emulator.faults import Faults
from printer.emulator.mechanism import Mechanism

MAX_BUFFERED_COMMANDS = (
    4096  # commands waiting to be printed; then the sender has to wait
)

_AUTOMATIC_STATUS = b"\x10\x00\x00\x0f"
_GARBAGE = b"\xff"
_RECOVER = 2
_POLL_SECONDS = 0.01  # seconds


class PowerLost(OSError):
    """The emulated printer died with the job in it."""


class Connection:
    """What arrives, what waits to be printed, what is answered."""

    def __init__(
        self,
        mechanism: Mechanism,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._mechanism, self._reader, self._writer = mechanism, reader, writer
        keeps_buffer = mechanism.faults.keeps_buffer
        self._stream = mechanism.stream if keeps_buffer else CommandReader()
        self._waiting: asyncio.Queue[Command | None] = asyncio.Queue(
            MAX_BUFFERED_COMMANDS
        )
        self._printed_bytes = 0
        self._is_printing = self._has_hung_up = False

    @property
    def _faults(self) -> Faults:
        return self._mechanism.faults

    async def run(self) -> None:
        """Receive and print side by side until the caller has hung up."""
        if self._faults.stray_on_connect:
            self._writer.write(_AUTOMATIC_STATUS)
        for command in self._mechanism.unprinted:
            self._waiting.put_nowait(command)
        self._mechanism.unprinted.clear()
        receiving = asyncio.create_task(self._receive())
        try:
            await self._print()  # also what is buffered when the caller is gone
        finally:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)
            if not self._mechanism.unprinted:
                self._mechanism.tear_off(whole=False)

    async def _receive(self) -> None:
        with contextlib.suppress(OSError):
            while chunk := await self._reader.read(1024):
                for command in self._stream.feed(chunk):
                    await self._accept(command)
        self._has_hung_up = True
        await self._waiting.put(None)

    async def _accept(self, command: Command) -> None:
        asks = command.name == "DLE EOT"
        if asks and self._faults.deaf_while_printing and self._is_busy:
            return
        if command.immediate and not (asks and self._faults.status_after_printing):
            await self._answer_now(command)
        else:
            await self._waiting.put(command)

    @property
    def _is_busy(self) -> bool:
        return self._is_printing or not self._waiting.empty()

    async def _print(self) -> None:
        while (command := await self._waiting.get()) is not None:
            self._is_printing = True
            await asyncio.sleep(self._faults.seconds_per_kib * len(command.raw) / 1024)
            if self._faults.keeps_buffer and not await self._wait_until_mended():
                self._leave_unprinted(command)
                return
            if command.name == "GS r":
                await self._answer_gs_r()
            elif command.immediate:
                await self._answer_now(command)
            elif command.name != "GS a":
                self._trigger_faults(len(command.raw))
                self._mechanism.execute(command)
                if self._reached(self._faults.close_after):
                    return
            self._is_printing = False

    async def _wait_until_mended(self) -> bool:
        """Wait until it is mended; False when the caller hangs up before."""
        # faults are plain fields, which whoever breaks a printer sets
        while self._faults.stopped and not self._has_hung_up:  # noqa: ASYNC110
            await asyncio.sleep(_POLL_SECONDS)
        return not self._faults.stopped

    def _leave_unprinted(self, command: Command) -> None:
        """Leave to the next visit what is not printed."""
        self._mechanism.unprinted.append(command)
        while not self._waiting.empty():
            waiting = self._waiting.get_nowait()
            if waiting is not None:
                self._mechanism.unprinted.append(waiting)

    def _trigger_faults(self, size: int) -> None:
        """Count bytes, and let the faults happen that wait for a number of them."""
        self._printed_bytes += size
        if self._reached(self._faults.paper_ends_after):
            self._faults.paper_end, self._faults.paper_ends_after = True, None
        if self._reached(self._faults.cover_opens_after):
            self._faults.cover_open, self._faults.cover_opens_after = True, None
        if self._reached(self._faults.dies_after):
            self._mechanism.stream = CommandReader()  # it has no power to remember
            raise PowerLost

    def _reached(self, threshold: int | None) -> bool:
        return threshold is not None and self._printed_bytes >= threshold

    async def _answer_now(self, command: Command) -> None:
        if command.name == "DLE EOT":
            await self._answer(self._faults.reply(command.parameters[0]))
        elif command.name == "DLE ENQ" and command.parameters[0] == _RECOVER:
            self._recover()

    def _recover(self) -> None:
        """Drop what is buffered, and free the knife where that can be."""
        while not self._waiting.empty():
            if self._waiting.get_nowait() is None:  # the caller hung up: keep that
                self._waiting.put_nowait(None)
                break
        if not self._faults.cutter_stays:
            self._faults.cutter_error = False

    async def _answer_gs_r(self) -> None:
        if self._faults.answers_gs_r and not self._faults.stopped:
            await self._answer(self._faults.gs_r_reply())

    async def _answer(self, reply: int) -> None:
        await asyncio.sleep(self._faults.seconds_per_reply)
        if self._faults.silent:
            return
        stray = _AUTOMATIC_STATUS if self._faults.stray_with_reply else b""
        reply_bytes = _GARBAGE if self._faults.garbage else bytes((reply,))
        self._writer.write(stray + reply_bytes)
        await self._writer.drain()
