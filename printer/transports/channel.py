"""What every transport has in common: a channel of bytes, deadlines, failures."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol


class LinkFailure(Exception):
    """The conversation with a printer broke off; says why by a reason code.

    `unreachable` (nothing was sent), `no-answer`, `stalled`, `connection-lost`
    or `garbled`. Whether a retry is safe depends on what was sent before.
    `cause` says more where more is known, one of `CAUSES`.
    """

    def __init__(self, reason: str, cause: str | None = None) -> None:
        text = f"{reason} ({cause})" if cause else reason
        super().__init__(f"The printer link failed: {text}.")
        self.reason, self.cause = reason, cause


CAUSES = frozenset(
    (
        *("not-found", "no-permission", "in-use", "not-a-printer", "several"),
        *("no-usb-package", "no-usb-library", "no-serial-lines", "bad-speed"),
        "one-way",
    )
)


class Channel(Protocol):
    """An open way to one printer. Any call may raise OSError.

    `line` names what outlives this channel (the serial line, the USB printer);
    None for a connection that is thrown away with all that is still under way
    on it. `chunk` is how many bytes are handed over within one deadline.
    """

    line: str | None
    chunk: int
    can_answer: bool

    async def write(self, data: bytes) -> None:
        """Return when the system or the printer has taken every byte."""

    async def read(self, most: int) -> bytes:
        """Wait for bytes; empty when the other side hung up.

        Cancelling it loses nothing: what comes later is read next.
        """

    async def close(self) -> None:
        """Close in an orderly way, so that what was written still arrives."""

    def abort(self) -> None:
        """Let go at once, dropping what is under way; harmless when closed."""


@asynccontextmanager
async def deadline(seconds: float, *, reason: str) -> AsyncIterator[None]:
    """Turn a missed deadline and a broken line into a LinkFailure."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise LinkFailure(reason) from None
    except OSError as error:
        raise LinkFailure("connection-lost") from error
