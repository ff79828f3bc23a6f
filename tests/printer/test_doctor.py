"""`doctor`: every printer examined, in words that a person can act on."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from printer import delivery, link
from printer.address import FileAddress, TcpAddress, UsbAddress, parse_address
from printer.advice import ADVICE, advice
from printer.doctor import (
    Patient,
    each_once,
    examine,
    serial_lines_here,
    trial_slip,
)
from printer.emulator import PrinterEmulator
from printer.link import Deadlines
from tests.printer.lines import line_to

ROOT = Path(__file__).parents[2]


def patient_of(printer: PrinterEmulator, **facts: Any) -> Patient:
    return Patient(name="Lobi", address=printer.address, **facts)


def test_has_words_for_whatever_can_be_wrong() -> None:
    assert set(ADVICE) >= (delivery.REASONS | link.CAUSES)
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

    finding = await examine(patient_of(printer), deadlines=deadlines)

    assert (finding.is_well, finding.sentences("id")) == (is_well, words)
    assert printer.slips == ()


async def test_prints_a_slip_that_names_the_printer(
    printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    patient = patient_of(printer)
    trial = trial_slip(patient, datetime(2026, 11, 24, 9, 40, tzinfo=UTC), "id")

    finding = await examine(patient, trial=trial, deadlines=deadlines)

    assert finding.sentences("en") == ["The test slip was printed."]
    assert str(printer.address) in printer.slips[0].text
    assert printer.slips[0].headline == "A-012"
    assert printer.slips[0].qr == "ANTREAN-TEST"


async def test_says_why_the_test_slip_did_not_come_out(
    printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    printer.faults.cutter_jams = True

    finding = await examine(
        patient_of(printer), trial=b"\x1b@A\n\x1dV\x00", deadlines=deadlines
    )

    assert not finding.is_well
    assert finding.codes == ("unknown", "cutter")


@pytest.mark.parametrize("is_there", [True, False])
async def test_only_reaches_for_a_printer_that_cannot_tell(
    printer: PrinterEmulator, deadlines: Deadlines, is_there: bool
) -> None:
    printer.faults.silent = True
    there = TcpAddress("127.0.0.1", printer.address.port, reports_status=False)
    nowhere = FileAddress("/nonexistent", reports_status=False)
    patient = Patient(name="", address=there if is_there else nowhere)

    finding = await examine(patient, deadlines=deadlines)

    assert finding.is_well is is_there
    assert finding.codes == (("cannot-tell",) if is_there else ("not-found",))


async def test_a_device_without_a_way_back_is_well_as_far_as_one_knows(
    tmp_path: Path, deadlines: Deadlines
) -> None:
    os.mkfifo(tmp_path / "lp0")
    reader = os.open(tmp_path / "lp0", os.O_RDONLY | os.O_NONBLOCK)

    finding = await examine(
        Patient(name="", address=FileAddress(str(tmp_path / "lp0"))),
        deadlines=deadlines,
    )
    os.close(reader)

    assert (finding.is_well, finding.codes) == (True, ("one-way",))


def test_examines_each_printer_once() -> None:
    one, two = UsbAddress(1, 2, "one"), UsbAddress(1, 2, "two")
    known = [
        Patient(name="first", address=TcpAddress("a")),
        Patient(name="again", address=TcpAddress("a", reports_status=False)),
        Patient(name="by serial", address=one),
        Patient(name="by file", address=FileAddress("/dev/usb/lp3")),
    ]
    found = [
        Patient(name="found one", address=one),
        Patient(name="found two", address=two),
        Patient(name="found lp3", address=UsbAddress(3, 4), device="/dev/usb/lp3"),
    ]

    names = [patient.name for patient in each_once(known, found)]

    assert names == ["first", "by serial", "by file", "found two"]


def test_names_serial_lines_without_asking_them(tmp_path: Path) -> None:
    for name in ("ttyUSB0", "ttyACM1", "ttyS0", "null"):
        (tmp_path / name).touch()

    lines = [str(line) for line in serial_lines_here(tmp_path)]

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
    said, complained = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode(), complained.decode()


async def test_runs_on_a_pc_without_a_server(printer: PrinterEmulator) -> None:
    async with PrinterEmulator() as broken, line_to(printer) as line:
        broken.faults.paper_end = True
        addresses = str(broken.address), f"serial://{line}?baud=9600"
        status, said, _ = await run(*addresses, "--language", "en", "--print")

    assert status == 1
    assert f"✗ {addresses[0]}\n    The test slip was not printed." in said
    assert "The roll is empty." in said
    assert f"✓ {addresses[1]}\n    The test slip was printed." in said


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
    status, said, complained = await run("lpt1", *options)

    assert (status, said) == (1, "")
    assert words in complained
    assert "tcp://192.168.1.50:9100" in complained


async def test_needs_nothing_of_the_server() -> None:
    code = (
        "import sys, printer.__main__, printer.doctor, printer.emulator.page;"
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
