"""What the demo adds: printers (emulated, or a real one for all), its home page."""

from contextlib import AsyncExitStack
from functools import partial

from fastapi import Request
from sqlalchemy import Connection, select, update
from starlette.responses import HTMLResponse

from app.demo.landing import landing
from app.ledger import Ledger
from app.queueing import rows
from app.queueing.change import Change
from printer.emulator import PrinterEmulator


class Demo:
    """What the demo adds to a server: where its slips come out, and its home page.

    With ``printer`` (``tcp://host:port``) every kiosk prints there; without,
    each printer of the mall is an emulator on a port that the system chooses.
    """

    def __init__(self, printer: str | None = None) -> None:
        self._printer = printer
        self.emulators: dict[int, PrinterEmulator] = {}
        self._running = AsyncExitStack()

    async def start(self, ledger: Ledger) -> None:
        """Start the emulators and write every printer's address.

        Where one does not start, none is left running.
        """
        result = await ledger.do(_printer_ids)
        async with AsyncExitStack() as starting:
            for printer_id in result.value:
                address = self._printer or await self._emulate(printer_id, starting)
                await ledger.do(
                    partial(_set_address, printer_id=printer_id, address=address)
                )
            self._running = starting.pop_all()

    async def stop(self) -> None:
        """Switch the emulators off."""
        await self._running.aclose()

    async def welcome(self, request: Request) -> HTMLResponse:
        """Answer `/` in place of a real site's page (`app.web.home`)."""
        return await landing(request)

    async def _emulate(self, printer_id: int, running: AsyncExitStack) -> str:
        emulator = await running.enter_async_context(PrinterEmulator("127.0.0.1", 0))
        self.emulators[printer_id] = emulator
        return str(emulator.address)


def _printer_ids(db: Connection, _change: Change) -> list[int]:
    printer = rows.printer.c
    in_use = select(printer.id).where(printer.is_retired.is_(False))
    return list(db.scalars(in_use.order_by(printer.id)))


def _set_address(
    db: Connection, _change: Change, *, printer_id: int, address: str
) -> None:
    db.execute(
        update(rows.printer)
        .where(rows.printer.c.id == printer_id)
        .values(address=address, reports_status=True)
    )
