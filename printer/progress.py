"""What is asked of a printer while a slip comes out, and what it answers.

`GS r` is answered when the slip is out; polls (the four questions of `DLE EOT`)
are answered meanwhile. Of each sort one question is open at most, and their
answers differ in fixed bits, so that each byte proves what it answers.
"""

from printer.status import QUESTIONS, PrinterStatus, decode_status, is_status
from printer.transports.channel import LinkFailure

POLLS_TO_STOP = 2
"""So many polls in a row must find a problem: one may fall into a passing state."""

_GS_R_MASK = 0x90  # both bits are 0 in an answer to GS r; one is 1 in a status


class PrintProgress:
    """The printing of one slip: over when it is out, or when the printer has stopped.

    `is_question_open`: a poll has asked and was not answered yet.
    """

    def __init__(self) -> None:
        self.is_done, self.is_question_open = False, False
        self.stopped: PrinterStatus | None = None
        self._replies: list[int] = []
        self._problems = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be waited for."""
        return self.is_done or self.stopped is not None

    def is_question_due(self, *, after_pause: bool) -> bool:
        """Tell whether to ask: a poll that was begun at once, a new one later."""
        is_polling = bool(self._replies)
        return (
            not self.is_over
            and not self.is_question_open
            and (is_polling or after_pause)
        )

    def next_question(self) -> int:
        """Return the number of the poll's next question, which is now open."""
        self.is_question_open = True
        return QUESTIONS[len(self._replies)]

    def take_reply(self, reply: int) -> None:
        """Take up an answer; LinkFailure `garbled` for one to nothing asked."""
        if is_gs_r_reply(reply) and not self.is_done:
            self.is_done = True
        elif is_status(reply) and self.is_question_open:
            self.is_question_open = False
            self._replies.append(reply)
            self._evaluate()
        else:
            raise LinkFailure("garbled")

    def _evaluate(self) -> None:
        if len(self._replies) < len(QUESTIONS):
            return
        status = decode_status(self._replies)
        self._replies.clear()
        self._problems = self._problems + 1 if status.problem else 0
        if self._problems == POLLS_TO_STOP:
            self.stopped = status


def is_gs_r_reply(reply: int) -> bool:
    """Tell whether a byte can be an answer to `GS r` at all."""
    return not reply & _GS_R_MASK
