"""A printer that this process drives, and what it remembers of it meanwhile."""

from dataclasses import dataclass

from printer.address import PrinterAddress


@dataclass(slots=True, eq=False)
class DrivenPrinter:
    """A printer's address, and what is known of it between two conversations.

    Keep one as long as the process drives the printer, and hand it to each delivery:
    what an earlier slip left in the printer is met by the next. `answers_gs_r`: None:
    it was not asked yet. `has_leftover`: something of a slip, or a `GS r`, may still
    be in its buffer. `quiet_line`: the line on which no question was left open and no
    byte unread.
    """

    address: PrinterAddress
    answers_gs_r: bool | None = None
    has_leftover: bool = False
    quiet_line: str | None = None
