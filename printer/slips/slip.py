"""The slip a visitor takes home: plain data in, printer bytes out."""

import logging
from dataclasses import dataclass, fields

from printer.slips.logo import BadLogo
from printer.slips.paper import CELL_WIDTH, Paper
from printer.slips.raster import unprintable_characters
from printer.slips.sheet import Sheet
from printer.slips.text import clean

logger = logging.getLogger(__name__)

NUMBER_HEIGHT = 8  # times the cell of 24 dots: 24 mm, the largest there is
MAX_LINES = 12  # of one list: documents, an agency's lines, the site's texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Everything on one slip, already in the visitor's language.

    Lines left empty are left out, and of a list those past `MAX_LINES`.
    `services` are those of the ticket, in the order of the visit; `documents`
    and `agency_lines` are what they ask of the visitor. `logo` is a PNG; `head`
    stands below the site's name, `footer` at the end. Nothing personal belongs
    here, least of all a priority class: slips lie about.
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
    head: tuple[str, ...] = ()
    documents_label: str = ""
    documents: tuple[str, ...] = ()
    agency_lines: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    logo: bytes | None = None
    copy_label: str | None = None
    sample_label: str | None = None


def render_slip(slip: Slip, paper: Paper) -> bytes:
    """Return the slip as ESC/POS bytes, from the reset to the cut.

    A fresh `Dummy` each time: the library forgets that a reset changed the
    printer's code page, so one object must never print two slips.
    """
    sheet = Sheet(paper)
    _head(sheet, slip)
    _number(sheet, slip)
    _what_next(sheet, slip)
    _qr(sheet, slip)
    _what_to_bring(sheet, slip)
    _foot(sheet, slip)
    return sheet.finish()


def unprintable_on(slip: Slip, paper: Paper) -> str:
    """Return the characters of a slip that come out as a box."""
    texts = list[str]()
    for field in fields(slip):
        value = getattr(slip, field.name)
        texts += value if isinstance(value, tuple) else [value]
    return unprintable_characters(
        "".join(t for t in texts if isinstance(t, str)), [paper]
    )


def _head(sheet: Sheet, slip: Slip) -> None:
    for label in (slip.copy_label, slip.sample_label):
        sheet.badge(label or "")
    _logo(sheet, slip)
    sheet.line(slip.site, bold=True)
    _lines(sheet, slip.head)
    sheet.feed(10)
    sheet.rule()
    sheet.feed(14)
    sheet.line(slip.agency, bold=True, height=2)
    sheet.feed(6)
    many = len(slip.services) > 1
    for index, service in enumerate(slip.services, start=1):
        sheet.line(f"{index}. {service}" if many else service, bold=True)


def _logo(sheet: Sheet, slip: Slip) -> None:
    """Print the logo, or do without: a visitor needs the number, not the crest."""
    if not slip.logo:
        return
    try:
        sheet.logo(slip.logo)
    except BadLogo as error:
        logger.warning("slip without its logo: %s", error)
        return
    sheet.feed(8)


def _number(sheet: Sheet, slip: Slip) -> None:
    sheet.feed(20)
    sheet.line(slip.number_label)
    sheet.feed(6)
    number = clean(slip.number)
    width = sheet.paper.width // (CELL_WIDTH * max(1, len(number)))
    sheet.smooth(True)
    sheet.line(number, bold=True, width=max(1, min(8, width)), height=NUMBER_HEIGHT)
    sheet.smooth(False)
    sheet.feed(12)


def _what_next(sheet: Sheet, slip: Slip) -> None:
    sheet.line(slip.ahead, bold=True, height=2)
    sheet.feed(4)
    sheet.line(slip.where, bold=True, height=2)
    sheet.feed(10)
    sheet.line(slip.people or "")
    sheet.line(slip.issued_at)


def _qr(sheet: Sheet, slip: Slip) -> None:
    if slip.qr_url:
        sheet.qr(slip.qr_url)
        sheet.line(slip.qr_label)


def _what_to_bring(sheet: Sheet, slip: Slip) -> None:
    if not (slip.documents or slip.agency_lines):
        return
    _divide(sheet)
    if slip.documents:
        sheet.line(slip.documents_label, bold=True)
        for text in slip.documents[:MAX_LINES]:
            sheet.item(text)
        if len(slip.documents) > MAX_LINES:  # a list cut in silence would mislead
            sheet.item("...")
        sheet.feed(8)
    _lines(sheet, slip.agency_lines)


def _foot(sheet: Sheet, slip: Slip) -> None:
    if slip.footer:
        _divide(sheet)
        _lines(sheet, slip.footer)


def _lines(sheet: Sheet, texts: tuple[str, ...]) -> None:
    for text in texts[:MAX_LINES]:
        sheet.line(text)


def _divide(sheet: Sheet) -> None:
    sheet.feed(14)
    sheet.rule()
    sheet.feed(10)
