"""A conversation with one printer, each step with its own deadline.

One channel serves one job and is never reused, so that a reply that comes too
late is not taken for the answer to another question. A serial or USB line
outlives its channel, though: after anything but a good end it must be silent
for a long while before the next question. So does what a printer has buffered: one
that was left in the middle of a slip finishes it once it is mended, and answers that
slip's `GS r` to whoever is there by then.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from types import TracebackType

from printer.address import PrinterAddress
from printer.link import Channel, Deadlines, LinkFailure, limit
from printer.status import QUESTIONS, PrinterStatus, decode_status, is_status
from printer.wait import Wait, is_turn

AUTOMATIC_STATUS_OFF = b"\x1da\x00"  # GS a 0
ASK_STATUS = b"\x10\x04"  # DLE EOT n: answered at once, before what is buffered
CLEAR_AND_RECOVER = b"\x10\x05\x02"  # DLE ENQ 2: drops what is buffered, goes on
ASK_IN_TURN = b"\x1dr\x01"  # GS r 1: answered when all before it is printed

FILL = b"\x00" * 8192  # fills up any picture of ours; does nothing outside one

_MORE_THAN_A_REPLY = 64

_settled = set[str]()
"""Lines on which this process left no question open and no byte unread."""


@dataclass(slots=True)
class Known:
    """What this process knows of a printer between two conversations.

    `tells`: whether it answers `GS r`; None: it was not asked yet. `is_left`:
    something of a slip, or a `GS r`, may still be in its buffer.
    """

    tells: bool | None = None
    is_left: bool = False


known = defaultdict[PrinterAddress, Known](Known)


class Conversation:
    """What is said over one channel; dropped on leaving unless closed before."""

    def __init__(
        self, channel: Channel, deadlines: Deadlines, printer: PrinterAddress
    ) -> None:
        self._channel, self._deadlines = channel, deadlines
        self._known = known[printer]
        self._is_settled = channel.line is None or channel.line in _settled
        if channel.line is not None:
            _settled.discard(channel.line)

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
        patience = self._deadlines.quiet if self._is_settled else self._deadlines.late
        await self._discard_stray(patience)
        self._is_settled = True
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
        now = self._known
        is_sure = now.tells is not None and not now.is_left
        reply = await (self._asked_surely() if is_sure else self._asked_in_doubt())
        if not reply and now.tells:
            raise LinkFailure("no-answer")
        if not all(is_turn(each) for each in reply):
            raise LinkFailure("garbled")
        now.tells, now.is_left = bool(reply), False
        return now.tells

    async def send_and_wait(self, data: bytes) -> Wait:
        """Send a slip to a printer that can tell, and wait until it is out.

        `DLE EOT` overtakes the slip and finds everything well: only `GS r` tells
        that it is out. Where it does not tell in time, the wait is neither done
        nor stopped. A look without an answer says nothing: many are too busy.
        """
        self._known.is_left = True
        await self.send(data)
        wait, loop = Wait(), asyncio.get_running_loop()
        end = loop.time() + self._deadlines.finish
        await self._write(ASK_IN_TURN)
        while not wait.is_over and (left := end - loop.time()) > 0:
            pause = left if wait.is_asked else min(left, self._deadlines.look)
            was_quiet = not await self._hear(wait, pause)
            if wait.is_question_due(after_pause=was_quiet) and loop.time() < end:
                await self._ask_now(wait.ask())
        # it must not come late and be taken for the answer to the next question
        while wait.is_asked and await self._hear(wait, self._deadlines.late):
            pass
        self._known.is_left = not wait.is_done
        return wait

    @property
    def is_left(self) -> bool:
        """Whether the printer may still be in the middle of another slip."""
        return self._known.is_left

    async def fill_up(self) -> None:
        """End a picture in whose middle another slip was cut off."""
        await self.send(FILL)

    async def settle_down(self, size: int) -> None:
        """Wait as long as so many bytes may take, where the printer cannot tell."""
        await asyncio.sleep(self._deadlines.settle + size / self._deadlines.pace)

    async def clear_error(self) -> PrinterStatus:
        """Have a printer drop its buffer and get over its error; ask how it is."""
        await self._write(CLEAR_AND_RECOVER)
        await asyncio.sleep(self._deadlines.recover)
        return await self.ask_status()

    def settle(self) -> None:
        """Note that every question was answered: nothing can come late."""
        if self._channel.line is not None and not self._known.is_left:
            _settled.add(self._channel.line)

    async def close(self) -> None:
        """Close in an orderly way, so that what was sent still arrives."""
        async with limit(self._deadlines.write, late="stalled"):
            await self._channel.close()

    async def _asked_surely(self) -> bytes:
        """Ask `GS r` where none is open; LinkFailure where more than one answers."""
        self._known.is_left = bool(self._known.tells)  # until it is answered
        await self._write(ASK_IN_TURN)
        reply = await self._heard(self._deadlines.turn)
        has_more = bool(reply) and await self._discard_stray(self._deadlines.quiet)
        if has_more or len(reply) > 1:
            raise LinkFailure("garbled")
        return reply

    async def _asked_in_doubt(self) -> bytes:
        """Ask `GS r` where another may be open: ours follows upon that at once."""
        now, was_left = self._known, self._known.is_left
        now.is_left |= bool(now.tells)  # until it is answered
        await self._write(ASK_IN_TURN)
        patience = self._deadlines.finish if was_left else self._deadlines.late
        reply = await self._heard(patience)
        if not reply and was_left:
            await self.fill_up()
            await self._write(ASK_IN_TURN)
            reply = await self._heard(self._deadlines.late)
        if reply:
            await self._discard_stray(self._deadlines.turn)
        return reply

    async def _hear(self, wait: Wait, patience: float) -> bool:
        """Take up what the printer answers; False when it says nothing."""
        replies = await self._heard(patience)
        for reply in replies:
            wait.hear(reply)
        return bool(replies)

    async def _ask(self, number: int) -> int:
        await self._ask_now(number)
        reply = await self._read(self._deadlines.read)
        if len(reply) != 1 or not is_status(reply[0]):
            raise LinkFailure("garbled")
        return reply[0]

    async def _ask_now(self, number: int) -> None:
        await self._write(ASK_STATUS + bytes((number,)))

    async def _write(self, data: bytes) -> None:
        async with limit(self._deadlines.write, late="stalled"):
            await self._channel.write(data)

    async def _heard(self, deadline: float) -> bytes:
        """Return what arrives in time; nothing where nothing does."""
        try:
            return await self._read(deadline)
        except LinkFailure as failure:
            if failure.reason == "no-answer":
                return b""
            raise

    async def _read(self, deadline: float) -> bytes:
        async with limit(deadline, late="no-answer"):
            reply = await self._channel.read(_MORE_THAN_A_REPLY)
        if not reply:
            raise LinkFailure("connection-lost")
        return reply

    async def _discard_stray(self, patience: float) -> bool:
        """Throw away what arrives unasked until the line is quiet."""
        strayed = False
        loop = asyncio.get_running_loop()
        end = loop.time() + max(self._deadlines.read, 2 * patience)
        while loop.time() < end:
            if not await self._heard(patience):
                return strayed
            strayed = True
        raise LinkFailure("garbled")  # it never falls silent
