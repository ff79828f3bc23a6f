"""The administration's forms, read into what the rules take."""

import re
from datetime import datetime, time, tzinfo
from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field

MAX_NOTE_CHARACTERS = 200
_CODE = re.compile(r"[A-Z0-9]{4,12}")
TIME_FORM = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")
"""`14:00`, `14.00`, `9.15` or `0915`; reception's script is handed it too."""

FormText = Annotated[str, Field(max_length=1000)]


class PairForm(BaseModel):
    """The code on a screen, and which device the screen is to be."""

    code: FormText = ""
    device_id: FormText = ""


class CloseForm(BaseModel):
    """Until what time today (empty: until it is taken back), and a note."""

    until: FormText = ""
    note: FormText = ""


class QuietForm(BaseModel):
    """For how many minutes nothing is spoken; 0 ends it."""

    minutes: Annotated[int, Field(ge=0, le=240)] = 0


class EvacuationForm(BaseModel):
    """What the screens say, and the tick without which nothing happens."""

    text: Annotated[str, Field(max_length=MAX_NOTE_CHARACTERS)] = ""
    is_meant: bool = False


class ClockForm(BaseModel):
    """Today's date, as a person read it elsewhere than on this machine."""

    day: FormText = ""


class ReprintForm(BaseModel):
    """The lost slips to print again, by their jobs' ids, and where; empty: as meant."""

    job_ids: Annotated[str, Field(max_length=20_000)] = ""
    printer_id: FormText = ""


class ReprintRequest(NamedTuple):
    """The print jobs of which a copy is wanted, and at which printer."""

    job_ids: list[int]
    printer_id: int | None


class PairRequest(NamedTuple):
    """A pairing that may be tried, or the problem with it (``words.REFUSALS``)."""

    code: str
    device_id: int
    problem: str | None = None


class CloseRequest(NamedTuple):
    """A closure that may be written, or the problem with it (``words.REFUSALS``)."""

    until: datetime | None
    note: str | None
    problem: str | None = None


def read_pair_form(form: PairForm) -> PairRequest:
    """Read a pairing; people type codes with blanks, hyphens and small letters."""
    code = re.sub(r"[\s-]", "", form.code).upper()
    device_id = _id_of(form.device_id)
    if not _CODE.fullmatch(code):
        return PairRequest(code, device_id, "bad-code")
    return PairRequest(code, device_id, None if device_id else "no-device")


def read_reprint_form(form: ReprintForm) -> ReprintRequest:
    """Read which slips to print again; what is no id is nothing."""
    return ReprintRequest(
        [job_id for part in form.job_ids.split(",") if (job_id := _id_of(part))],
        _id_of(form.printer_id) or None,
    )


def read_close_form(form: CloseForm, now: datetime, zone: tzinfo) -> CloseRequest:
    """Read a closure; its time is of today in ``zone``.

    Whether that time lies ahead is for the rule to say (``close_by_hand``).
    """
    note = form.note.strip() or None
    typed = form.until.strip()
    match = TIME_FORM.fullmatch(typed)
    if typed and match is None:
        return CloseRequest(None, note, "bad-time")
    until = None
    if match:
        at = time(int(match[1]), int(match[2]))
        until = datetime.combine(now.astimezone(zone), at, zone)
    if note and (len(note) > MAX_NOTE_CHARACTERS or not note.isprintable()):
        return CloseRequest(until, note, "bad-note")
    return CloseRequest(until, note)


def _id_of(text: str) -> int:
    """Read an id; 0, which is nobody's, for anything else."""
    # no id is longer, and int() takes long for thousands of digits
    return int(text[:15]) if text.isascii() and text.isdecimal() else 0
