"""One screen's socket: a slow one is sent only the newest and delays nobody.

A send is driven once by hand: a screen that keeps up costs no task. One whose
send would block gets a task that finishes it; what changes meanwhile is sent
as one newest snapshot afterwards (changes.md#slow-screens).
"""

import asyncio
import logging
import types
from collections.abc import Coroutine, Generator
from datetime import datetime
from typing import Any, Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from app.queueing.change import Actor

logger = logging.getLogger(__name__)

REVOKED = 4401
GONE = 4404
# RuntimeError is Starlette's for a send after the close
DISCONNECT_ERRORS = (WebSocketDisconnect, RuntimeError, OSError)


class SnapshotText(Protocol):
    """What a socket needs of a snapshot."""

    @property
    def revision(self) -> int:
        """The revision at which it was read."""
        ...

    @property
    def newest_announcement(self) -> int:
        """The id of the newest announcement of its zones, or 0."""
        ...

    @property
    def fresh_until(self) -> datetime | None:
        """The moment from which the clock may have changed the view."""
        ...

    def text_after(self, announced_up_to: int | None) -> str:
        """Return the message for a socket sent all up to ``announced_up_to``."""
        ...


class Socket:
    """A socket that watches one topic."""

    def __init__(
        self,
        websocket: WebSocket,
        *,
        secret: str | None,
        after: int | None,
        actor: Actor | None = None,
        address: str = "?",
    ) -> None:
        self.websocket = websocket
        self.address = address
        # the watching rests on both: who is moved holds the same secret
        self.secret = secret
        self.actor = actor
        self.announced_up_to = after
        # below any stored revision: the first snapshot is news
        self.revision = -1
        self._fresh_until: datetime | None = None
        self.is_behind = True
        self._finishing: asyncio.Task[None] | None = None
        self._newest: SnapshotText | None = None

    @property
    def is_visitors(self) -> bool:
        """Tell whether it rests on a ticket alone, on nobody's credential."""
        return self.secret is None

    def send(self, snapshot: SnapshotText) -> None:
        """Send a snapshot, or keep it as the newest for when the socket is free."""
        if not self._is_open() or self._has_sent(snapshot):
            return
        if self._finishing is not None:
            self._newest = snapshot
            return
        self._drive(self._text(snapshot))

    def beat(self, text: str) -> None:
        """Send a heartbeat, unless the socket is busy with something newer."""
        if self._is_open() and self._finishing is None and not self.is_behind:
            self._drive(text)

    async def close(self, code: int) -> None:
        """Close the socket, whatever state it is in."""
        try:
            await self.websocket.close(code)
        except DISCONNECT_ERRORS:
            logger.debug("socket was gone before it was closed")

    def drop(self) -> None:
        """Forget what is under way: the socket has gone."""
        if self._finishing is not None:
            self._finishing.cancel()

    def _is_open(self) -> bool:
        return self.websocket.application_state == WebSocketState.CONNECTED

    def _has_sent(self, snapshot: SnapshotText) -> bool:
        if self.is_behind or snapshot.revision > self.revision:
            return False
        # of one revision, the clock alone makes another view
        is_same = snapshot.fresh_until == self._fresh_until
        return snapshot.revision < self.revision or is_same

    def _text(self, snapshot: SnapshotText) -> str:
        announced_up_to = self.announced_up_to
        if announced_up_to is not None:
            # a client of an earlier database may name an id not reached yet
            announced_up_to = min(announced_up_to, snapshot.newest_announcement)
        text = snapshot.text_after(announced_up_to)
        # only now: a socket that was not sent to must not count as sent to
        self.announced_up_to = snapshot.newest_announcement
        self.revision = snapshot.revision
        self._fresh_until = snapshot.fresh_until
        self.is_behind = False
        return text

    def _drive(self, text: str) -> None:
        sending = self.websocket.send_text(text)
        try:
            # to the first real wait; a socket with room has none
            blocked_on = sending.send(None)
        except StopIteration:
            return
        except DISCONNECT_ERRORS:
            return  # the receiving side notices and leaves the hub
        self._finishing = asyncio.create_task(self._finish(sending, blocked_on))

    async def _finish(
        self, sending: Coroutine[Any, Any, None], blocked_on: object
    ) -> None:
        try:
            await _resume(sending, blocked_on)
            while self._newest is not None:
                newest, self._newest = self._newest, None
                await self.websocket.send_text(self._text(newest))
        except DISCONNECT_ERRORS:
            logger.debug("socket went while it was sent to")
        finally:
            self._finishing = None


@types.coroutine
def _resume(
    sending: Coroutine[Any, Any, None], blocked_on: object
) -> Generator[object, Any, None]:
    """Await the rest of a coroutine whose first step was driven by hand."""
    try:
        while True:
            try:
                value = yield blocked_on
            except BaseException as error:
                blocked_on = sending.throw(error)
            else:
                blocked_on = sending.send(value)
    except StopIteration:
        return
