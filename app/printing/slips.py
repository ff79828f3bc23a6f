"""From a ticket to the plain data of its slip, in the visitor's language."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from babel.dates import format_datetime
from babel.support import NullTranslations
from sqlalchemy import Connection

from app.queueing.ranking import waiting_ahead
from app.queueing.rows import EntryRow, entries_of, ticket_row
from app.queueing.site import SiteRow, site_row
from app.queueing.views import ticket_url
from app.queueing.visit import service_names, zones_serving
from printer.slip import Slip

Translator = Callable[[str], NullTranslations]


class SlipFacts(NamedTuple):
    """What a slip says, read in one transaction."""

    site: SiteRow
    language: str
    number: str
    people: int
    token: str
    issued_at: datetime
    agency: str
    services: tuple[str, ...]
    zones: tuple[str, ...]
    ahead: int


def slip_facts(db: Connection, ticket_id: int) -> SlipFacts | None:
    """Read a ticket's slip; None when retention has dropped its token."""
    ticket = ticket_row(db, ticket_id)
    if ticket is None or ticket.token is None:
        return None
    entries = entries_of(db, ticket_id)
    language = ticket.language or "id"
    agency, services = _names(db, entries, language)
    return SlipFacts(
        site=site_row(db),
        language=language,
        number=ticket.number,
        people=ticket.people,
        token=ticket.token,
        issued_at=ticket.issued_at,
        agency=agency,
        services=services,
        zones=tuple(zones_serving(db, entries[0].service_id)),
        ahead=waiting_ahead(db, entries[0]),
    )


def slip_of(facts: SlipFacts, words: NullTranslations, *, is_copy: bool) -> Slip:
    """Put a slip into words."""
    _ = words.gettext
    ahead = words.ngettext(
        "%(num)d person ahead of you", "%(num)d people ahead of you", facts.ahead
    ) % {"num": facts.ahead}
    when = format_datetime(
        facts.issued_at.astimezone(facts.site.zone),
        "EEEE, d MMMM y, HH.mm" if facts.language == "id" else "EEEE, d MMMM y, HH:mm",
        locale=facts.language,
    )
    people = words.ngettext(
        "For %(num)d person", "For %(num)d people", facts.people
    ) % {"num": facts.people}
    return Slip(
        site=facts.site.name,
        agency=facts.agency,
        services=facts.services,
        number_label=_("Your queue number"),
        number=facts.number,
        issued_at=when,
        ahead=ahead if facts.ahead else _("You are next"),
        where=_("Please wait in %(place)s") % {"place": ", ".join(facts.zones)},
        people=people if facts.people > 1 else None,
        qr_url=ticket_url(facts.site.public_url, facts.token),
        qr_label=_("Scan to follow your number"),
        footer=(_("Please keep this slip until you are called."),),
        copy_label=_("COPY") if is_copy else None,
        sample_label=_("Sample data") if facts.site.is_sample else None,
    )


def _names(
    db: Connection, entries: list[EntryRow], language: str
) -> tuple[str, tuple[str, ...]]:
    names = [service_names(db, entry.service_id) for entry in entries]
    if language == "en":
        return names[0].agency_en, tuple(name.service_en for name in names)
    return names[0].agency, tuple(name.service for name in names)
