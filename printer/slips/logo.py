"""A site's logo: a PNG made fit for a print head, which knows black and white."""

import io
import zlib

from PIL import Image

from printer.slips.paper import DOTS_PER_MM

MAX_HEIGHT_MM = 20
MAX_BYTES = 1 << 20
MAX_PIXELS = 4_000_000  # looked at before unpacking: a small file can hold gigabytes

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SIZE = slice(16, 24)  # width and height in the first chunk, four bytes each
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, zlib.error)


class BadLogo(ValueError):
    """A logo that cannot be printed; says why."""


def check_logo(png: bytes) -> None:
    """Raise BadLogo for anything but a PNG of bearable size."""
    if not png.startswith(_SIGNATURE):
        raise BadLogo("The logo is not a PNG.")
    if len(png) > MAX_BYTES:
        raise BadLogo(f"The logo has more than {MAX_BYTES} bytes.")
    size = png[_SIZE].ljust(8, b"\0")
    across, down = (int.from_bytes(size[at : at + 4], "big") for at in (0, 4))
    if not 0 < across * down <= MAX_PIXELS:
        raise BadLogo(f"The logo must have 1 to {MAX_PIXELS} pixels.")
    _open(png)


def fit_logo(png: bytes, width: int) -> Image.Image:
    """Return a logo dithered, at most `width` dots wide and 20 mm high; BadLogo.

    It is shrunk, never enlarged; what is transparent is paper.
    """
    check_logo(png)
    image = _open(png)
    image.thumbnail((width, MAX_HEIGHT_MM * DOTS_PER_MM), Image.Resampling.LANCZOS)
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper.convert("1")  # Floyd and Steinberg's way


def _open(png: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            return image.convert("RGBA")
    except _BROKEN as error:
        raise BadLogo("The logo is a broken PNG.") from error
