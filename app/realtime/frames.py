"""WebSocket frames made once for many sockets, and where they are written.

A frame that the server sends is the same for every socket: it has no mask (RFC 6455,
5.1) and, as the contract has no compression, no state of its own.
"""

from collections.abc import Callable
from typing import Protocol

from starlette.websockets import WebSocket

TRANSPORT = "antrean.frame_transport"
"""Under which name the state of a socket's scope holds its own."""
_TEXT = 0x81  # the whole message, and the last of its frames
_IN_TWO_BYTES, _IN_EIGHT_BYTES = 126, 127


class FrameTransport(Protocol):
    """Where frames of one socket are written, past everything in between."""

    on_free: Callable[[], None] | None
    """What is called once it has room again, where it had none."""

    def is_free(self) -> bool:
        """Tell whether a frame may be written now: it is open, and keeps up."""
        ...

    def write_frame(self, frame: bytes) -> None:
        """Write a whole frame, and wait for nothing."""
        ...


def transport_of(websocket: WebSocket) -> FrameTransport:
    """Return a socket's own; ``LookupError`` under a server that gives none."""
    transport: FrameTransport = websocket.scope["state"][TRANSPORT]
    return transport


def text_frame(text: bytes) -> bytes:
    """Return the frame that carries a text in UTF-8, ready to be sent."""
    length = len(text)
    if length < _IN_TWO_BYTES:
        return bytes((_TEXT, length)) + text
    if length < 1 << 16:
        return bytes((_TEXT, _IN_TWO_BYTES)) + length.to_bytes(2) + text
    return bytes((_TEXT, _IN_EIGHT_BYTES)) + length.to_bytes(8) + text
