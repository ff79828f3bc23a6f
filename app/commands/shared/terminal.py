"""What a command says at the terminal, and how it refuses."""

import sys

from app.errors import AntreanError


class CommandRefused(AntreanError):
    """This command cannot be carried out."""


def write_line(text: str) -> None:
    """Write a line to the terminal at once, even where the output is a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
