"""USB through pyusb, on a bus of our own: no printer and no libusb is needed."""

import errno
from collections.abc import AsyncIterator
from typing import Any

import pytest
from usb.backend import libusb1

from printer.address import UsbAddress
from printer.delivery import Delivery, ask_status, deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from printer.status import PrinterStatus
from printer.transports.libusb import libusb_printers
from tests.printer.transports.usb_bus import FakeBus

SLIP = b"\x1b@" + b"A-012\n" * 900 + b"\x1dVB\x00"  # more than one transfer
USB = UsbAddress(0x04B8, 0x0E15)


@pytest.fixture
async def bus(
    printer: PrinterEmulator, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FakeBus]:
    bus = FakeBus(printer)
    monkeypatch.setattr(libusb1, "get_backend", lambda: bus)
    yield bus
    bus.unplug()


async def test_prints_on_the_printer_interface_and_lets_go(
    bus: FakeBus, printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    delivery = await deliver(SLIP, DrivenPrinter(USB), deadlines=deadlines)

    assert delivery == Delivery(state="printed", status=PrinterStatus())
    assert [slip.data for slip in printer.slips] == [SLIP]
    assert bus.events[:2] == ["detached 1", "claimed 1"]


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        ({"paper_end": True}, "failed", "paper-end"),
        ({"cover_open": True}, "failed", "cover-open"),
        ({"silent": True}, "failed", "no-answer"),
        ({"garbage": True}, "failed", "garbled"),
        ({"seconds_per_reply": 1.0}, "failed", "no-answer"),
        ({"paper_ends_after": 100}, "unknown", "paper-end"),
        ({"cutter_jams": True}, "unknown", "cutter"),
    ],
    ids=str,
)
async def test_says_over_usb_what_it_says_over_the_network(
    bus: FakeBus,
    printer: PrinterEmulator,
    deadlines: Deadlines,
    fault: dict[str, Any],
    state: str,
    reason: str,
) -> None:
    for name, value in fault.items():
        setattr(printer.faults, name, value)

    delivery = await deliver(SLIP, DrivenPrinter(USB), deadlines=deadlines)

    assert (delivery.state, delivery.reason) == (state, reason)


async def test_a_reply_from_the_job_before_is_not_this_jobs_answer(
    bus: FakeBus, printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    printer.faults.seconds_per_reply = 0.5
    driven = DrivenPrinter(USB)
    late = await deliver(SLIP, driven, deadlines=deadlines)
    printer.faults.seconds_per_reply, printer.faults.cover_open = 0.0, True

    delivery = await deliver(SLIP, driven, deadlines=deadlines)

    assert (late.reason, delivery.reason) == ("no-answer", "cover-open")


async def test_says_sent_of_a_printer_without_a_way_back(
    bus: FakeBus, deadlines: Deadlines
) -> None:
    bus.answers = False

    driven = DrivenPrinter(USB)
    assert await deliver(SLIP, driven, deadlines=deadlines) == Delivery(state="sent")
    assert (await ask_status(driven, deadlines=deadlines)).cause == "one-way"


async def test_a_printer_that_takes_no_bytes_is_not_called_sent(
    bus: FakeBus, deadlines: Deadlines
) -> None:
    bus.answers, bus.swallows = False, True

    delivery = await deliver(SLIP, DrivenPrinter(USB), deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("unknown", "stalled")


@pytest.mark.parametrize(
    ("refusal", "cause"),
    [(errno.EACCES, "no-permission"), (errno.EBUSY, "in-use"), (errno.EIO, None)],
)
async def test_says_why_it_cannot_have_the_printer(
    bus: FakeBus, deadlines: Deadlines, refusal: int, cause: str | None
) -> None:
    bus.refusal = refusal

    delivery = await deliver(SLIP, DrivenPrinter(USB), deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("failed", "unreachable")
    assert delivery.cause == cause


@pytest.mark.parametrize(("copies", "cause"), [(0, "not-found"), (2, "several")])
async def test_prints_only_where_it_knows_which_is_meant(
    bus: FakeBus, deadlines: Deadlines, copies: int, cause: str
) -> None:
    bus.copies = copies

    assert (await deliver(SLIP, DrivenPrinter(USB), deadlines=deadlines)).cause == cause


async def test_finds_none_with_a_serial_number_that_none_has(
    bus: FakeBus, deadlines: Deadlines
) -> None:
    other = UsbAddress(0x04B8, 0x0E15, "J3KL001")

    assert (
        await deliver(SLIP, DrivenPrinter(other), deadlines=deadlines)
    ).cause == "not-found"


async def test_says_that_the_library_below_pyusb_is_missing(
    deadlines: Deadlines, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("libusb0", "libusb1", "openusb"):
        monkeypatch.setattr(f"usb.backend.{name}.get_backend", lambda: None)

    assert (
        await deliver(SLIP, DrivenPrinter(USB), deadlines=deadlines)
    ).cause == "no-usb-library"


def test_lists_the_printers_of_the_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = FakeBus(None)
    monkeypatch.setattr(libusb1, "get_backend", lambda: bus)

    assert libusb_printers() == [USB]
