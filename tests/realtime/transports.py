"""A transport that a test lets run full, and a socket that writes to it."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.websockets import WebSocket, WebSocketState

from app.realtime.announcements import ALL, Announcements, AnnouncementText, Wanted
from app.realtime.socket import Socket
from app.realtime.topic import Snapshot, TopicSnapshot
from tests.support.clock import MORNING


class TestTransport:
    """Takes frames while it has room."""

    __test__ = False

    def __init__(self) -> None:
        self.on_free: Callable[[], None] | None = None
        self.frames: list[bytes] = []
        self.has_room = True

    def is_free(self) -> bool:
        """Tell whether it has room."""
        return self.has_room

    def write_frame(self, frame: bytes) -> None:
        """Keep what is written."""
        self.frames.append(frame)

    def make_room(self) -> None:
        """Have room again, as when the other end has read on."""
        self.has_room = True
        if self.on_free is not None:
            self.on_free()


def socket_of(
    transport: TestTransport, *, is_accepted: bool = True, after: int | None = None
) -> Socket:
    """Return a socket over a transport."""

    async def wire(*_args: object) -> Any:
        raise AssertionError

    websocket = WebSocket({"type": "websocket"}, wire, wire)
    if is_accepted:
        websocket.application_state = WebSocketState.CONNECTED
    return Socket(websocket, transport, secret=None, after=after)


def snapshot(
    revision: int,
    announced: Sequence[int] = (),
    wanted: Wanted = ALL,
) -> TopicSnapshot:
    """Return a snapshot with announcements of these ids, all of which still hold."""
    texts = [AnnouncementText(id_, f'{{"id":{id_}}}') for id_ in announced]
    of_zones = Announcements(max(announced, default=0), wanted, texts, texts)
    return TopicSnapshot(
        "display:1", Snapshot(revision, MORNING, "{}", of_zones, frozenset())
    )
