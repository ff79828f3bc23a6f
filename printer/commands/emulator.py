"""``antrean printer-emulator``: a ticket printer without paper, broken on demand."""

import argparse
import asyncio
import sys

WIDTHS = {"80mm": 576, "58mm": 384}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=_port, default=9100, help="of the printer")
    parser.add_argument("--page-port", type=_port, default=9180, help="of the page")
    parser.add_argument("--paper", choices=tuple(WIDTHS), default="80mm")
    parser.add_argument("--language", choices=("id", "en"), default="id")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[=AMOUNT]",
        help="broken from the start, as cover, slow=2 or dies=300; may be repeated",
    )


def run(args: argparse.Namespace) -> int:
    """Run until interrupted; 1 with a sentence when it cannot be."""
    try:
        asyncio.run(_serve(args))
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


async def _serve(args: argparse.Namespace) -> None:
    from printer.emulator import Faults, PrinterEmulator
    from printer.emulator.page import EmulatorPage
    from printer.emulator.switches import read_fault, set_fault

    faults = Faults()
    for text in args.fault:
        name, amount = read_fault(text)
        set_fault(faults, name, on=True, amount=amount)
    emulator = PrinterEmulator(
        args.host, args.port, faults=faults, width=WIDTHS[args.paper]
    )
    async with (
        emulator,
        EmulatorPage(
            emulator, args.host, args.page_port, language=args.language
        ) as page,
    ):
        sys.stdout.write(f"Printer {emulator.address}\nPaper   {page.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError
    return port
