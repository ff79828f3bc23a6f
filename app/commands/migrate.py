"""``antrean migrate``: bring a site's database to this program's shape."""

import argparse

from app.commands.shared.data_folder import locked_folder
from app.commands.shared.options import add_data, settings_of
from app.commands.shared.site_folder import require_file
from app.commands.shared.terminal import write_line
from app.db.migration import migrate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Bring the database up to date, and say whether that was needed."""
    settings = settings_of(args)
    require_file(settings)
    with locked_folder(settings.data):
        is_changed = migrate(settings.database)
    write_line(
        "The database was brought up to date." if is_changed else "It is up to date."
    )
    return 0
