"""From a number as somebody types it to the ticket of today that has it."""

import re

from sqlalchemy import Connection, bindparam, func, select

from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.service_day import ledger_row
from app.queueing.views.tickets import StaffTicketView, staff_ticket_views

MAX_TICKETS = 20
"""A number typed without its prefix may belong to each series."""

NUMBER_FORM = re.compile(r"(.*?)[\s.-]*(\d{1,6})", re.ASCII)
"""Prefix and drawn number; scripts read by the same pattern (``app.admin``)."""
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


def tickets_by_number(
    db: Connection, number: str, actor: Actor
) -> list[StaffTicketView]:
    """Return today's tickets with a number, as far as the caller may know of them.

    ``a12``, ``A 012`` and ``A-012`` are the same; without a prefix every series
    is meant. What is no number finds nothing.
    """
    match = NUMBER_FORM.fullmatch(number.strip())
    if match is None:
        return []
    prefix, drawn = match[1].strip().upper(), int(match[2])
    tickets = db.execute(_BY_DRAWN, {"day": ledger_row(db).service_day, "drawn": drawn})
    ids = [row.id for row in tickets if prefix in ("", row.prefix)]
    views = staff_ticket_views(db, ids, actor)
    visible = [views[each] for each in ids if _is_visible(views[each])]
    return visible[:MAX_TICKETS]


def _is_visible(ticket: StaffTicketView) -> bool:
    """Tell whether an entry of it was shown to the caller (rules.md#privacy)."""
    return any(entry.agency_id is not None for entry in ticket.entries)
