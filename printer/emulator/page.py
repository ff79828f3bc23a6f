"""The emulator's page on a port of its own, by the standard library alone.

It serves one person at one desk: a request, an answer, the connection closed.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from printer.emulator.html import page_html
from printer.emulator.server import PrinterEmulator
from printer.emulator.switches import read_fault, set_fault
from printer.emulator.texts import Language

HEAD_LIMIT = 16 * 1024  # bytes
BODY_LIMIT = 1024  # bytes
REQUEST_SECONDS = 10.0

logger = logging.getLogger(__name__)

_STATIC = {"/page.css": "text/css", "/page.js": "text/javascript"}
_SAME_SITE = ("same-origin", "none")


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser asked for."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What it gets."""

    status: str
    body: bytes = b""
    content_type: str = "text/plain"
    location: str = ""


class EmulatorPage:
    """Serves the page of one emulator; an asynchronous context manager."""

    def __init__(
        self,
        emulator: PrinterEmulator,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        language: Language = "id",
    ) -> None:
        self._emulator, self._endpoint, self._language = (
            emulator,
            (host, port),
            language,
        )
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where it is; only while it runs."""
        if self._server is None or not self._server.sockets:
            raise RuntimeError("The emulator's page is not served.")
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    async def __aenter__(self) -> "EmulatorPage":
        """Listen."""
        self._server = await asyncio.start_server(
            self._serve, *self._endpoint, limit=HEAD_LIMIT
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening; who is being answered gets the answer still."""
        if self._server is not None:
            self._server.close()

    async def respond(self, request: Request) -> Response:
        """Return what a request gets; a fault is set by POST alone."""
        if request.method == "POST" and request.path == "/faults":
            return self._set_fault(request)
        if request.method != "GET":
            return Response("405 Method Not Allowed")
        if request.path == "/":
            text = page_html(self._emulator, self._language)
            return Response("200 OK", text.encode(), "text/html; charset=utf-8")
        if request.path in _STATIC:
            static = files("printer.emulator") / "static" / request.path[1:]
            return Response("200 OK", static.read_bytes(), _STATIC[request.path])
        return await self._picture(request.path)

    async def _picture(self, path: str) -> Response:
        for slip in self._emulator.slips:
            if path == f"/slips/{slip.id}.png":
                return Response(
                    "200 OK", await asyncio.to_thread(slip.png), "image/png"
                )
        return Response("404 Not Found")

    def _set_fault(self, request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "none") not in _SAME_SITE:
            return Response("403 Forbidden")
        form = parse_qs(request.body)
        try:
            name, amount = read_fault(form.get("fault", [""])[0])
        except ValueError as error:
            return Response("422 Unprocessable Content", str(error).encode())
        on = form.get("on") == ["true"]
        set_fault(self._emulator.faults, name, on=on, amount=amount)
        return Response("303 See Other", location="/")

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                request = await _read_request(reader)
                response = await self.respond(request)
                writer.write(_encode(response))
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
            logger.info("a request to the emulator's page broke off")
        finally:
            writer.transport.abort()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    """Read one request; ValueError when it is none, or too long."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= BODY_LIMIT:
        raise ValueError("the request is too long")
    body = (await reader.readexactly(length)).decode("latin-1")
    return Request(method, urlsplit(target).path, headers, body)


def _encode(response: Response) -> bytes:
    lines = [
        f"HTTP/1.1 {response.status}",
        f"Content-Type: {response.content_type}",
        f"Content-Length: {len(response.body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Content-Security-Policy: default-src 'self'",
        "Connection: close",
        *([f"Location: {response.location}"] if response.location else []),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + response.body
