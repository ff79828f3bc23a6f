"""What every transport has in common: a channel of bytes, deadlines, failures."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long each step may take, in seconds.

    `gs_r_reply` is how long an idle printer that knows `GS r` takes to answer it.
    `finish` covers the printing itself, where the printer tells when it is done,
    and `poll` is waited between two polls of its status meanwhile; `settle` is
    waited instead where it cannot tell, and a second more for every
    `bytes_per_second` bytes.
    `recover` is what a knife takes to go back after it was stuck. `quiet` is how
    long the line must stay silent before a question, so that stray bytes are not
    taken for its answer; `late_reply` is that on a line that outlives its conversation
    (serial, USB, a device file), unless the one before is known to have ended well,
    and how long an answer is waited for that was owed when the slip was out.
    """

    connect: float = 3.0
    write: float = 5.0
    read: float = 2.0
    gs_r_reply: float = 0.7
    finish: float = 20.0
    poll: float = 1.0
    settle: float = 2.5
    bytes_per_second: float = 3000.0
    recover: float = 0.5
    quiet: float = 0.03
    late_reply: float = 3.0


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
