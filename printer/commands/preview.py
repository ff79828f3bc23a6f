"""``antrean preview``: a slip as a picture, its length, and how many a roll gives."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from printer.slips.paper_names import PAPER_NAMES

if TYPE_CHECKING:
    from printer.slips.slip import Slip

_SUMMARY = {
    "id": "{file}: panjang {mm} mm, {slips} karcis per gulungan {roll} x {metres} m",
    "en": "{file}: {mm} mm long, {slips} slips on a roll of {roll} x {metres} m",
}
_UNPRINTABLE = {
    "id": "Huruf slip tidak mengenal {unprintable}: tercetak sebagai kotak.",
    "en": "The slip's font lacks {unprintable}: each prints as a box.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("file", type=Path, metavar="FILE.png", help="is written")
    parser.add_argument("--paper", choices=PAPER_NAMES, default="80mm")
    parser.add_argument("--language", choices=("id", "en"), default="id")


def run(
    args: argparse.Namespace,
    slip: "Slip | None" = None,
    rolls: Mapping[str, int] | None = None,
) -> int:
    """Draw a slip, or the doctor's test slip; OSError when it cannot be written."""
    from printer.slips.paper import PAPERS
    from printer.slips.preview import ROLL_MM, preview
    from printer.slips.slip import render_slip, unprintable_on

    paper = PAPERS[args.paper]
    data = _trial_bytes(args) if slip is None else render_slip(slip, paper)
    unprintable = "" if slip is None else unprintable_on(slip, paper)
    drawing = preview(data, paper, rolls or ROLL_MM)
    args.file.write_bytes(drawing.png)
    summary = _SUMMARY[args.language].format(
        file=args.file,
        mm=drawing.length_mm,
        slips=drawing.slips_per_roll,
        roll=drawing.roll,
        metres=drawing.roll_mm // 1000,
    )
    sys.stdout.write(f"{summary}\n")
    if unprintable:
        sys.stdout.write(
            f"{_UNPRINTABLE[args.language].format(unprintable=unprintable)}\n"
        )
    return 0


def _trial_bytes(args: argparse.Namespace) -> bytes:
    from datetime import UTC, datetime

    from printer.address import TcpAddress
    from printer.diagnosis import ExaminedPrinter, trial_slip

    printer = ExaminedPrinter(
        name="", address=TcpAddress("127.0.0.1", 9100), paper=args.paper
    )
    return trial_slip(printer, datetime.now(UTC).astimezone(), args.language)
