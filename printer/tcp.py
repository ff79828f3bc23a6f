"""A conversation with one printer over TCP, each step with its own deadline.

One connection serves one job and is never reused: a reply that comes too late
can then never be taken for the answer to another question.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType

from printer.status import QUESTIONS, PrinterStatus, decode_status, is_status

AUTOMATIC_STATUS_OFF = b"\x1da\x00"  # GS a 0
ASK_STATUS = b"\x10\x04"  # DLE EOT n: answered at once, before what is buffered
ASK_IN_TURN = b"\x1dr\x01"  # GS r 1: answered when all before it is printed

_CHUNK = 4096
_TURN_MASK = 0x90  # both bits are 0 in an answer to GS r
_MORE_THAN_A_REPLY = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long each step may take, in seconds.

    `turn` is how long an idle printer that knows `GS r` takes to answer it.
    `finish` covers the printing itself, where the printer tells when it is done;
    `settle` is waited instead where it cannot tell. `quiet` is how long the line
    must stay silent before a question, so that stray bytes are not taken for its
    answer.
    """

    connect: float = 3.0
    write: float = 5.0
    read: float = 2.0
    turn: float = 0.7
    finish: float = 20.0
    settle: float = 2.5
    quiet: float = 0.03


class LinkFailure(Exception):
    """The conversation with a printer broke off; says why by a reason code.

    `unreachable` (nothing was sent), `no-answer`, `stalled`, `connection-lost`
    or `garbled`. Whether a retry is safe depends on what was sent before.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"The printer link failed: {reason}.")
        self.reason = reason


class TcpLink:
    """One connection to a printer; dropped on leaving unless closed before."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        deadlines: Deadlines,
    ) -> None:
        self._reader, self._writer, self._deadlines = reader, writer, deadlines
        # drain() returns only when the kernel has everything, not earlier.
        writer.transport.set_write_buffer_limits(high=0)

    async def __aenter__(self) -> "TcpLink":
        """Hand out the open link."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drop the connection, whatever became of the job."""
        self._writer.transport.abort()

    async def send(self, data: bytes) -> None:
        """Hand all bytes to the network; no proof that they were printed."""
        for start in range(0, len(data), _CHUNK):
            await self._write(data[start : start + _CHUNK])

    async def ask_status(self) -> PrinterStatus:
        """Ask the four questions, one at a time; LinkFailure on any doubt."""
        await self._write(AUTOMATIC_STATUS_OFF)
        await self._discard_stray()
        replies = list[int]()
        for number in QUESTIONS:
            replies.append(await self._ask(number))
        if await self._discard_stray():
            raise LinkFailure("garbled")  # one of the replies was not ours
        return decode_status(replies)

    async def can_tell_when_done(self) -> bool:
        """Ask an idle printer `GS r`; False when it does not know the question."""
        return await self._asked_in_turn(self._deadlines.turn)

    async def wait_until_done(self, *, can_tell: bool) -> bool:
        """Wait until the printer has worked through all that was sent.

        `DLE EOT` would overtake the slip and find everything well. A printer
        that can tell must tell: False when it did not. For one that cannot, a
        time is waited that a slip usually takes.
        """
        if can_tell:
            return await self._asked_in_turn(self._deadlines.finish)
        await asyncio.sleep(self._deadlines.settle)
        return True

    async def _asked_in_turn(self, deadline: float) -> bool:
        await self._write(ASK_IN_TURN)
        try:
            reply = await self._read(deadline)
        except LinkFailure as failure:
            if failure.reason == "no-answer":
                return False
            raise
        if len(reply) != 1 or reply[0] & _TURN_MASK:
            raise LinkFailure("garbled")
        return True

    async def close(self) -> None:
        """Close in an orderly way, so that what was sent still arrives."""
        async with _limit(self._deadlines.write, late="stalled"):
            self._writer.close()
            await self._writer.wait_closed()

    async def _ask(self, number: int) -> int:
        await self._write(ASK_STATUS + bytes((number,)))
        reply = await self._read(self._deadlines.read)
        if len(reply) != 1 or not is_status(reply[0]):
            raise LinkFailure("garbled")
        return reply[0]

    async def _write(self, data: bytes) -> None:
        async with _limit(self._deadlines.write, late="stalled"):
            self._writer.write(data)
            await self._writer.drain()

    async def _read(self, deadline: float) -> bytes:
        async with _limit(deadline, late="no-answer"):
            reply = await self._reader.read(_MORE_THAN_A_REPLY)
        if not reply:
            raise LinkFailure("connection-lost")
        return reply

    async def _discard_stray(self) -> bool:
        """Throw away what arrives unasked until the line is quiet."""
        strayed = False
        loop = asyncio.get_running_loop()
        end = loop.time() + self._deadlines.read
        while loop.time() < end:
            try:
                await self._read(self._deadlines.quiet)
            except LinkFailure as failure:
                if failure.reason == "no-answer":
                    return strayed
                raise
            strayed = True
        raise LinkFailure("garbled")  # it never falls silent


async def connect(host: str, port: int, deadlines: Deadlines) -> TcpLink:
    """Open a fresh connection; LinkFailure `unreachable` if there is none."""
    try:
        async with asyncio.timeout(deadlines.connect):
            reader, writer = await asyncio.open_connection(host, port)
    except (OSError, UnicodeError) as error:  # UnicodeError: an impossible name
        raise LinkFailure("unreachable") from error
    return TcpLink(reader, writer, deadlines)


@asynccontextmanager
async def _limit(seconds: float, *, late: str) -> AsyncIterator[None]:
    """Turn lateness and a broken connection into a LinkFailure."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise LinkFailure(late) from None
    except OSError as error:
        raise LinkFailure("connection-lost") from error
