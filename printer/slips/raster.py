"""Text as a picture, for scripts that no code page of the printer holds."""

import logging
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import as_file, files

from PIL import Image, ImageChops, ImageDraw, ImageFont

from printer.slips.paper import CELL_HEIGHT, CELL_WIDTH, PAPERS, Paper, can_print
from printer.slips.text import printable

logger = logging.getLogger(__name__)

Dot = tuple[int, int]

_SIZE = 20  # at which DejaVu Sans Mono is 12 dots wide, as font A is
_BASELINE = 18
_STROKES = (0.4, 0.3, 0.2)  # dots around each line of a letter, boldest first
_INK = 128  # darker than this is ink
_STEPS = (-1, 0, 1)
_UNASSIGNED = "\U0010ffff"  # never assigned: shows the font's "no such glyph" box


def line_image(text: str, *, width: int, height: int, bold: bool) -> Image.Image:
    """Draw one line, black on white; `width`, `height` multiply the cell."""
    missing = missing_glyphs(text)
    if missing:
        logger.warning("slip font lacks %s", ascii(missing))
    line = _bold(text) if bold else _drawn(text)
    return line.resize((line.width * width, line.height * height))


def _bold(text: str) -> Image.Image:
    """Draw a line as boldly as leaves its marks apart: dots tell letters apart."""
    plain = _drawn(text)
    if text.isascii():
        return _drawn(text, _STROKES[0])
    marks = marks_of(plain)
    for stroke in _STROKES:
        # where strokes overlap some dots come out pale: the plain ones stay below
        bold = ImageChops.darker(plain, _drawn(text, stroke))
        if _are_apart(marks, marks_of(bold)):
            return bold
    return plain


def _drawn(text: str, stroke: float = 0) -> Image.Image:
    font = _font()
    dots = max(CELL_WIDTH, round(font.getlength(text)) + 2)
    line = Image.new("L", (dots, CELL_HEIGHT), 255)
    ImageDraw.Draw(line).text(
        (0, _BASELINE), text, 0, font, anchor="ls", stroke_width=stroke
    )
    return line


def marks_of(line: Image.Image) -> list[set[Dot]]:
    """Return the marks of a drawing, each the dots of ink that hang together."""
    ink = line.point(lambda grey: 255 if grey < _INK else 0).tobytes()
    left = {(i % line.width, i // line.width) for i, dot in enumerate(ink) if dot}
    marks = []
    while left:
        edge = [left.pop()]
        mark = set(edge)
        while edge:
            x, y = edge.pop()
            near = {(x + dx, y + dy) for dx in _STEPS for dy in _STEPS} & left
            left -= near
            mark |= near
            edge.extend(near)
        marks.append(mark)
    return marks


def _are_apart(marks: list[set[Dot]], bolder: list[set[Dot]]) -> bool:
    """Tell whether no bolder mark has swallowed two."""
    return all(sum(not mark.isdisjoint(bold) for mark in marks) < 2 for bold in bolder)


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
