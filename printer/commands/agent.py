"""``antrean print-agent``: the process beside a printer on a kiosk's PC."""

import argparse
import asyncio
import signal
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from printer.advice import Language

if TYPE_CHECKING:
    from printer.address import PrinterAddress
    from printer.agent.folder import AgentFolder

_CODE_TEXTS = {
    "id": "Kode pemasangan: {code}  (ketik di halaman /admin)",
    "en": "Pairing code: {code}  (type it at /admin)",
}
_RUNS_TEXTS = {
    "id": "Agen cetak berjalan: {server} → {printer}",
    "en": "Print agent runs: {server} → {printer}",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("--server", required=True, metavar="http://HOST:PORT")
    parser.add_argument(
        "--printer", required=True, metavar="ADDRESS", help="usb://04b8:0e15, say"
    )
    parser.add_argument(
        "--no-status", action="store_true", help="this printer cannot tell how it is"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path(".antrean/agent"), help="token and journal"
    )
    parser.add_argument("--pair", action="store_true", help="pair anew")
    parser.add_argument("--language", choices=("id", "en"), default="id")


def run(args: argparse.Namespace) -> int:
    """Run until stopped; 1 with a sentence when it cannot be."""
    try:
        from printer.address import BadAddress, parse_address
        from printer.agent.folder import AgentFolder
        from printer.agent.pairing import PairingRefused
        from printer.agent.session import socket_url
    except ModuleNotFoundError as missing:
        sys.stderr.write(f"The print agent needs the package {missing.name}.\n")
        return 1
    try:
        printer = parse_address(args.printer, reports_status=not args.no_status)
        socket_url(args.server)
        folder = AgentFolder(args.folder)
        with folder.lock():
            asyncio.run(_serve_until_stopped(args, printer, folder))
    except BadAddress as error:
        sys.stderr.write(f"{error.in_language(args.language)}\n")
        return 1
    except (ValueError, OSError, PairingRefused, sqlite3.Error) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


async def _serve_until_stopped(
    args: argparse.Namespace, printer: "PrinterAddress", folder: "AgentFolder"
) -> None:
    """Serve until SIGTERM; a slip under way is brought to its end first."""
    serving = asyncio.create_task(_serve(args, printer, folder))
    with suppress(NotImplementedError):  # Windows has no such signal
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        if not serving.cancelled():
            raise


async def _serve(
    args: argparse.Namespace, printer: "PrinterAddress", folder: "AgentFolder"
) -> None:
    from printer.agent.journal import Journal
    from printer.agent.session import Session
    from printer.agent.worker import Worker

    token = await _token(args, folder)
    journal = Journal(folder.journal)
    worker = Worker(printer, journal)
    session = Session(args.server, token, journal, worker)
    _write(_RUNS_TEXTS[args.language].format(server=args.server, printer=printer))
    tasks = [asyncio.create_task(worker.run()), asyncio.create_task(session.run())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        tasks[1].cancel()
        worker.stop()
        await asyncio.gather(*tasks, return_exceptions=True)
        journal.close()
    for task in done:
        task.result()


async def _token(args: argparse.Namespace, folder: "AgentFolder") -> str:
    from printer.agent.pairing import pair

    language: Language = args.language
    token = None if args.pair else folder.token()
    if token is None:
        token = await pair(
            args.server, lambda code: _write(_CODE_TEXTS[language].format(code=code))
        )
        folder.save_token(token)
    return token


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
