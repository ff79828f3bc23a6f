"""What is believed of a printer while a slip comes out, and when that is over."""

from dataclasses import replace
from typing import Any

import pytest

from printer.delivery import Delivery, deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from printer.status import PrinterStatus
from tests.printer.conftest import break_it
from tests.printer.emulator.odd_printers import scripted_printer


async def test_waits_for_the_paper_and_not_only_for_a_good_word(
    printer: PrinterEmulator, data: bytes
) -> None:
    """DLE EOT overtakes the slip: at first all is well, then the roll ends."""
    break_it(printer, seconds_per_kib=0.3, paper_ends_after=len(data) // 2)
    patient = Deadlines(finish=1.0)

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=patient)

    assert (delivery.state, delivery.reason) == ("unknown", "paper-end")


async def test_a_printer_that_could_tell_and_does_not_has_not_printed(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    """Slow paper that ends after every deadline: silence is no proof."""
    break_it(printer, seconds_per_kib=3.0, paper_ends_after=len(data) - 50)

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("unknown", "no-answer")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"paper_ends_after": 1}, "paper-end"),
        ({"paper_ends_after": 300}, "paper-end"),
        ({"cover_opens_after": 300}, "cover-open"),
        ({"cutter_jams": True}, "cutter"),
    ],
    ids=str,
)
async def test_does_not_wait_for_a_printer_that_says_it_has_stopped(
    printer: PrinterEmulator,
    data: bytes,
    watchful: Deadlines,
    fault: dict[str, Any],
    reason: str,
) -> None:
    break_it(printer, **fault)

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=watchful)

    assert (delivery.state, delivery.reason) == ("unknown", reason)
    assert delivery.status is not None
    assert delivery.status.problem == reason
    assert not delivery.nothing_printed


async def test_waits_for_a_slow_printer_that_is_well(
    printer: PrinterEmulator, data: bytes, watchful: Deadlines
) -> None:
    break_it(printer, seconds_per_kib=0.6)

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=watchful)

    assert delivery == Delivery(state="printed", status=PrinterStatus())


@pytest.mark.parametrize("habit", ["deaf_while_printing", "status_after_printing"])
async def test_waits_for_a_printer_that_tells_nothing_while_it_prints(
    printer: PrinterEmulator, data: bytes, watchful: Deadlines, habit: str
) -> None:
    """Its silence ends nothing; what it says late is not taken for a later answer."""
    break_it(printer, seconds_per_kib=0.6, **{habit: True})

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=watchful)

    assert delivery == Delivery(state="printed", status=PrinterStatus())
    assert printer.slips[0].whole


@pytest.mark.parametrize("habit", ["deaf_while_printing", "status_after_printing"])
async def test_finds_what_such_a_printer_has_to_say_when_it_is_done(
    printer: PrinterEmulator, data: bytes, watchful: Deadlines, habit: str
) -> None:
    hasty = replace(watchful, finish=2.0)
    opens = len(data) - 50
    break_it(printer, seconds_per_kib=0.6, cover_opens_after=opens, **{habit: True})

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=hasty)

    assert (delivery.state, delivery.reason) == ("unknown", "cover-open")


async def test_nonsense_while_a_slip_prints_is_a_doubt(
    printer: PrinterEmulator, data: bytes, watchful: Deadlines
) -> None:
    ready, done, automatic = b"\x12", b"\x00", b"\x10\x00\x00\x0f"

    async with scripted_printer([*[ready] * 4, done, b"", automatic]) as address:
        delivery = await deliver(data, DrivenPrinter(address), deadlines=watchful)

    assert (delivery.state, delivery.reason) == ("unknown", "garbled")


async def test_believes_the_status_of_a_clone_that_cannot_say_when_it_is_done(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, answers_gs_r=False)

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=deadlines)

    assert delivery.state == "printed"
    assert printer.slips[0].whole


async def test_waits_longer_for_a_long_slip_of_such_a_clone(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, answers_gs_r=False, seconds_per_kib=0.6)
    patient = replace(deadlines, bytes_per_second=len(data))  # one second more

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=patient)

    assert delivery.state == "printed"
    assert printer.slips[0].whole
