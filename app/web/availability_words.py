"""Why no number is given and when one is given again, in a visitor's words."""

from datetime import datetime, time, tzinfo

from babel.dates import format_date

from app.web.formats import LOCALES, clock_time, short_date
from app.web.i18n import N_, Language, translator

DAYS_BY_NAME = 6

BY_HAND = N_("Closed for now")
SHUT = N_("Closed")
CLOSED = {
    "site-hours": N_("Mall closed"),
    "agency-hours": SHUT,
    "service-hours": SHUT,
    "break": N_("On a break"),
    "holiday": N_("Holiday"),
    "last-ticket": N_("The last number has been given"),
    "quota": N_("All numbers are taken"),
    "absent": N_("The officer is absent"),
    "by-hand": BY_HAND,
}
"""Availability code (contract.md#availability) → the few words that fit on a tile."""

EVENTS = {"last-ticket", "quota"}
"""Reasons that happened once: they do not last until something, as a break does."""


def closed_words(
    reason: str | None,
    until: datetime | None,
    *,
    now: datetime,
    zone: tzinfo,
    language: Language,
) -> str:
    """Return why something is closed and, if it is known, when it opens again.

    `Istirahat sampai 13.00` on the same day; `Tutup. Dibuka lagi besok pukul 08.00`
    on another one. "For now" is left out where the end is named: the words must fit
    on a tile.
    """
    gettext = translator(language).gettext
    text = CLOSED.get(reason or "", BY_HAND)
    if until is None:
        return gettext(text)
    closed = gettext(SHUT if text is BY_HAND else text)
    is_today = until.astimezone(zone).date() == now.astimezone(zone).date()
    if is_today and reason not in EVENTS:
        return gettext("%(reason)s until %(time)s") % {
            "reason": closed,
            "time": clock_time(until, zone, language),
        }
    opening = opening_words(until, now=now, zone=zone, language=language)
    return f"{closed}. {opening}"


def opening_words(
    opens: datetime, *, now: datetime, zone: tzinfo, language: Language
) -> str:
    """Return `Dibuka lagi besok pukul 08.00`; the hour is left out where it is 0."""
    day, day_now = opens.astimezone(zone).date(), now.astimezone(zone).date()
    days_ahead = (day - day_now).days
    is_midnight = opens.astimezone(zone).time() == time()
    if days_ahead == 0:
        text = N_("Opens again at %(time)s")
    elif days_ahead == 1:
        text = N_("Opens again tomorrow at %(time)s")
        if is_midnight:
            text = N_("Opens again tomorrow")
    else:
        text = N_("Opens again on %(day)s at %(time)s")
        if is_midnight:
            text = N_("Opens again on %(day)s")
    is_near = days_ahead <= DAYS_BY_NAME
    name = format_date(day, "EEEE", locale=LOCALES[language])
    return translator(language).gettext(text) % {
        "day": name if is_near else short_date(day, zone, language),
        "time": clock_time(opens, zone, language),
    }
