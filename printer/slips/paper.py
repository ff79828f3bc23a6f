"""What a printer can put on its paper: width, cutter, QR and characters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from printer.slips.escpos_library import ENCODINGS, PROFILES, Encoder, profile_width

Cutter = Literal["partial", "full", "none"]

DOTS_PER_MM = 8  # 203 dpi, the rule among ticket printers
CELL_WIDTH, CELL_HEIGHT = 12, 24  # dots of one character in font A

_MAX_WIDTH, _MIN_WIDTH = 832, 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Facts about one model of printer; an administrator may set each.

    `width` is the printable width in dots. `code_pages` are python-escpos
    encoding names with the number this printer gives them in `ESC t`; the
    profiles of python-escpos name several numbers for one encoding, so they
    are not asked. Raises ValueError on what cannot be.
    """

    profile: str
    width: int
    cutter: Cutter
    native_qr: bool
    code_pages: tuple[tuple[str, int], ...]
    cancel_kanji: bool = False  # clones that start in GB18030 need `FS .`
    smooth: bool = False  # the printer knows `GS b`: round edges on large text

    def __post_init__(self) -> None:
        """Refuse a paper on which no slip could be printed."""
        if self.profile not in PROFILES:
            raise ValueError(f"No printer profile is called {self.profile!r}.")
        if self.width % 8 or not _MIN_WIDTH <= self.width <= _MAX_WIDTH:
            raise ValueError(
                f"Width must be a multiple of 8 dots from {_MIN_WIDTH} to {_MAX_WIDTH},"
                f" not {self.width}."
            )
        max_width = profile_width(self.profile)
        if max_width is not None and self.width > max_width:
            raise ValueError(f"{self.profile} prints {max_width} dots at most.")
        unknown = [name for name, _ in self.code_pages if name not in ENCODINGS]
        if unknown or not self.code_pages:
            raise ValueError(f"Unknown or missing code pages: {unknown}.")

    @property
    def columns(self) -> int:
        """How many characters of font A fit in a line."""
        return self.width // CELL_WIDTH

    def encoder(self) -> Any:
        """Return a fresh python-escpos encoder limited to our code pages."""
        encoder = Encoder(dict(self.code_pages))
        # its tables of characters are the same for each slip, and dear to make
        encoder.available_characters = _CHARACTERS
        return encoder


_CHARACTERS: dict[str, dict[str, int]] = {}
"""The tables of code pages, by name, as the library has made them."""


@lru_cache(maxsize=4096)
def can_print(paper: Paper, character: str) -> bool:
    """Tell whether the printer has this character in one of its code pages."""
    encoder = paper.encoder()
    return character.isascii() or any(
        encoder.can_encode(name, character) for name, _ in paper.code_pages
    )


_LATIN = (("CP437", 0), ("CP850", 2), ("CP1252", 16), ("CP852", 18))

PAPER_80 = Paper(
    profile="TM-T20II",
    width=576,
    cutter="partial",
    native_qr=True,
    smooth=True,
    code_pages=_LATIN,
)
PAPER_58 = Paper(
    profile="POS-5890",
    width=384,
    cutter="none",
    native_qr=False,
    code_pages=_LATIN,
    cancel_kanji=True,
)

PAPERS: Mapping[str, Paper] = {
    "80mm": PAPER_80,
    "80mm-full-cut": replace(PAPER_80, cutter="full"),
    "80mm-tear-bar": replace(PAPER_80, cutter="none"),
    "80mm-plain": replace(
        PAPER_80, profile="NT-80-V-UL", native_qr=False, smooth=False, cancel_kanji=True
    ),
    "58mm": PAPER_58,
    "58mm-cutter": replace(
        PAPER_58,
        profile="TM-T20II",
        cutter="partial",
        native_qr=True,
        cancel_kanji=False,
    ),
}
"""The papers that a printer's row may name: what a family of models can do."""
