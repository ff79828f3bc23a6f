"""From an address to an open channel, whatever leads to the printer."""

from printer.address import (
    FileAddress,
    PrinterAddress,
    SerialAddress,
    TcpAddress,
    UsbAddress,
)
from printer.device_file import open_device
from printer.link import Channel, Deadlines, LinkFailure
from printer.serial_line import open_serial
from printer.tcp import connect
from printer.usb_direct import open_direct
from printer.usb_nodes import nodes_of, usb_nodes


async def open_channel(address: PrinterAddress, deadlines: Deadlines) -> Channel:
    """Open a fresh channel; LinkFailure `unreachable` when that cannot be."""
    match address:
        case TcpAddress():
            return await connect(address.host, address.port, deadlines)
        case SerialAddress():
            return await open_serial(address, deadlines)
        case FileAddress():
            return await open_device(address, deadlines)
        case UsbAddress():
            return await _open_usb(address, deadlines)


async def _open_usb(address: UsbAddress, deadlines: Deadlines) -> Channel:
    """Use the system's device file where there is one, else pyusb.

    Two printers of one model and no serial number: nobody can know which is
    meant, and a slip must not come out at the other kiosk.
    """
    nodes = nodes_of(address, usb_nodes())
    if len(nodes) > 1:
        raise LinkFailure("unreachable", "several")
    if not nodes:
        return await open_direct(address, deadlines)
    file = FileAddress(str(nodes[0].device), address.reports_status)
    return await open_device(file, deadlines)
