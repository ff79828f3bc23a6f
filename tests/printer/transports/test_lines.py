"""Serial lines and device files: the same truth as over the network."""

import fcntl
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from printer.address import FileAddress, PrinterAddress, SerialAddress
from printer.delivery import Delivery, ask_status, deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from printer.status import PrinterStatus
from tests.printer.transports.pseudo_terminals import line_to, pseudo_terminal

SLIP = b"\x1b@A-012\n" + b"\x1d!\x77" + b"A-012\n" * 40 + b"\x1dVB\x00"


@pytest.fixture
async def line(printer: PrinterEmulator) -> AsyncIterator[str]:
    async with line_to(printer) as path:
        yield path


@pytest.fixture(params=["serial", "file"])
def address(request: pytest.FixtureRequest, line: str) -> PrinterAddress:
    return SerialAddress(line) if request.param == "serial" else FileAddress(line)


def break_it(printer: PrinterEmulator, **faults: Any) -> None:
    for name, value in faults.items():
        setattr(printer.faults, name, value)


async def test_prints_over_a_line(
    printer: PrinterEmulator, address: PrinterAddress, deadlines: Deadlines
) -> None:
    delivery = await deliver(SLIP, DrivenPrinter(address), deadlines=deadlines)

    assert delivery == Delivery(state="printed", status=PrinterStatus())
    assert [slip.data for slip in printer.slips] == [SLIP]


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        ({"paper_end": True}, "failed", "paper-end"),
        ({"cover_open": True}, "failed", "cover-open"),
        ({"offline": True}, "failed", "offline"),
        ({"cutter_error": True}, "failed", "cutter"),
        ({"silent": True}, "failed", "no-answer"),
        ({"garbage": True}, "failed", "garbled"),
        ({"stray_with_reply": True}, "failed", "garbled"),
        ({"seconds_per_reply": 1.0}, "failed", "no-answer"),
        ({"dies_after": 100}, "unknown", "no-answer"),
        ({"paper_ends_after": 100}, "unknown", "paper-end"),
        ({"cutter_jams": True}, "unknown", "cutter"),
    ],
    ids=str,
)
async def test_says_over_a_line_what_it_says_over_the_network(
    printer: PrinterEmulator,
    address: PrinterAddress,
    deadlines: Deadlines,
    fault: dict[str, Any],
    state: str,
    reason: str,
) -> None:
    break_it(printer, **fault)

    delivery = await deliver(SLIP, DrivenPrinter(address), deadlines=deadlines)

    assert (delivery.state, delivery.reason) == (state, reason)
    assert not any(slip.whole for slip in printer.slips)


async def test_a_reply_from_the_job_before_is_not_this_jobs_answer(
    printer: PrinterEmulator, address: PrinterAddress, deadlines: Deadlines
) -> None:
    """The line outlives the conversation, and so does the late reply on it."""
    break_it(printer, seconds_per_reply=0.5)
    driven = DrivenPrinter(address)
    late = await deliver(SLIP, driven, deadlines=deadlines)
    break_it(printer, seconds_per_reply=0.0, cover_open=True)

    delivery = await deliver(SLIP, driven, deadlines=deadlines)

    assert late.reason == "no-answer"
    assert delivery.reason == "cover-open"
    assert printer.slips == ()


async def test_the_next_visitor_is_served_after_a_fault(
    printer: PrinterEmulator, address: PrinterAddress, deadlines: Deadlines
) -> None:
    break_it(printer, paper_end=True)
    driven = DrivenPrinter(address)
    await deliver(SLIP, driven, deadlines=deadlines)
    break_it(printer, paper_end=False)

    deliveries = [await deliver(SLIP, driven, deadlines=deadlines) for _ in range(2)]

    assert [delivery.state for delivery in deliveries] == ["printed", "printed"]
    assert len(printer.slips) == 2


async def test_says_sent_of_a_line_whose_printer_cannot_tell(
    printer: PrinterEmulator, line: str, deadlines: Deadlines
) -> None:
    break_it(printer, silent=True)
    address = SerialAddress(line, reports_status=False)

    delivery = await deliver(SLIP, DrivenPrinter(address), deadlines=deadlines)

    assert delivery == Delivery(state="sent")


@pytest.mark.parametrize("reports_status", [True, False])
async def test_gives_up_on_a_line_that_nobody_reads(
    deadlines: Deadlines, reports_status: bool
) -> None:
    with pseudo_terminal() as (_, path):
        address = SerialAddress(path, reports_status=reports_status)
        delivery = await deliver(
            bytes(1 << 20), DrivenPrinter(address), deadlines=deadlines
        )

    expected = ("failed", "no-answer") if reports_status else ("unknown", "stalled")
    assert (delivery.state, delivery.reason) == expected


