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
    """Keep a note with the entry that a transfer began; None or empty keeps none."""
    if text:
        db.execute(_WRITE, {"entry_id": entry.id, "text": text})


def read_notes(db: Connection, entries: Iterable[EntryRow]) -> dict[int, str]:
    """Return the notes of these entries, by the entry's id; mostly there is none."""
    transferred = [entry.id for entry in entries if entry.from_entry_id is not None]
    if not transferred:
        return {}
    return {row.entry_id: row.text for row in db.execute(_READ, {"ids": transferred})}


def note_for(
    actor: Actor, entries: Sequence[EntryRow], notes: Mapping[int, str]
) -> str | None:
    """Return the newest note of a ticket that somebody may read, or None.

    It is for the agency that it was sent to; the sender's own reads it too
    (rules.md#privacy). One that was taken back
    with its transfer is void.
    """
    by_id = {entry.id: entry for entry in entries}
    for entry in reversed(entries):
        sender = by_id.get(entry.from_entry_id or 0, entry)
        may_read = actor.sees(entry.agency_id) or actor.sees(sender.agency_id)
        if entry.id in notes and may_read and entry.state != EntryState.CANCELLED:
            return notes[entry.id]
    return None
