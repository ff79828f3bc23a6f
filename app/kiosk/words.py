"""Closures, priority classes and what became of a slip, in a visitor's words."""

from datetime import datetime, tzinfo
from typing import NamedTuple

from babel.dates import format_date

from app.models.states import PrintState, Priority
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

PRIORITY_CLASSES = {
    Priority.LANSIA: ("elderly", N_("60 or older")),
    Priority.DISABILITAS: ("wheelchair", N_("Disability")),
    Priority.HAMIL: ("pregnant", N_("Pregnant")),
    Priority.MENYUSUI: ("nursing", N_("With a baby")),
    Priority.ANAK: ("child", N_("Child")),
}
"""Priority class → its symbol and the word on its button; no proof is needed."""


def closed_words(
    reason: str | None,
    until: datetime | None,
    *,
    now: datetime,
    zone: tzinfo,
    language: Language,
) -> str:
    """Return why something is closed and, if it is known, until when.

    "For now" is left out where the end is named: the words must fit on a tile.
    """
    translations = translator(language)
    reason_text = CLOSED.get(reason or "", BY_HAND)
    if until is None:
        return translations.gettext(reason_text)
    if reason_text is BY_HAND:
        reason_text = SHUT
    reason_text = translations.gettext(reason_text)
    time_text = _until_text(until, now=now, zone=zone, language=language)
    return translations.gettext("%(reason)s until %(time)s") % {
        "reason": reason_text,
        "time": time_text,
    }


def _until_text(
    at: datetime, *, now: datetime, zone: tzinfo, language: Language
) -> str:
    """Return `08.00`, `besok 08.00`, `Senin 08.00` or `24 Nov 2026`."""
    translations = translator(language)
    day = at.astimezone(zone).date()
    days_ahead = (day - now.astimezone(zone).date()).days
    time = clock_time(at, zone, language)
    if days_ahead == 0:
        return time
    if days_ahead == 1:
        return translations.gettext("tomorrow %(time)s") % {"time": time}
    if days_ahead <= DAYS_BY_NAME:
        return f"{format_date(day, 'EEEE', locale=LOCALES[language])} {time}"
    return short_date(day, zone, language)


class SlipNote(NamedTuple):
    """What the screen shows about the slip; the texts are still in English.

    ``is_decided``: asking again brings nothing new. ``needs_photo``: the
    screen may be all the paper there is, so it stays longer. ``location`` stands in
    the title where the slip comes out at another printer.
    """

    title: str
    advice: str
    icon: str
    tone: str
    is_decided: bool
    needs_photo: bool
    location: str = ""


_PHOTO = N_("Please photograph this screen.")
_PHOTO_IF_NO_SLIP = N_("If you have no slip, please photograph this screen.")

NO_PRINTER = SlipNote(
    N_("This kiosk prints no slips"), _PHOTO, "printer-off", "info", True, True
)
PRINTING = SlipNote(
    N_("Your slip is being printed"),
    N_("One moment, please."),
    "printer",
    "info",
    False,
    False,
)
NOT_ANSWERING = SlipNote(
    N_("The printer does not answer yet"), _PHOTO, "printer-off", "warning", False, True
)
PRINTED = SlipNote(
    N_("Take your slip"),
    N_("You may also scan the code with your phone."),
    "paper",
    "success",
    True,
    False,
)
SENT = SlipNote(N_("Take your slip"), _PHOTO_IF_NO_SLIP, "paper", "info", True, True)

FAILED = {
    "paper-end": N_("The printer is out of paper"),
    "cover-open": N_("The printer's cover is open"),
    "cutter": N_("The printer is jammed"),
}
NOT_PRINTED = N_("Your slip cannot be printed")
UNKNOWN = {
    "paper-end": N_("The paper ran out while printing"),
    "cover-open": N_("The printer was opened while printing"),
}
PERHAPS_PRINTED = N_("Your slip may not have come out")


_ELSEWHERE = {
    PRINTING: N_("Your slip is being printed at %(place)s"),
    PRINTED: N_("Take your slip at %(place)s"),
    SENT: N_("Take your slip at %(place)s"),
}


def slip_note(
    state: str | None, reason: str | None, *, is_slow: bool, location: str | None = None
) -> SlipNote:
    """Return what to say of a print job; ``state`` None: there is no printer.

    ``location``: it comes out there, as its own printer fails.
    """
    note = _note(state, reason, is_slow=is_slow)
    if location is None or note not in _ELSEWHERE:
        return note
    return note._replace(title=_ELSEWHERE[note], location=location)


def _note(state: str | None, reason: str | None, *, is_slow: bool) -> SlipNote:
    if state is None:
        return NO_PRINTER
    if state in (PrintState.QUEUED, PrintState.SENDING):
        return NOT_ANSWERING if is_slow else PRINTING
    if state == PrintState.PRINTED:
        return PRINTED
    if state == PrintState.SENT:
        return SENT
    if state == PrintState.FAILED:
        title, advice = FAILED.get(reason or "", NOT_PRINTED), _PHOTO
    else:
        title, advice = UNKNOWN.get(reason or "", PERHAPS_PRINTED), _PHOTO_IF_NO_SLIP
    return SlipNote(title, advice, "printer-off", "warning", True, True)