async def test_lets_two_programs_never_write_on_one_line(
    printer: PrinterEmulator, line: str, deadlines: Deadlines
) -> None:
    other = os.open(line, os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(other, fcntl.LOCK_EX)
    delivery = await deliver(
        SLIP, DrivenPrinter(SerialAddress(line)), deadlines=deadlines
    )
    os.close(other)

    assert (delivery.reason, delivery.cause) == ("unreachable", "in-use")


@pytest.mark.parametrize("kind", [SerialAddress, FileAddress])
async def test_never_makes_a_file_where_the_device_is_missing(
    tmp_path: Path,
    deadlines: Deadlines,
    kind: type[SerialAddress] | type[FileAddress],
) -> None:
    missing = tmp_path / "lp0"

    delivery = await deliver(
        SLIP, DrivenPrinter(kind(str(missing))), deadlines=deadlines
    )

    assert (delivery.state, delivery.cause) == ("failed", "not-found")
    assert not missing.exists()


@pytest.mark.parametrize("kind", [SerialAddress, FileAddress])
async def test_takes_no_plain_file_for_a_printer(
    tmp_path: Path,
    deadlines: Deadlines,
    kind: type[SerialAddress] | type[FileAddress],
) -> None:
    left_over = tmp_path / "lp0"
    left_over.write_bytes(b"")

    delivery = await deliver(
        SLIP, DrivenPrinter(kind(str(left_over))), deadlines=deadlines
    )

    assert (delivery.reason, delivery.cause) == ("unreachable", "not-a-printer")
    assert left_over.read_bytes() == b""


async def test_says_which_speed_cannot_be(line: str, deadlines: Deadlines) -> None:
    address = SerialAddress(line, baud=12345)

    status = await ask_status(DrivenPrinter(address), deadlines=deadlines)

    assert status == PrinterStatus(doubt="unreachable", cause="bad-speed")


@pytest.mark.parametrize(
    ("parity", "flow"), [("even", "xonxoff"), ("odd", "rtscts"), ("none", "none")]
)
async def test_prints_with_every_shape_of_line(
    printer: PrinterEmulator, line: str, deadlines: Deadlines, parity: Any, flow: Any
) -> None:
    address = SerialAddress(line, 19200, parity, flow)

    assert (
        await deliver(SLIP, DrivenPrinter(address), deadlines=deadlines)
    ).state == "printed"


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "printer"
    os.mkfifo(path)
    return path


@pytest.mark.parametrize("reports_status", [True, False])
async def test_says_sent_and_no_more_of_what_can_only_be_written_to(
    pipe: Path, deadlines: Deadlines, reports_status: bool
) -> None:
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    address = FileAddress(str(pipe), reports_status)

    driven = DrivenPrinter(address)
    delivery = await deliver(SLIP, driven, deadlines=deadlines)
    status = await ask_status(driven, deadlines=deadlines)
    arrived = os.read(reader, 4096)
    os.close(reader)

    assert delivery == Delivery(state="sent")
    assert arrived == SLIP
    assert status == PrinterStatus(doubt="no-answer", cause="one-way")


async def test_says_unreachable_of_a_pipe_that_nobody_holds(
    pipe: Path, deadlines: Deadlines
) -> None:
    delivery = await deliver(
        SLIP, DrivenPrinter(FileAddress(str(pipe))), deadlines=deadlines
    )

    assert (delivery.state, delivery.cause) == ("failed", "not-found")


async def test_a_full_pipe_is_not_called_sent(pipe: Path, deadlines: Deadlines) -> None:
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    delivery = await deliver(
        bytes(1 << 20), DrivenPrinter(FileAddress(str(pipe))), deadlines=deadlines
    )
    os.close(reader)

    assert (delivery.state, delivery.reason) == ("unknown", "stalled")


@pytest.mark.parametrize("reports_status", [True, False])
@pytest.mark.parametrize("path", ["/dev/null", "/dev/zero", "/dev/full"])
async def test_takes_no_device_of_memory_for_a_printer(
    deadlines: Deadlines, path: str, reports_status: bool
) -> None:
    """It would swallow every slip, and a model that cannot tell have "sent" it."""
    address = FileAddress(path, reports_status)

    delivery = await deliver(SLIP, DrivenPrinter(address), deadlines=deadlines)

    assert (delivery.state, delivery.cause) == ("failed", "not-a-printer")


async def test_a_device_that_hangs_in_open_holds_up_nobody(
    pipe: Path, deadlines: Deadlines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No real device here hangs in open; a pipe opened to block does."""
    monkeypatch.setattr(os, "O_NONBLOCK", 0)
    hasty = replace(deadlines, connect=0.05)

    delivery = await deliver(
        SLIP, DrivenPrinter(FileAddress(str(pipe))), deadlines=hasty
    )
    os.close(os.open(pipe, os.O_RDONLY))  # lets the thread go

    assert (delivery.state, delivery.cause) == ("failed", None)
