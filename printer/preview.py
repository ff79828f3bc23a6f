"""How a slip will look and what paper it costs, told from its very bytes.

The bytes are read and drawn by the emulator, which shares no code with what
writes them: a preview shows what a printer was told, not what we meant.
"""

from dataclasses import dataclass

from printer.emulator.picture import drawn, png_of
from printer.emulator.reader import read_content
from printer.paper import DOTS_PER_MM, Paper

ROLL_MM = {"80 mm": 50_000, "58 mm": 30_000}
"""How long a roll is taken to be: 80 mm x 50 m and 58 mm x 30 m."""

_WIDE_DOTS = 480  # printed on 80 mm paper; 58 mm paper has 384 to 432


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A drawn slip. `length_mm` is from cut to cut; `unknown` was not understood."""

    png: bytes
    length_mm: int
    roll: str
    slips_per_roll: int
    unknown: tuple[bytes, ...]

    @property
    def roll_mm(self) -> int:
        """How long the roll is taken to be."""
        return ROLL_MM[self.roll]


def preview(data: bytes, paper: Paper) -> Preview:
    """Draw a slip's bytes, one pixel a dot, and reckon its paper."""
    content = read_content(data)
    image = drawn(content.items, paper.width)
    length = max(1, -(-image.height // DOTS_PER_MM))
    roll = "80 mm" if paper.width >= _WIDE_DOTS else "58 mm"
    return Preview(
        png=png_of(image),
        length_mm=length,
        roll=roll,
        slips_per_roll=ROLL_MM[roll] // length,
        unknown=tuple(content.unknown),
    )
