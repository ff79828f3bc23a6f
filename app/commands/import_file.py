"""``antrean import``: bring a site to what a file says; shows first what would change.

Where a server holds the site's folder, the file is sent to it.
"""

import argparse
import sys
from pathlib import Path

from app.clock import SystemClock
from app.commands.shared.config_client import ConfigClient
from app.commands.shared.data_folder import FolderInUse, locked_folder
from app.commands.shared.local_access import server_of_folder
from app.commands.shared.options import add_data, settings_of
from app.commands.shared.site_folder import bump_revision
from app.commands.shared.terminal import CommandRefused, confirmed, write_line
from app.db.engines import writer_engine
from app.db.migration import migrate, require_this_shape
from app.importing import ImportFailed, ImportSummary, Mall, import_mall
from app.importing.config.changes import Difference
from app.importing.config.comparison import changes_of, has_mall
from app.importing.legibility.warnings import warnings_of
from app.importing.reader import read_bytes, read_mall_bytes
from app.settings import Settings

MAX_VALUE_CHARACTERS = 60


class NothingChanges(Exception):
    """There is nothing to do, or it shall not be done."""


ALL_NEW = "There is no site yet: the whole file would be new."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--yes", action="store_true", help="change it without asking")
    parser.add_argument(
        "--dry-run", action="store_true", help="only say what would change"
    )
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Read a mall; wrong lines are named and nothing is changed.

    The file is read before anything is made or locked. Names that read alike or that a
    slip or a display cannot show, and an address that phones cannot open, are told
    before anything is changed, and imported.
    """
    file: Path = args.file
    content = read_bytes(file)
    try:
        mall = read_mall_bytes(content)
        summary = _import(args, mall, content)
    except ImportFailed as failed:
        for problem in failed.problems:
            sys.stderr.write(f"{file}: {problem}\n")
        raise CommandRefused("Nothing was imported.") from failed
    except NothingChanges as told:
        write_line(str(told))
        return 0
    write_line(str(summary))
    return 0


def _write_warnings(file: Path, mall: Mall) -> None:
    """Say them before the question, and before the change: afterwards is too late."""
    for warning in warnings_of(mall):
        sys.stderr.write(f"{file}: {warning}\n")
    sys.stderr.flush()


def _import(
    args: argparse.Namespace, mall: Mall, content: bytes
) -> ImportSummary | str:
    settings = settings_of(args)
    try:
        return _import_into_folder(args, mall, settings)
    except FolderInUse:
        access = server_of_folder(settings.data)
        # another import, or a server that is just starting
        if access is None:
            raise
    client = ConfigClient(access)
    preview = client.preview(content)
    _require_consent(args, mall, preview.changes)
    client.apply(content, preview.etag)
    return "The server has changed the mall; every screen follows."


def _import_into_folder(
    args: argparse.Namespace, mall: Mall, settings: Settings
) -> ImportSummary:
    if args.dry_run and not settings.database.is_file():
        _write_warnings(args.file, mall)
        raise NothingChanges(ALL_NEW)
    with locked_folder(settings.data):
        if not args.dry_run:
            migrate(settings.database)
        engine = writer_engine(settings.database)
        try:
            require_this_shape(engine)
            with engine.connect() as db, db.begin():
                now = SystemClock().now()
                # of a new site nothing can be lost, and all of it is new
                if has_mall(db):
                    _require_consent(args, mall, changes_of(db, mall, now=now))
                else:
                    _write_warnings(args.file, mall)
                    if args.dry_run:
                        raise NothingChanges(ALL_NEW)
                summary = import_mall(db, mall, now=now)
                bump_revision(db)
        finally:
            engine.dispose()
    return summary


def _require_consent(
    args: argparse.Namespace, mall: Mall, changes: list[Difference]
) -> None:
    """Show what would change and ask; raises ``NothingChanges``, ``CommandRefused``."""
    for change in changes:
        write_line(_sentence(change))
    _write_warnings(args.file, mall)
    if args.dry_run:
        count = f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
        raise NothingChanges(f"{count}. Nothing was imported: --dry-run.")
    if not changes:
        raise NothingChanges("The mall is as the file says; nothing was changed.")
    if not args.yes and not confirmed("Change the mall so?"):
        raise CommandRefused("Nothing was imported.")


def _sentence(change: Difference) -> str:
    """Return ``path: old -> new``, or what is new or gone."""
    if change.old is None:
        return f"+ {change.path}: {_short(change.new)}"
    if change.new is None:
        return f"- {change.path}: {_short(change.old)}"
    return f"~ {change.path}: {_short(change.old)} -> {_short(change.new)}"


def _short(value: object) -> str:
    # the name says what a whole thing is
    if isinstance(value, dict) and "name" in value:
        value = value["name"]
    text = str(value)
    if len(text) > MAX_VALUE_CHARACTERS:
        return f"{text[: MAX_VALUE_CHARACTERS - 1]}…"
    return text
