"""``python -m printer``: the commands of a PC that has a printer and no server."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence

from printer.commands.agent import add_agent
from printer.commands.doctor import add_doctor
from printer.commands.emulator import add_emulator
from printer.commands.preview import add_preview

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status."""
    parser = argparse.ArgumentParser(prog="python -m printer", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="log what happens")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_commands(commands)
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except KeyboardInterrupt:
        return INTERRUPTED


def add_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add every command of a printer's PC to a parser."""
    add_agent(commands.add_parser("print-agent", help="print for the server"))
    add_doctor(commands.add_parser("doctor", help="examine printers"))
    add_preview(commands.add_parser("preview", help="draw a slip"))
    add_emulator(
        commands.add_parser("printer-emulator", help="a printer without paper")
    )


if __name__ == "__main__":
    sys.exit(main())
