"""One slip as it came out of the emulated printer."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from printer.emulator.items import (
    AFTER_RESET,
    Content,
    QrCode,
    Run,
    Style,
    TextLine,
)
from printer.emulator.picture import draw_png
from printer.emulator.reader import read_content


@dataclass(frozen=True)
class PrintedSlip:
    """One slip as it came out.

    `style` is how the printer stood before its first byte; `whole` is False
    when it was torn off without a cut: mid-job, or by a printer without knife.
    """

    id: int
    received_at: datetime
    data: bytes
    width: int
    whole: bool
    style: Style = AFTER_RESET

    @cached_property
    def content(self) -> Content:
        """The items on it."""
        return read_content(self.data, self.style)

    @property
    def text(self) -> list[str]:
        """The lines of text, without those drawn as pictures."""
        return [i.text for i in self.content.items if isinstance(i, TextLine)]

    @property
    def headline(self) -> str:
        """The text in the largest letters, which is the number on our slips."""
        lines = (i for i in self.content.items if isinstance(i, TextLine))
        runs = (run for line in lines for run in line.runs)
        largest = max(runs, key=_size, default=None)
        return largest.text.strip() if largest else ""

    @property
    def qr(self) -> str | None:
        """What the first QR code drawn by the printer says."""
        codes = (i.content for i in self.content.items if isinstance(i, QrCode))
        return next(codes, None)

    @property
    def unknown(self) -> list[bytes]:
        """Commands that this printer does not know or cannot draw."""
        return self.content.unknown

    def png(self) -> bytes:
        """Draw it, one pixel a dot."""
        return draw_png(self.content.items, self.width)


def _size(run: Run) -> int:
    return run.style.width * run.style.height
