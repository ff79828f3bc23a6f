"""The commands of ``./antrean``; each says what it did, or what to do."""

import argparse
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence

from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError

from app.commands.shared.options import settings_of
from app.errors import AntreanError
from app.settings import unknown_variables
from printer.commands import COMMANDS as PRINTER_COMMANDS
from printer.commands import INTERRUPTED, Command, add_commands

logger = logging.getLogger(__name__)

COMMANDS = {
    "demo": Command("app.commands.demo", "run the reference mall as a demo"),
    "serve": Command("app.commands.serve", "run a real site"),
    "import": Command("app.commands.import_file", "read a mall from a file"),
    "export": Command("app.commands.export_file", "write the mall to a file"),
    "migrate": Command("app.commands.migrate", "bring the database up to date"),
    "user": Command("app.commands.user", "accounts of staff"),
    "token": Command("app.commands.token", "make a device's token"),
    "pair": Command("app.commands.pair", "pair a screen by the code it shows"),
    "voice": Command("app.commands.voice", "the hall's voice"),
    "bench": Command("app.commands.bench", "measure, and print a table"),
    **PRINTER_COMMANDS,
    # beside a site these two know its printers and slips as well
    "doctor": Command("app.commands.doctor", "examine printers"),
    "preview": Command("app.commands.preview", "draw a slip"),
}

PRIVATE = 0o077
REFUSALS = (AntreanError, OSError, ValidationError, DatabaseError, sqlite3.Error)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status.

    What the machine or the arguments refuse is one sentence, and status 1;
    ``--verbose`` also shows where it came from.
    """
    args = build_parser(arguments).parse_args(arguments)
    _log_to_stderr(args.verbose)
    os.umask(PRIVATE)  # a site's folder holds what visitors came for
    for variable in unknown_variables(os.environ):
        print(variable.sentence(), file=sys.stderr)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except REFUSALS as error:
        logger.info("the command was refused", exc_info=error)
        print(_sentence(error, args), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def build_parser(arguments: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """Return the parser; of the commands' options it knows those of the one called."""
    parser = argparse.ArgumentParser(prog="antrean", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="log every request")
    add_commands(parser, COMMANDS, arguments)
    return parser


def _sentence(error: BaseException, args: argparse.Namespace) -> str:
    if isinstance(error, ValidationError):
        return "\n".join(_setting_sentences(error, args))
    if isinstance(error, DatabaseError | sqlite3.Error):
        cause = error.orig if isinstance(error, DatabaseError) else error
        path = settings_of(args).database
        return f"The database {path} cannot be used: {cause}."
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}."
    return str(error)


def _setting_sentences(error: ValidationError, args: argparse.Namespace) -> list[str]:
    """Return a sentence for each wrong setting, under the name it was given by."""
    from app.importing.reader import cause_of

    sentences = []
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0])
        is_option = getattr(args, name, None) is not None
        given = f"--{name}" if is_option else f"ANTREAN_{name.upper()}"
        sentences.append(f"{given} {cause_of(detail)}.")
    return sentences


def _log_to_stderr(verbose: bool) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    # uvicorn would log a socket's address with its query: a ticket's token
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("antrean.access").setLevel(
        logging.INFO if verbose else logging.WARNING
    )


if __name__ == "__main__":
    sys.exit(main())
