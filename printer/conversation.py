"""A conversation with one printer, each step with its own deadline.

One channel serves one job and is never reused, so that a reply that comes too
late is not taken for the answer to another question. A serial or USB line
outlives its channel, though: after anything but a good end it must be silent
for a long while before the next question. So does what a printer has buffered: one
that was left in the middle of a slip finishes it once it is mended, and answers that
slip's `GS r` to whoever is there by then.
"""

import asyncio
from types import TracebackType

from printer.driven_printer import DrivenPrinter
from printer.progress import PrintProgress, is_gs_r_reply
from printer.silence import Deadlines
from printer.status import QUESTIONS, PrinterStatus, decode_status, is_status
from printer.transports.channel import Channel, LinkFailure, deadline

AUTOMATIC_STATUS_OFF = b"\x1da\x00"  # GS a 0
TRANSMIT_REAL_TIME_STATUS = b"\x10\x04"  # DLE EOT n: answered at once
CLEAR_AND_RECOVER = b"\x10\x05\x02"  # DLE ENQ 2: drops what is buffered, goes on
TRANSMIT_STATUS = b"\x1dr\x01"  # GS r 1: answered when all before it is printed

PICTURE_FILL = b"\x00" * 8192  # fills up any picture of ours; does nothing outside one

_READ_SIZE = 64  # more than any reply


