"""Text as a picture, for scripts that no code page of the printer holds."""

import logging
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import as_file, files

from PIL import Image, ImageDraw, ImageFont

from printer.slips.paper import CELL_HEIGHT, CELL_WIDTH, PAPERS, Paper, can_print
from printer.slips.text import printable

logger = logging.getLogger(__name__)

_SIZE = 20  # at which DejaVu Sans Mono is 12 dots wide, as font A is
_BASELINE = 18
_UNASSIGNED = "\U0010ffff"  # never assigned: shows the font's "no such glyph" box


def line_image(text: str, *, width: int, height: int, bold: bool) -> Image.Image:
    """Draw one line, black on white; `width`, `height` multiply the cell."""
    missing = missing_glyphs(text)
    if missing:
        logger.warning("slip font lacks %s", ascii(missing))
    font = _font()
    dots = max(CELL_WIDTH, round(font.getlength(text)) + 2)
    line = Image.new("L", (dots, CELL_HEIGHT), 255)
    ImageDraw.Draw(line).text(
        (0, _BASELINE), text, 0, font, anchor="ls", stroke_width=0.4 if bold else 0
    )
    return line.resize((dots * width, CELL_HEIGHT * height))


def unprintable_characters(text: str, papers: Iterable[Paper] = PAPERS.values()) -> str:
    """Return what cannot be read by any means on one of these papers.

    To be asked when names are configured: at the kiosk it is too late.
    """
    unprintable = {
        character
        for paper in papers
        for character in missing_glyphs(printable(text, paper))
        if not can_print(paper, character)
    }
    return "".join(sorted(unprintable))


def missing_glyphs(text: str) -> str:
    """Return the characters that would come out as an empty box."""
    return "".join(sorted({c for c in text if not c.isascii() and not _is_drawable(c)}))


@lru_cache(maxsize=4096)
def _is_drawable(character: str) -> bool:
    font = _font()
    return bytes(font.getmask(character)) != bytes(font.getmask(_UNASSIGNED))


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    """Load the font that python-barcode, which escpos requires, brings along."""
    with as_file(files("barcode") / "fonts" / "DejaVuSansMono.ttf") as path:
        return ImageFont.truetype(str(path), _SIZE)
