"""The way back: whoever is sent on with one comes back to the sender afterwards."""

from typing import Any

from sqlalchemy import Connection

from app.queueing.rows import EntryRow, entries_of


def back_to(counter_id: int, service_id: int) -> dict[str, Any]:
    """Return the columns of a leg after which the visitor comes back here."""
    return {"back_counter_id": counter_id, "back_service_id": service_id}


def way_back_of(
    db: Connection, entry: EntryRow, service_id: int, tied: int | None
) -> dict[str, Any]:
    """Return the way back of the leg that follows an entry in a service's line.

    It is carried along, however often a visitor is sent on. Who is with the
    sender again has come back: what is left is the sender's own way back.
    """
    leg: EntryRow | None = entry
    if service_id == entry.back_service_id and tied in (None, entry.back_counter_id):
        leg = _sender_of(db, entry)
    if leg is None or leg.back_service_id is None or leg.back_counter_id is None:
        return {}
    return back_to(leg.back_counter_id, leg.back_service_id)


def _sender_of(db: Connection, entry: EntryRow) -> EntryRow | None:
    """Return the leg from which an entry was sent with its way back."""
    legs = {leg.id: leg for leg in entries_of(db, entry.ticket_id)}
    home = entry.back_service_id, entry.back_counter_id
    leg = legs.get(entry.from_entry_id or 0)
    while leg is not None and (leg.service_id, leg.counter_id) != home:
        leg = legs.get(leg.from_entry_id or 0)
    return leg
