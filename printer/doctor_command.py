"""``antrean doctor``: which printers there are, what is wrong, what to do."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from printer.advice import Language, advice
from printer.paper_names import PAPER_NAMES

if TYPE_CHECKING:
    from printer.doctor import Finding, Patient


def add_doctor(parser: argparse.ArgumentParser) -> None:
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
    parser.set_defaults(command=run_doctor)


def run_doctor(asked: argparse.Namespace, configured: Sequence["Patient"] = ()) -> int:
    """Examine every printer and say what to do; 1 when one of them is not well."""
    from printer import doctor
    from printer.address import BadAddress

    try:
        named = [_named(text, asked) for text in asked.addresses]
    except BadAddress as error:
        sys.stderr.write(f"{error.said(asked.language)}\n")
        return 1
    found = [] if named else doctor.printers_here()
    patients = doctor.each_once([*named, *configured], found)
    findings = asyncio.run(_examine_all(patients, asked))
    for finding in findings:
        _say(_report(finding, asked.language))
    if not named:
        _say_serial_lines(asked.language, {str(p.address) for p in patients})
    if not findings:
        _say(advice("nothing", asked.language))
    return 0 if findings and all(finding.is_well for finding in findings) else 1


async def _examine_all(
    patients: Sequence["Patient"], asked: argparse.Namespace
) -> list["Finding"]:
    from printer import doctor

    now = datetime.now(UTC).astimezone()
    trials = [
        doctor.trial_slip(patient, now, asked.language) if asked.prints else None
        for patient in patients
    ]
    return await asyncio.gather(
        *(
            doctor.examine(patient, trial=trial)
            for patient, trial in zip(patients, trials, strict=True)
        )
    )


def _named(text: str, asked: argparse.Namespace) -> "Patient":
    from printer.address import parse_address
    from printer.doctor import Patient

    address = parse_address(text, reports_status=not asked.no_status)
    return Patient(name="", address=address, paper=asked.paper)


def _report(finding: "Finding", language: Language) -> str:
    patient = finding.patient
    mark = "✓" if finding.is_well else "✗"
    head = f"{mark} {patient.name} {patient.address}".replace("  ", " ")
    return "\n".join([head, *(f"    {line}" for line in finding.sentences(language))])


def _say_serial_lines(language: Language, examined: set[str]) -> None:
    from printer.doctor import serial_lines_here

    devices = {address.partition("?")[0] for address in examined}
    for address in serial_lines_here():
        if f"serial://{address.device}" not in devices:
            sentence = advice("serial-line", language).format(address=address)
            _say(f"? {address}\n    {sentence}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
