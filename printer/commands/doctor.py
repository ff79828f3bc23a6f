"""``antrean doctor``: which printers there are, what is wrong, what to do."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from printer.advice import Language, advice
from printer.slips.paper_names import PAPER_NAMES

if TYPE_CHECKING:
    from printer.diagnosis import Diagnosis, ExaminedPrinter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument(
        "addresses", nargs="*", metavar="ADDRESS", help="a printer to examine as well"
    )
    parser.add_argument(
        "--print", action="store_true", dest="prints", help="print a test slip on each"
    )
    parser.add_argument(
        "--paper", choices=PAPER_NAMES, default="80mm", help="of the test slip"
    )
    parser.add_argument(
        "--no-status",
        action="store_true",
        help="the printers named here cannot tell how they are",
    )
    parser.add_argument("--language", choices=("id", "en"), default="id")


def run(args: argparse.Namespace, configured: Sequence["ExaminedPrinter"] = ()) -> int:
    """Examine every printer and say what to do; 1 when one of them is not well."""
    from printer import diagnosis
    from printer.address import BadAddress

    try:
        named = [_printer_named(text, args) for text in args.addresses]
    except BadAddress as error:
        sys.stderr.write(f"{error.in_language(args.language)}\n")
        return 1
    detected = [] if named else diagnosis.local_usb_printers()
    printers = diagnosis.merge_printers([*named, *configured], detected)
    results = asyncio.run(_examine_all(printers, args))
    for result in results:
        _write(_report(result, args.language))
    if not named:
        _write_serial_lines(args.language, {str(p.address) for p in printers})
    if not results:
        _write(advice("nothing", args.language))
    return 0 if results and all(result.is_well for result in results) else 1


async def _examine_all(
    printers: Sequence["ExaminedPrinter"], args: argparse.Namespace
) -> list["Diagnosis"]:
    from printer import diagnosis

    now = datetime.now(UTC).astimezone()
    trials = [
        diagnosis.trial_slip(printer, now, args.language) if args.prints else None
        for printer in printers
    ]
    return await asyncio.gather(
        *(
            diagnosis.examine(printer, trial=trial)
            for printer, trial in zip(printers, trials, strict=True)
        )
    )


def _printer_named(text: str, args: argparse.Namespace) -> "ExaminedPrinter":
    from printer.address import parse_address
    from printer.diagnosis import ExaminedPrinter

    address = parse_address(text, reports_status=not args.no_status)
    return ExaminedPrinter(name="", address=address, paper=args.paper)


def _report(result: "Diagnosis", language: Language) -> str:
    printer = result.printer
    mark = "✓" if result.is_well else "✗"
    head = f"{mark} {printer.name} {printer.address}".replace("  ", " ")
    return "\n".join([head, *(f"    {line}" for line in result.sentences(language))])


def _write_serial_lines(language: Language, examined: set[str]) -> None:
    from printer.diagnosis import local_serial_lines

    devices = {address.partition("?")[0] for address in examined}
    for address in local_serial_lines():
        if f"serial://{address.device}" not in devices:
            sentence = advice("serial-line", language).format(address=address)
            _write(f"? {address}\n    {sentence}")


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
