"""Whose turn it is: staff and devices come first, strangers a few at a time.

One event loop serves all, and takes from each connection in turn: two hundred of a
stranger's requests at once would each come before an officer's next step. So few of
those who show no known credential are served at a time; the others wait in their order,
and cost nothing meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from app.api.http.guard import MAX_BODY_BYTES
from app.api.http.http_protocol import IS_KNOWN
from app.api.http.problems import problem_response
from app.auth.access import callers, is_known, shows_credential
from app.auth.cross_site import SAFE_METHODS
from app.errors import AntreanError, Busy, TooLarge, TooMany
from app.queueing.site.rates import Rate, Rates

HANDSHAKE_RATE = Rate(burst=400, interval=0.05)
"""Of visitors' sockets from one address: a hall's phones after a restart."""
SIGN_IN_PATHS = frozenset({"/api/v1/session", "/sign-in"})
_HANDSHAKE_ENDS = frozenset(
    {"websocket.accept", "websocket.close", "websocket.http.response.body"}
)


class Lane:
    """So many are served at once, so many may wait."""

    def __init__(self, width: int, *, max_waiting: int) -> None:
        self._places = asyncio.Semaphore(width)
        self._waiting, self._max_waiting = 0, max_waiting

    @asynccontextmanager
    async def place(self) -> AsyncIterator["Place"]:
        """Wait for a place; ``Busy`` where too many wait already."""
        if self._places.locked() and self._waiting >= self._max_waiting:
            raise Busy(retry_after_seconds=2)
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        place = Place(self._places)
        try:
            yield place
        finally:
            place.leave()


class Place:
    """A place in a lane, left once."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places: asyncio.Semaphore | None = places

    def leave(self) -> None:
        """Let the next one in."""
        if self._places is not None:
            self._places.release()
            self._places = None


class Admission:
    """Lets requests and handshakes in; pure ASGI."""

    def __init__(self, app: ASGIApp, *, rates: Rates) -> None:
        self._app, self._rates = app, rates
        self._strangers = Lane(8, max_waiting=1000)
        # apart: each waits for its password's hash
        self._sign_ins = Lane(8, max_waiting=200)
        self._strangers_sockets = Lane(2, max_waiting=2000)
        # after a start nobody is known yet: a credential shown is looked up first
        self._claimed_sockets = Lane(2, max_waiting=5000)
        self._known_sockets = Lane(4, max_waiting=5000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or a socket, when it is its turn."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if scope["type"] == "websocket":
            await self._admit_socket(connection, receive, send)
        elif is_known(connection):
            scope["state"][IS_KNOWN] = True
            await self._app(scope, receive, send)
        else:
            await self._admit_request(connection, receive, send)

    async def _admit_request(
        self, connection: HTTPConnection, receive: Receive, send: Send
    ) -> None:
        scope = connection.scope
        is_sign_in = scope["method"] == "POST" and scope["path"] in SIGN_IN_PATHS
        lane = self._sign_ins if is_sign_in else self._strangers
        if scope["method"] not in SAFE_METHODS:
            # no place is held by a body that never comes
            try:
                receive, is_whole = await _with_body(connection, receive)
            except ClientDisconnect:
                return
            if not is_whole and next(callers(connection), None) is None:
                await _answer(scope, receive, send, TooLarge())
                return
        try:
            async with lane.place():
                await self._app(scope, receive, send)
        except Busy as refusal:
            await _answer(scope, receive, send, refusal)

    async def _admit_socket(
        self, connection: HTTPConnection, receive: Receive, send: Send
    ) -> None:
        scope = connection.scope
        try:
            lane = self._lane_of_socket(connection)
            async with lane.place() as place:

                async def send_and_leave(message: Message) -> None:
                    # of a socket, its handshake alone is work
                    if message["type"] in _HANDSHAKE_ENDS:
                        place.leave()
                    await send(message)

                await self._app(scope, receive, send_and_leave)
        except (Busy, TooMany) as refusal:
            await _refuse_socket(scope, receive, send, refusal)

    def _lane_of_socket(self, connection: HTTPConnection) -> Lane:
        """Return where a handshake waits; ``TooMany`` beyond a stranger's rate."""
        if is_known(connection):
            return self._known_sockets
        if shows_credential(connection):
            return self._claimed_sockets
        address = connection.client.host if connection.client else "?"
        self._rates.take(f"handshakes of {address}", HANDSHAKE_RATE)
        return self._strangers_sockets


async def _answer(
    scope: Scope, receive: Receive, send: Send, refusal: AntreanError
) -> None:
    response = problem_response(HTTPConnection(scope), refusal)
    await response(scope, receive, send)


async def _with_body(
    connection: HTTPConnection, receive: Receive
) -> tuple[Receive, bool]:
    """Return what gives a body that has come, and whether it has come whole.

    More than 64 KiB is let in only of whom we know (contract.md#config).
    """
    length = connection.headers.get("content-length", "0")
    # one that says so is not waited for
    if length.isascii() and length.isdigit() and int(length) > MAX_BODY_BYTES:
        return receive, False
    messages = deque([await receive()])
    size = len(messages[0].get("body", b""))
    while messages[-1].get("more_body") and size <= MAX_BODY_BYTES:
        messages.append(await receive())
        size += len(messages[-1].get("body", b""))

    async def replay() -> Message:
        return messages.popleft() if messages else await receive()

    if messages[-1]["type"] == "http.disconnect":
        raise ClientDisconnect
    return replay, not messages[-1].get("more_body")


async def _refuse_socket(
    scope: Scope, receive: Receive, send: Send, refusal: AntreanError
) -> None:
    websocket = WebSocket(scope, receive, send)
    await websocket.receive()
    response = problem_response(websocket, refusal)
    await websocket.send_denial_response(response)
