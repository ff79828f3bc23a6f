"""``python -m printer``: the commands of a PC that has a printer and no server."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence

from printer.commands import COMMANDS, INTERRUPTED, add_commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status.

    A package that it needs and that is not installed is named, in one line.
    """
    try:
        return _run(arguments)
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == "printer":
            raise
        sys.stderr.write(
            f"Package {missing.name} is not installed."
            " Install what the commands need: pip install -r printer/requirements.txt\n"
        )
        return 1


def _run(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m printer", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="log what happens")
    add_commands(parser, COMMANDS, arguments)
    args = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if args.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