class Conversation:
    """The exchange over one channel; dropped on leaving unless closed before."""

    def __init__(
        self, channel: Channel, deadlines: Deadlines, printer: DrivenPrinter
    ) -> None:
        self._channel, self._deadlines = channel, deadlines
        self._printer = printer
        self._is_quiet = channel.line is None or channel.line == printer.quiet_line
        printer.quiet_line = None  # until every question is answered

    async def __aenter__(self) -> "Conversation":
        """Hand out the open conversation."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drop the channel, whatever became of the job."""
        self._channel.abort()

    @property
    def can_answer(self) -> bool:
        """Whether bytes can come back at all."""
        return self._channel.can_answer

    async def send(self, data: bytes) -> None:
        """Hand all bytes over; no proof that they were printed."""
        chunk = self._channel.chunk
        for start in range(0, len(data), chunk):
            await self._write(data[start : start + chunk])

    async def ask_status(self) -> PrinterStatus:
        """Ask the four questions, one at a time; LinkFailure on any doubt."""
        await self._write(AUTOMATIC_STATUS_OFF)
        patience = (
            self._deadlines.quiet if self._is_quiet else self._deadlines.late_reply
        )
        await self._discard_stray(patience)
        self._is_quiet = True
        replies = list[int]()
        for number in QUESTIONS:
            replies.append(await self._ask(number))
        if await self._discard_stray(self._deadlines.quiet):
            raise LinkFailure("garbled")  # one of the replies was not ours
        return decode_status(replies)

    async def can_tell_when_done(self) -> bool:
        """Ask a printer `GS r` before a slip; False when it does not know the question.

        One that was left in the middle of another slip comes to the end of that
        first, and may answer twice: none of it may be taken for an answer of this
        slip's. One that was cut off in a picture takes the question for a part of
        that. LinkFailure `no-answer` when one that could tell does not.
        """
        printer = self._printer
        is_sure = printer.answers_gs_r is not None and not printer.has_leftover
        reply = await (self._ask_gs_r() if is_sure else self._ask_gs_r_again())
        if not reply and printer.answers_gs_r:
            raise LinkFailure("no-answer")
        if not all(is_gs_r_reply(each) for each in reply):
            raise LinkFailure("garbled")
        printer.answers_gs_r, printer.has_leftover = bool(reply), False
        return printer.answers_gs_r

    async def send_and_wait(self, data: bytes) -> PrintProgress:
        """Send a slip to a printer that can tell, and wait until it is out.

        `DLE EOT` overtakes the slip and finds everything well: only `GS r` tells
        that it is out. Where it does not tell in time, the wait is neither done
        nor stopped. A poll without an answer says nothing: many are too busy.
        """
        self._printer.has_leftover = True
        await self.send(data)
        progress, loop = PrintProgress(), asyncio.get_running_loop()
        end = loop.time() + self._deadlines.finish
        await self._write(TRANSMIT_STATUS)
        while not progress.is_over and (left := end - loop.time()) > 0:
            pause = (
                left if progress.is_question_open else min(left, self._deadlines.poll)
            )
            was_quiet = not await self._take_replies(progress, pause)
            if progress.is_question_due(after_pause=was_quiet) and loop.time() < end:
                await self._send_question(progress.next_question())
        # it must not come late and be taken for the answer to the next question
        while progress.is_question_open and await self._take_replies(
            progress, self._deadlines.late_reply
        ):
            pass
        self._printer.has_leftover = not progress.is_done
        return progress

    @property
    def has_leftover(self) -> bool:
        """Whether the printer may still be in the middle of another slip."""
        return self._printer.has_leftover

    async def complete_picture(self) -> None:
        """End a picture in whose middle another slip was cut off."""
        await self.send(PICTURE_FILL)

    async def wait_printing_time(self, size: int) -> None:
        """Wait as long as so many bytes may take, where the printer cannot tell."""
        await asyncio.sleep(
            self._deadlines.settle + size / self._deadlines.bytes_per_second
        )

    async def clear_error(self) -> PrinterStatus:
        """Have a printer drop its buffer and get over its error; ask how it is."""
        await self._write(CLEAR_AND_RECOVER)
        await asyncio.sleep(self._deadlines.recover)
        return await self.ask_status()

    def mark_quiet(self) -> None:
        """Note that every question was answered: nothing can come late."""
        if not self._printer.has_leftover:
            self._printer.quiet_line = self._channel.line

    async def close(self) -> None:
        """Close in an orderly way, so that what was sent still arrives."""
        async with deadline(self._deadlines.write, reason="stalled"):
            await self._channel.close()

    async def _ask_gs_r(self) -> bytes:
        """Ask `GS r` where none is open; LinkFailure where more than one answers."""
        # until it is answered
        self._printer.has_leftover = bool(self._printer.answers_gs_r)
        await self._write(TRANSMIT_STATUS)
        reply = await self._read_if_any(self._deadlines.gs_r_reply)
        has_more = bool(reply) and await self._discard_stray(self._deadlines.quiet)
        if has_more or len(reply) > 1:
            raise LinkFailure("garbled")
        return reply

    async def _ask_gs_r_again(self) -> bytes:
        """Ask `GS r` where another may be open: ours follows upon that at once."""
        printer, had_leftover = self._printer, self._printer.has_leftover
        printer.has_leftover |= bool(printer.answers_gs_r)  # until it is answered
        await self._write(TRANSMIT_STATUS)
        patience = (
            self._deadlines.finish if had_leftover else self._deadlines.late_reply
        )
        reply = await self._read_if_any(patience)
        if not reply and had_leftover:
            await self.complete_picture()
            await self._write(TRANSMIT_STATUS)
            reply = await self._read_if_any(self._deadlines.late_reply)
        if reply:
            await self._discard_stray(self._deadlines.gs_r_reply)
        return reply

    async def _take_replies(self, progress: PrintProgress, patience: float) -> bool:
        """Take up what the printer answers; False when it says nothing."""
        replies = await self._read_if_any(patience)
        for reply in replies:
            progress.take_reply(reply)
        return bool(replies)

    async def _ask(self, number: int) -> int:
        await self._send_question(number)
        reply = await self._read(self._deadlines.read)
        if len(reply) != 1 or not is_status(reply[0]):
            raise LinkFailure("garbled")
        return reply[0]

    async def _send_question(self, number: int) -> None:
        await self._write(TRANSMIT_REAL_TIME_STATUS + bytes((number,)))

    async def _write(self, data: bytes) -> None:
        async with deadline(self._deadlines.write, reason="stalled"):
            await self._channel.write(data)

    async def _read_if_any(self, seconds: float) -> bytes:
        """Return what arrives in time; nothing where nothing does."""
        try:
            return await self._read(seconds)
        except LinkFailure as failure:
            if failure.reason == "no-answer":
                return b""
            raise

    async def _read(self, seconds: float) -> bytes:
        async with deadline(seconds, reason="no-answer"):
            reply = await self._channel.read(_READ_SIZE)
        if not reply:
            raise LinkFailure("connection-lost")
        return reply

    async def _discard_stray(self, patience: float) -> bool:
        """Throw away what arrives unasked until the line is quiet."""
        strayed = False
        loop = asyncio.get_running_loop()
        end = loop.time() + max(self._deadlines.read, 2 * patience)
        while loop.time() < end:
            if not await self._read_if_any(patience):
                return strayed
            strayed = True
        raise LinkFailure("garbled")  # it never falls silent
