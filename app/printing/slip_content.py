"""From a ticket to the plain data of its slip, in the visitor's language."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from babel.dates import format_datetime
from babel.support import NullTranslations
from sqlalchemy import Connection, bindparam, select

from app.printing.letterhead import Letterhead
from app.queueing import rows
from app.queueing.site.site_row import SiteRow
from app.queueing.slips.under_way import SlipContent
from app.queueing.views.local_text import LocalText, ShownText, shown_list
from app.queueing.views.tickets import ticket_url
from app.queueing.views.visit import ServiceNames, service_names, zones_serving
from printer.slips.slip import Slip

_SERVICE_DETAILS = (
    select(rows.service.c.documents, rows.service.c.documents_en, rows.agency.c.code)
    .select_from(rows.service.join(rows.agency))
    .where(rows.service.c.id == bindparam("service_id"))
)
Item = TypeVar("Item")
Translator = Callable[[str], NullTranslations]


class SlipData(NamedTuple):
    """The data of one slip.

    ``services`` are agency and service of each entry in the order of the visit.
    ``documents`` are those of every service, each once; ``agencies`` are codes.
    ``ahead`` is as it stood when the number was given; None: not noted.
    """

    site: SiteRow
    language: str
    number: str
    people: int
    token: str
    issued_at: datetime
    services: tuple[tuple[str, str], ...]
    zones: tuple[ShownText, ...]
    ahead: int | None
    documents: tuple[ShownText, ...]
    agencies: tuple[str, ...]
    letterhead: Letterhead


class ServiceText(NamedTuple):
    """What every slip of a service says, as the site wrote it."""

    names: ServiceNames
    agency_code: str
    zones: tuple[LocalText, ...]
    documents: list[str] | None
    documents_en: list[str] | None

    def heading(self, language: str) -> tuple[str, str]:
        """Return agency and service as a visitor of a language calls them."""
        names = self.names
        if language == "en":
            return names.agency_en, names.service_en
        return names.agency, names.service


def service_texts(db: Connection, service_ids: Iterable[int]) -> dict[int, ServiceText]:
    """Read what slips say of these services, by their ids."""
    return {service_id: _service_text(db, service_id) for service_id in service_ids}


def slip_data(
    content: SlipContent,
    texts: Sequence[ServiceText],
    *,
    site: SiteRow,
    ahead: int | None,
    letterhead: Letterhead,
) -> SlipData | None:
    """Return what a slip prints; None when retention has dropped the token.

    ``texts`` are those of its services, in their order.
    """
    ticket = content.ticket
    if ticket.token is None:
        return None
    language = ticket.language or "id"
    return SlipData(
        site=site,
        language=language,
        number=ticket.number,
        people=ticket.people,
        token=ticket.token,
        issued_at=ticket.issued_at,
        services=tuple(text.heading(language) for text in texts),
        # those of the first service first
        zones=_each_once(
            zone.in_language(language) for text in texts for zone in text.zones
        ),
        ahead=ahead,
        documents=_each_once(
            shown
            for text in texts
            for shown in shown_list(text.documents, text.documents_en, language)
        ),
        agencies=_each_once(text.agency_code for text in texts),
        letterhead=letterhead,
    )


def slip_of(data: SlipData, translations: NullTranslations, *, is_copy: bool) -> Slip:
    """Put a slip into words."""
    _ = translations.gettext
    agency, services = _heading(data.services)
    when = format_datetime(
        data.issued_at.astimezone(data.site.zone),
        "EEEE, d MMMM y, HH.mm" if data.language == "id" else "EEEE, d MMMM y, HH:mm",
        locale=data.language,
    )
    people = translations.ngettext(
        "For %(num)d person", "For %(num)d people", data.people
    ) % {"num": data.people}
    texts = data.letterhead.texts
    return Slip(
        logo=data.letterhead.logo,
        site=data.site.name,
        head=_marked(texts.head.in_language(data.language), _),
        agency=agency,
        services=services,
        number_label=_("Your queue number"),
        number=data.number,
        issued_at=when,
        ahead=_ahead(data.ahead, translations),
        where=_("Please wait in %(zones)s")
        % {"zones": ", ".join(_marked(data.zones, _))},
        people=people if data.people > 1 else None,
        qr_url=ticket_url(data.site.public_url, data.token),
        qr_label=_("Scan to follow your number"),
        documents_label=_("Documents to bring"),
        documents=_marked(data.documents, _),
        agency_lines=_marked(texts.of_agencies(data.agencies, data.language), _),
        footer=(
            _("Please keep this slip until you are called."),
            *_marked(texts.foot.in_language(data.language), _),
        ),
        copy_label=_("COPY") if is_copy else None,
        sample_label=_("Sample data") if data.site.is_sample else None,
    )


def _marked(
    texts: Iterable[ShownText], translate: Callable[[str], str]
) -> tuple[str, ...]:
    """Return texts, the last of those in another language marked for all of them."""
    shown = list(texts)
    last = max((n for n, each in enumerate(shown) if each.is_substitute), default=None)
    mark = translate("(Indonesian)")
    return tuple(
        f"{each.text} {mark}" if number == last else each.text
        for number, each in enumerate(shown)
    )


def _ahead(ahead: int | None, translations: NullTranslations) -> str:
    if ahead is None:
        return ""
    if ahead == 0:
        return translations.gettext("You are next")
    return translations.ngettext(
        "%(num)d number ahead of you", "%(num)d numbers ahead of you", ahead
    ) % {"num": ahead}


def _heading(services: tuple[tuple[str, str], ...]) -> tuple[str, tuple[str, ...]]:
    """Return agency and services; of several agencies each service names its own."""
    agencies = {agency for agency, _ in services}
    if len(agencies) == 1:
        return services[0][0], tuple(service for _, service in services)
    return "", tuple(f"{service} ({agency})" for agency, service in services)


def _service_text(db: Connection, service_id: int) -> ServiceText:
    row = db.execute(_SERVICE_DETAILS, {"service_id": service_id}).one()
    return ServiceText(
        service_names(db, service_id),
        row.code,
        tuple(zones_serving(db, service_id)),
        row.documents,
        row.documents_en,
    )


def _each_once(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(items))
