"""``antrean doctor`` beside a site: its database and its printers as well."""

import argparse
import sys

from app.commands.shared.machine_check import is_site_well
from app.commands.shared.options import add_data, settings_of
from app.db.engines import reader_engine
from app.db.migration import require_this_shape
from app.printing.printers import PrinterRow, has_agent, printer_rows
from app.settings import Settings
from printer.address import BadAddress
from printer.advice import Language, advice
from printer.commands import doctor
from printer.diagnosis import ExaminedPrinter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    doctor.add_arguments(parser)
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Examine the site's database and printers, those named, and this machine's.

    Without a site in the folder, the others alone: a kiosk's PC has none. Raises
    ``MigrationRefused`` when the database is not of this program's shape.
    """
    # nothing can be read of a damaged one: its printers least
    if not args.addresses and not is_site_well(settings_of(args), args.language):
        return 1
    rows, behind_agent = ([], []) if args.addresses else _printers(settings_of(args))
    examined = [(row, _patient(row, args.language)) for row in rows]
    for row, patient in examined:
        if isinstance(patient, str):
            sys.stdout.write(f"✗ {row.name}\n    {patient}\n")
    for row in behind_agent:
        advice_text = advice("behind-agent", args.language)
        sys.stdout.write(f"? {row.name}\n    {advice_text}\n")
    patients = [
        patient for _, patient in examined if isinstance(patient, ExaminedPrinter)
    ]
    status = doctor.run(args, patients)
    return status if len(patients) == len(examined) else 1


def _printers(settings: Settings) -> tuple[list[PrinterRow], list[PrinterRow]]:
    """Return the printers we reach from here, and those behind an agent."""
    if not settings.database.is_file():
        return [], []
    engine = reader_engine(settings.database)
    try:
        require_this_shape(engine)
        with engine.connect() as db, db.begin():
            printers = printer_rows(db)
            behind_agent = [row for row in printers if has_agent(db, row.id)]
            return [row for row in printers if row not in behind_agent], behind_agent
    finally:
        engine.dispose()


def _patient(row: PrinterRow, language: Language) -> ExaminedPrinter | str:
    """Return the printer of a row, or what is wrong with its address."""
    try:
        return ExaminedPrinter(
            name=row.name, address=row.parsed_address, paper=row.paper
        )
    except BadAddress as error:
        return error.in_language(language)
