"""How long a printer may be silent at each step, and what its silence means.

A silent printer proves nothing: it may be off, out of paper, a clone without status,
or at work. Where its silence lasts longer than the step's deadline the reason is one
of ``LINK_FAILURES``, never a state of the printer; what becomes of the slip then is
decided in ``printer.delivery``.
"""

from dataclasses import dataclass

LINK_FAILURES = frozenset(
    ("unreachable", "no-answer", "stalled", "connection-lost", "garbled")
)
"""Reasons that are not the printer's own status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long each step may take, in seconds.

    `gs_r_reply` is how long an idle printer that knows `GS r` takes to answer it.
    `finish` covers the printing itself, where the printer tells when it is done,
    and `poll` is waited between two polls of its status meanwhile; `settle` is
    waited instead where it cannot tell, and a second more for every
    `bytes_per_second` bytes.
    `recover` is what a knife takes to go back after it was stuck. `quiet` is how
    long the line must stay silent before a question, so that stray bytes are not
    taken for its answer; `late_reply` is that on a line that outlives its conversation
    (serial, USB, a device file), unless the one before is known to have ended well,
    and how long an answer is waited for that was owed when the slip was out.
    """

    connect: float = 3.0
    write: float = 5.0
    read: float = 2.0
    gs_r_reply: float = 0.7
    finish: float = 20.0
    poll: float = 1.0
    settle: float = 2.5
    bytes_per_second: float = 3000.0
    recover: float = 0.5
    quiet: float = 0.03
    late_reply: float = 3.0
