"""Light WebSocket clients: screens that only note when a text has reached them all."""

import asyncio
from collections.abc import Sequence
from functools import partial
from time import perf_counter
from types import TracebackType
from typing import NamedTuple, Self, cast

LONGEST_WAIT = 60.0
SNAPSHOT = b'{"type":"snapshot"'
_TEXT, _PING = 0x81, 0x89
_NO_MASK = bytes(4)
_HANDSHAKE = """\
GET /api/v1/live?topic={topic} HTTP/1.1\r
Host: 127.0.0.1\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
Sec-WebSocket-Version: 13\r
{header}\r
\r
"""


class Watching(NamedTuple):
    """What a screen shows, and the header line that lets it."""

    topic: str
    header: str


def display_watching(display_id: int, token: str) -> Watching:
    """Return what a paired display watches: its board."""
    return Watching(f"display:{display_id}", f"Authorization: Bearer {token}")


class Screens:
    """Screens on one server, each watching a topic."""

    def __init__(self, port: int, watchings: Sequence[Watching]) -> None:
        self._port = port
        self._watchings = watchings
        self._screens: list[_Screen] = []
        self._needle = b""
        self._left: set[_Screen] = set()
        self._done: asyncio.Future[float] | None = None
        self._closing = False
        self.newest = b""

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for watching in self._watchings:
            hello = _HANDSHAKE.format(**watching._asdict()).encode()
            _, screen = await loop.create_connection(
                partial(_Screen, self, hello), "127.0.0.1", self._port
            )
            async with asyncio.timeout(LONGEST_WAIT):
                await screen.is_open
            self._screens.append(screen)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        for screen in self._screens:
            screen.close()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._screens)

    def expect(self, needle: bytes) -> None:
        """Begin to look for a text on every screen."""
        self._needle = needle
        self._left = set(self._screens)
        self._done = asyncio.get_running_loop().create_future()

    async def last(self) -> float:
        """Return the moment at which the last screen had the text."""
        assert self._done is not None
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                return await self._done
        except TimeoutError:
            left, all_ = len(self._left), len(self._screens)
            raise RuntimeError(
                f"{left} of {all_} screens miss {self._needle!r}"
            ) from None

    def received(self, screen: "_Screen", text: bytes) -> None:
        """Note what a screen has just been told."""
        if self._done is None or self._needle not in text:
            return
        self.newest = text
        self._left.discard(screen)
        if not self._left and not self._done.done():
            self._done.set_result(perf_counter())

    def lost(self, error: Exception) -> None:
        """Note that a screen was cut off: nothing will be on all of them."""
        if self._done is not None and not self._done.done() and not self._closing:
            self._done.set_exception(error)


class _Screen(asyncio.Protocol):
    """One socket; it reads unmasked, unfragmented frames, as a server sends them."""

    def __init__(self, screens: Screens, hello: bytes) -> None:
        self._screens = screens
        self._hello = hello
        self._received = b""
        self._upgraded = False
        self.is_open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._upgraded and not self._upgrade():
            return
        while (frame := first_frame(self._received)) is not None:
            kind, payload, self._received = frame
            self._take(kind, payload)

    def connection_lost(self, exc: Exception | None) -> None:
        lost = exc or ConnectionError(f"a screen was cut off: {self._received!r}")
        if not self.is_open.done():
            self.is_open.set_exception(lost)
        self._screens.lost(lost)

    def close(self) -> None:
        self._transport.abort()

    def _take(self, kind: int, payload: bytes) -> None:
        if kind == _TEXT:
            self._screens.received(self, payload)
        elif kind == _PING:  # a client masks what it sends, be it with zeros
            pong = bytes((0x8A, 0x80 | len(payload)))
            self._transport.write(pong + _NO_MASK + payload)

    def _upgrade(self) -> bool:
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found or not head.startswith(b"HTTP/1.1 101"):
            return False
        self._upgraded, self._received = True, rest
        self.is_open.set_result(None)
        return True


def first_frame(received: bytes) -> tuple[int, bytes, bytes] | None:
    """Return the first frame's kind, its payload and what follows it.

    None until the frame is whole.
    """
    if len(received) < 2:
        return None
    length, start = received[1], 2
    if length >= 126:
        start = 4 if length == 126 else 10
        length = int.from_bytes(received[2:start], "big")
    end = start + length
    if len(received) < end:
        return None
    return received[0], received[start:end], received[end:]
