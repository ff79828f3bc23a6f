"""`doctor`: every printer examined, in words that a person can act on."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from printer import delivery
from printer.address import FileAddress, TcpAddress, UsbAddress, parse_address
from printer.advice import ADVICE, advice
from printer.diagnosis import (
    ExaminedPrinter,
    examine,
    local_serial_lines,
    merge_printers,
    trial_slip,
)
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from printer.transports import channel
from tests.printer.transports.pseudo_terminals import line_to

ROOT = Path(__file__).parents[2]


def patient_of(printer: PrinterEmulator, **fields: Any) -> ExaminedPrinter:
    return ExaminedPrinter(name="Lobi", address=printer.address, **fields)


def test_has_words_for_whatever_can_be_wrong() -> None:
    assert set(ADVICE) >= (delivery.REASONS | channel.CAUSES)
    assert all(one.indonesian != one.english for one in ADVICE.values())


@pytest.mark.parametrize(
    ("fault", "is_well", "words"),
    [
        ({}, True, ["Siap mencetak."]),
        ({"near_end": True}, True, ["Siap mencetak.", advice("near-end", "id")]),
        ({"paper_end": True}, False, [advice("paper-end", "id")]),
        ({"cover_open": True}, False, [advice("cover-open", "id")]),
        ({"silent": True}, False, [advice("no-answer", "id")]),
    ],
    ids=str,
)
async def test_says_how_a_printer_is(
    printer: PrinterEmulator,
    deadlines: Deadlines,
    fault: dict[str, Any],
    is_well: bool,
    words: list[str],
) -> None:
    for name, value in fault.items():
        setattr(printer.faults, name, value)

    diagnosis = await examine(patient_of(printer), deadlines=deadlines)

    assert (diagnosis.is_well, diagnosis.sentences("id")) == (is_well, words)
    assert printer.slips == ()


async def test_prints_a_slip_that_names_the_printer(
    printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    examined = patient_of(printer)
    trial = trial_slip(examined, datetime(2026, 11, 24, 9, 40, tzinfo=UTC), "id")

    diagnosis = await examine(examined, trial=trial, deadlines=deadlines)

    assert diagnosis.sentences("en") == ["The test slip was printed."]
    assert str(printer.address) in printer.slips[0].text
    assert printer.slips[0].headline == "A-012"
    assert printer.slips[0].qr == "ANTREAN-TEST"


async def test_says_why_the_test_slip_did_not_come_out(
    printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    printer.faults.cutter_jams = True

    diagnosis = await examine(
        patient_of(printer), trial=b"\x1b@A\n\x1dV\x00", deadlines=deadlines
    )

    assert not diagnosis.is_well
    assert diagnosis.codes == ("unknown", "cutter")


@pytest.mark.parametrize("is_there", [True, False])
async def test_only_reaches_for_a_printer_that_cannot_tell(
    printer: PrinterEmulator, deadlines: Deadlines, is_there: bool
) -> None:
    printer.faults.silent = True
    there = TcpAddress("127.0.0.1", printer.address.port, reports_status=False)
    nowhere = FileAddress("/nonexistent", reports_status=False)
    examined = ExaminedPrinter(name="", address=there if is_there else nowhere)

    diagnosis = await examine(examined, deadlines=deadlines)

    assert diagnosis.is_well is is_there
    assert diagnosis.codes == (("cannot-tell",) if is_there else ("not-found",))


async def test_a_device_without_a_way_back_is_well_as_far_as_one_knows(
    tmp_path: Path, deadlines: Deadlines
) -> None:
    os.mkfifo(tmp_path / "lp0")
    reader = os.open(tmp_path / "lp0", os.O_RDONLY | os.O_NONBLOCK)

    diagnosis = await examine(
        ExaminedPrinter(name="", address=FileAddress(str(tmp_path / "lp0"))),
        deadlines=deadlines,
    )
    os.close(reader)

    assert (diagnosis.is_well, diagnosis.codes) == (True, ("one-way",))


def test_examines_each_printer_once() -> None:
    one, two = UsbAddress(1, 2, "one"), UsbAddress(1, 2, "two")
    named = [
        ExaminedPrinter(name="first", address=TcpAddress("a")),
        ExaminedPrinter(name="again", address=TcpAddress("a", reports_status=False)),
        ExaminedPrinter(name="by serial", address=one),
        ExaminedPrinter(name="by file", address=FileAddress("/dev/usb/lp3")),
    ]
    detected = [
        ExaminedPrinter(name="found one", address=one),
        ExaminedPrinter(name="found two", address=two),
        ExaminedPrinter(
            name="found lp3", address=UsbAddress(3, 4), device="/dev/usb/lp3"
        ),
    ]

    names = [examined.name for examined in merge_printers(named, detected)]

    assert names == ["first", "by serial", "by file", "found two"]


def test_names_serial_lines_without_asking_them(tmp_path: Path) -> None:
    for name in ("ttyUSB0", "ttyACM1", "ttyS0", "null"):
        (tmp_path / name).touch()

    lines = [str(line) for line in local_serial_lines(tmp_path)]

    assert lines == [
        f"serial://{tmp_path}/ttyACM1?baud=9600",
        f"serial://{tmp_path}/ttyUSB0?baud=9600",
    ]


async def run(*arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "printer", "doctor", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


async def test_runs_on_a_pc_without_a_server(printer: PrinterEmulator) -> None:
    async with PrinterEmulator() as broken, line_to(printer) as line:
        broken.faults.paper_end = True
        addresses = str(broken.address), f"serial://{line}?baud=9600"
        status, output, _ = await run(*addresses, "--language", "en", "--print")

    assert status == 1
    assert f"✗ {addresses[0]}\n    The test slip was not printed." in output
    assert "The roll is empty." in output
    assert f"✓ {addresses[1]}\n    The test slip was printed." in output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "harus diawali tcp://"),
        (("--language", "en"), "must begin with tcp://"),
    ],
)
async def test_says_what_is_wrong_with_an_address(
    options: tuple[str, ...], words: str
) -> None:
    status, output, errors = await run("lpt1", *options)

    assert (status, output) == (1, "")
    assert words in errors
    assert "tcp://192.168.1.50:9100" in errors


async def test_needs_nothing_of_the_server() -> None:
    code = (
        "import sys, printer.__main__, printer.diagnosis, printer.emulator.page;"
        "print([m for m in sys.modules if m.split('.')[0] in"
        " ('app', 'fastapi', 'sqlalchemy', 'pydantic')])"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )

    assert (await process.communicate())[0] == b"[]\n"


def test_reads_the_address_it_tells_to_use() -> None:
    for line in (advice("nothing", "id"), advice("nothing", "en")):
        assert parse_address(line.split()[-1]) == TcpAddress("192.168.1.50")
