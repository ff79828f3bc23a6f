"""What a printer's word changes: how it is, its roll, and how near that is to its end.

A word is the end of a try at printing, an idle look, or what a print agent says.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from app.errors import NotFound
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.policy import Policy
from app.queueing.site import site_row

READY = "ready"
CANNOT_TELL = "cannot-tell"
WELL = (None, READY, CANNOT_TELL)
"""States of a printer against which nothing is known."""

_HAND_AT_THE_ROLL = frozenset(("paper-end", "cover-open"))


class Word(NamedTuple):
    """What was heard of a printer.

    ``state`` is ``ready``, ``cannot-tell`` or a reason (``printer.delivery.REASONS``).
    ``near_end`` is None where its sensor was not asked.
    """

    state: str
    near_end: bool | None = None
    slips: int = 0


class PrinterMemory(NamedTuple):
    """What is remembered of a printer between two words."""

    paper: str
    state: str | None
    state_since: datetime | None
    near_end_since: datetime | None
    tells_near_end: bool
    roll_touched: bool
    roll_since: datetime | None
    slips_on_roll: int


_MEMORY = select(*(rows.printer.c[name] for name in PrinterMemory._fields)).where(
    rows.printer.c.id == bindparam("printer_id")
)
_NOTED = PrinterMemory._fields[1:]
_REMEMBER = (
    update(rows.printer)
    .where(rows.printer.c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in _NOTED})
)


def slips_per_roll(policy: Policy, paper: str) -> int:
    """Return how many usual slips a new roll of this paper gives."""
    is_narrow = paper.startswith("58mm")
    metres = policy.roll_metres_58mm if is_narrow else policy.roll_metres_80mm
    return metres * 1000 // policy.slip_mm


def after_word(
    known: PrinterMemory, word: Word, *, now: datetime, policy: Policy
) -> PrinterMemory:
    """Return what is to be remembered after a word.

    A roll was changed when somebody had been at it (no paper, or the cover open)
    and the printer is well again; not while its sensor still says near end: then
    the old roll is in it, or one that is no better, and not while a printer that
    has such a sensor was not asked.
    """
    touched = known.roll_touched or word.state in _HAND_AT_THE_ROLL
    was_asked = word.near_end is not None or not known.tells_near_end
    is_decided = word.state == READY and was_asked
    if touched and is_decided and not word.near_end:
        known = _new_roll(known, now)
    known = known._replace(
        roll_touched=touched and not is_decided,
        tells_near_end=known.tells_near_end or word.near_end is True,
        slips_on_roll=known.slips_on_roll + word.slips,
    )
    if word.state != known.state:
        known = known._replace(state=word.state, state_since=now)
    if not _is_near_end(known, word, policy):
        return known._replace(near_end_since=None)
    return known._replace(near_end_since=known.near_end_since or now)


def is_news(db: Connection, *, printer_id: int, word: Word, now: datetime) -> bool:
    """Tell whether a word would change what is remembered."""
    known, policy = _memory(db, printer_id), site_row(db).rules()
    return after_word(known, word, now=now, policy=policy) != known


def hear(db: Connection, change: Change, *, printer_id: int, word: Word) -> None:
    """Remember what a printer said."""
    known = _memory(db, printer_id)
    new = after_word(known, word, now=change.now, policy=change.rules.policy)
    _remember(db, change, printer_id, known, new)


def note_new_roll(db: Connection, change: Change, *, printer_id: int) -> None:
    """Take a person's word that a new roll is in a printer; raises ``NotFound``.

    A printer without status cannot tell by itself.
    """
    known = _memory(db, printer_id)
    new = _new_roll(known, change.now)._replace(roll_touched=False)
    _remember(db, change, printer_id, known, new)


def _new_roll(known: PrinterMemory, now: datetime) -> PrinterMemory:
    return known._replace(roll_since=now, slips_on_roll=0, near_end_since=None)


def _is_near_end(known: PrinterMemory, word: Word, policy: Policy) -> bool:
    """Ask the sensor where there is one; else count slips."""
    if not known.tells_near_end:
        most = slips_per_roll(policy, known.paper)
        return known.slips_on_roll * 100 >= most * policy.roll_warning_percent
    if word.near_end is None:
        return known.near_end_since is not None
    return word.near_end


def _memory(db: Connection, printer_id: int) -> PrinterMemory:
    row = db.execute(_MEMORY, {"printer_id": printer_id}).first()
    if row is None:
        raise NotFound
    return PrinterMemory._make(row)


def _remember(
    db: Connection,
    change: Change,
    printer_id: int,
    known: PrinterMemory,
    new: PrinterMemory,
) -> None:
    if new == known:
        return
    noted = {f"new_{name}": getattr(new, name) for name in _NOTED}
    db.execute(_REMEMBER, {"of_id": printer_id, **noted})
    if new != known._replace(slips_on_roll=new.slips_on_roll):
        change.touch("printers")
