"""A printer on the network."""

import asyncio

from printer.silence import Deadlines
from printer.transports.channel import LinkFailure


class TcpChannel:
    """One connection to a printer."""

    line: str | None = None
    chunk = 4096
    can_answer = True

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reader, self._writer = reader, writer
        # drain() returns only when the kernel has everything, not earlier.
        writer.transport.set_write_buffer_limits(high=0)

    async def write(self, data: bytes) -> None:
        """Return when the kernel has every byte."""
        self._writer.write(data)
        await self._writer.drain()

    async def read(self, most: int) -> bytes:
        """Wait for bytes; empty when the printer hung up."""
        return await self._reader.read(most)

    async def close(self) -> None:
        """Close in an orderly way, so that what was written still arrives."""
        self._writer.close()
        await self._writer.wait_closed()

    def abort(self) -> None:
        """Drop the connection."""
        self._writer.transport.abort()


async def connect(host: str, port: int, deadlines: Deadlines) -> TcpChannel:
    """Open a fresh connection; LinkFailure `unreachable` if there is none."""
    try:
        async with asyncio.timeout(deadlines.connect):
            reader, writer = await asyncio.open_connection(host, port)
    except (OSError, UnicodeError) as error:  # UnicodeError: an impossible name
        raise LinkFailure("unreachable") from error
    return TcpChannel(reader, writer)
