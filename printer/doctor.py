"""Examine printers: can they be reached, how are they, does a slip come out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from printer.address import FileAddress, PrinterAddress, SerialAddress, UsbAddress
from printer.advice import Language, advice
from printer.delivery import DEADLINES, Delivery, ask_status, deliver
from printer.link import Deadlines, LinkFailure
from printer.paper import PAPERS
from printer.slip import Slip, render_slip
from printer.transports import open_channel
from printer.usb_direct import listed_printers
from printer.usb_nodes import usb_nodes

DEVICES = Path("/dev")
_SERIAL_LINES = ("ttyUSB*", "ttyACM*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A printer to be examined.

    `name` is what people call it; `device` is the device file that was found.
    """

    name: str
    address: PrinterAddress
    paper: str = "80mm"
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found: whether a slip can be had, and sentences for a person."""

    patient: Patient
    is_well: bool
    codes: tuple[str, ...]

    def sentences(self, language: Language) -> list[str]:
        """Return what was found in plain words."""
        return [advice(code, language) for code in self.codes]


async def examine(
    patient: Patient,
    *,
    trial: bytes | None = None,
    deadlines: Deadlines = DEADLINES,
) -> Finding:
    """Ask a printer how it is; with `trial`, also print that. Never raises."""
    if trial is not None:
        return _told(
            patient, await deliver(trial, patient.address, deadlines=deadlines)
        )
    if not patient.address.reports_status:
        return await _reached(patient, deadlines)
    status = await ask_status(patient.address, deadlines=deadlines)
    if status.cause == "one-way":
        return Finding(patient=patient, is_well=True, codes=("one-way",))
    if status.problem:
        code = status.cause or status.problem
        return Finding(patient=patient, is_well=False, codes=(code,))
    codes = ("ready", "near-end") if status.near_end else ("ready",)
    return Finding(patient=patient, is_well=True, codes=codes)


async def _reached(patient: Patient, deadlines: Deadlines) -> Finding:
    try:
        channel = await open_channel(patient.address, deadlines)
    except LinkFailure as failure:
        code = failure.cause or failure.reason
        return Finding(patient=patient, is_well=False, codes=(code,))
    channel.abort()
    return Finding(patient=patient, is_well=True, codes=("cannot-tell",))


def _told(patient: Patient, delivery: Delivery) -> Finding:
    why = delivery.cause or delivery.reason
    near_end = delivery.status is not None and delivery.status.near_end
    codes = (delivery.state, why, "near-end" if near_end else None)
    return Finding(
        patient=patient,
        is_well=delivery.state in ("printed", "sent"),
        codes=tuple(code for code in codes if code),
    )


def printers_here() -> list[Patient]:
    """Return the USB printers of this machine, those without the driver too."""
    nodes = usb_nodes()
    found = [
        Patient(name=node.name, address=node.address, device=str(node.device))
        for node in nodes
    ]
    by_model = {(n.address.vendor, n.address.product) for n in nodes}
    others = [a for a in listed_printers() if (a.vendor, a.product) not in by_model]
    return found + [Patient(name="USB", address=address) for address in others]


def serial_lines_here(devices: Path = DEVICES) -> list[SerialAddress]:
    """Return serial adapters: they are not asked, as they may be no printers."""
    lines = (line for pattern in _SERIAL_LINES for line in devices.glob(pattern))
    return [SerialAddress(str(line)) for line in sorted(lines)]


def each_once(known: Sequence[Patient], found: Sequence[Patient]) -> list[Patient]:
    """Return the known printers once each, then those found that are not among them."""
    by_place = {replace(p.address, reports_status=True): p for p in reversed(known)}
    once = list(reversed(by_place.values()))
    return once + [p for p in found if not any(_means(k.address, p) for k in once)]


def _means(address: PrinterAddress, found: Patient) -> bool:
    """Tell whether an address leads to a USB printer that was found here."""
    if isinstance(address, FileAddress):
        return address.path == found.device
    if not (isinstance(address, UsbAddress) and isinstance(found.address, UsbAddress)):
        return False
    return address.serial in (None, found.address.serial) and (
        (address.vendor, address.product)
        == (found.address.vendor, found.address.product)
    )


def trial_slip(patient: Patient, now: datetime, language: Language) -> bytes:
    """Return the bytes of a test slip that shows all a printer must be able to do."""
    indonesian = language == "id"
    slip = Slip(
        site="Antrean",
        agency="Slip uji" if indonesian else "Test slip",
        services=(patient.name,) if patient.name else (),
        number_label="Angka besar dan utuh?" if indonesian else "Large, in one line?",
        number="A-012",
        issued_at=f"{now:%Y-%m-%d %H:%M:%S}",
        ahead="",
        where=str(patient.address),
        qr_url="ANTREAN-TEST",
        qr_label="Pindai: ANTREAN-TEST" if indonesian else "Scan: ANTREAN-TEST",
        footer=("é ü ñ Ł", "Lalu kertas dipotong." if indonesian else "Then the cut."),
    )
    return render_slip(slip, PAPERS[patient.paper])
