"""A sheet being written: text, pictures, symbols and the cut, as printer bytes.

Whatever is handed to it is data: nothing of it can become a command.
"""

from bisect import bisect_left
from functools import lru_cache
from math import ceil
from textwrap import wrap
from typing import Any

from PIL import Image, ImageOps

from printer.slips.escpos_library import QR_LEVEL_M, Dummy
from printer.slips.logo import fit_logo
from printer.slips.paper import DOTS_PER_MM, Paper
from printer.slips.raster import line_image
from printer.slips.text import clean, fits, printable

QR_MM = 25
TEAR_BAR_MM = 20  # from the print head to the tear bar, without a cutter
MAX_TEXT_LENGTH = 240  # characters: a name gone wrong must not cost a metre of paper
MAX_QR_BYTES = 666  # bytes; a larger symbol has no readable dots on 58 mm

_CANCEL_KANJI = b"\x1c."
_CUTS = {"partial": b"\x1dVB\x00", "full": b"\x1dVA\x00"}  # feed to the knife first
_BULLET = "- "
_QR_BYTES_AT_M = (
    *(14, 26, 42, 62, 84, 106, 122, 152, 180, 213),
    *(251, 287, 331, 362, 412, 450, 504, 560, 624, MAX_QR_BYTES),
)


class Sheet:
    """One slip being written; hides the library's way of setting styles."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self._printer: Any = Dummy(
            profile=paper.profile, magic_encode_args={"encoder": paper.encoder()}
        )
        self._printer.hw("INIT")
        if paper.cancel_kanji:
            self._printer._raw(_CANCEL_KANJI)
        self._printer.set(align="center")

    def line(
        self, text: str, *, bold: bool = False, width: int = 1, height: int = 1
    ) -> None:
        """Print text in as many lines as it needs; nothing for no text."""
        printed = self._printable(text)
        if not printed:
            return
        self._printer.set(bold=bold, custom_size=True, width=width, height=height)
        for part in _balanced(printed, self.paper.columns // width):
            self._part(part, bold=bold, width=width, height=height)

    def item(self, text: str) -> None:
        """Print one item of a list, from the left edge; nothing for no text."""
        printed = self._printable(text)
        if not printed:
            return
        self._printer.set(align="left", bold=False, custom_size=True, width=1, height=1)
        columns = self.paper.columns - len(_BULLET)
        for index, part in enumerate(wrap(printed, columns, break_on_hyphens=False)):
            prefix = " " * len(_BULLET) if index else _BULLET
            self._part(prefix + part, bold=False, width=1, height=1)
        self._printer.set(align="center")

    def logo(self, png: bytes) -> None:
        """Print a logo; BadLogo when it is none."""
        self._printer._raw(_logo_bytes(png, self.paper))

    def badge(self, text: str) -> None:
        """Print a label white on black: copy, sample data."""
        printed = printable(text, self.paper)[: self.paper.columns - 2]
        if not printed:
            return
        self._printer.set(bold=True, custom_size=True, width=1, height=1)
        if fits(printed, self.paper):
            self._printer.set(invert=True)
            self._text(f" {printed} ")
            self._printer.set(invert=False)
            self._text("\n")
        else:
            self._picture(f" {printed} ", bold=True, width=1, height=1, invert=True)
        self.feed(10)

    def rule(self) -> None:
        """Print a thin line over the whole width."""
        self._printer._raw(_rule_bytes(self.paper))

    def feed(self, dots: int) -> None:
        """Move the paper on by so many dots."""
        self._printer._raw(b"\x1bJ" + bytes((dots,)))

    def smooth(self, on: bool) -> None:
        """Round the edges of large text where the printer can."""
        if self.paper.smooth:
            self._printer.set(smooth=on)

    def qr(self, url: str) -> None:
        """Print a QR code of at least 25 mm, drawn by the printer if it can.

        One that could not be read is left out: the number alone is a slip.
        """
        content, native = clean(url), self.paper.native_qr
        if not content or len(content.encode()) > MAX_QR_BYTES:
            return
        size = _module_dots(content, self.paper.width)
        if native:  # the library puts blank lines only around a picture
            self.feed(24)
        self._printer.qr(content, ec=QR_LEVEL_M, size=size, native=native)
        if native:
            self.feed(16)

    def finish(self) -> bytes:
        """Cut, or move past the tear bar, and return all bytes."""
        cut = _CUTS.get(self.paper.cutter)
        if cut:
            self._printer._raw(cut)
        else:
            self.feed(TEAR_BAR_MM * DOTS_PER_MM)
        return bytes(self._printer.output)

    def _printable(self, text: str) -> str:
        printed = printable(text, self.paper)
        if len(printed) > MAX_TEXT_LENGTH:
            return f"{printed[: MAX_TEXT_LENGTH - 3].rstrip()}..."
        return printed

    def _part(self, text: str, *, bold: bool, width: int, height: int) -> None:
        if fits(text, self.paper):
            self._text(f"{text}\n")
        else:
            self._picture(text, bold=bold, width=width, height=height)

    def _text(self, text: str) -> None:
        """Print characters that the printer has."""
        # in whichever code page ASCII is the same; the library looks each sign up
        if text.isascii() and self._printer.magic.encoding is not None:
            self._printer._raw(text.encode())
        else:
            self._printer.text(text)

    def _picture(
        self, text: str, *, bold: bool, width: int, height: int, invert: bool = False
    ) -> None:
        image = line_image(text, width=width, height=height, bold=bold)
        if invert:
            image = ImageOps.invert(image)
        if image.width > self.paper.width:
            image = image.resize((self.paper.width, image.height))
        self._printer.image(image)


def _balanced(text: str, columns: int) -> list[str]:
    """Wrap to as few lines as needed, and these of about the same length."""
    if len(text) <= columns:
        return [text]
    line_count = len(wrap(text, columns, break_on_hyphens=False))
    # the spaces at the ends of full lines are not printed
    widths = range(min(ceil(len(text) / line_count), columns), columns + 1)
    wrappings = (wrap(text, width, break_on_hyphens=False) for width in widths)
    return next(lines for lines in wrappings if len(lines) == line_count)


def _module_dots(content: str, width: int) -> int:
    """Return how many dots a QR module needs for a symbol of 25 mm or more.

    Reckoned with one version less than plain bytes need: a printer that packs
    digits more tightly may choose a smaller symbol.
    """
    version = bisect_left(_QR_BYTES_AT_M, len(content.encode())) + 1
    desired = ceil(QR_MM * DOTS_PER_MM / (13 + 4 * version))
    max_size = width // (17 + 4 * version + 8)
    return max(1, min(16, desired, max_size))


@lru_cache(maxsize=8)
def _logo_bytes(png: bytes, paper: Paper) -> bytes:
    printer = Dummy(profile=paper.profile)
    printer.image(fit_logo(png, paper.width))
    return bytes(printer.output)


@lru_cache(maxsize=16)
def _rule_bytes(paper: Paper) -> bytes:
    printer = Dummy(profile=paper.profile)
    printer.image(Image.new("1", (paper.width, 3), 0))
    return bytes(printer.output)
