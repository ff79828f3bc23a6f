"""``python -m printer``: the commands of a PC that has a printer and no server."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence

from printer.agent_command import add_agent
from printer.doctor_command import add_doctor
from printer.emulator_command import add_emulator
from printer.preview_command import add_preview

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status."""
    parser = argparse.ArgumentParser(prog="python -m printer", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="log what happens")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_commands(commands)
    asked = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if asked.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    command: Callable[[argparse.Namespace], int] = asked.command
    try:
        return command(asked)
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
