"""What a command says at the terminal, and how it refuses."""

import sys

from app.errors import AntreanError


class CommandRefused(AntreanError):
    """This command cannot be carried out."""


def write_line(text: str) -> None:
    """Write a line to the terminal at once, even where the output is a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def confirmed(question: str) -> bool:
    """Ask at the terminal; whoever cannot be asked has to say ``--yes`` before."""
    if not sys.stdin.isatty():
        raise CommandRefused(
            "Nothing was changed: add --yes to change it, or --dry-run only to look."
        )
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes", "ya")
    except EOFError:
        return False
