"""A USB printer without the system's driver, through pyusb and libusb.

For machines where no device file appears (usblp missing or kept out). pyusb is
not required by anything else here and may be absent.
"""

import asyncio
import importlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from printer.address import UsbAddress
from printer.link import Deadlines, LinkFailure

CHUNK = 4096
SLICE_MS = 50  # of listening, after which a write may have its turn
_PRINTER_CLASS = 7
_IN, _BULK, _KIND_MASK = 0x80, 0x02, 0x03


class UsbChannel:
    """A claimed printer interface; each call runs on this channel's one thread.

    Every call to libusb has a time limit of its own, so that the thread ends;
    what it still reads after a deadline is kept for the next reader.
    """

    def __init__(self, claimed: "_Claimed", deadlines: Deadlines) -> None:
        self.line: str | None = claimed.line
        self.chunk, self.can_answer = CHUNK, claimed.inward is not None
        self._claimed = claimed
        self._write_ms = round(deadlines.write * 1000)
        self._thread = ThreadPoolExecutor(1, "usb-printer")
        self._listening: asyncio.Future[bytes] | None = None
        self._is_open = True

    async def write(self, data: bytes) -> None:
        """Return when the printer has taken every byte."""
        loop = asyncio.get_running_loop()
        written = await loop.run_in_executor(
            self._thread, self._claimed.write, data, self._write_ms
        )
        if written != len(data):
            raise OSError("The USB printer took only a part.")

    async def read(self, most: int) -> bytes:
        """Wait for bytes; an empty packet is no end, printers send such."""
        loop = asyncio.get_running_loop()
        while True:
            if self._listening is None:
                self._listening = loop.run_in_executor(
                    self._thread, self._claimed.read, most
                )
            listening = self._listening
            reply = await asyncio.shield(listening)
            self._listening = None
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
        self._thread.submit(self._claimed.release)
        self._thread.shutdown(wait=False)


class _Claimed:
    """A printer interface of ours, with its endpoints as its descriptors say."""

    def __init__(self, device: Any, interface: Any, packages: "_Packages") -> None:
        self._device, self._packages = device, packages
        self._number = interface.bInterfaceNumber
        bulk = [end for end in interface if end.bmAttributes & _KIND_MASK == _BULK]
        self._outward = next(e for e in bulk if not e.bEndpointAddress & _IN)
        self.inward = next((e for e in bulk if e.bEndpointAddress & _IN), None)
        self.line = f"usb:{device.bus}:{device.address}"

    def write(self, data: bytes, milliseconds: int) -> int:
        """Return how many bytes it took; TimeoutError when it took none in time."""
        try:
            return cast(int, self._outward.write(data, milliseconds))
        except self._packages.core.USBTimeoutError as error:
            raise TimeoutError from error

    def read(self, most: int) -> bytes:
        """Listen for a moment; empty when nothing came."""
        if self.inward is None:
            return b""
        size = max(most, self.inward.wMaxPacketSize)  # libusb overflows else
        try:
            return bytes(self.inward.read(size, SLICE_MS))
        except self._packages.core.USBTimeoutError:
            return b""

    def release(self) -> None:
        self._packages.util.release_interface(self._device, self._number)
        self._packages.util.dispose_resources(self._device)


class _Packages:
    """pyusb's two modules; LinkFailure `no-usb-package` where it is missing."""

    def __init__(self) -> None:
        try:
            self.core: Any = importlib.import_module("usb.core")
            self.util: Any = importlib.import_module("usb.util")
        except ImportError as error:
            raise LinkFailure("unreachable", "no-usb-package") from error


def listed_printers() -> list[UsbAddress]:
    """Return every USB printer; none where pyusb or libusb is missing."""
    try:
        core = _Packages().core
        found = list(core.find(find_all=True, custom_match=_has_printer))
    except (LinkFailure, ValueError, OSError):  # ValueError: no libusb
        return []
    return [UsbAddress(d.idVendor, d.idProduct, _serial_of(d)) for d in found]


def _has_printer(device: Any) -> bool:
    return any(
        interface.bInterfaceClass == _PRINTER_CLASS
        for configuration in device
        for interface in configuration
    )


async def open_direct(address: UsbAddress, deadlines: Deadlines) -> UsbChannel:
    """Claim a printer; LinkFailure `unreachable` with its cause if that cannot be."""
    claiming = asyncio.to_thread(_claim, address, deadlines.connect / 2)
    opening = asyncio.ensure_future(claiming)
    try:
        async with asyncio.timeout(deadlines.connect):
            claimed = await asyncio.shield(opening)
    except TimeoutError:
        opening.add_done_callback(_release_late)
        raise LinkFailure("unreachable") from None
    return UsbChannel(claimed, deadlines)


def _release_late(opening: "asyncio.Future[_Claimed]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().release()


def _claim(address: UsbAddress, patience: float) -> _Claimed:
    """Claim it as soon as the job before, or another program, has let go."""
    end = time.monotonic() + patience
    while True:
        try:
            return _claim_now(address)
        except LinkFailure as failure:
            if failure.cause != "in-use" or time.monotonic() > end:
                raise
        time.sleep(SLICE_MS / 1000)


def _claim_now(address: UsbAddress) -> _Claimed:
    packages = _Packages()
    try:
        device = _the_one(packages, address)
        interface = _printer_interface(device)
        _take_from_system(device, interface.bInterfaceNumber)
        packages.util.claim_interface(device, interface.bInterfaceNumber)
        if interface.bAlternateSetting:
            interface.set_altsetting()
    except packages.core.NoBackendError as error:
        raise LinkFailure("unreachable", "no-usb-library") from error
    except packages.core.USBError as error:
        cause = _CAUSES.get(error.errno or 0)
        raise LinkFailure("unreachable", cause) from error
    return _Claimed(device, interface, packages)


_CAUSES = {13: "no-permission", 16: "in-use", 19: "not-found"}  # libusb's, as errno


def _the_one(packages: _Packages, address: UsbAddress) -> Any:
    found = packages.core.find(
        find_all=True, idVendor=address.vendor, idProduct=address.product
    )
    fitting = [
        device
        for device in found
        if address.serial is None or _serial_of(device) == address.serial
    ]
    if len(fitting) != 1:
        raise LinkFailure("unreachable", "several" if fitting else "not-found")
    return fitting[0]


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
    fitting = [
        interface
        for interface in _configuration(device)
        if interface.bInterfaceClass == _PRINTER_CLASS
        and any(not end.bEndpointAddress & _IN for end in interface)
    ]
    if not fitting:
        raise LinkFailure("unreachable", "not-a-printer")
    return max(fitting, key=_answers)


def _answers(interface: Any) -> bool:
    return any(end.bEndpointAddress & _IN for end in interface)


def _configuration(device: Any) -> Any:
    try:
        return device.get_active_configuration()
    except OSError:  # USBError: not configured since it was plugged in
        device.set_configuration()
        return device.get_active_configuration()


def _take_from_system(device: Any, number: int) -> None:
    try:
        if device.is_kernel_driver_active(number):
            device.detach_kernel_driver(number)
    except NotImplementedError:  # Windows and macOS cannot, and need not
        return
