"""From a ticket to the plain data of its slip, in the visitor's language."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from babel.dates import format_datetime
from babel.support import NullTranslations
from sqlalchemy import Connection, bindparam, select

from app.db import folder_of
from app.printing.letterhead import Letterhead, letterhead_in
from app.queueing import rows
from app.queueing.printing import PrintJobRow
from app.queueing.rows import EntryRow, entries_of, ticket_row
from app.queueing.site import SiteRow, site_row
from app.queueing.views import ticket_url
from app.queueing.visit import service_names, zones_serving
from printer.slip import Slip

_ASKED = (
    select(rows.service.c.documents, rows.agency.c.code)
    .select_from(rows.service.join(rows.agency))
    .where(rows.service.c.id == bindparam("service_id"))
)
Translator = Callable[[str], NullTranslations]


class SlipFacts(NamedTuple):
    """What a slip says, read in one transaction.

    ``legs`` are agency and service of each entry in the order of the visit.
    ``documents`` are those of every service, each once; ``agencies`` are codes.
    ``ahead`` is as it stood when the number was given; None: not noted.
    """

    site: SiteRow
    language: str
    number: str
    people: int
    token: str
    issued_at: datetime
    legs: tuple[tuple[str, str], ...]
    zones: tuple[str, ...]
    ahead: int | None
    documents: tuple[str, ...]
    agencies: tuple[str, ...]
    letterhead: Letterhead


def slip_facts(db: Connection, job: PrintJobRow) -> SlipFacts | None:
    """Read what a job prints; None when retention has dropped the token."""
    ticket = ticket_row(db, job.ticket_id)
    if ticket is None or ticket.token is None:
        return None
    entries = entries_of(db, job.ticket_id)
    language = ticket.language or "id"
    asked = [
        db.execute(_ASKED, {"service_id": entry.service_id}).one() for entry in entries
    ]
    return SlipFacts(
        site=site_row(db),
        language=language,
        number=ticket.number,
        people=ticket.people,
        token=ticket.token,
        issued_at=ticket.issued_at,
        legs=tuple(_leg(db, entry, language) for entry in entries),
        zones=_zones(db, entries),
        ahead=job.ahead,
        documents=_each_once(name for row in asked for name in row.documents or ()),
        agencies=_each_once(row.code for row in asked),
        letterhead=letterhead_in(folder_of(db)),
    )


def slip_of(facts: SlipFacts, words: NullTranslations, *, is_copy: bool) -> Slip:
    """Put a slip into words."""
    _ = words.gettext
    agency, services = _headed(facts.legs)
    when = format_datetime(
        facts.issued_at.astimezone(facts.site.zone),
        "EEEE, d MMMM y, HH.mm" if facts.language == "id" else "EEEE, d MMMM y, HH:mm",
        locale=facts.language,
    )
    people = words.ngettext(
        "For %(num)d person", "For %(num)d people", facts.people
    ) % {"num": facts.people}
    texts = facts.letterhead.texts
    return Slip(
        logo=facts.letterhead.logo,
        site=facts.site.name,
        head=texts.head.in_language(facts.language),
        agency=agency,
        services=services,
        number_label=_("Your queue number"),
        number=facts.number,
        issued_at=when,
        ahead=_ahead(facts.ahead, words),
        where=_("Please wait in %(place)s") % {"place": ", ".join(facts.zones)},
        people=people if facts.people > 1 else None,
        qr_url=ticket_url(facts.site.public_url, facts.token),
        qr_label=_("Scan to follow your number"),
        documents_label=_("Documents to bring"),
        documents=facts.documents,
        agency_lines=texts.of_agencies(facts.agencies, facts.language),
        footer=(
            _("Please keep this slip until you are called."),
            *texts.foot.in_language(facts.language),
        ),
        copy_label=_("COPY") if is_copy else None,
        sample_label=_("Sample data") if facts.site.is_sample else None,
    )


def _ahead(ahead: int | None, words: NullTranslations) -> str:
    if ahead is None:
        return ""
    if ahead == 0:
        return words.gettext("You are next")
    return words.ngettext(
        "%(num)d number ahead of you", "%(num)d numbers ahead of you", ahead
    ) % {"num": ahead}


def _headed(legs: tuple[tuple[str, str], ...]) -> tuple[str, tuple[str, ...]]:
    """Return agency and services; of several agencies each service names its own."""
    agencies = {agency for agency, _ in legs}
    if len(agencies) == 1:
        return legs[0][0], tuple(service for _, service in legs)
    return "", tuple(f"{service} ({agency})" for agency, service in legs)


def _leg(db: Connection, entry: EntryRow, language: str) -> tuple[str, str]:
    names = service_names(db, entry.service_id)
    if language == "en":
        return names.agency_en, names.service_en
    return names.agency, names.service


def _zones(db: Connection, entries: list[EntryRow]) -> tuple[str, ...]:
    """Return the zones of every leg once, those of the first leg first."""
    return _each_once(
        zone for entry in entries for zone in zones_serving(db, entry.service_id)
    )


def _each_once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
