"""The commands of a PC that has a printer, and how a program offers commands.

A command is a module with ``add_arguments(parser)`` and ``run(args) -> int``. Only
the one that is called for is imported: a technician's ``--help`` on an old PC does
not wait for a database library.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

INTERRUPTED = 130
"""The exit status of a program that Ctrl-C has ended, as shells know it."""


class Command(NamedTuple):
    """Where a command lives, and what it does in a few words."""

    module: str
    help: str


COMMANDS = {
    "print-agent": Command("printer.commands.agent", "print for the server"),
    "doctor": Command("printer.commands.doctor", "examine printers"),
    "preview": Command("printer.commands.preview", "draw a slip"),
    "printer-emulator": Command("printer.commands.emulator", "a printer without paper"),
}


def add_commands(
    parser: argparse.ArgumentParser,
    commands: Mapping[str, Command],
    arguments: Sequence[str] | None,
) -> None:
    """Let a parser know these commands; ``args.run`` is then the one to call."""
    words = sys.argv[1:] if arguments is None else arguments
    chosen = next((word for word in words if word in commands), None)
    choices = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in commands.items():
        options = choices.add_parser(name, help=command.help)
        if name == chosen:
            module = import_module(command.module)
            module.add_arguments(options)
            run: Callable[[argparse.Namespace], int] = module.run
            options.set_defaults(run=run)
