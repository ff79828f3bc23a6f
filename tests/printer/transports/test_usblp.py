"""USB printers that the system's own driver has taken, and none of them."""

import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from printer.address import UsbAddress
from printer.delivery import deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from printer.transports import factory
from printer.transports.usblp import usblp_printers
from tests.printer.transports.pseudo_terminals import line_to

SLIP = b"\x1b@A-012\n\x1dVB\x00"
EPSON = UsbAddress(0x04B8, 0x0E15)


def list_printer(root: Path, name: str, line: str, serial: str) -> None:
    """List a printer as Linux does, its device file leading to the line."""
    about = root / "devices" / name
    (about / "interface").mkdir(parents=True)
    (about / "idVendor").write_text("04b8\n")
    (about / "idProduct").write_text("0e15\n")
    (about / "serial").write_text(f"{serial}\n")
    (about / "manufacturer").write_text("EPSON\n")
    (about / "product").write_text("TM-T20II\n")
    entry = root / "class" / name
    entry.mkdir(parents=True)
    (entry / "device").symlink_to(about / "interface")
    (root / "dev").mkdir(exist_ok=True)
    (root / "dev" / name).symlink_to(line)


@pytest.fixture
async def system(
    printer: PrinterEmulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Path]:
    async with line_to(printer) as line:
        list_printer(tmp_path, "lp0", line, "J3KL001")
        listing = partial(usblp_printers, tmp_path / "class", tmp_path / "dev")
        monkeypatch.setattr(factory, "usblp_printers", listing)
        yield tmp_path


@pytest.mark.parametrize("serial", [None, "J3KL001"])
async def test_prints_through_the_systems_own_device_file(
    system: Path, printer: PrinterEmulator, deadlines: Deadlines, serial: str | None
) -> None:
    address = UsbAddress(0x04B8, 0x0E15, serial)

    delivery = await deliver(SLIP, DrivenPrinter(address), deadlines=deadlines)

    assert delivery.state == "printed"
    assert printer.slips[0].data == SLIP


async def test_does_not_guess_between_two_of_a_kind(
    system: Path, printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    list_printer(system, "lp1", "/dev/null", "J3KL002")

    delivery = await deliver(SLIP, DrivenPrinter(EPSON), deadlines=deadlines)

    assert (delivery.state, delivery.cause) == ("failed", "several")
    assert printer.slips == ()


def test_lists_what_is_plugged_in_by_name(tmp_path: Path) -> None:
    list_printer(tmp_path, "lp3", "/dev/null", "J3KL001")
    broken = tmp_path / "class" / "lp4"
    broken.mkdir()

    (node,) = usblp_printers(tmp_path / "class", tmp_path / "dev")

    assert str(node.address) == "usb://04b8:0e15/J3KL001"
    assert node.name == "EPSON TM-T20II"
    assert node.device == tmp_path / "dev" / "lp3"


async def test_says_which_package_is_missing(
    deadlines: Deadlines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "usb.core", None)  # an import of it now fails

    delivery = await deliver(
        SLIP, DrivenPrinter(UsbAddress(0xFFFF, 0xFFFF)), deadlines=deadlines
    )

    assert (delivery.state, delivery.cause) == ("failed", "no-usb-package")
