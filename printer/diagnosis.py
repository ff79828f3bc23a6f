"""Examine printers: can they be reached, how are they, does a slip come out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from printer.address import FileAddress, PrinterAddress, SerialAddress, UsbAddress
from printer.advice import Language, advice
from printer.delivery import DEADLINES, Delivery, ask_status, deliver
from printer.driven_printer import DrivenPrinter
from printer.silence import Deadlines
from printer.slips.paper import PAPERS
from printer.slips.slip import Slip, render_slip
from printer.transports.channel import LinkFailure
from printer.transports.factory import open_channel
from printer.transports.libusb import libusb_printers
from printer.transports.usblp import usblp_printers

DEVICES = Path("/dev")
_SERIAL_LINES = ("ttyUSB*", "ttyACM*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminedPrinter:
    """A printer to be examined.

    `name` is what people call it; `device` is its device file, if it has one.
    """

    name: str
    address: PrinterAddress
    paper: str = "80mm"
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What an examination gave: if a slip can be had, and sentences for a person."""

    printer: ExaminedPrinter
    is_well: bool
    codes: tuple[str, ...]

    def sentences(self, language: Language) -> list[str]:
        """Return the diagnosis in plain words."""
        return [advice(code, language) for code in self.codes]


async def examine(
    printer: ExaminedPrinter,
    *,
    trial: bytes | None = None,
    deadlines: Deadlines = DEADLINES,
) -> Diagnosis:
    """Ask a printer how it is; with `trial`, also print that. Never raises."""
    driven = DrivenPrinter(printer.address)
    if trial is not None:
        return _diagnose_delivery(
            printer, await deliver(trial, driven, deadlines=deadlines)
        )
    if not printer.address.reports_status:
        return await _diagnose_connection(printer, deadlines)
    status = await ask_status(driven, deadlines=deadlines)
    if status.cause == "one-way":
        return Diagnosis(printer=printer, is_well=True, codes=("one-way",))
    if status.problem:
        code = status.cause or status.problem
        return Diagnosis(printer=printer, is_well=False, codes=(code,))
    codes = ("ready", "near-end") if status.near_end else ("ready",)
    return Diagnosis(printer=printer, is_well=True, codes=codes)


async def _diagnose_connection(
    printer: ExaminedPrinter, deadlines: Deadlines
) -> Diagnosis:
    try:
        channel = await open_channel(printer.address, deadlines)
    except LinkFailure as failure:
        code = failure.cause or failure.reason
        return Diagnosis(printer=printer, is_well=False, codes=(code,))
    channel.abort()
    return Diagnosis(printer=printer, is_well=True, codes=("cannot-tell",))


def _diagnose_delivery(printer: ExaminedPrinter, delivery: Delivery) -> Diagnosis:
    reason = delivery.cause or delivery.reason
    near_end = delivery.status is not None and delivery.status.near_end
    codes = (delivery.state, reason, "near-end" if near_end else None)
    return Diagnosis(
        printer=printer,
        is_well=delivery.state in ("printed", "sent"),
        codes=tuple(code for code in codes if code),
    )


def local_usb_printers() -> list[ExaminedPrinter]:
    """Return the USB printers of this machine, those without the driver too."""
    nodes = usblp_printers()
    detected = [
        ExaminedPrinter(name=node.name, address=node.address, device=str(node.device))
        for node in nodes
    ]
    by_model = {(n.address.vendor, n.address.product) for n in nodes}
    others = [a for a in libusb_printers() if (a.vendor, a.product) not in by_model]
    return detected + [
        ExaminedPrinter(name="USB", address=address) for address in others
    ]


def local_serial_lines(devices: Path = DEVICES) -> list[SerialAddress]:
    """Return serial adapters: they are not asked, as they may be no printers."""
    lines = (line for pattern in _SERIAL_LINES for line in devices.glob(pattern))
    return [SerialAddress(str(line)) for line in sorted(lines)]


def merge_printers(
    named: Sequence[ExaminedPrinter], detected: Sequence[ExaminedPrinter]
) -> list[ExaminedPrinter]:
    """Return the named printers once each, then the detected ones not among them."""
    by_address = {replace(p.address, reports_status=True): p for p in reversed(named)}
    once = list(reversed(by_address.values()))
    return once + [
        p for p in detected if not any(_is_same_printer(k.address, p) for k in once)
    ]


def _is_same_printer(address: PrinterAddress, detected: ExaminedPrinter) -> bool:
    """Tell whether an address leads to a USB printer that was found here."""
    if isinstance(address, FileAddress):
        return address.path == detected.device
    if not (
        isinstance(address, UsbAddress) and isinstance(detected.address, UsbAddress)
    ):
        return False
    return address.serial in (None, detected.address.serial) and (
        (address.vendor, address.product)
        == (detected.address.vendor, detected.address.product)
    )


def trial_slip(printer: ExaminedPrinter, now: datetime, language: Language) -> bytes:
    """Return the bytes of a test slip that shows all a printer must be able to do."""
    indonesian = language == "id"
    slip = Slip(
        site="Antrean",
        agency="Slip uji" if indonesian else "Test slip",
        services=(printer.name,) if printer.name else (),
        number_label="Angka besar dan utuh?" if indonesian else "Large, in one line?",
        number="A-012",
        issued_at=f"{now:%Y-%m-%d %H:%M:%S}",
        ahead="",
        where=str(printer.address),
        qr_url="ANTREAN-TEST",
        qr_label="Pindai: ANTREAN-TEST" if indonesian else "Scan: ANTREAN-TEST",
        footer=("é ü ñ Ł", "Lalu kertas dipotong." if indonesian else "Then the cut."),
    )
    return render_slip(slip, PAPERS[printer.paper])
