"""Bytes through a file descriptor that never blocks: serial lines, device files.

The event loop waits for the device, so that a deadline can end the waiting; a
thread stuck in a blocking write could not be ended at all.
"""

import asyncio
import errno
import os
from collections.abc import Callable

from printer.silence import Deadlines
from printer.transports.channel import LinkFailure

try:
    import fcntl
    import termios
except ImportError:  # not on Windows
    IS_POSIX = False
else:
    IS_POSIX = True

POLL_SECONDS = 0.02
_CAUSES = {
    errno.ENOENT: "not-found",
    errno.ENODEV: "not-found",
    errno.ENXIO: "not-found",
    errno.EACCES: "no-permission",
    errno.EPERM: "no-permission",
    errno.EBUSY: "in-use",
    errno.EWOULDBLOCK: "in-use",
}


async def open_descriptor(path: str, flags: int, deadlines: Deadlines) -> int:
    """Open a device for ourselves alone; it is never made where there is none.

    LinkFailure `unreachable`, with its cause, when that cannot be. A driver may
    hang in open: it does so on a thread, and what it opens too late is closed.
    """
    if not IS_POSIX:
        raise LinkFailure("unreachable", "no-serial-lines")
    opening = asyncio.ensure_future(asyncio.to_thread(_open_alone, path, flags))
    try:
        async with asyncio.timeout(deadlines.connect):
            return await asyncio.shield(opening)
    except TimeoutError:
        opening.add_done_callback(_close_late)
        raise LinkFailure("unreachable") from None
    except OSError as error:
        raise LinkFailure("unreachable", _CAUSES.get(error.errno or 0)) from error


def _open_alone(path: str, flags: int) -> int:
    always = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    descriptor = os.open(path, flags | always)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _close_late(opening: "asyncio.Future[int]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        os.close(opening.result())


class DescriptorChannel:
    """A channel over an open descriptor, which it owns from now on."""

    def __init__(
        self, descriptor: int, line: str, *, chunk: int, can_answer: bool = True
    ) -> None:
        self.line: str | None = line
        self.chunk, self.can_answer = chunk, can_answer
        self._descriptor = descriptor
        self._is_terminal = os.isatty(descriptor)
        self._is_open = True

    async def write(self, data: bytes) -> None:
        """Return when the driver has every byte."""
        loop, rest = asyncio.get_running_loop(), memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:
                await self._wait_for(loop.add_writer, loop.remove_writer)

    async def read(self, most: int) -> bytes:
        """Wait for bytes; empty when a terminal hung up.

        Elsewhere an empty read is no end: USB printers send empty packets.
        """
        loop = asyncio.get_running_loop()
        while True:
            try:
                reply = os.read(self._descriptor, most)
            except BlockingIOError:
                await self._wait_for(loop.add_reader, loop.remove_reader)
                continue
            if reply or self._is_terminal:
                return reply
            await asyncio.sleep(POLL_SECONDS)

    async def close(self) -> None:
        """Close when a serial line has sent all that its driver holds."""
        while self._is_terminal:  # no event tells when it has
            if not _pending_bytes(self._descriptor):
                break
            await asyncio.sleep(POLL_SECONDS)
        self._close()

    def abort(self) -> None:
        """Drop what is held and close.

        The kernel would else wait in close, for up to half a minute, until a
        printer that takes no more bytes has taken them.
        """
        if self._is_open and self._is_terminal:
            termios.tcflush(self._descriptor, termios.TCIOFLUSH)
        self._close()

    def _close(self) -> None:
        if self._is_open:
            self._is_open = False
            os.close(self._descriptor)

    async def _wait_for(
        self, watch: Callable[..., None], forget: Callable[[int], bool]
    ) -> None:
        ready = asyncio.get_running_loop().create_future()
        try:
            watch(self._descriptor, _set, ready)
        except PermissionError:  # a device that cannot be waited for
            await asyncio.sleep(POLL_SECONDS)
            return
        try:
            await ready
        finally:
            forget(self._descriptor)


def _set(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)


def _pending_bytes(descriptor: int) -> int:
    pending = fcntl.ioctl(descriptor, termios.TIOCOUTQ, bytes(4))
    return int.from_bytes(pending, "little", signed=True)
