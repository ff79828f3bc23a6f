"""What is no handshake is a problem; what is no frame closes its socket, in silence."""

from http import HTTPStatus
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)
from websockets.datastructures import Headers
from websockets.http11 import Response

from app.api.http.bad_requests import raw_problem

# nothing was received that says so (RFC 6455, 7.1.5)
ABNORMAL_CLOSURE = 1006
_CODES = {403: "forbidden", 405: "method-not-allowed", 500: "internal"}


class QuietSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, but for frames that come before the handshake's answer.

    And but for that answer where it is a refusal of the protocol's own.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # websockets' own is a line of text
        self.conn.reject = _rejection  # type: ignore[method-assign]

    def handle_parser_exception(self) -> None:
        """Close a socket whose frame could not be read.

        Before the socket is accepted there is no frame to close it with; uvicorn
        would take that for its own error, and log it at every try.
        """
        if self.conn.close_sent is not None:
            super().handle_parser_exception()
            return
        self.queue.put_nowait(
            {"type": "websocket.disconnect", "code": ABNORMAL_CLOSURE, "reason": ""}
        )
        self.close_sent = True
        self.transport.close()

    def send_500_response(self) -> None:
        """Answer that a socket's opening failed, unless it was closed before."""
        if not self.conn.eof_sent:
            super().send_500_response()


def _rejection(status: int, text: str) -> Response:
    phrase = HTTPStatus(status).phrase
    answer = raw_problem(
        status,
        phrase,
        _CODES.get(status, "invalid"),
        "This is not a valid WebSocket handshake",
        text.partition("\n")[0],
    )
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    headers = Headers(line.partition(": ")[::2] for line in lines)
    return Response(int(status), phrase, headers, body)
