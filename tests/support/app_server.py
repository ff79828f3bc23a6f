"""A whole server over a file, on a real port, in the test's own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from fastapi import FastAPI

from app.api.http.connections import Connections
from app.clock import Clock
from app.commands.shared.server import bind, connections_of, server_of
from app.context import Context
from app.main import create_app
from app.settings import Settings
from tests.support import cast
from tests.support.database import Disk
from tests.support.http.callers import Caller, Callers, no_jar
from tests.support.process import PLAIN


class AppServer:
    """The running server, everybody who calls it, and its disk."""

    def __init__(
        self, app: FastAPI, client: httpx2.AsyncClient, places: Connections
    ) -> None:
        self.app = app
        self.places = places
        self.context: Context = app.state.context
        self.client = client
        self.url = str(client.base_url)
        self.port = client.base_url.port or 0
        self.disk = Disk(self.context.settings.database)
        self.callers = Callers(client)
        self.anyone = self.callers.anyone
        self.sari = self._member(cast.SARI)
        self.budi = self._member(cast.BUDI)
        self.made = self._member(cast.MADE)
        self.kepala = self._member(cast.KEPALA)
        self.kepala_imi = self._member(cast.KEPALA_IMI)
        self.resepsi = self._member(cast.RESEPSI)
        self.admin = self._member(cast.ADMIN)
        self.kiosk = self.callers.device(cast.KIOSK)
        self.other_kiosk = self.callers.device(cast.OTHER_KIOSK)
        self.hall = self.callers.device(cast.HALL_DISPLAY)
        self.display_a = self.callers.device(cast.DISPLAY_A)
        self.display_b = self.callers.device(cast.DISPLAY_B)

    async def until_printed(self) -> None:
        """Wait until no print job is queued or under way."""
        open_jobs = "SELECT id FROM print_job WHERE state IN ('queued', 'sending')"
        while self.disk.rows(open_jobs):  # noqa: ASYNC110 (the disk has no event)
            await asyncio.sleep(0.01)

    def _member(self, member: cast.StaffMember) -> Caller:
        return self.callers.member(member)


@asynccontextmanager
async def running(
    folder: Path,
    clock: Clock,
    *,
    send_buffer: int | None = None,
    voice: bool = False,
) -> AsyncIterator[AppServer]:
    """Serve the database in ``folder`` until the end of the block.

    ``voice`` lets it speak, by processes that take a second to start.

    ``send_buffer`` makes the kernel take no more bytes for a slow reader.
    """
    app = create_app(Settings(data=folder, voice=voice), clock=clock)
    listening = bind("127.0.0.1", 0)
    if send_buffer is not None:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    places = connections_of(app)
    server = server_of(app, places)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        assert not serving.done(), "the server did not start"
        await asyncio.sleep(0.005)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with httpx2.AsyncClient(base_url=url, cookies=no_jar(), **PLAIN) as client:
        yield AppServer(app, client, places)
    server.should_exit = True
    await serving
    listening.close()
