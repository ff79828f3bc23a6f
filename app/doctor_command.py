"""``antrean doctor`` beside a site: its printers are examined as well."""

import argparse
import sys

from app.db import reader_engine
from app.migrating import require_this_shape
from app.printing.printers import PrinterRow, has_agent, printer_rows
from app.settings import Settings
from printer.address import BadAddress
from printer.advice import Language, advice
from printer.doctor import Patient
from printer.doctor_command import run_doctor


def run_site_doctor(asked: argparse.Namespace, settings: Settings) -> int:
    """Examine the site's printers, those named, and those of this machine.

    Without a site in the folder, the others alone: a kiosk's PC has none. Raises
    ``MigrationRefused`` when the database is not of this program's shape.
    """
    rows, driven = ([], []) if asked.addresses else _printers(settings)
    known = [(row, _patient(row, asked.language)) for row in rows]
    for row, patient in known:
        if isinstance(patient, str):
            sys.stdout.write(f"✗ {row.name}\n    {patient}\n")
    for row in driven:
        told = advice("behind-agent", asked.language)
        sys.stdout.write(f"? {row.name}\n    {told}\n")
    patients = [patient for _, patient in known if isinstance(patient, Patient)]
    status = run_doctor(asked, patients)
    return status if len(patients) == len(known) else 1


def _printers(settings: Settings) -> tuple[list[PrinterRow], list[PrinterRow]]:
    """Return the printers we reach from here, and those behind an agent."""
    if not settings.database.is_file():
        return [], []
    engine = reader_engine(settings.database)
    try:
        require_this_shape(engine)
        with engine.connect() as db, db.begin():
            printers = printer_rows(db)
            driven = [row for row in printers if has_agent(db, row.id)]
            return [row for row in printers if row not in driven], driven
    finally:
        engine.dispose()


def _patient(row: PrinterRow, language: Language) -> Patient | str:
    """Return the printer of a row, or what is wrong with its address."""
    try:
        return Patient(name=row.name, address=row.where, paper=row.paper)
    except BadAddress as error:
        return error.said(language)
