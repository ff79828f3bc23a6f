"""Requests that are no HTTP at all get a problem document too."""

import json
from http import HTTPStatus
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)
from websockets.datastructures import Headers as SocketHeaders
from websockets.http11 import Response as SocketResponse

MAX_HEAD_BYTES = 32 * 1024
"""What a request line and its headers may take together (contract.md#errors)."""
LINGER_SECONDS = 2.0
# what one parser call is handed: it keeps no more than this beyond the limit
_PIECE_BYTES = 4096


def _answer(status: int, phrase: str, code: str, title: str, detail: str) -> bytes:
    # in English: where no header was read, nobody has said their language
    problem = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
    }
    body = json.dumps(problem)
    return (
        f"HTTP/1.1 {status} {phrase}\r\n"
        "content-type: application/problem+json\r\n"
        "cache-control: no-store\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n{body}"
    ).encode()


_UNREADABLE = _answer(
    400,
    "Bad Request",
    "invalid",
    "This is not a valid HTTP request",
    "The request line or a header could not be read.",
)
_HEAD_TOO_LARGE = _answer(
    431,
    "Request Header Fields Too Large",
    "head-too-large",
    "The request's headers are too large",
    f"The request line and the headers are larger than {MAX_HEAD_BYTES // 1024} KiB.",
)


_NO_HOST = _answer(
    400,
    "Bad Request",
    "invalid",
    "This is not a valid HTTP request",
    "HTTP/1.1 wants exactly one Host header (RFC 9112, 3.2).",
)
_OTHER_VERSION = _answer(
    505,
    "HTTP Version Not Supported",
    "invalid",
    "This is not a valid HTTP request",
    "HTTP/1.1 and HTTP/1.0 are spoken here.",
)
_CODES = {403: "forbidden", 405: "method-not-allowed", 500: "internal"}


class ProblemSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, but for the answer to a handshake that is none."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # websockets' own is a line of text
        self.conn.reject = _rejection  # type: ignore[method-assign]


def _rejection(status: int, text: str) -> SocketResponse:
    phrase = HTTPStatus(status).phrase
    answer = _answer(
        status,
        phrase,
        _CODES.get(status, "invalid"),
        "This is not a valid WebSocket handshake",
        text.partition("\n")[0],
    )
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    headers = SocketHeaders(line.partition(": ")[::2] for line in lines)
    return SocketResponse(int(status), phrase, headers, body)


class ProblemHttpProtocol(HttpToolsProtocol):
    """uvicorn's HTTP, but for the answer to what cannot be read or kept."""

    # bytes that the parser keeps and has not handed over yet: of a head, of trailers
    _kept_bytes = 0
    _is_refused = False
    _running: RequestResponseCycle | None = None

    def data_received(self, data: bytes) -> None:
        """Parse what came, in pieces, until more of a head came than may be kept."""
        position = 0
        while position < len(data) and self._may_go_on():
            size = min(_PIECE_BYTES, MAX_HEAD_BYTES - self._kept_bytes)
            piece = data[position : position + size]
            position += size
            self._kept_bytes += len(piece)
            super().data_received(piece)
            if self._kept_bytes >= MAX_HEAD_BYTES and self._may_go_on():
                self._refuse(_HEAD_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Begin the request, its head being whole and one of HTTP/1."""
        self._kept_bytes = 0
        version = self.parser.get_http_version()
        hosts = sum(name == b"host" for name, _ in self.headers)
        if version not in ("1.0", "1.1"):
            self._refuse(_OTHER_VERSION)
        elif hosts > 1 or (hosts == 0 and version == "1.1"):
            self._refuse(_NO_HOST)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Hand a part of the body on; what follows the last part are trailers."""
        self._kept_bytes = 0
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End the request; what follows is the next one's head."""
        self._kept_bytes = 0
        if not self._is_refused:
            super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over, unless its head was refused."""
        if not self._is_refused:
            super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """Answer with a problem document and close, whatever ``msg`` says."""
        self.logger.debug("unreadable request: %s", msg)
        self._refuse(_UNREADABLE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the request that is being answered know that nobody listens any more.

        uvicorn says so to the newest one of a pipeline only: the one under way would
        go on writing to a closed socket, and asyncio would log each piece.
        """
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
        self.pipeline.clear()
        super().connection_lost(exc)

    def _start_asgi_task(
        self, cycle: RequestResponseCycle, app: ASGI3Application
    ) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _may_go_on(self) -> bool:
        # an upgrade has handed the connection to another protocol
        is_ours = self.transport.get_protocol() is self
        return is_ours and not (self._is_refused or self.transport.is_closing())

    def _refuse(self, answer: bytes) -> None:
        self._is_refused = True
        if self.cycle is not None and not self.cycle.response_complete:
            # behind half an answer to an earlier request it would be read as its body
            self.transport.close()
            return
        self.transport.write(answer)
        if not self.transport.can_write_eof():
            self.transport.close()
            return
        # closed at once, a connection whose caller still sends is reset, and the
        # answer is lost with it: what comes meanwhile is dropped
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)
