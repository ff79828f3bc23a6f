"""Draw a printed slip as the paper would look, one pixel a dot."""

import io
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import as_file, files

import qrcode  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont, ImageOps

from printer.emulator.items import Cut, Feed, Item, QrCode, Raster, Run, TextLine

CELL_WIDTH, CELL_HEIGHT, BASELINE = 12, 24, 18
WHITE, BLACK, EDGE = 255, 0, 176
MARGIN = 24  # white beside the printable width, as on a real roll
MAX_DOTS = 20_000  # dots drawn at most: 2.5 m
CUT_FEED = 96  # a knife sits some 12 mm above the head: what it feeds first

_LEVELS = {
    48: qrcode.ERROR_CORRECT_L, 49: qrcode.ERROR_CORRECT_M,
    50: qrcode.ERROR_CORRECT_Q, 51: qrcode.ERROR_CORRECT_H,
}  # fmt: skip


def draw_png(items: Sequence[Item], width: int) -> bytes:
    """Return the slip as PNG; `width` is the printable width in dots."""
    return to_png(draw(items, width))


def draw(items: Sequence[Item], width: int) -> Image.Image:
    """Return what is on the paper, without the margins beside and around it."""
    strips, height = list[Image.Image](), 0
    for item in items:
        if height >= MAX_DOTS:
            break
        strips.append(_strip(item, width))
        height += strips[-1].height
    paper, top = _blank(width, height), 0
    for strip in strips:
        paper.paste(strip, (0, top))
        top += strip.height
    return paper


def to_png(image: Image.Image) -> bytes:
    """Return a drawn slip as PNG, with margins."""
    paper = ImageOps.expand(image, MARGIN, WHITE)
    out = io.BytesIO()
    paper.save(out, "PNG", optimize=True)
    return out.getvalue()


def _strip(item: Item, width: int) -> Image.Image:
    match item:
        case TextLine():
            return _text_strip(item, width)
        case Raster():
            return _placed(_bitmap(item), item.style.align, width)
        case QrCode():
            return _placed(_symbol(item), item.style.align, width)
        case Feed(dots):
            return _blank(width, dots)
        case Cut():
            return _cut_strip(width)


def _text_strip(line: TextLine, width: int) -> Image.Image:
    cells = [(run, character) for run in line.runs for character in run.text]
    tall = max((run.style.height for run in line.runs), default=1) * CELL_HEIGHT
    strip = _blank(width, max(tall, line.spacing))
    wide = sum(run.style.width * CELL_WIDTH for run, _ in cells)
    align = line.runs[0].style.align if line.runs else 0
    left = _offset(wide, align, width)
    for run, character in cells:  # characters stand on a common bottom line
        glyph = _glyph(run, character)
        strip.paste(glyph, (left, tall - glyph.height))
        left += glyph.width
    return strip


def _glyph(run: Run, character: str) -> Image.Image:
    style = run.style
    size = CELL_WIDTH * style.width, CELL_HEIGHT * style.height
    if style.smooth and style.width > 1 and style.height > 1:
        glyph = _cell(character, style.bold, style.height).resize(size)
    else:
        glyph = _cell(character, style.bold, 1).resize(size, Image.Resampling.NEAREST)
    if style.underline:
        ImageDraw.Draw(glyph).rectangle((0, size[1] - 2, *size), BLACK)
    return ImageOps.invert(glyph) if style.inverse else glyph


@lru_cache(maxsize=1024)
def _cell(character: str, bold: bool, scale: int) -> Image.Image:
    """Draw a character as a ROM font does: capitals fill three quarters."""
    font, cell = _font(CELL_HEIGHT * scale), (CELL_WIDTH * scale, CELL_HEIGHT * scale)
    wide = Image.new("L", (round(font.getlength("M")), cell[1]), WHITE)
    ImageDraw.Draw(wide).text(
        (0, BASELINE * scale), character, BLACK, font, anchor="ls",
        stroke_width=0.4 * scale if bold else 0,
    )  # fmt: skip
    return wide.resize(cell, Image.Resampling.LANCZOS).point(
        lambda grey: BLACK if grey < 150 else WHITE
    )


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    with as_file(files("barcode") / "fonts" / "DejaVuSansMono.ttf") as path:
        return ImageFont.truetype(str(path), size)


def _bitmap(raster: Raster) -> Image.Image:
    rows = len(raster.rows) // max(1, raster.across)
    size = raster.across * 8, rows
    bits = Image.frombytes("1", size, raster.rows)
    wide, tall = raster.scale
    scaled = bits.convert("L").resize(
        (size[0] * wide, size[1] * tall), Image.Resampling.NEAREST
    )
    return ImageOps.invert(scaled)


def _symbol(item: QrCode) -> Image.Image:
    code = qrcode.QRCode(
        box_size=item.style.qr_module,
        border=0,
        error_correction=_LEVELS.get(item.style.qr_level, qrcode.ERROR_CORRECT_L),
    )
    code.add_data(item.content)
    code.make()
    modules = code.get_matrix()
    flat = bytes(BLACK if on else WHITE for row in modules for on in row)
    side = len(modules)
    dots = side * item.style.qr_module
    symbol = Image.frombytes("L", (side, side), flat)
    return symbol.resize((dots, dots), Image.Resampling.NEAREST)


def _cut_strip(width: int) -> Image.Image:
    strip = _blank(width, CUT_FEED)
    pen = ImageDraw.Draw(strip)
    for left in range(0, width, 16):
        pen.line((left, CUT_FEED - 2, left + 8, CUT_FEED - 2), EDGE, 2)
    return strip


def _placed(image: Image.Image, align: int, width: int) -> Image.Image:
    strip = _blank(width, image.height)
    strip.paste(image, (_offset(image.width, align, width), 0))
    return strip


def _blank(width: int, height: int) -> Image.Image:
    return Image.new("L", (width, height), WHITE)


def _offset(wide: int, align: int, width: int) -> int:
    return max(0, (width - wide) * align // 2)
