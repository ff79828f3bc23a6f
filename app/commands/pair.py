"""``antrean pair``: say which device the screen with a code is."""

import argparse

from app.auth.pairing import CODE_LIFETIME, approve_pairing
from app.clock import SystemClock
from app.commands.shared.options import add_data, settings_of
from app.commands.shared.site_folder import device_id_of, site_transaction
from app.commands.shared.terminal import CommandRefused, write_line
from app.errors import NotFound
from app.queueing.change import SYSTEM


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("code", help="the code that the screen shows")
    parser.add_argument("device", help="the device's code in the import file")
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Say which device the screen with this code is."""
    with site_transaction(settings_of(args), SystemClock()) as (db, change):
        device_id = device_id_of(db, args.device)
        try:
            approve_pairing(
                db, change, code=args.code, device_id=device_id, actor=SYSTEM
            )
        except NotFound as unknown:
            minutes = int(CODE_LIFETIME.total_seconds()) // 60
            raise CommandRefused(
                f"No screen shows this code; codes last {minutes} minutes."
            ) from unknown
    write_line(f"The screen becomes {args.device} within a few seconds.")
    return 0
