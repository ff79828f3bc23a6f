"""The small mall with a printer at each of its kiosks."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.queueing import rows
from printer.emulator import PrinterEmulator
from tests.support import mall
from tests.support.app_server import AppServer, running
from tests.support.clock import MovableClock
from tests.support.database import Disk

OVER = ("printed", "sent", "failed", "unknown")


class PrintShop:
    """A running mall, its two printers, and what became of print jobs."""

    def __init__(self, server: AppServer, printers: list[PrinterEmulator]) -> None:
        self.server = server
        self.first, self.second = printers
        server.context.printing.retry_delays = (0.0,)

    def jobs(self, printer_id: int = mall.PRINTER_1) -> list[tuple[str, str | None]]:
        """Return state and reason of a printer's jobs, oldest first."""
        query = "SELECT state, reason FROM print_job WHERE printer_id = ? ORDER BY id"
        return self.server.disk.rows(query, printer_id)

    async def job_of(self, ticket: dict[str, Any]) -> tuple[str, str | None]:
        """Wait as the visitor's page does until a ticket's job is over."""
        path = f"/tickets/by-id/{ticket['id']}"
        async with self.server.anyone.watch(f"ticket:{ticket['token']}") as watching:
            await watching.recv()
            while True:
                job = (await self.server.resepsi.get(path)).json()["print_job"]
                if job["state"] in OVER:
                    return job["state"], job["reason"]
                await watching.recv()


def set_printer(disk: Disk, printer_id: int, **columns: Any) -> None:
    """Change a printer's row, before the server reads it."""
    with disk.writing() as db:
        chosen = update(rows.printer).where(rows.printer.c.id == printer_id)
        db.execute(chosen.values(columns))


@pytest.fixture
async def printers(disk: Disk) -> AsyncIterator[list[PrinterEmulator]]:
    """Return an emulator for each printer of the mall, which then prints there."""
    async with AsyncExitStack() as stack:
        made = []
        for printer_id in (mall.PRINTER_1, mall.PRINTER_2):
            printer = await stack.enter_async_context(PrinterEmulator())
            set_printer(disk, printer_id, address=str(printer.address))
            made.append(printer)
        yield made


@pytest.fixture
async def shop(
    printers: list[PrinterEmulator], folder: Path, clock: MovableClock
) -> AsyncIterator[PrintShop]:
    async with running(folder, clock) as server:
        yield PrintShop(server, printers)
