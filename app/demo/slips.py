"""Demo only: the emulated printers as a newcomer sees them, slips and faults."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from pydantic import BaseModel

from app.printing.dispatcher import PrinterRow
from printer.emulator import PrinterEmulator
from printer.emulator.faults import Faults
from printer.emulator.items import Run, TextLine
from printer.emulator.printed import PrintedSlip

SHOWN_SLIPS = 8
SLOW_REPLY_SECONDS = 0.5
"""With some ten replies a slip, it takes about five seconds and still comes out."""

FaultName = Literal["paper", "cover", "offline", "silent", "slow"]
FAULT_NAMES: tuple[FaultName, ...] = get_args(FaultName)


class SlipView(BaseModel):
    """One slip that came out, newest first in its list."""

    id: int
    number: str
    at: datetime
    ticket_url: str | None
    whole: bool


class EmulatorView(BaseModel):
    """An emulated printer: what came out, and what is wrong with it."""

    id: int
    name: str
    address: str
    faults: dict[FaultName, bool]
    slips: list[SlipView]


@dataclass(frozen=True, slots=True)
class _Switch:
    """How one fault is seen in an emulator, and how it is set."""

    is_on: Callable[[Faults], bool]
    field: str
    on: object
    off: object


_SWITCHES: Mapping[FaultName, _Switch] = {
    "paper": _Switch(lambda f: f.paper_end, "paper_end", True, False),
    "cover": _Switch(lambda f: f.cover_open, "cover_open", True, False),
    "offline": _Switch(lambda f: f.offline, "offline", True, False),
    "silent": _Switch(lambda f: f.silent, "silent", True, False),
    "slow": _Switch(
        lambda f: f.seconds_per_reply > 0, "seconds_per_reply", SLOW_REPLY_SECONDS, 0.0
    ),
}


def emulator_views(
    printers: Sequence[PrinterRow], emulators: Mapping[int, PrinterEmulator]
) -> list[EmulatorView]:
    """Return every emulated printer in the order of the site's printers."""
    return [
        _emulator_view(printer, emulators[printer.id])
        for printer in printers
        if printer.id in emulators
    ]


def set_fault(emulator: PrinterEmulator, name: FaultName, *, on: bool) -> None:
    """Break an emulated printer in one way, or mend that."""
    switch = _SWITCHES[name]
    setattr(emulator.faults, switch.field, switch.on if on else switch.off)


def slip_with_id(emulator: PrinterEmulator, slip_id: int) -> PrintedSlip | None:
    """Return a slip that the emulator still keeps."""
    return next((slip for slip in emulator.slips if slip.id == slip_id), None)


def _emulator_view(printer: PrinterRow, emulator: PrinterEmulator) -> EmulatorView:
    """Return what a page shows of one emulated printer."""
    newest = list(reversed(emulator.slips))[:SHOWN_SLIPS]
    return EmulatorView(
        id=printer.id,
        name=printer.name,
        address=printer.address,
        faults={name: _SWITCHES[name].is_on(emulator.faults) for name in FAULT_NAMES},
        slips=[_slip(slip) for slip in newest],
    )


def _slip(slip: PrintedSlip) -> SlipView:
    link = slip.qr or ""
    return SlipView(
        id=slip.id,
        number=_largest(slip),
        at=slip.received_at,
        ticket_url=link if link.startswith(("http://", "https://")) else None,
        whole=slip.whole,
    )


def _largest(slip: PrintedSlip) -> str:
    """Return the text in the largest letters, which is the number on our slips."""
    lines = (item for item in slip.content.items if isinstance(item, TextLine))
    largest = max((run for line in lines for run in line.runs), key=_size, default=None)
    return largest.text.strip() if largest else ""


def _size(run: Run) -> int:
    return run.style.width * run.style.height
