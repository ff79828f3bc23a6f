"""A print job over a power cut of the server."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from printer.emulator import Faults, PrinterEmulator
from tests.printing.conftest import OVER, set_printer
from tests.support import mall
from tests.support.site import SiteServer


async def test_a_queued_slip_survives_and_one_under_way_is_unknown(
    folder: Path,
) -> None:
    server = SiteServer(folder)
    async with PrinterEmulator(faults=Faults(silent=True)) as printer:
        set_printer(server.disk, mall.PRINTER_1, address=str(printer.address))
        await asyncio.to_thread(server.start)
        try:
            urls = [
                (await asyncio.to_thread(server.issue, mall.AKTA))["url"]
                for _ in range(3)
            ]
            await until(server, lambda states: states[0] == "sending")
            server.kill()
            assert states_of(server)[1:] == ["queued", "queued"]

            printer.faults.silent = False
            await asyncio.to_thread(server.start)
            await until(server, lambda states: set(states) <= set(OVER))
        finally:
            server.stop()

        assert states_of(server) == ["unknown", "printed", "printed"]
        assert [slip.qr for slip in printer.slips] == urls[1:]
        reason = server.disk.rows("SELECT reason FROM print_job ORDER BY id")[0]
        assert reason == "server-restart"


def states_of(server: SiteServer) -> list[str]:
    return server.disk.rows("SELECT state FROM print_job ORDER BY id")


async def until(server: SiteServer, good: Callable[[list[str]], bool]) -> None:
    while not good(states_of(server)):  # noqa: ASYNC110 (the disk has no event)
        await asyncio.sleep(0.01)
