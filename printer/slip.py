"""The slip a visitor takes home: plain data in, printer bytes out."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from textwrap import wrap
from typing import Any

from PIL import Image

from printer.library import QR_LEVEL_M, Dummy
from printer.paper import CELL_WIDTH, DOTS_PER_MM, Paper
from printer.raster import line_image
from printer.text import clean, fits, printable

NUMBER_HEIGHT = 8  # times the cell of 24 dots: 24 mm, the largest there is
QR_MM = 25
TEAR_BAR_MM = 20  # from the print head to the tear bar, without a cutter

_CANCEL_KANJI = b"\x1c."
_CUTS = {"partial": b"\x1dVB\x00", "full": b"\x1dVA\x00"}  # feed to the knife first
_QR_BYTES_AT_M = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Everything on one slip, already in the visitor's language.

    Lines left empty are left out. `services` are those of the ticket, in the
    order of the visit. Nothing personal belongs here, least of all a priority
    class: slips lie about.
    """

    site: str
    agency: str
    services: tuple[str, ...]
    number: str
    issued_at: str
    ahead: str
    where: str
    qr_url: str
    qr_label: str
    number_label: str = ""
    people: str | None = None
    footer: tuple[str, ...] = ()
    copy_label: str | None = None
    sample_label: str | None = None


def render_slip(slip: Slip, paper: Paper) -> bytes:
    """Return the slip as ESC/POS bytes, from the reset to the cut.

    A fresh `Dummy` each time: the library forgets that a reset changed the
    printer's code page, so one object must never print two slips.
    """
    sheet = _Sheet(paper)
    _head(sheet, slip)
    _number(sheet, slip)
    _what_next(sheet, slip)
    _qr(sheet, slip)
    _foot(sheet, slip)
    return sheet.finish()


def _head(sheet: "_Sheet", slip: Slip) -> None:
    for label in (slip.copy_label, slip.sample_label):
        sheet.badge(label or "")
    sheet.line(slip.site, bold=True)
    sheet.feed(10)
    sheet.rule()
    sheet.feed(14)
    sheet.line(slip.agency, bold=True, height=2)
    sheet.feed(6)
    many = len(slip.services) > 1
    for place, service in enumerate(slip.services, start=1):
        sheet.line(f"{place}. {service}" if many else service, bold=True)


def _number(sheet: "_Sheet", slip: Slip) -> None:
    sheet.feed(20)
    sheet.line(slip.number_label)
    sheet.feed(6)
    number = clean(slip.number)
    width = sheet.paper.width // (CELL_WIDTH * max(1, len(number)))
    sheet.smooth(True)
    sheet.line(number, bold=True, width=max(1, min(8, width)), height=NUMBER_HEIGHT)
    sheet.smooth(False)
    sheet.feed(12)


def _what_next(sheet: "_Sheet", slip: Slip) -> None:
    sheet.line(slip.ahead, bold=True, height=2)
    sheet.feed(4)
    sheet.line(slip.where, bold=True, height=2)
    sheet.feed(10)
    sheet.line(slip.people or "")
    sheet.line(slip.issued_at)


def _qr(sheet: "_Sheet", slip: Slip) -> None:
    if slip.qr_url:
        sheet.qr(slip.qr_url)
        sheet.line(slip.qr_label)


def _foot(sheet: "_Sheet", slip: Slip) -> None:
    if not slip.footer:
        return
    sheet.feed(14)
    sheet.rule()
    sheet.feed(10)
    for text in slip.footer:
        sheet.line(text)


class _Sheet:
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
        shown = printable(text, self.paper)
        if not shown:
            return
        self._printer.set(bold=bold, custom_size=True, width=width, height=height)
        for part in _balanced(shown, self.paper.columns // width):
            if fits(part, self.paper):
                self._printer.text(f"{part}\n")
            else:
                self._picture(part, bold=bold, width=width, height=height)

    def badge(self, text: str) -> None:
        """Print a label white on black: copy, sample data."""
        shown = printable(text, self.paper)[: self.paper.columns - 2]
        if not shown:
            return
        self._printer.set(bold=True, invert=True, custom_size=True, width=1, height=1)
        self._printer.text(f" {shown} ")
        self._printer.set(invert=False)
        self._printer.text("\n")
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
        """Print a QR code of at least 25 mm, drawn by the printer if it can."""
        content, native = clean(url), self.paper.native_qr
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

    def _picture(self, text: str, *, bold: bool, width: int, height: int) -> None:
        image = line_image(text, width=width, height=height, bold=bold)
        if image.width > self.paper.width:
            image = image.resize((self.paper.width, image.height))
        self._printer.image(image)


def _balanced(text: str, columns: int) -> list[str]:
    """Wrap to as few lines as needed, and these of about the same length."""
    if len(text) <= columns:
        return [text]
    needed = len(wrap(text, columns, break_on_hyphens=False))
    widths = range(ceil(len(text) / needed), columns + 1)
    tries = (wrap(text, width, break_on_hyphens=False) for width in widths)
    return next(lines for lines in tries if len(lines) == needed)


def _module_dots(content: str, width: int) -> int:
    """Return how many dots a QR module needs for a symbol of 25 mm or more.

    Reckoned with one version less than plain bytes need: a printer that packs
    digits more tightly may choose a smaller symbol.
    """
    version = bisect_left(_QR_BYTES_AT_M, len(content.encode())) + 1
    wanted = ceil(QR_MM * DOTS_PER_MM / (13 + 4 * version))
    widest = width // (17 + 4 * version + 8)
    return max(1, min(16, wanted, widest))


@lru_cache(maxsize=16)
def _rule_bytes(paper: Paper) -> bytes:
    printer = Dummy(profile=paper.profile)
    printer.image(Image.new("1", (paper.width, 3), 0))
    return bytes(printer.output)
