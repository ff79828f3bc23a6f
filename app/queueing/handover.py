"""Handover notes: from a sender for whoever serves next, and for nobody else."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, insert, select

from app.models import EntryState
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.rows import EntryRow

_WRITE = insert(rows.handover_note)
_READ = select(rows.handover_note.c.entry_id, rows.handover_note.c.text).where(
    rows.handover_note.c.entry_id.in_(bindparam("ids", expanding=True))
)


def write_note(db: Connection, entry: EntryRow, text: str | None) -> None:
    """Keep a note with the leg that a transfer began; None or empty keeps none."""
    if text:
        db.execute(_WRITE, {"entry_id": entry.id, "text": text})


def read_notes(db: Connection, entries: Iterable[EntryRow]) -> dict[int, str]:
    """Return the notes of these legs, by the leg's id; mostly there is none."""
    sent = [entry.id for entry in entries if entry.from_entry_id is not None]
    if not sent:
        return {}
    return {row.entry_id: row.text for row in db.execute(_READ, {"ids": sent})}


def note_for(
    who: Actor, entries: Sequence[EntryRow], notes: Mapping[int, str]
) -> str | None:
    """Return the newest note of a ticket that somebody may read, or None.

    It is for the agency that it was sent to; the sender's own reads it too
    (design §2: other agencies know nothing of a leg). One that was taken back
    with its transfer is void.
    """
    legs = {entry.id: entry for entry in entries}
    for leg in reversed(entries):
        sender = legs.get(leg.from_entry_id or 0, leg)
        is_told = who.sees(leg.agency_id) or who.sees(sender.agency_id)
        if leg.id in notes and is_told and leg.state != EntryState.CANCELLED:
            return notes[leg.id]
    return None
