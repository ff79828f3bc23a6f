"""A printer that was left in the middle of a slip, and the next slip there."""

from dataclasses import replace

import pytest

from printer.delivery import Delivery, ask_status, deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from printer.slips.paper import PAPER_80
from printer.slips.slip import render_slip
from tests.printer.conftest import MakeSlip, break_it


@pytest.fixture
def driven(printer: PrinterEmulator) -> DrivenPrinter:
    return DrivenPrinter(printer.address)


@pytest.mark.parametrize("speed", [0.0, 0.4, 1.5])
async def test_the_rest_of_an_earlier_slip_is_not_taken_for_this_one(
    printer: PrinterEmulator,
    driven: DrivenPrinter,
    make_slip: MakeSlip,
    watchful: Deadlines,
    speed: float,
) -> None:
    first = await left_in_the_middle(
        slip(make_slip, "A-001"), printer, driven, watchful
    )
    assert (first.state, first.reason) == ("unknown", "cover-open")
    break_it(printer, seconds_per_kib=speed, seconds_per_reply=0.05)

    second = await delivered_at_last(slip(make_slip, "A-002"), driven, watchful)

    assert second.state == "printed"
    assert [(each.headline, each.whole) for each in printer.slips] == [
        ("A-001", True),
        ("A-002", True),
    ]


async def test_the_rest_of_an_earlier_slip_does_not_hide_the_papers_end(
    printer: PrinterEmulator,
    driven: DrivenPrinter,
    make_slip: MakeSlip,
    watchful: Deadlines,
) -> None:
    await left_in_the_middle(slip(make_slip, "A-001"), printer, driven, watchful)
    break_it(printer, paper_ends_after=900, seconds_per_kib=0.4, seconds_per_reply=0.05)

    second = await delivered_at_last(slip(make_slip, "A-002"), driven, watchful)

    assert (second.state, second.reason) == ("unknown", "paper-end")
    assert [each.headline for each in printer.slips if each.whole] == ["A-001"]


async def test_a_picture_that_was_cut_off_takes_nothing_of_the_next_slip(
    printer: PrinterEmulator,
    driven: DrivenPrinter,
    data: bytes,
    deadlines: Deadlines,
) -> None:
    break_it(printer, keeps_buffer=True)
    picture = b"\x1dv0\x00" + bytes((72, 0, 100, 0)) + bytes(1000)  # of 7,200
    broken = await deliver(picture, driven, deadlines=deadlines)
    assert (broken.state, broken.reason) == ("unknown", "no-answer")

    delivery = await deliver(data, driven, deadlines=deadlines)

    assert delivery.state == "printed"
    assert printer.slips[-1].headline == "A-012"


async def test_a_printer_that_could_tell_is_never_believed_blindly(
    printer: PrinterEmulator,
    driven: DrivenPrinter,
    data: bytes,
    deadlines: Deadlines,
) -> None:
    await deliver(data, driven, deadlines=deadlines)
    break_it(printer, answers_gs_r=False)

    for _ in range(3):
        delivery = await deliver(data, driven, deadlines=deadlines)
        assert (delivery.state, delivery.reason) == ("failed", "no-answer")
        assert delivery.nothing_printed

    assert len(printer.slips) == 1


async def test_a_printer_that_was_away_may_be_another_model(
    printer: PrinterEmulator,
    driven: DrivenPrinter,
    data: bytes,
    deadlines: Deadlines,
) -> None:
    await deliver(data, driven, deadlines=deadlines)
    assert driven.answers_gs_r
    driven.address = replace(printer.address, port=1)

    await ask_status(driven, deadlines=deadlines)

    assert driven.answers_gs_r is None


async def left_in_the_middle(
    data: bytes, printer: PrinterEmulator, driven: DrivenPrinter, deadlines: Deadlines
) -> Delivery:
    """Open the cover in the middle of a slip; once shut, its rest is printed."""
    break_it(printer, cover_opens_after=300, keeps_buffer=True)
    delivery = await deliver(data, driven, deadlines=deadlines)
    await ask_status(driven, deadlines=deadlines)
    await printer.until_alone()
    break_it(printer, cover_open=False)
    return delivery


async def delivered_at_last(
    data: bytes, driven: DrivenPrinter, deadlines: Deadlines
) -> Delivery:
    """Bring a slip as a dispatcher would: again where nothing can have come out."""
    for _ in range(5):
        delivery = await deliver(data, driven, deadlines=deadlines)
        if not delivery.nothing_printed:
            break
    return delivery


def slip(make_slip: MakeSlip, number: str) -> bytes:
    return render_slip(make_slip(number=number), PAPER_80)
