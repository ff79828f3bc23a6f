"""``antrean export``: write the mall as an import file, beside a server or without."""

import argparse
from pathlib import Path

from app.commands.shared.options import add_data, settings_of
from app.commands.shared.site_folder import require_file, require_site
from app.commands.shared.terminal import write_line
from app.db.engines import reader_engine
from app.db.migration import require_this_shape
from app.importing.config.stored_mall import config_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("file", type=Path, nargs="?", help="without it: the terminal")
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Write the file; imported again it changes nothing. Raises ``NoSite``."""
    settings = settings_of(args)
    require_file(settings)
    engine = reader_engine(settings.database)
    try:
        require_this_shape(engine)
        with engine.connect() as db:
            require_site(db, settings)
            text = config_text(db)
    finally:
        engine.dispose()
    if args.file is None:
        write_line(text.removesuffix("\n"))
    else:
        args.file.write_text(text, encoding="utf-8")
        write_line(f"The mall is in {args.file}.")
    return 0
