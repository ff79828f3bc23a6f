"""What is no WebSocket frame closes its socket, in silence."""

from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)

# nothing was received that says so (RFC 6455, 7.1.5)
ABNORMAL_CLOSURE = 1006


class QuietSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, but for frames that come before the handshake's answer."""

    def handle_parser_exception(self) -> None:
        """Close a socket whose frame could not be read.

        Before the socket is accepted there is no frame to close it with; uvicorn
        would take that for its own error, and log it at every try.
        """
        if self.conn.close_sent is not None:
            super().handle_parser_exception()
            return
        self.queue.put_nowait(
            {"type": "websocket.disconnect", "code": ABNORMAL_CLOSURE}
        )
        self.close_sent = True
        self.transport.close()

    def send_500_response(self) -> None:
        """Answer that a socket's opening failed, unless it was closed before."""
        if not self.conn.eof_sent:
            super().send_500_response()
