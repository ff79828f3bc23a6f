"""A USB bus without USB: what pyusb asks of libusb, answered by the emulator."""

import errno
import queue
import socket
import threading
from array import array
from types import SimpleNamespace
from typing import Any

from usb import core

from printer.emulator import PrinterEmulator

OUT, IN = 0x03, 0x84  # not the 0x01 and 0x82 that others take for granted
BULK, PRINTER_CLASS, SCANNER_CLASS = 2, 7, 255


class FakeBus:
    """One device with a scanner and a printer interface.

    `refusal` is what opening it is refused with; `swallows` makes writes time
    out; `answers` is False for a printer that has no way back.
    """

    def __init__(self, printer: PrinterEmulator | None) -> None:
        self.refusal: int | None = None
        self.swallows, self.answers, self.copies = False, True, 1
        self.events = list[str]()
        self._replies: queue.Queue[bytes] = queue.Queue()
        self._socket: socket.socket | None = None
        if printer is not None:
            address = printer.address
            self._socket = socket.create_connection((address.host, address.port))
            threading.Thread(target=self._listen, daemon=True).start()

    def unplug(self) -> None:
        if self._socket is not None:
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()

    def _listen(self) -> None:
        assert self._socket is not None
        try:
            while reply := self._socket.recv(64):
                self._replies.put(reply)
        except OSError:
            pass

    def enumerate_devices(self) -> list[int]:
        return list(range(self.copies))

    def get_device_descriptor(self, dev: int) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0,
            bDeviceSubClass=0, bDeviceProtocol=0, bMaxPacketSize0=64,
            idVendor=0x04B8, idProduct=0x0E15, bcdDevice=0x100, iManufacturer=1,
            iProduct=2, iSerialNumber=0, bNumConfigurations=1, address=dev + 4,
            bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: int, config: int) -> Any:
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=0, bNumInterfaces=2,
            bConfigurationValue=1, iConfiguration=0, bmAttributes=0xC0, bMaxPower=1,
            extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(
        self, dev: int, intf: int, alt: int, config: int
    ) -> Any:
        if intf > 1 or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=intf, bAlternateSetting=0,
            bNumEndpoints=(1 + self.answers) if intf else 1,
            bInterfaceClass=PRINTER_CLASS if intf else SCANNER_CLASS,
            bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(
        self, dev: int, ep: int, intf: int, alt: int, config: int
    ) -> Any:
        if ep >= (1 + self.answers if intf else 1):
            raise IndexError
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(OUT, IN)[ep] if intf else 1,
            bmAttributes=BULK, wMaxPacketSize=64, bInterval=0, bRefresh=0,
            bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: int) -> int:
        if self.refusal:
            raise core.USBError("refused", None, self.refusal)
        return dev

    def close_device(self, handle: int) -> None:
        self.events.append("closed")

    def get_configuration(self, handle: int) -> int:
        return 1

    def claim_interface(self, handle: int, intf: int) -> None:
        self.events.append(f"claimed {intf}")

    def release_interface(self, handle: int, intf: int) -> None:
        self.events.append(f"released {intf}")

    def is_kernel_driver_active(self, handle: int, intf: int) -> bool:
        return True

    def detach_kernel_driver(self, handle: int, intf: int) -> None:
        self.events.append(f"detached {intf}")

    def bulk_write(
        self, handle: int, ep: int, intf: int, data: "array[int]", timeout: int
    ) -> int:
        assert (ep, intf) == (OUT, 1)
        if self.swallows:
            raise core.USBTimeoutError("no room", None, errno.ETIMEDOUT)
        if self._socket is not None:
            self._socket.sendall(data.tobytes())
        return len(data)

    def bulk_read(
        self, handle: int, ep: int, intf: int, buff: "array[int]", timeout: int
    ) -> int:
        assert (ep, intf) == (IN, 1)
        try:
            reply = self._replies.get(timeout=timeout / 1000)
        except queue.Empty:
            raise core.USBTimeoutError("silence", None, errno.ETIMEDOUT) from None
        buff[: len(reply)] = array("B", reply)
        return len(reply)

    intr_write = iso_write = bulk_write  # pyusb looks up all three
    intr_read = iso_read = bulk_read
