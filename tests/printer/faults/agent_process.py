"""A print agent as a process to be killed: URL, printer and folder as arguments."""

import asyncio
import sys
from pathlib import Path

from printer.address import parse_address
from printer.agent.journal import Journal
from printer.agent.session import Session
from printer.agent.worker import Worker
from tests.printer.agent.agent_server import TOKEN
from tests.printer.faults.ways import FAST_TIMEOUTS, SHORT_DEADLINES


async def main(url: str, printer: str, folder: str) -> None:
    """Work until killed."""
    journal = Journal(Path(folder) / "journal.sqlite3")
    worker = Worker(
        parse_address(printer), journal, deadlines=SHORT_DEADLINES, status_seconds=600
    )
    session = Session(url, TOKEN, journal, worker, FAST_TIMEOUTS)
    await asyncio.gather(worker.run(), session.run())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
