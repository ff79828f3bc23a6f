"""The commands of one transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.ledger.command import Command
from app.queueing.facts import Fact

MAX_BATCH_COMMANDS = 64
"""What one commit carries: one flush of a slow disk serves so many callers."""


def _nobody(_room: int) -> list[Command]:
    return []


@dataclass(slots=True)
class Batch:
    """Commands that are committed together; each can be taken back alone.

    ``arrivals`` returns what has come meanwhile, at most so many commands: whoever
    comes before the commit need not wait for the next one.
    """

    commands: list[Command]
    day_facts: frozenset[Fact] = frozenset()
    arrivals: Callable[[int], list[Command]] = _nobody

    def waves(self) -> Iterator[list[Command]]:
        """Yield the commands, and as long as there are any those that came meanwhile.

        Nothing is waited for, so that a lone command is not delayed (decision 0027).
        """
        wave = self.commands
        while wave:
            yield list(wave)
            wave = self.arrivals(MAX_BATCH_COMMANDS - len(self.commands))
            self.commands.extend(wave)

    def fail(self, error: BaseException) -> None:
        """Nothing of this batch is on disk: answer all of it with ``error``."""
        self.day_facts = frozenset()
        for command in self.commands:
            command.answer = None
            command.facts.clear()
            command.error = error

    def begin_anew(self) -> None:
        """Forget what came of the commands: all of them are run once more."""
        self.day_facts = frozenset()
        for command in self.commands:
            command.answer = command.error = None
            command.has_run = False
            command.facts = set()

    def is_worth_a_commit(self) -> bool:
        """Tell whether anything may have been written: not by refusals and repeats."""
        # each commit waits for the disk (decision 0014)
        return bool(self.day_facts) or any(c.has_run for c in self.commands)

    def facts(self) -> frozenset[Fact]:
        """Return what the batch touched, refused commands apart."""
        return self.day_facts.union(*(command.facts for command in self.commands))
