"""The way back: whoever is sent on with one comes back to the sender afterwards."""

from sqlalchemy import Connection

from app.queueing.rows import EntryColumns, EntryRow, entries_of


def way_back_columns(counter_id: int, service_id: int) -> EntryColumns:
    """Return the columns of an entry after which the visitor comes back here."""
    return {"back_counter_id": counter_id, "back_service_id": service_id}


def remaining_way_back(
    db: Connection, entry: EntryRow, service_id: int, tied: int | None
) -> EntryColumns:
    """Return the way back of the entry that follows an entry in a service's line.

    It is carried along, however often a visitor is sent on. Who is with the
    sender again has come back: what is left is the sender's own way back.
    """
    before: EntryRow | None = entry
    if service_id == entry.back_service_id and tied in (None, entry.back_counter_id):
        before = _entry_of_sender(db, entry)
    if (
        before is None
        or before.back_service_id is None
        or before.back_counter_id is None
    ):
        return {}
    return way_back_columns(before.back_counter_id, before.back_service_id)


def _entry_of_sender(db: Connection, entry: EntryRow) -> EntryRow | None:
    """Return the entry from which an entry was sent with its way back."""
    by_id = {before.id: before for before in entries_of(db, entry.ticket_id)}
    sender = entry.back_service_id, entry.back_counter_id
    before = by_id.get(entry.from_entry_id or 0)
    while before is not None and (before.service_id, before.counter_id) != sender:
        before = by_id.get(before.from_entry_id or 0)
    return before
