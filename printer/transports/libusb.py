"""A USB printer without the system's driver, through pyusb and libusb.

For machines where no device file appears (usblp missing or kept out). pyusb is
the extra ``usb`` and may be absent: it is imported when a printer needs it.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from printer.address import UsbAddress
from printer.silence import Deadlines
from printer.transports.channel import LinkFailure

CHUNK = 4096
READ_SLICE_MS = 50  # of listening, after which a write may have its turn
_PRINTER_CLASS = 7
_IN, _BULK, _TRANSFER_TYPE_MASK = 0x80, 0x02, 0x03


class UsbChannel:
    """A claimed printer interface; each call runs on this channel's one thread.

    Every call to libusb has a time limit of its own, so that the thread ends;
    what it still reads after a deadline is kept for the next reader.
    """

    def __init__(self, interface: "_ClaimedInterface", deadlines: Deadlines) -> None:
        self.line: str | None = interface.line
        self.chunk, self.can_answer = CHUNK, interface.in_endpoint is not None
        self._interface = interface
        self._write_ms = round(deadlines.write * 1000)
        self._thread = ThreadPoolExecutor(1, "usb-printer")
        self._reading: asyncio.Future[bytes] | None = None
        self._is_open = True

    async def write(self, data: bytes) -> None:
        """Return when the printer has taken every byte."""
        loop = asyncio.get_running_loop()
        written = await loop.run_in_executor(
            self._thread, self._interface.write, data, self._write_ms
        )
        if written != len(data):
            raise OSError("The USB printer took only a part.")

    async def read(self, most: int) -> bytes:
        """Wait for bytes; an empty packet is no end, printers send such."""
        loop = asyncio.get_running_loop()
        while True:
            if self._reading is None:
                self._reading = loop.run_in_executor(
                    self._thread, self._interface.read, most
                )
            reading = self._reading
            reply = await asyncio.shield(reading)
            self._reading = None
            if reply:
                return reply

    async def close(self) -> None:
        """Let go; what was written is in the printer already."""
        self.abort()

    def abort(self) -> None:
        """Let go as soon as the thread's last call has ended."""
        if not self._is_open:
            return
        self._is_open = False
        self._thread.submit(self._interface.release)
        self._thread.shutdown(wait=False)


class _ClaimedInterface:
    """A printer interface of ours, with its endpoints as its descriptors say."""

    def __init__(self, device: Any, interface: Any, pyusb: "_PyUsb") -> None:
        self._device, self._pyusb = device, pyusb
        self._number = interface.bInterfaceNumber
        bulk = [
            end for end in interface if end.bmAttributes & _TRANSFER_TYPE_MASK == _BULK
        ]
        self._out_endpoint = next(e for e in bulk if not e.bEndpointAddress & _IN)
        self.in_endpoint = next((e for e in bulk if e.bEndpointAddress & _IN), None)
        self.line = f"usb:{device.bus}:{device.address}"

    def write(self, data: bytes, milliseconds: int) -> int:
        """Return how many bytes it took; TimeoutError when it took none in time."""
        try:
            return cast(int, self._out_endpoint.write(data, milliseconds))
        except self._pyusb.core.USBTimeoutError as error:
            raise TimeoutError from error

    def read(self, most: int) -> bytes:
        """Listen for a moment; empty when nothing came."""
        if self.in_endpoint is None:
            return b""
        size = max(most, self.in_endpoint.wMaxPacketSize)  # libusb overflows else
        try:
            return bytes(self.in_endpoint.read(size, READ_SLICE_MS))
        except self._pyusb.core.USBTimeoutError:
            return b""

    def release(self) -> None:
        self._pyusb.util.release_interface(self._device, self._number)
        self._pyusb.util.dispose_resources(self._device)


class _PyUsb:
    """pyusb's two modules; LinkFailure `no-usb-package` where it is missing."""

    def __init__(self) -> None:
        try:
            import usb.core
            import usb.util
        except ImportError as error:
            raise LinkFailure("unreachable", "no-usb-package") from error
        self.core: Any = usb.core
        self.util: Any = usb.util


