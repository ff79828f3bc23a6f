"""``antrean import``: read a mall from a file into a site's folder."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from app.clock import SystemClock
from app.commands.shared.data_folder import locked_folder
from app.commands.shared.options import add_data, settings_of
from app.commands.shared.site_folder import bump_revision
from app.commands.shared.terminal import CommandRefused, write_line
from app.db.engines import writer_engine
from app.db.migration import migrate
from app.importing import ImportFailed, ImportSummary, import_mall, read_mall_file
from app.importing.legibility.display_names import names_cut_on_displays
from app.importing.legibility.font_coverage import unprintable_texts
from app.importing.public_url import WARNINGS, public_url_warning
from app.importing.schema import Mall
from app.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("file", type=Path)
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Read a mall; wrong lines are named and nothing is changed.

    The file is read before anything is made or locked. Names that a slip or a display
    cannot show, and an address that phones cannot open, are reported, and imported.
    """
    file: Path = args.file
    settings = settings_of(args)
    try:
        mall = read_mall_file(file)
        summary = _import(mall, settings)
    except ImportFailed as failed:
        for problem in failed.problems:
            sys.stderr.write(f"{file}: {problem}\n")
        raise CommandRefused("Nothing was imported.") from failed
    write_line(str(summary))
    for warning in _warnings(mall):
        sys.stderr.write(f"{file}: {warning}\n")
    return 0


def _warnings(mall: Mall) -> Iterator[str]:
    if code := public_url_warning(mall.site.public_url):
        yield f"site.public_url: {mall.site.public_url}: {WARNINGS[code]}."
    yield from unprintable_texts(mall)
    yield from names_cut_on_displays(mall)


def _import(mall: Mall, settings: Settings) -> ImportSummary:
    with locked_folder(settings.data):
        migrate(settings.database)
        engine = writer_engine(settings.database)
        try:
            with engine.connect() as db, db.begin():
                summary = import_mall(db, mall, now=SystemClock().now())
                bump_revision(db)
        finally:
            engine.dispose()
    return summary
