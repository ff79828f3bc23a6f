"""One HTTP request over a socket of its own, byte by byte as a test wants it."""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

PATIENCE_SECONDS = 20
UPGRADE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
"""The headers of a handshake."""


class RawAnswer(NamedTuple):
    """What came back before the server closed; ``status`` 0 when nothing did."""

    status: int
    media: str
    body: bytes
    allow: frozenset[str] = frozenset()


async def exchange(port: int, request: bytes) -> RawAnswer:
    """Send bytes and return the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        answer = await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
    except ConnectionError:
        answer = b""  # the server hung up
    finally:
        writer.transport.abort()
    return _read(answer)


def request_bytes(
    method: str, path: str, headers: Iterable[tuple[str, bytes]], body: bytes
) -> bytes:
    """Return a request that asks the server to close afterwards."""
    sent_headers = dict(headers)
    sent_headers.setdefault("Host", b"127.0.0.1")
    sent_headers.setdefault("Connection", b"close")
    if body:
        sent_headers.setdefault("Content-Length", b"%d" % len(body))
    lines = [b"%s: %s" % (name.encode(), value) for name, value in sent_headers.items()]
    head = f"{method} {path} HTTP/1.1".encode()
    return b"\r\n".join([head, *lines, b"", body])


def _read(answer: bytes) -> RawAnswer:
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    headers = dict(line.lower().split(b": ", 1) for line in lines if b": " in line)
    media = headers.get(b"content-type", b"").decode()
    allow = headers.get(b"allow", b"").decode().upper()
    methods = frozenset(filter(None, map(str.strip, allow.split(","))))
    return RawAnswer(int(status.split()[1]) if status else 0, media, body, methods)
