"""WebSocket connections with a place and a deadline each, and a rate of frames."""

from asyncio import BaseTransport, Future, Queue, get_running_loop
from collections.abc import Callable, Mapping
from http import HTTPStatus
from math import inf
from typing import Any, cast

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from websockets.http11 import Request
from websockets.protocol import State

from app.api.http.bad_frames import QuietSocketProtocol
from app.api.http.connections import (
    HANDSHAKE_SECONDS,
    READING_SECONDS,
    Connections,
)
from app.queueing.site.rates import Rate
from app.realtime.frames import TRANSPORT

MAX_MESSAGE_BYTES = 4096
"""Of a screen, which says nothing."""
FRAME_RATE = Rate(burst=400, interval=0.05)
"""Of one socket. A screen says nothing but that it is there, every 20 s; a print agent
some two things each two seconds."""
POLICY_VIOLATION = 1008
PIECE_BYTES = 256
"""What is parsed in one turn of the event loop: some 40 of the smallest frames."""


class MessageQueue:
    """What the application has yet to receive of one socket; one task reads it.

    An ``asyncio.Queue`` is 3 KiB of every socket, nearly always for nothing.
    """

    __slots__ = ("_messages", "_reader")

    def __init__(self) -> None:
        self._messages: list[ASGIReceiveEvent] = []
        self._reader: Future[None] | None = None

    def empty(self) -> bool:
        """Tell whether there is nothing."""
        return not self._messages

    def put_nowait(self, message: ASGIReceiveEvent) -> None:
        """Add a message; whoever waits for one goes on."""
        self._messages.append(message)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> ASGIReceiveEvent:
        """Return the next message, once there is one."""
        while not self._messages:
            self._reader = get_running_loop().create_future()
            await self._reader
        return self._messages.pop(0)


class LimitedSocketProtocol(QuietSocketProtocol):
    """uvicorn's WebSocket, parsed a piece at a time and ended when it floods."""

    def __init__(
        self,
        *args: Any,
        places: Connections,
        message_bytes: Mapping[str, int],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.queue = cast("Queue[ASGIReceiveEvent]", MessageQueue())
        self.address = "?"
        self.due = self.loop.time() + HANDSHAKE_SECONDS
        # by path: what an accepted socket may say at once, where it is more
        self._message_bytes = message_bytes
        self._places = places
        self._unread = bytearray()
        self._is_planned = self._is_held = False
        self._frames_due = 0.0
        self.on_free: Callable[[], None] | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Take the connection over from HTTP, with its place."""
        super().connection_made(transport)
        if self.client is not None:
            self.address = self.client[0]
        self._places.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the place to others."""
        self._places.leave(self)
        self._unread.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse the beginning of what came, the rest in later turns of the loop."""
        self._unread += data
        if not self._is_planned:
            self._parse()

    async def receive(self) -> ASGIReceiveEvent:
        """Hand a message over; only then the next ones are parsed."""
        message = await super().receive()
        if self._unread and not self.read_paused:
            self._plan()
        return message

    async def send(self, message: ASGISendEvent) -> None:
        """Send, unless the line was closed while its handshake waited for its turn."""
        if not self.handshake_complete and self.transport.is_closing():
            raise ClientDisconnected
        await super().send(message)

    def handle_connect(self, event: Request) -> None:
        """Begin the handshake; who answers it finds us in the scope."""
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            # its own task reads the scope, and has not begun yet
            self.scope["state"][TRANSPORT] = self

    def is_free(self) -> bool:
        """Tell whether a frame may be written now (``FrameTransport``)."""
        is_open = self.conn.state is State.OPEN and not self.transport.is_closing()
        return is_open and self.writable.is_set()

    def write_frame(self, frame: bytes) -> None:
        """Write a whole frame, and wait for nothing."""
        self.transport.write(frame)

    def handle_events(self) -> None:
        """Count the frames, and end a flood of them."""
        count = len(self.conn.events)
        super().handle_events()
        now = self.loop.time()
        self._frames_due = max(self._frames_due, now) + count * FRAME_RATE.interval
        is_flood = self._frames_due - now > FRAME_RATE.burst * FRAME_RATE.interval
        if is_flood and not self.transport.is_closing():
            self._fail("too many frames")

    def start_keepalive(self) -> None:
        """Begin to ask whether it is there; the handshake was done in time."""
        self.due = inf
        self.conn.max_message_size = self._message_bytes.get(
            self.scope["path"], MAX_MESSAGE_BYTES
        )
        # done with, and some 3 KiB of every socket for as long as it is open
        del self.request, self.response
        super().start_keepalive()

    def pause_writing(self) -> None:
        """Give it time to read."""
        self.due = min(self.due, self.loop.time() + READING_SECONDS)
        super().pause_writing()

    def resume_writing(self) -> None:
        """Go on: it keeps up again."""
        super().resume_writing()
        if self.handshake_complete:
            self.due = inf
        if self.on_free is not None:
            self.on_free()

    def expire(self) -> None:
        """End it: it has not read for too long, or its handshake came to no end."""
        self.transport.abort()

    def give_way(self) -> None:
        """Close it."""
        self.transport.close()

    def is_closing(self) -> bool:
        """Tell whether it is closed on our side."""
        return self.transport.is_closing()

    def abort(self) -> None:
        """Close without waiting for anything to be read."""
        self.transport.abort()

    def _parse(self) -> None:
        """Parse a piece, unless a message waits for the application."""
        self._is_planned = False
        if self.transport.is_closing():
            self._unread.clear()
            return
        # its own head comes whole, from HTTP
        size = PIECE_BYTES if self.handshake_initiated else len(self._unread)
        piece = bytes(self._unread[:size])
        del self._unread[:size]
        super().data_received(piece)
        if self._unread:
            self._hold()
            # else its receive() goes on
            if not self.read_paused:
                self._plan()
        elif self._is_held:
            self._is_held = False
            if not self.read_paused and not self.transport.is_closing():
                self.transport.resume_reading()

    def _plan(self) -> None:
        self._hold()
        if not self._is_planned:
            self._is_planned = True
            self.loop.call_soon(self._parse)

    def _hold(self) -> None:
        """Let no more come in before what came has been parsed."""
        self._is_held = True
        if not self.transport.is_closing():
            self.transport.pause_reading()

    def _fail(self, reason: str) -> None:
        self.conn.fail(POLICY_VIOLATION, reason)
        self.handle_parser_exception()
