import io
from pathlib import Path

import pytest
from PIL import Image

from printer.__main__ import main
from printer.delivery import deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import PrinterEmulator
from printer.slips.paper import PAPER_80, PAPERS, Paper
from printer.slips.preview import preview
from printer.slips.slip import render_slip
from tests.printer.conftest import MakeSlip

PAPER = pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)


def size_of(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as image:
        return image.size


@PAPER
def test_is_as_long_as_its_picture(make_slip: MakeSlip, paper: Paper) -> None:
    seen = preview(render_slip(make_slip(), paper), paper)

    across, down = size_of(seen.png)
    assert across == paper.width + 48
    assert seen.length_mm == -(-(down - 48) // 8)
    assert seen.unknown == ()


def test_reckons_lengths_from_the_bytes_alone() -> None:
    data = b"\x1b@" + b"\x1bJ\x50" + b"x\n" + b"\x1dVB\x00"

    seen = preview(data, PAPER_80)  # 80 dots, a line of 30, the cut's 96

    assert seen.length_mm == 26
    assert seen.slips_per_roll == 50_000 // 26


def test_a_small_printer_has_a_shorter_roll(make_slip: MakeSlip) -> None:
    rolls = {
        name: preview(render_slip(make_slip(), paper), paper).roll_mm
        for name, paper in PAPERS.items()
    }

    assert rolls == {name: 50_000 if "80" in name else 30_000 for name in PAPERS}


async def test_shows_what_the_printer_shows(
    make_slip: MakeSlip, printer: PrinterEmulator
) -> None:
    data = render_slip(make_slip(), PAPER_80)

    await deliver(data, DrivenPrinter(printer.address))

    assert (await printer.wait_for_slip()).png() == preview(data, PAPER_80).png


def test_bytes_that_are_no_slip_still_have_a_length() -> None:
    assert preview(b"", PAPER_80).length_mm == 1
    assert preview(b"\x1b\x01", PAPER_80).unknown == (b"\x1b\x01",)


@pytest.mark.parametrize(("paper", "across"), [("80mm", 624), ("58mm-cutter", 432)])
def test_the_command_writes_a_picture_and_says_its_length(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], paper: str, across: int
) -> None:
    file = tmp_path / "slip.png"

    status = main(["preview", str(file), "--paper", paper, "--language", "en"])

    assert status == 0
    assert size_of(file.read_bytes())[0] == across
    assert " mm long, " in capsys.readouterr().out
