"""What a printer says about itself: the four replies to `DLE EOT`.

Bits as in Epson's ESC/POS reference. A reply proves itself by its fixed bits;
anything else on the line (automatic status, noise, a late answer to another
command) is not a status, and then nothing is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

QUESTIONS = (1, 2, 3, 4)  # printer, cause of offline, cause of error, paper

_FIXED_MASK, _FIXED_BITS = 0x93, 0x12
_OFFLINE = 0x08
_COVER, _STOPPED_BY_PAPER, _ERROR = 0x04, 0x20, 0x40
_CUTTER, _OTHER_ERRORS = 0x08, 0x64  # mechanical, unrecoverable, overheated
_NEAR_END, _PAPER_END = 0x0C, 0x60


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterStatus:
    """State of a printer; with `doubt` set, nothing else in it counts.

    `doubt` is the reason code why nothing is known: `unreachable`,
    `no-answer`, `connection-lost` or `garbled`; `cause` says more where more is
    known (`printer.transports.channel.CAUSES`).
    """

    doubt: str | None = None
    offline: bool = False
    cover_open: bool = False
    paper_end: bool = False
    near_end: bool = False
    cutter_error: bool = False
    error: bool = False
    cause: str | None = None

    @property
    def problem(self) -> str | None:
        """Why it cannot print, as a reason code; None when it is ready.

        What a person can mend comes first. A roll near its end still prints.
        """
        if self.doubt:
            return self.doubt
        causes = (
            (self.cover_open, "cover-open"),
            (self.paper_end, "paper-end"),
            (self.cutter_error, "cutter"),
            (self.error, "error"),
            (self.offline, "offline"),
        )
        return next((reason for applies, reason in causes if applies), None)


def is_status(reply: int) -> bool:
    """Tell whether a byte can be a reply to `DLE EOT` at all."""
    return reply & _FIXED_MASK == _FIXED_BITS


def decode_status(replies: Sequence[int]) -> PrinterStatus:
    """Decode the replies to `DLE EOT` 1, 2, 3 and 4, in that order."""
    if len(replies) != len(QUESTIONS) or not all(map(is_status, replies)):
        return PrinterStatus(doubt="garbled")
    printer, cause, error, paper = replies
    return PrinterStatus(
        offline=bool(printer & _OFFLINE),
        cover_open=bool(cause & _COVER),
        paper_end=bool(paper & _PAPER_END or cause & _STOPPED_BY_PAPER),
        near_end=bool(paper & _NEAR_END),
        cutter_error=bool(error & _CUTTER),
        error=bool(cause & _ERROR or error & _OTHER_ERRORS),
    )
