"""Requests that are no HTTP at all get a problem document too."""

import json

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)

MAX_HEAD_BYTES = 32 * 1024
"""What a request line and its headers may take together (contract.md#errors)."""
LINGER_SECONDS = 2.0
# what one parser call is handed: it keeps no more than this beyond the limit
_PIECE_BYTES = 4096
RETRY_AFTER = "retry-after: 5\r\n"


def raw_problem(status: int, phrase: str, code: str, title: str, detail: str) -> bytes:
    """Return an answer with a problem document that needs no request to be read.

    In English: where no header was read, nobody has said their language.
    """
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
        f"{RETRY_AFTER if status in (429, 503) else ''}"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n{body}"
    ).encode()


_UNREADABLE = raw_problem(
    400,
    "Bad Request",
    "invalid",
    "This is not a valid HTTP request",
    "The request line or a header could not be read.",
)
_HEAD_TOO_LARGE = raw_problem(
    431,
    "Request Header Fields Too Large",
    "head-too-large",
    "The request's headers are too large",
    f"The request line and the headers are larger than {MAX_HEAD_BYTES // 1024} KiB.",
)
_NO_HOST = raw_problem(
    400,
    "Bad Request",
    "invalid",
    "This is not a valid HTTP request",
    "HTTP/1.1 wants exactly one Host header (RFC 9112, 3.2).",
)
_OTHER_VERSION = raw_problem(
    505,
    "HTTP Version Not Supported",
    "invalid",
    "This is not a valid HTTP request",
    "HTTP/1.1 and HTTP/1.0 are spoken here.",
)


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
        if not self._take_answer_over():
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

    def _take_answer_over(self) -> bool:
        """Tell whether an answer of ours may be written; then nobody else writes one.

        Behind half an answer to an earlier request it would be read as its body.
        """
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return True
        if cycle.response_started or cycle is not self._running:
            return False
        cycle.disconnected = True
        cycle.message_event.set()
        return True
