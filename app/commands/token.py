"""``antrean token``: make a token for a device, and print it once."""

import argparse

from app.auth.devices import add_token
from app.auth.secrets import new_secret
from app.clock import SystemClock
from app.commands.shared.options import add_data, settings_of
from app.commands.shared.site_folder import device_id_of, site_transaction
from app.commands.shared.terminal import write_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("device", help="the device's code in the import file")
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Make a token for a device and print it once."""
    secret = new_secret()
    with site_transaction(settings_of(args), SystemClock()) as (db, change):
        add_token(db, change, device_id=device_id_of(db, args.device), secret=secret)
    write_line(secret)
    return 0
