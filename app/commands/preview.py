"""``antrean preview``: the longest slip of a site, drawn before it is printed."""

import argparse
import sys

from sqlalchemy import Connection, select

from app.clock import SystemClock
from app.commands.shared.options import add_data, settings_of
from app.db.engines import folder_of, reader_engine
from app.db.migration import require_this_shape
from app.printing.letterhead import letterhead_in
from app.printing.slip_content import SlipData, slip_of
from app.queueing import rows
from app.queueing.site.site_row import site_row
from app.queueing.views.local_text import shown_list
from app.queueing.views.visit import service_names, zones_serving
from app.web.i18n import translator
from printer.commands import preview

_SERVICES = (
    select(
        rows.service.c.id,
        rows.service.c.documents,
        rows.service.c.documents_en,
        rows.agency.c.code.label("agency"),
        rows.series.c.prefix,
    )
    .select_from(rows.service.join(rows.agency).join(rows.series))
    .where(rows.service.c.is_retired.is_(False))
    .order_by(rows.service.c.id)
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    preview.add_arguments(parser)
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Draw the slip of the service with most documents; 1 when a file is wrong.

    Without a site in the folder, the doctor's test slip. Raises
    ``MigrationRefused`` when the database is not of this program's shape.
    """
    settings = settings_of(args)
    if not settings.database.is_file():
        return preview.run(args)
    engine = reader_engine(settings.database)
    try:
        require_this_shape(engine)
        with engine.connect() as db, db.begin():
            slip_data = _sample_slip_data(db, args.language)
    finally:
        engine.dispose()
    for problem in slip_data.letterhead.problems:
        sys.stderr.write(f"{problem}\n")
    slip = slip_of(slip_data, translator(slip_data.language), is_copy=False)
    policy = slip_data.site.rules()
    rolls = {
        "80 mm": policy.roll_metres_80mm * 1000,
        "58 mm": policy.roll_metres_58mm * 1000,
    }
    return preview.run(args, slip, rolls) or int(bool(slip_data.letterhead.problems))


def _sample_slip_data(db: Connection, language: str) -> SlipData:
    """Make up a ticket; what the site says about it is read as for a real one."""
    service = max(db.execute(_SERVICES), key=lambda row: len(row.documents or ()))
    names = service_names(db, service.id)
    english = language == "en"
    return SlipData(
        site=site_row(db),
        language=language,
        number=f"{service.prefix}-012",
        people=2,
        token="contoh-contoh-contoh-22",  # noqa: S106 (no ticket has it)
        issued_at=SystemClock().now(),
        services=(
            (names.agency_en, names.service_en)
            if english
            else (names.agency, names.service),
        ),
        zones=tuple(
            zone.in_language(language) for zone in zones_serving(db, service.id)
        ),
        ahead=3,
        documents=tuple(shown_list(service.documents, service.documents_en, language)),
        agencies=(service.agency,),
        letterhead=letterhead_in(folder_of(db)),
    )
