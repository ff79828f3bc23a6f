import io
import logging
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from printer.emulator.items import Raster
from printer.emulator.reader import read_content
from printer.slips.logo import BadLogo, check_logo, fit_logo
from printer.slips.paper import PAPERS, Paper
from printer.slips.slip import render_slip
from tests.printer.conftest import MakeSlip

PAPER = pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def bomb(across: int, down: int) -> bytes:
    """Return a small file that says it holds so many pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", across, down, 1, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk


@PAPER
def test_stands_first_no_larger_than_the_paper_and_20_mm(
    make_slip: MakeSlip, paper: Paper
) -> None:
    logo = png(Image.linear_gradient("L").resize((1500, 700)))

    items = read_content(render_slip(make_slip(logo=logo), paper)).items

    first = items[0]
    assert isinstance(first, Raster)
    assert first.style.align == 1
    assert len(first.rows) // first.across <= 160
    assert first.across * 8 <= paper.width
    assert max(first.across * 8, paper.width - 8) == paper.width - 8 or (
        len(first.rows) // first.across == 160
    )


def test_is_never_enlarged() -> None:
    assert fit_logo(png(Image.new("L", (40, 30))), 576).size == (40, 30)


def test_grey_is_dithered_and_what_is_transparent_is_paper() -> None:
    grey = fit_logo(png(Image.new("L", (64, 64), 128)), 576)
    clear = fit_logo(png(Image.new("RGBA", (64, 64), (0, 0, 0, 0))), 576)

    black = grey.histogram()[0]
    assert 64 * 64 * 0.4 < black < 64 * 64 * 0.6
    assert clear.histogram()[0] == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_takes_every_kind_of_png(mode: str) -> None:
    check_logo(png(Image.new(mode, (10, 10))))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "not a PNG"),
        (b"\xff\xd8\xff\xe0 a photo", "not a PNG"),
        (b"\x89PNG\r\n\x1a\n", "pixels"),
        (png(Image.new("L", (50, 50)))[:50], "broken"),
        (png(Image.effect_noise((50, 50), 90))[:-300], "broken"),
        (bomb(60_000, 60_000), "pixels"),
        (bomb(0, 5), "pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * (1 << 20), "bytes"),
    ],
)
def test_refuses_what_is_no_bearable_png(data: bytes, complaint: str) -> None:
    with pytest.raises(BadLogo, match=complaint):
        check_logo(data)


def test_a_broken_logo_costs_no_slip(
    make_slip: MakeSlip, caplog: pytest.LogCaptureFixture
) -> None:
    plain: Any = render_slip(make_slip(), PAPERS["80mm"])

    with caplog.at_level(logging.WARNING):
        assert render_slip(make_slip(logo=b"no"), PAPERS["80mm"]) == plain

    assert "without its logo" in caplog.text
