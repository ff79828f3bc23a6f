"""Demo only: the emulated printers as a newcomer sees them, slips and faults."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, get_args

from pydantic import BaseModel

from app.printing.printers import PrinterRow
from printer.emulator import PrinterEmulator, switches
from printer.emulator.printed_slip import PrintedSlip

MAX_SLIPS = 8

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
    switches.set_fault(emulator.faults, name, on=on)


def slip_with_id(emulator: PrinterEmulator, slip_id: int) -> PrintedSlip | None:
    """Return a slip that the emulator still keeps."""
    return next((slip for slip in emulator.slips if slip.id == slip_id), None)


def _emulator_view(printer: PrinterRow, emulator: PrinterEmulator) -> EmulatorView:
    """Return what a page shows of one emulated printer."""
    newest = list(reversed(emulator.slips))[:MAX_SLIPS]
    return EmulatorView(
        id=printer.id,
        name=printer.name,
        address=printer.address,
        faults={name: switches.is_on(emulator.faults, name) for name in FAULT_NAMES},
        slips=[_slip(slip) for slip in newest],
    )


def _slip(slip: PrintedSlip) -> SlipView:
    link = slip.qr or ""
    return SlipView(
        id=slip.id,
        number=slip.headline,
        at=slip.received_at,
        ticket_url=link if link.startswith(("http://", "https://")) else None,
        whole=slip.whole,
    )