def libusb_printers() -> list[UsbAddress]:
    """Return every USB printer; none where pyusb or libusb is missing."""
    try:
        core = _PyUsb().core
        devices = list(core.find(find_all=True, custom_match=_has_printer))
    except (LinkFailure, ValueError, OSError):  # ValueError: no libusb
        return []
    return [UsbAddress(d.idVendor, d.idProduct, _serial_of(d)) for d in devices]


def _has_printer(device: Any) -> bool:
    return any(
        interface.bInterfaceClass == _PRINTER_CLASS
        for configuration in device
        for interface in configuration
    )


async def open_libusb(address: UsbAddress, deadlines: Deadlines) -> UsbChannel:
    """Claim a printer; LinkFailure `unreachable` with its cause if that cannot be."""
    claiming = asyncio.to_thread(_claim, address, deadlines.connect / 2)
    opening = asyncio.ensure_future(claiming)
    try:
        async with asyncio.timeout(deadlines.connect):
            interface = await asyncio.shield(opening)
    except TimeoutError:
        opening.add_done_callback(_release_late)
        raise LinkFailure("unreachable") from None
    return UsbChannel(interface, deadlines)


def _release_late(opening: "asyncio.Future[_ClaimedInterface]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().release()


def _claim(address: UsbAddress, seconds: float) -> _ClaimedInterface:
    """Claim it as soon as the job before, or another program, has let go."""
    end = time.monotonic() + seconds
    while True:
        try:
            return _claim_once(address)
        except LinkFailure as failure:
            if failure.cause != "in-use" or time.monotonic() > end:
                raise
        time.sleep(READ_SLICE_MS / 1000)


def _claim_once(address: UsbAddress) -> _ClaimedInterface:
    pyusb = _PyUsb()
    try:
        device = _find_device(pyusb, address)
        interface = _printer_interface(device)
        _detach_kernel_driver(device, interface.bInterfaceNumber)
        pyusb.util.claim_interface(device, interface.bInterfaceNumber)
        if interface.bAlternateSetting:
            interface.set_altsetting()
    except pyusb.core.NoBackendError as error:
        raise LinkFailure("unreachable", "no-usb-library") from error
    except pyusb.core.USBError as error:
        cause = _CAUSES.get(error.errno or 0)
        raise LinkFailure("unreachable", cause) from error
    return _ClaimedInterface(device, interface, pyusb)


_CAUSES = {13: "no-permission", 16: "in-use", 19: "not-found"}  # libusb's, as errno


def _find_device(pyusb: _PyUsb, address: UsbAddress) -> Any:
    devices = pyusb.core.find(
        find_all=True, idVendor=address.vendor, idProduct=address.product
    )
    matches = [
        device
        for device in devices
        if address.serial is None or _serial_of(device) == address.serial
    ]
    if len(matches) != 1:
        raise LinkFailure("unreachable", "several" if matches else "not-found")
    return matches[0]


def _serial_of(device: Any) -> str | None:
    try:
        return cast(str | None, device.serial_number)
    except (ValueError, OSError):  # one that we may not ask, or that has none
        return None


def _printer_interface(device: Any) -> Any:
    """Return its printer interface, one that answers if it has such.

    A device with a scanner beside the printer, say, has interfaces of other
    kinds, which are left alone.
    """
    matches = [
        interface
        for interface in _configuration(device)
        if interface.bInterfaceClass == _PRINTER_CLASS
        and any(not end.bEndpointAddress & _IN for end in interface)
    ]
    if not matches:
        raise LinkFailure("unreachable", "not-a-printer")
    return max(matches, key=_answers)


def _answers(interface: Any) -> bool:
    return any(end.bEndpointAddress & _IN for end in interface)


def _configuration(device: Any) -> Any:
    try:
        return device.get_active_configuration()
    except OSError:  # USBError: not configured since it was plugged in
        device.set_configuration()
        return device.get_active_configuration()


def _detach_kernel_driver(device: Any, number: int) -> None:
    try:
        if device.is_kernel_driver_active(number):
            device.detach_kernel_driver(number)
    except NotImplementedError:  # Windows and macOS cannot, and need not
        return
