"""The commands of ``./antrean``; each says what it did, or what to do."""

import argparse
import getpass
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError

from app.clock import SystemClock
from app.errors import AntreanError
from app.settings import Settings
from printer.commands.agent import add_agent
from printer.commands.doctor import add_doctor
from printer.commands.emulator import add_emulator
from printer.commands.preview import add_preview

Command = Callable[[argparse.Namespace], int]

logger = logging.getLogger(__name__)

PRIVATE_UMASK = 0o077
INTERRUPTED_STATUS = 130
REFUSALS = (AntreanError, OSError, ValidationError, DatabaseError, sqlite3.Error)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status.

    What the machine or the arguments refuse is one sentence, and status 1;
    ``--verbose`` also shows where it came from.
    """
    parser = build_parser()
    args = parser.parse_args(arguments)
    _log_to_stderr(args.verbose)
    os.umask(PRIVATE_UMASK)  # a site's folder holds what visitors came for
    command: Command = args.command
    try:
        return command(args)
    except REFUSALS as error:
        logger.info("the command was refused", exc_info=error)
        print(_sentence(error, args), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED_STATUS


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(prog="antrean", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="log every request")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_demo(commands.add_parser("demo", help="run the reference mall as a demo"))
    _add_serve(commands.add_parser("serve", help="run a real site"))
    _add_import(commands.add_parser("import", help="read a mall from a file"))
    _add_migrate(commands.add_parser("migrate", help="bring the database up to date"))
    _add_user(commands.add_parser("user", help="add a member of staff"))
    _add_token(commands.add_parser("token", help="make a device's token"))
    _add_pair(commands.add_parser("pair", help="pair a screen by the code it shows"))
    _add_bench(commands.add_parser("bench", help="measure, and print a table"))
    add_agent(commands.add_parser("print-agent", help="print for the server"))
    _add_doctor(commands.add_parser("doctor", help="examine printers"))
    _add_preview(commands.add_parser("preview", help="draw a slip"))
    add_emulator(
        commands.add_parser("printer-emulator", help="a printer without paper")
    )
    return parser


def _add_demo(parser: argparse.ArgumentParser) -> None:
    _add_address(parser)
    parser.add_argument("--data", type=Path, default=Path(".antrean/demo"))
    parser.add_argument("--printer", metavar="tcp://HOST:PORT", help="a real printer")
    parser.add_argument("--hours", choices=("always", "real"), default="always")
    parser.add_argument(
        "--public-url", metavar="URL", help="where the QR codes on tickets lead"
    )
    parser.set_defaults(command=demo)


def _add_serve(parser: argparse.ArgumentParser) -> None:
    _add_address(parser)
    _add_data(parser)
    parser.set_defaults(command=serve_site)


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    _add_data(parser)
    parser.set_defaults(command=import_file)


def _add_migrate(parser: argparse.ArgumentParser) -> None:
    _add_data(parser)
    parser.set_defaults(command=migrate_site)


def _add_user(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("username")
    parser.add_argument("--name", help="as colleagues read it")
    parser.add_argument(
        "--role", required=True, choices=("officer", "reception", "supervisor", "admin")
    )
    parser.add_argument("--agency", action="append", default=[], metavar="CODE")
    _add_data(parser)
    parser.set_defaults(command=add_user)


def _add_token(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device", help="the device's code in the import file")
    _add_data(parser)
    parser.set_defaults(command=make_token)


def _add_pair(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", help="the code that the screen shows")
    parser.add_argument("device", help="the device's code in the import file")
    _add_data(parser)
    parser.set_defaults(command=pair)


def _add_bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=3.0, help="for each figure")
    parser.set_defaults(command=bench)


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    add_doctor(parser)
    _add_data(parser)
    parser.set_defaults(command=doctor)


def _add_preview(parser: argparse.ArgumentParser) -> None:
    add_preview(parser)
    _add_data(parser)
    parser.set_defaults(command=preview)


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    # the settings read it, and say what is wrong with it
    parser.add_argument("--port", help="port to listen on (8000)")


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="the site's folder (.antrean/site)")


def demo(args: argparse.Namespace) -> int:
    """Seed the demo if need be, say where it is, and serve it."""
    from app.commands.demo import DemoOptions, run_demo

    options = DemoOptions(args.hours == "always", args.printer, args.public_url)
    return run_demo(_settings(args), options, clock=SystemClock())


def serve_site(args: argparse.Namespace) -> int:
    """Serve a real site."""
    from app.commands.site import run_site

    return run_site(_settings(args))


def import_file(args: argparse.Namespace) -> int:
    """Read a mall from a file; wrong lines are named and nothing is changed."""
    from app.commands.site import run_import

    return run_import(_settings(args), args.file, SystemClock())


def migrate_site(args: argparse.Namespace) -> int:
    """Bring the database to this program's shape."""
    from app.commands.site import run_migrate

    return run_migrate(_settings(args))


def add_user(args: argparse.Namespace) -> int:
    """Add a member of staff; at a terminal the password is asked for twice."""
    from app.commands.staff import Member, run_add_user

    name = args.username if args.name is None else args.name
    member = Member(args.username, name, args.role, args.agency)
    return run_add_user(_settings(args), SystemClock(), member, _ask_password)


def make_token(args: argparse.Namespace) -> int:
    """Make a token for a device and print it once."""
    from app.commands.site import run_token

    return run_token(_settings(args), args.device, SystemClock())


def pair(args: argparse.Namespace) -> int:
    """Say which device the screen with this code is."""
    from app.commands.site import run_pair

    return run_pair(_settings(args), args.code, args.device, SystemClock())


def doctor(args: argparse.Namespace) -> int:
    """Say how printers are and what to do."""
    from app.commands.doctor import run_site_doctor

    return run_site_doctor(args, _settings(args))


def preview(args: argparse.Namespace) -> int:
    """Draw a slip and say how long it is."""
    from app.commands.preview import run_site_preview

    return run_site_preview(args, _settings(args))


def bench(args: argparse.Namespace) -> int:
    """Measure, and print a table; nothing is asserted."""
    try:
        from tests.bench.run import run_bench
    except ModuleNotFoundError:
        print("The benchmarks need the source tree.", file=sys.stderr)
        return 1
    return run_bench(args.seconds)


def _ask_password() -> str:
    """Return the password; without a terminal it is the first line of the input."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        try:
            password = getpass.getpass("Password: ")
            again = getpass.getpass("Again: ")
        except EOFError:
            password = again = ""
        if again != password:
            raise AntreanError("The two passwords differ.")
    if not password:
        raise AntreanError("No password was given; nobody was added.")
    return password


def _settings(args: argparse.Namespace) -> Settings:
    values = {
        name: value
        for name in ("host", "port", "data")
        if (value := getattr(args, name, None)) is not None
    }
    return Settings(**values)


def _sentence(error: BaseException, args: argparse.Namespace) -> str:
    if isinstance(error, ValidationError):
        return "\n".join(_setting_sentences(error, args))
    if isinstance(error, DatabaseError | sqlite3.Error):
        cause = error.orig if isinstance(error, DatabaseError) else error
        path = _settings(args).database
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
