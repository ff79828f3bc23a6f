"""``python -m printer``: the commands of a PC that has a printer and no server."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence

from printer.commands import COMMANDS, INTERRUPTED, add_commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status."""
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
