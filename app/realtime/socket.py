"""One screen's socket: a slow one is sent only the newest and delays nobody.

A frame is written at once and nothing is waited for: no socket has a task of its own.
Where one does not keep up, what changes meanwhile is kept, as one newest snapshot,
and written as soon as it has room again (changes.md#slow-screens).
"""

import logging
from datetime import datetime
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from app.queueing.change import Actor
from app.realtime.announcements import Announcements
from app.realtime.frames import FrameTransport

logger = logging.getLogger(__name__)

REVOKED = 4401
GONE = 4404
# RuntimeError is Starlette's for a send after the close
DISCONNECT_ERRORS = (WebSocketDisconnect, RuntimeError, OSError)


class SnapshotFrames(Protocol):
    """What a socket needs of a snapshot."""

    @property
    def revision(self) -> int:
        """The revision at which it was read."""
        ...

    @property
    def announcements(self) -> Announcements:
        """What its zones announced."""
        ...

    @property
    def fresh_until(self) -> datetime | None:
        """The moment from which the clock may have changed the view."""
        ...

    def frame_after(self, announced_up_to: int | None) -> bytes:
        """Return the frame for a socket sent all up to ``announced_up_to``."""
        ...


class Socket:
    """A socket that watches one topic."""

    __slots__ = (
        "_fresh_until",
        "_newest",
        "_transport",
        "actor",
        "address",
        "announced_up_to",
        "is_new",
        "revision",
        "secret",
        "websocket",
    )

    def __init__(
        self,
        websocket: WebSocket,
        transport: FrameTransport,
        *,
        secret: str | None,
        after: int | None,
        actor: Actor | None = None,
        address: str = "?",
    ) -> None:
        self.websocket = websocket
        self._transport = transport
        self.address = address
        # the watching rests on both: who is moved holds the same secret
        self.secret = secret
        self.actor = actor
        self.announced_up_to = after
        # below any stored revision: the first snapshot is news
        self.revision = -1
        self._fresh_until: datetime | None = None
        self.is_new = True
        self._newest: SnapshotFrames | None = None

    @property
    def is_visitors(self) -> bool:
        """Tell whether it rests on a ticket alone, on nobody's credential."""
        return self.secret is None

    def send(self, snapshot: SnapshotFrames) -> bool:
        """Send a snapshot, or keep it as the newest for when there is room.

        Returns whether something was written.
        """
        if not self._is_open() or self._has_sent(snapshot):
            return False
        announced_up_to = self.announced_up_to
        if announced_up_to is not None:
            # a client of an earlier database may name an id not reached yet
            announced_up_to = min(announced_up_to, snapshot.announcements.newest)
        if not snapshot.announcements.reach(announced_up_to):
            return False  # it came while this was read: the next is read for it
        if not self._transport.is_free():
            self._newest = snapshot
            self._transport.on_free = self._send_newest
            return False
        self._transport.write_frame(snapshot.frame_after(announced_up_to))
        # only now: a socket that was not sent to must not count as sent to
        self.announced_up_to = snapshot.announcements.newest
        self.revision = snapshot.revision
        self._fresh_until = snapshot.fresh_until
        self.is_new, self._newest = False, None
        return True

    def beat(self, frame: bytes) -> None:
        """Send a heartbeat, unless the socket has something newer to be sent first."""
        is_behind = self.is_new or self._newest is not None
        if not is_behind and self._is_open() and self._transport.is_free():
            self._transport.write_frame(frame)

    async def close(self, code: int) -> None:
        """Close the socket, whatever state it is in."""
        try:
            await self.websocket.close(code)
        except DISCONNECT_ERRORS:
            logger.debug("socket was gone before it was closed")

    def drop(self) -> None:
        """Forget what is under way: the socket has gone."""
        self._newest = self._transport.on_free = None

    def _send_newest(self) -> None:
        # forgotten once it is written: else a heartbeat would say that all is well
        if self._newest is not None:
            self.send(self._newest)

    def _is_open(self) -> bool:
        return self.websocket.application_state == WebSocketState.CONNECTED

    def _has_sent(self, snapshot: SnapshotFrames) -> bool:
        if self.is_new or snapshot.revision > self.revision:
            return False
        # of one revision, the clock alone makes another view
        is_same = snapshot.fresh_until == self._fresh_until
        return snapshot.revision < self.revision or is_same
