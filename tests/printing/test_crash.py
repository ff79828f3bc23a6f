"""A print job over a power cut of the server."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.queueing.change import Change
from printer.emulator import Faults, PrinterEmulator
from tests.printing.conftest import OVER, PrintShop, set_printer
from tests.printing.test_dispatching import held_by
from tests.support import mall
from tests.support.app_server import running
from tests.support.clock import MovableClock
from tests.support.database import Disk
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


async def test_a_stop_between_two_slips_leaves_the_second_for_the_next_start(
    disk: Disk,
    printers: list[PrinterEmulator],
    folder: Path,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed, entered, opened = asyncio.Event(), threading.Event(), threading.Event()

    def busy(_db: Connection, _change: Change) -> None:
        entered.set()
        opened.wait(20)

    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)
        with monkeypatch.context() as patch:
            patch.setattr("app.printing.dispatcher.deliver", held_by(printed))
            await server.kiosk.issue(mall.AKTA)
            while shop.jobs() != [("sending", None)]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            await server.kiosk.issue(mall.AKTA)
            writing = asyncio.create_task(server.context.ledger.do(busy))
            await asyncio.to_thread(entered.wait, 20)
            printed.set()  # the first slip is out; its end waits for the disk
            while server.context.ledger._inbox.empty():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            stopping = asyncio.create_task(server.context.printing.stop())
            await asyncio.sleep(0)
            opened.set()
            await asyncio.gather(writing, stopping)
        await asyncio.sleep(0.2)
        assert shop.jobs() == [("printed", None), ("queued", None)]

    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)
        while {state for state, _ in shop.jobs()} != {"printed"}:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert shop.jobs() == [("printed", None), ("printed", None)]
