"""USB printers as Linux lists them: those its own driver (usblp) has taken.

Such a printer has a device file that speaks both ways, and needs neither a
package nor to be taken away from the system.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from printer.address import UsbAddress

SYSFS_CLASS = Path("/sys/class/usbmisc")
DEVICES = Path("/dev/usb")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UsblpPrinter:
    """A USB printer that the system knows, and its device file."""

    address: UsbAddress
    device: Path
    name: str


def usblp_printers(
    sysfs: Path = SYSFS_CLASS, devices: Path = DEVICES
) -> list[UsblpPrinter]:
    """Return the printers the system's driver has taken; none off Linux."""
    candidates = (_printer_of(entry, devices) for entry in sorted(sysfs.glob("lp*")))
    return [printer for printer in candidates if printer is not None]


def matching_printers(
    address: UsbAddress, printers: list[UsblpPrinter]
) -> list[UsblpPrinter]:
    """Return those that an address means; one without serial number means all."""
    return [
        printer
        for printer in printers
        if (printer.address.vendor, printer.address.product)
        == (address.vendor, address.product)
        and address.serial in (None, printer.address.serial)
    ]


def _printer_of(entry: Path, devices: Path) -> UsblpPrinter | None:
    usb_device = (entry / "device").resolve().parent
    try:
        vendor = int((usb_device / "idVendor").read_text(), 16)
        product = int((usb_device / "idProduct").read_text(), 16)
    except (OSError, ValueError):  # unplugged while we looked
        logger.info("no USB ids for %s", entry.name)
        return None
    serial = _text(usb_device / "serial")
    name = " ".join(
        filter(
            None, (_text(usb_device / "manufacturer"), _text(usb_device / "product"))
        )
    )
    return UsblpPrinter(
        UsbAddress(vendor, product, serial or None), devices / entry.name, name
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
