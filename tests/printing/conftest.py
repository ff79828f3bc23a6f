"""The small mall with a printer at each of its kiosks."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from app.auth.secrets import digest
from app.db.engines import writer_engine
from app.models import DeviceToken
from app.models.states import DeviceKind
from app.printing.agents import Agents
from app.queueing import rows
from app.queueing.rows import table_of
from app.settings import Settings
from printer.emulator import PrinterEmulator
from tests.support import mall
from tests.support.app_server import AppServer, running
from tests.support.clock import MovableClock
from tests.support.database import Disk

TOKEN = "the-agents-token"  # noqa: S105
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


def place_agent(folder: Path, clock: MovableClock) -> None:
    """Put an agent, paired, beside the first kiosk's printer."""
    engine = writer_engine(Settings(data=folder).database)
    with engine.begin() as db:
        made = db.execute(
            insert(rows.device).values(
                code="AGEN-1",
                kind=DeviceKind.PRINT_AGENT,
                name="Agen 1",
                printer_id=mall.PRINTER_1,
            )
        )
        assert made.inserted_primary_key is not None
        db.execute(
            insert(table_of(DeviceToken)).values(
                device_id=made.inserted_primary_key[0],
                secret_sha256=digest(TOKEN),
                created_at=clock.now(),
            )
        )
    engine.dispose()


@pytest.fixture
async def usb_printer() -> AsyncIterator[PrinterEmulator]:
    async with PrinterEmulator() as printer:
        yield printer


@pytest.fixture
async def agent_shop(
    folder: Path, clock: MovableClock, usb_printer: PrinterEmulator
) -> AsyncIterator[PrintShop]:
    place_agent(folder, clock)
    async with running(folder, clock) as server:
        shop = PrintShop(server, [usb_printer, usb_printer])
        wait_for_agents(shop, away_seconds=0.3, taken_seconds=1.0)
        yield shop


def wait_for_agents(
    shop: PrintShop, *, away_seconds: float, taken_seconds: float
) -> None:
    """Let a shop give up its agents after so many seconds."""
    printing = shop.server.context.printing
    printing.agents = Agents(
        away_seconds=away_seconds,
        taken_seconds=taken_seconds,
        on_late_end=printing._correct_late_end,
    )


def end_as_restart(shop: PrintShop, printer_id: int) -> str:
    """Let a printer's newest job be one that a restart cut off; return its key."""
    with shop.server.disk.writing() as db:
        db.execute(
            update(rows.print_job)
            .where(rows.print_job.c.printer_id == printer_id)
            .values(state="unknown", reason="server-restart")
        )
        newest = select(rows.print_job).where(rows.print_job.c.printer_id == printer_id)
        row = db.execute(newest).one()
    return f"{row.id}-{row.created_at.isoformat()}-{row.attempts}"
