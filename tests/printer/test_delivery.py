"""What becomes of a slip when the printer misbehaves: never a false `printed`."""

from dataclasses import replace
from typing import Any

import pytest

from printer.address import TcpAddress
from printer.delivery import REASONS, Delivery, ask_status, deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from printer.status import PrinterStatus
from tests.printer.conftest import break_it
from tests.printer.emulator.odd_printers import (
    babbling_printer,
    deaf_printer,
    quitting_printer,
    scripted_printer,
)


def blind(printer: PrinterEmulator) -> TcpAddress:
    return replace(printer.address, reports_status=False)


async def test_prints(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=deadlines)

    assert delivery == Delivery(state="printed", status=PrinterStatus())
    assert [slip.data for slip in printer.slips] == [data]


async def test_prints_on_a_roll_near_its_end_and_says_so(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, near_end=True)

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=deadlines)

    assert delivery == Delivery(state="printed", status=PrinterStatus(near_end=True))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"paper_end": True}, "paper-end"),
        ({"cover_open": True}, "cover-open"),
        ({"offline": True}, "offline"),
        ({"cutter_error": True}, "cutter"),
        ({"silent": True}, "no-answer"),
        ({"garbage": True}, "garbled"),
        ({"stray_with_reply": True}, "garbled"),
        ({"seconds_per_reply": 1.0}, "no-answer"),
        ({"refuse": True}, "connection-lost"),
    ],
    ids=str,
)
async def test_sends_nothing_to_a_printer_that_is_not_well(
    printer: PrinterEmulator,
    data: bytes,
    deadlines: Deadlines,
    fault: dict[str, Any],
    reason: str,
) -> None:
    break_it(printer, **fault)

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("failed", reason)
    assert reason in REASONS
    assert delivery.nothing_printed
    assert printer.slips == ()


async def test_frees_a_stuck_knife_before_the_next_slip(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, cutter_jams=True, cutter_stays=False)

    driven = DrivenPrinter(printer.address)
    jammed = await deliver(data, driven, deadlines=deadlines)
    after = await deliver(data, driven, deadlines=deadlines)

    assert (jammed.state, jammed.reason) == ("unknown", "cutter")
    assert after == Delivery(state="printed", status=PrinterStatus())
    assert [slip.whole for slip in printer.slips].count(True) == 1


@pytest.mark.parametrize("fault", ["cover_open", "paper_end"])
async def test_does_not_move_the_knife_of_a_printer_somebody_works_at(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines, fault: str
) -> None:
    break_it(printer, cutter_error=True, cutter_stays=False, **{fault: True})

    await deliver(data, DrivenPrinter(printer.address), deadlines=deadlines)

    assert printer.faults.cutter_error


