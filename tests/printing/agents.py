"""A real agent and its line, for tests on both sides of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from printer.agent.journal import Journal
from printer.agent.session import Session, SessionTimeouts, socket_url
from printer.agent.worker import Worker
from printer.delivery import DEADLINES
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from tests.printing.conftest import TOKEN, PrintShop, wait_for_agents
from tests.support import mall

FAST_TIMEOUTS = SessionTimeouts(first_delay=0.02, max_delay=0.05)


@asynccontextmanager
async def agent(
    shop: PrintShop,
    printer: PrinterEmulator,
    folder: Path,
    deadlines: Deadlines = DEADLINES,
    status_seconds: float = 0.05,
    *,
    is_waited_for: bool = True,
) -> AsyncIterator[None]:
    """Let an agent work until the end of the block.

    ``is_waited_for``: the shop gives it up late; a busy machine decides how long it
    takes.
    """
    if is_waited_for:
        wait_for_agents(shop, away_seconds=60.0, taken_seconds=60.0)
    journal = Journal(folder / "journal.sqlite3")
    worker = Worker(
        printer.address, journal, deadlines=deadlines, status_seconds=status_seconds
    )
    session = Session(shop.server.url, TOKEN, journal, worker, FAST_TIMEOUTS)
    tasks = [asyncio.create_task(worker.run()), asyncio.create_task(session.run())]
    await until_status(shop)
    try:
        yield
    finally:
        tasks[1].cancel()
        worker.stop()
        await asyncio.gather(*tasks, return_exceptions=True)
        journal.close()


async def until(happened: Callable[[], object]) -> None:
    """Wait for what a disk or an agent's word says: neither has an event."""
    while not happened():  # noqa: ASYNC110
        await asyncio.sleep(0.005)


async def until_status(shop: PrintShop, problem: str | None = None) -> None:
    agents = shop.server.context.printing.agents
    printer = agents.of(mall.PRINTER_1)
    await until(lambda: printer.status and printer.status.problem == problem)


async def printer_states(shop: PrintShop) -> dict[str, str]:
    answer = await shop.server.client.get("/readyz")
    states: dict[str, str] = answer.json()["printers"]
    return states


async def until_state(shop: PrintShop, state: str) -> None:
    while (await printer_states(shop))["Printer 1"] != state:  # noqa: ASYNC110
        await asyncio.sleep(0.005)


async def issue(shop: PrintShop) -> Any:
    answer = await shop.server.kiosk.post(
        "/tickets", {"service_ids": [mall.AKTA], "language": "id"}
    )
    assert answer.status_code == 201
    return answer.json()


@asynccontextmanager
async def line_to(agent_shop: PrintShop) -> AsyncIterator[ClientConnection]:
    """Open an agent's line that knows of no job, and is welcome."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    url = socket_url(agent_shop.server.url)
    async with connect(url, additional_headers=headers, proxy=None) as line:
        await line.send('{"type":"hello","version":1,"jobs":[]}')
        assert '"welcome"' in str(await line.recv())
        yield line


async def next_job_key(line: ClientConnection) -> str:
    """Return the key of the job that comes next."""
    return str(await line.recv()).partition('"key":"')[2].partition('"')[0]
