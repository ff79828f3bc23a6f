"""The part of the emulated printer with paper in it: head, knife, tray."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from printer.emulator.commands import Command, CommandReader
from printer.emulator.faults import Faults
from printer.emulator.items import AFTER_RESET
from printer.emulator.printed_slip import PrintedSlip
from printer.emulator.reader import read_content

MAX_SLIP_BYTES = 1 << 20  # bytes, after which the paper is torn off unasked
CUTS = frozenset(("GS V", "ESC i", "ESC m"))


def utc_now() -> datetime:
    """Return the present, aware, in UTC."""
    return datetime.now(UTC)


class Mechanism:
    """Prints commands one by one and keeps the last slips, newest last."""

    def __init__(
        self, faults: Faults, width: int, max_slips: int, now: Callable[[], datetime]
    ) -> None:
        self.faults = faults
        self.count = 0
        self._width, self._now = width, now
        self._slips: deque[PrintedSlip] = deque(maxlen=max_slips)
        self._style = AFTER_RESET
        self._paper = bytearray()
        self.stream = CommandReader()
        """Of one that keeps its buffer: the next caller goes on where one broke off."""
        self.unprinted: list[Command] = []
        """What was buffered when the last caller hung up, not printed yet."""

    @property
    def slips(self) -> Sequence[PrintedSlip]:
        """The last slips, newest last."""
        return tuple(self._slips)

    def execute(self, command: Command) -> None:
        """Print one command; nothing comes out of a printer that is stopped."""
        cuts = command.name in CUTS
        if self.faults.stopped:
            return
        if cuts and self.faults.cutter_jams:
            self.faults.cutter_error, self.faults.cutter_jams = True, False
            return
        self._paper += command.raw
        if cuts or len(self._paper) > MAX_SLIP_BYTES:
            self.tear_off(whole=cuts)

    def tear_off(self, *, whole: bool) -> None:
        """Take the paper that has come out, if there is anything on it."""
        data, style = bytes(self._paper), self._style
        self._paper.clear()
        content = read_content(data, style)
        self._style = content.style
        if not content.items:
            return
        self.count += 1
        slip = PrintedSlip(self.count, self._now(), data, self._width, whole, style)
        self._slips.append(slip)
