"""From a number, or a slip's QR code, to the ticket of today that has it."""

import re
from datetime import date

from sqlalchemy import Connection, bindparam, func, select

from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.service_day import ledger_row
from app.queueing.views.tickets import StaffTicketView, staff_ticket_views

MAX_TICKETS = 20
"""A number typed without its prefix may belong to each series."""

NUMBER_FORM = re.compile(r"(.*?)[\s.-]*(\d{1,6})", re.ASCII)
"""Prefix and drawn number; scripts read by the same pattern (``app.admin``)."""
_TOKEN_FORM = re.compile(r"(?:\S*/t/)?([\w-]{21,100})/?", re.ASCII)
"""A ticket token, or the address in a QR code; longer than any number is read."""
MAX_SCAN_CHARACTERS = 300
"""What a scanner may type: an address with a long host name, and the token."""
# from the few series, so that the unique index of numbers is used
_BY_DRAWN = (
    select(rows.ticket.c.id, func.upper(rows.series.c.prefix).label("prefix"))
    .select_from(rows.series.join(rows.ticket))
    .where(
        rows.ticket.c.service_day == bindparam("day"),
        rows.ticket.c.drawn == bindparam("drawn"),
    )
    .order_by(rows.series.c.prefix)
)
_DAY = select(rows.ticket.c.service_day).where(rows.ticket.c.id == bindparam("id"))


def tickets_by_number(
    db: Connection, number: str, actor: Actor
) -> list[StaffTicketView]:
    """Return today's tickets with a number, as far as the caller may know of them.

    ``a12``, ``A 012`` and ``A-012`` are the same; without a prefix every series
    is meant. The address in a slip's QR code, as a scanner types it, or the token
    alone is as good as its number. What is none of these finds nothing.
    """
    text, day = number.strip(), ledger_row(db).service_day
    scan = _TOKEN_FORM.fullmatch(text)
    ids = _ids_by_token(db, scan[1], day) if scan else _ids_by_number(db, text, day)
    views = staff_ticket_views(db, ids, actor)
    visible = [views[each] for each in ids if _is_visible(views[each])]
    return visible[:MAX_TICKETS]


def _ids_by_token(db: Connection, token: str, day: date) -> list[int]:
    ticket_id = rows.ticket_id_of(db, token)
    if ticket_id is None or db.execute(_DAY, {"id": ticket_id}).scalar() != day:
        return []
    return [ticket_id]


def _ids_by_number(db: Connection, number: str, day: date) -> list[int]:
    match = NUMBER_FORM.fullmatch(number)
    if match is None:
        return []
    prefix, drawn = match[1].strip().upper(), int(match[2])
    tickets = db.execute(_BY_DRAWN, {"day": day, "drawn": drawn})
    return [row.id for row in tickets if prefix in ("", row.prefix)]


def _is_visible(ticket: StaffTicketView) -> bool:
    """Tell whether an entry of it was shown to the caller (rules.md#privacy)."""
    return any(entry.agency_id is not None for entry in ticket.entries)
