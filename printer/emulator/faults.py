"""What can be wrong with a printer, changeable while it runs."""

from dataclasses import dataclass

_BASE = 0x12  # the fixed bits of every reply to DLE EOT


@dataclass(slots=True)
class Faults:
    """Faults of an emulated printer; all absent at first.

    Bytes are counted in what is to be printed, per connection; questions and
    other immediate commands do not count. Times are in seconds.
    """

    paper_end: bool = False
    near_end: bool = False
    cover_open: bool = False
    offline: bool = False
    cutter_error: bool = False
    cutter_jams: bool = False  # at the next cut, which then stays undone
    cutter_stays: bool = True  # a stuck knife is not freed by `DLE ENQ`
    paper_ends_after: int | None = None  # the roll runs out in the middle
    cover_opens_after: int | None = None  # somebody opens it in the middle
    deaf_while_printing: bool = False  # drops the questions for its status then
    status_after_printing: bool = False  # answers them after what is buffered
    silent: bool = False  # takes everything, answers nothing
    keeps_buffer: bool = False  # prints the rest when mended, whoever is there
    answers_gs_r: bool = True  # answers GS r; some clones do not
    garbage: bool = False  # answers with bytes that are no status
    stray_on_connect: bool = False  # automatic status nobody asked for
    stray_with_reply: bool = False
    seconds_per_reply: float = 0.0
    seconds_per_kib: float = 0.0  # speed of printing
    refuse: bool = False  # resets every connection at once
    close_after: int | None = None  # closes in an orderly way
    dies_after: int | None = None  # as if the plug were pulled

    @property
    def stopped(self) -> bool:
        """Whether nothing can come out at present."""
        return self.offline or self.cover_open or self.paper_end or self.cutter_error

    def reply(self, question: int) -> int:
        """Return the byte with which a sound interface answers `DLE EOT` n."""
        bits = {
            1: 0x08 * self.stopped,
            2: 0x04 * self.cover_open
            | 0x20 * self.paper_end
            | 0x40 * self.cutter_error,
            3: 0x08 * self.cutter_error,
            4: 0x0C * (self.near_end or self.paper_end) | 0x60 * self.paper_end,
        }
        return _BASE | bits.get(question, 0)

    def gs_r_reply(self) -> int:
        """Return the answer to `GS r 1`: the paper sensors."""
        return 0x03 * (self.near_end or self.paper_end) | 0x0C * self.paper_end