async def test_asking_how_a_printer_is_does_not_move_its_knife(
    printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    break_it(printer, cutter_error=True, cutter_stays=False)

    status = await ask_status(DrivenPrinter(printer.address), deadlines=deadlines)

    assert status.problem == "cutter"
    assert printer.faults.cutter_error


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"dies_after": 300}, "connection-lost"),
        ({"close_after": 300}, "connection-lost"),
        ({"paper_ends_after": 300}, "paper-end"),
        ({"cutter_jams": True}, "cutter"),
    ],
    ids=str,
)
async def test_leaves_to_a_person_what_may_have_come_out(
    printer: PrinterEmulator,
    data: bytes,
    deadlines: Deadlines,
    fault: dict[str, Any],
    reason: str,
) -> None:
    break_it(printer, **fault)

    delivery = await deliver(data, DrivenPrinter(printer.address), deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("unknown", reason)
    assert reason in REASONS
    assert not delivery.nothing_printed
    assert not any(slip.whole for slip in printer.slips)


async def test_throws_away_status_nobody_asked_for(
    printer: PrinterEmulator, data: bytes
) -> None:
    """A busy machine may bring it late: short deadlines would call that a doubt."""
    break_it(printer, stray_on_connect=True)

    delivery = await deliver(
        data, DrivenPrinter(printer.address), deadlines=Deadlines(quiet=0.2)
    )

    assert delivery.state == "printed"


async def test_never_takes_a_late_reply_for_the_answer_to_the_next_job(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, seconds_per_reply=0.5)
    driven = DrivenPrinter(printer.address)
    late = await deliver(data, driven, deadlines=deadlines)
    break_it(printer, seconds_per_reply=0.0, cover_open=True)

    delivery = await deliver(data, driven, deadlines=deadlines)

    assert late.reason == "no-answer"
    assert delivery.reason == "cover-open"


async def test_says_sent_and_no_more_of_a_printer_that_cannot_tell(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, silent=True)

    delivery = await deliver(data, DrivenPrinter(blind(printer)), deadlines=deadlines)

    assert delivery == Delivery(state="sent")
    assert (await printer.wait_for_slip()).data == data


async def test_says_unreachable_where_nothing_listens(
    data: bytes, deadlines: Deadlines
) -> None:
    async with PrinterEmulator() as gone:
        address = gone.address

    driven = DrivenPrinter(address)
    delivery = await deliver(data, driven, deadlines=deadlines)
    status = await ask_status(driven, deadlines=deadlines)

    assert delivery == Delivery(
        state="failed", reason="unreachable", nothing_printed=True
    )
    assert status == PrinterStatus(doubt="unreachable")


@pytest.mark.parametrize("host", ["printer..lobi", "a" * 70])
async def test_says_unreachable_of_a_name_that_cannot_be(
    data: bytes, deadlines: Deadlines, host: str
) -> None:
    delivery = await deliver(data, DrivenPrinter(TcpAddress(host)), deadlines=deadlines)

    assert delivery.reason == "unreachable"


async def test_serves_the_next_visitor_after_a_fault(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, dies_after=300)
    driven = DrivenPrinter(printer.address)
    await deliver(data, driven, deadlines=deadlines)
    break_it(printer, dies_after=None)

    delivery = await deliver(data, driven, deadlines=deadlines)

    assert delivery.state == "printed"
    assert printer.slips[-1].data == data


async def test_asks_how_a_printer_is_without_printing(
    printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    break_it(printer, paper_end=True)

    status = await ask_status(DrivenPrinter(printer.address), deadlines=deadlines)

    assert status == PrinterStatus(offline=True, paper_end=True, near_end=True)
    assert printer.slips == ()


async def test_gives_up_on_a_printer_that_takes_no_more_bytes(
    deadlines: Deadlines,
) -> None:
    megabytes = bytes(64 << 20)  # more than the kernel's buffers hold

    async with deaf_printer(questions=4) as address:
        delivery = await deliver(megabytes, DrivenPrinter(address), deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("unknown", "stalled")


@pytest.mark.parametrize(
    ("reports_status", "questions"),
    [(True, 4), (False, 0)],
    ids=["with status", "blind"],
)
async def test_notices_that_the_printer_hung_up_while_it_was_sent(
    reports_status: bool, questions: int, deadlines: Deadlines
) -> None:
    megabytes = bytes(64 << 20)

    async with quitting_printer(questions) as address:
        address = replace(address, reports_status=reports_status)
        delivery = await deliver(megabytes, DrivenPrinter(address), deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("unknown", "connection-lost")


@pytest.mark.parametrize(
    ("script", "state", "reason"),
    [
        ([b"\x12", b"\x12", b"\x12", b"\x12\x12"], "failed", "garbled"),
        ([b"\x12", b"\x12", b"\x12", b"\x12", b"\xff"], "failed", "garbled"),
        ([b"\x12", b"\x12", b"\x12", b"\x12", b"\x00", b"\xff"],
         "unknown", "garbled"),
        ([b"\x12", b"\x12", b"\x12", b"\x12", b"\x00", b"\x00\x00"],
         "unknown", "garbled"),
        ([b"\x12", b"\x12", b"\x12", b"\x12", b"\x00", b"\x00", b"\x12"],
         "unknown", "no-answer"),
        ([b"\x12", b"\x12", b"\x12", b"\x12", b"\x00", b"\x00", b"\x12", None],
         "unknown", "connection-lost"),
    ],
    ids=str,
)  # fmt: skip
async def test_takes_only_one_fitting_reply_to_each_question(
    script: list[bytes | None],
    state: str,
    reason: str,
    data: bytes,
    deadlines: Deadlines,
) -> None:
    async with scripted_printer(script) as address:
        delivery = await deliver(data, DrivenPrinter(address), deadlines=deadlines)

    assert (delivery.state, delivery.reason) == (state, reason)


async def test_finds_a_reply_too_many_that_comes_after_the_last(
    data: bytes, deadlines: Deadlines
) -> None:
    """Five replies to four questions: nobody can tell which is which."""
    patient = replace(deadlines, quiet=0.1)

    async with scripted_printer([b"\x12"] * 4, b"\x12") as address:
        delivery = await deliver(data, DrivenPrinter(address), deadlines=patient)

    assert (delivery.state, delivery.reason) == ("failed", "garbled")


async def test_gives_up_on_a_line_that_never_falls_silent(
    data: bytes, deadlines: Deadlines
) -> None:
    async with babbling_printer() as address:
        delivery = await deliver(
            data, DrivenPrinter(address), deadlines=replace(deadlines, quiet=0.2)
        )

    assert (delivery.state, delivery.reason) == ("failed", "garbled")


async def test_a_blind_job_that_breaks_off_is_not_called_sent(
    deadlines: Deadlines,
) -> None:
    megabytes = bytes(64 << 20)

    async with deaf_printer(questions=0) as address:
        delivery = await deliver(
            megabytes,
            DrivenPrinter(replace(address, reports_status=False)),
            deadlines=deadlines,
        )

    assert (delivery.state, delivery.reason) == ("unknown", "stalled")
