"""From an address to an open channel, whatever leads to the printer."""

from printer.address import (
    FileAddress,
    PrinterAddress,
    SerialAddress,
    TcpAddress,
    UsbAddress,
)
from printer.silence import Deadlines
from printer.transports.channel import Channel, LinkFailure
from printer.transports.device_file import open_device
from printer.transports.libusb import open_libusb
from printer.transports.serial_line import open_serial
from printer.transports.tcp import connect
from printer.transports.usblp import matching_printers, usblp_printers


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
    printers = matching_printers(address, usblp_printers())
    if len(printers) > 1:
        raise LinkFailure("unreachable", "several")
    if not printers:
        return await open_libusb(address, deadlines)
    file = FileAddress(str(printers[0].device), address.reports_status)
    return await open_device(file, deadlines)
