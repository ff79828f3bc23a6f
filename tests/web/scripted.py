"""A real server whose live line and answers a test writes word by word."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from socket import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.web import static
from app.web.pages import HEADERS

PAGE = (
    "<!doctype html><html lang='id' data-stale-after='5'><title>Uji</title>"
    "<body></body></html>"
)


class ScriptedServer:
    """What the browser asked for, and what it is answered."""

    def __init__(self) -> None:
        self.url = ""
        self.lines: asyncio.Queue[WebSocket] = asyncio.Queue()
        self.refusing = False
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Response = JSONResponse({})
        self.hang = False
        self.received = asyncio.Event()

    async def line(self) -> WebSocket:
        """Return the next live connection that the browser opened."""
        return await asyncio.wait_for(self.lines.get(), 10)

    def app(self) -> Starlette:
        """Return the application: one page, static files, the live line, the API."""
        return Starlette(
            routes=[
                Route("/", _page),
                Route("/healthz", _page),
                WebSocketRoute("/api/v1/live", self._live),
                Route("/api/v1/{path:path}", self._api, methods=["GET", "POST"]),
                static.route,
            ]
        )

    async def _live(self, line: WebSocket) -> None:
        if self.refusing:
            await line.close()
            return
        await line.accept()
        self.lines.put_nowait(line)
        with suppress(WebSocketDisconnect):
            while True:
                await line.receive_text()

    async def _api(self, request: Request) -> Response:
        body = await request.body()
        self.requests.append((request.url.path, dict(request.headers), body))
        self.received.set()
        if self.hang:
            await asyncio.Event().wait()
        return self.answer


async def _page(request: Request) -> Response:
    return HTMLResponse(PAGE, headers=HEADERS)


def snapshot(
    revision: int, data: Any, *announcements: int, newest: int | None = None
) -> dict[str, Any]:
    """Return a snapshot (contract.md#live) with announcements by id."""
    return {
        "type": "snapshot",
        "revision": revision,
        "now": "2026-11-24T01:15:00Z",
        "data": data,
        "newest_announcement": max(announcements, default=0)
        if newest is None
        else newest,
        "announcements": [{"id": each} for each in announcements],
    }


def heartbeat(revision: int) -> dict[str, Any]:
    """Return a heartbeat (contract.md#live)."""
    return {"type": "heartbeat", "revision": revision, "now": "2026-11-24T01:15:02Z"}


@asynccontextmanager
async def serving(server: ScriptedServer) -> AsyncIterator[ScriptedServer]:
    """Serve on a port that the kernel chooses, in this test's own event loop."""
    listener = socket()
    listener.bind(("127.0.0.1", 0))
    server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        server.app(), log_level="error", timeout_graceful_shutdown=1, lifespan="off"
    )
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve(sockets=[listener]))
    try:
        yield server
    finally:
        running.should_exit = True
        await task
        listener.close()
