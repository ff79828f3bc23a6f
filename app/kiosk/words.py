"""Priority classes and what became of a slip, in a visitor's words."""

from typing import NamedTuple

from app.models.states import PrintState, Priority
from app.web.i18n import N_

PRIORITY_CLASSES = {
    Priority.LANSIA: ("elderly", N_("60 or older")),
    Priority.DISABILITAS: ("wheelchair", N_("Disability")),
    Priority.HAMIL: ("pregnant", N_("Pregnant")),
    Priority.MENYUSUI: ("nursing", N_("With a baby")),
    Priority.ANAK: ("child", N_("Child")),
}
"""Priority class → its symbol and the word on its button; no proof is needed."""


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
    PRINTING: N_("Your slip is being printed at %(location)s"),
    PRINTED: N_("Take your slip at %(location)s"),
    SENT: N_("Take your slip at %(location)s"),
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
