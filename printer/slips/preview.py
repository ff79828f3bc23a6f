"""How a slip will look and what paper it costs, computed from its very bytes.

The bytes are read and drawn by the emulator, which shares no code with what
writes them: a preview shows what a printer receives, not what we meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from printer.emulator.picture import draw, to_png
from printer.emulator.reader import read_content
from printer.slips.paper import DOTS_PER_MM, Paper

ROLL_MM = {"80 mm": 50_000, "58 mm": 30_000}
"""How long a roll is taken to be where no site says it: 50 m and 30 m."""

_WIDE_DOTS = 480  # printed on 80 mm paper; 58 mm paper has 384 to 432


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A drawn slip. `length_mm` is from cut to cut; `unknown` was not understood."""

    png: bytes
    length_mm: int
    roll: str
    roll_mm: int
    slips_per_roll: int
    unknown: tuple[bytes, ...]


def preview(data: bytes, paper: Paper, rolls: Mapping[str, int] = ROLL_MM) -> Preview:
    """Draw a slip's bytes, one pixel a dot, and compute its paper.

    ``rolls`` says how long a roll is, in mm, by its width as in ``ROLL_MM``.
    """
    content = read_content(data)
    image = draw(content.items, paper.width)
    length = max(1, -(-image.height // DOTS_PER_MM))
    roll = "80 mm" if paper.width >= _WIDE_DOTS else "58 mm"
    return Preview(
        png=to_png(image),
        length_mm=length,
        roll=roll,
        roll_mm=rolls[roll],
        slips_per_roll=rolls[roll] // length,
        unknown=tuple(content.unknown),
    )
