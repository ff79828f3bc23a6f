"""``antrean preview``: a slip as a picture, its length, and how many a roll gives."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from printer.paper_names import PAPER_NAMES

if TYPE_CHECKING:
    from printer.slip import Slip

_SAID = {
    "id": "{file}: panjang {mm} mm, {slips} karcis per gulungan {roll} x {metres} m",
    "en": "{file}: {mm} mm long, {slips} slips on a roll of {roll} x {metres} m",
}
_BOXES = {
    "id": "Huruf slip tidak mengenal {lost}: tercetak sebagai kotak.",
    "en": "The slip's font lacks {lost}: each prints as a box.",
}


def add_preview(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("file", type=Path, metavar="FILE.png", help="is written")
    parser.add_argument("--paper", choices=PAPER_NAMES, default="80mm")
    parser.add_argument("--language", choices=("id", "en"), default="id")
    parser.set_defaults(command=run_preview)


def run_preview(
    asked: argparse.Namespace,
    slip: "Slip | None" = None,
    rolls: Mapping[str, int] | None = None,
) -> int:
    """Draw a slip, or the doctor's test slip; OSError when it cannot be written."""
    from printer.paper import PAPERS
    from printer.preview import ROLL_MM, preview
    from printer.slip import lost_on, render_slip

    paper = PAPERS[asked.paper]
    data = _trial(asked) if slip is None else render_slip(slip, paper)
    lost = "" if slip is None else lost_on(slip, paper)
    seen = preview(data, paper, rolls or ROLL_MM)
    asked.file.write_bytes(seen.png)
    told = _SAID[asked.language].format(
        file=asked.file,
        mm=seen.length_mm,
        slips=seen.slips_per_roll,
        roll=seen.roll,
        metres=seen.roll_mm // 1000,
    )
    sys.stdout.write(f"{told}\n")
    if lost:
        sys.stdout.write(f"{_BOXES[asked.language].format(lost=lost)}\n")
    return 0


def _trial(asked: argparse.Namespace) -> bytes:
    from datetime import UTC, datetime

    from printer.address import TcpAddress
    from printer.doctor import Patient, trial_slip

    patient = Patient(name="", address=TcpAddress("127.0.0.1", 9100), paper=asked.paper)
    return trial_slip(patient, datetime.now(UTC).astimezone(), asked.language)
