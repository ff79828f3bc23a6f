"""USB printers as Linux lists them: those its own driver (usblp) has taken.

Such a printer has a device file that speaks both ways, and needs neither a
package nor to be taken away from the system.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from printer.address import UsbAddress

SYSTEM_LIST = Path("/sys/class/usbmisc")
DEVICES = Path("/dev/usb")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UsbNode:
    """A USB printer that the system knows, and its device file."""

    address: UsbAddress
    device: Path
    name: str


def usb_nodes(listed: Path = SYSTEM_LIST, devices: Path = DEVICES) -> list[UsbNode]:
    """Return the printers the system's driver has taken; none off Linux."""
    found = (_node(entry, devices) for entry in sorted(listed.glob("lp*")))
    return [node for node in found if node is not None]


def nodes_of(address: UsbAddress, nodes: list[UsbNode]) -> list[UsbNode]:
    """Return those that an address means; one without serial number means all."""
    return [
        node
        for node in nodes
        if (node.address.vendor, node.address.product)
        == (address.vendor, address.product)
        and address.serial in (None, node.address.serial)
    ]


def _node(entry: Path, devices: Path) -> UsbNode | None:
    about = (entry / "device").resolve().parent
    try:
        vendor = int((about / "idVendor").read_text(), 16)
        product = int((about / "idProduct").read_text(), 16)
    except (OSError, ValueError):  # unplugged while we looked
        logger.info("no USB ids for %s", entry.name)
        return None
    serial = _text(about / "serial")
    name = " ".join(
        filter(None, (_text(about / "manufacturer"), _text(about / "product")))
    )
    return UsbNode(
        UsbAddress(vendor, product, serial or None), devices / entry.name, name
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
