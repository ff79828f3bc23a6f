"""What can be on printed paper: lines, pictures, symbols, blank paper, cuts."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Style:
    """How the next characters come out; lasts until changed or `ESC @`."""

    align: int = 0  # 0 left, 1 centre, 2 right
    bold: bool = False
    underline: bool = False
    inverse: bool = False
    smooth: bool = False
    width: int = 1
    height: int = 1
    spacing: int = 30  # dots from line to line
    code_page: int = 0
    qr_module: int = 3
    qr_level: int = 48
    qr_content: bytes = b""


AFTER_RESET = Style()


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style within a line."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line."""

    runs: tuple[Run, ...]
    spacing: int

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture, one bit a dot, rows of `across` bytes; a 1 is black."""

    across: int
    rows: bytes
    style: Style
    scale: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class QrCode:
    """A symbol the printer draws itself."""

    content: str
    style: Style


@dataclass(frozen=True, slots=True)
class Feed:
    """Blank paper, in dots."""

    dots: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The knife."""

    partial: bool


Item = TextLine | Raster | QrCode | Feed | Cut


@dataclass(slots=True)
class Content:
    """The items on a piece of paper, and what the reader did not understand."""

    items: list[Item] = field(default_factory=list)
    unknown: list[bytes] = field(default_factory=list)
    style: Style = AFTER_RESET
