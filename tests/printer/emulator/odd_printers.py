"""Printers that misbehave in ways the emulator, being a printer, does not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from printer.address import TcpAddress

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[TcpAddress]:
    """Talk to every caller, and leave no socket behind."""
    talks: set[asyncio.Task[None] | None] = set()

    async def welcome(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        talks.add(asyncio.current_task())
        try:
            await talk(reader, writer)
        except OSError:
            pass  # the caller hung up
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(welcome, "127.0.0.1", 0)
    try:
        yield TcpAddress(*server.sockets[0].getsockname())
    finally:
        server.close()
        for task in talks:
            if task is not None:
                task.cancel()
        await asyncio.gather(*filter(None, talks), return_exceptions=True)
        await asyncio.sleep(0)


@asynccontextmanager
async def scripted_printer(
    script: Sequence[bytes | None], afterthought: bytes = b""
) -> AsyncIterator[TcpAddress]:
    """Answer each question with the next of the script; None hangs up.

    The afterthought follows a little later than the last of the script.
    """

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers = list(script)
        while chunk := await reader.read(4096):
            if not (b"\x10\x04" in chunk or b"\x1dr\x01" in chunk) or not answers:
                continue
            answer = answers.pop(0)
            if answer is None:
                return
            writer.write(answer)
            if not answers and afterthought:
                await asyncio.sleep(0.02)
                writer.write(afterthought)

    async with serving(talk) as address:
        yield address


@asynccontextmanager
async def deaf_printer(questions: int) -> AsyncIterator[TcpAddress]:
    """Answer so many questions, then read nothing more."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(questions):
            await reader.readuntil(b"\x10\x04")
            writer.write(b"\x12")
        await asyncio.Event().wait()

    async with serving(talk) as address:
        yield address


@asynccontextmanager
async def quitting_printer(questions: int) -> AsyncIterator[TcpAddress]:
    """Answer so many questions, tell when done, then hang up at the next byte."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(questions):
            await reader.readuntil(b"\x10\x04")
            writer.write(b"\x12")
        if questions:
            await reader.readuntil(b"\x1dr\x01")
            writer.write(b"\x00")
        await reader.read(2)
        await reader.read(1)

    async with serving(talk) as address:
        yield address


@asynccontextmanager
async def babbling_printer() -> AsyncIterator[TcpAddress]:
    """Never fall silent."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"\x10")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(talk) as address:
        yield address


@asynccontextmanager
async def moody_printer(moods: Sequence[bool]) -> AsyncIterator[TcpAddress]:
    """Answer that all is well, or hang up, caller by caller; then always hang up."""
    left = list(moods)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not left or not left.pop(0):
            return
        while True:
            await reader.readuntil(b"\x10\x04")
            writer.write(b"\x12")

    async def until_gone(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(asyncio.IncompleteReadError):
            await talk(reader, writer)

    async with serving(until_gone) as address:
        yield address
