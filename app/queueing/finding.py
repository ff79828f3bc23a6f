"""From a number as somebody says it to the ticket of today that has it."""

import re

from sqlalchemy import Connection, bindparam, func, select

from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.day import ledger_row
from app.queueing.views import StaffTicketView, staff_ticket_views

MOST = 20
"""A number said without its prefix may belong to each series."""

_SAID = re.compile(r"(.*?)[\s.-]*(\d{1,6})", re.ASCII)
_BY_DRAWN = (
    select(rows.ticket.c.id, func.upper(rows.series.c.prefix).label("prefix"))
    .select_from(rows.series.join(rows.ticket))
    .where(
        rows.ticket.c.service_day == bindparam("day"),
        rows.ticket.c.drawn == bindparam("drawn"),
    )
    .order_by(rows.series.c.prefix)
)


def tickets_by_number(db: Connection, number: str, who: Actor) -> list[StaffTicketView]:
    """Return today's tickets with a number, as far as the caller may know of them.

    ``a12``, ``A 012`` and ``A-012`` are the same; without a prefix every series
    is meant. What is no number finds nothing.
    """
    said = _SAID.fullmatch(number.strip())
    if said is None:
        return []
    prefix, drawn = said[1].strip().upper(), int(said[2])
    found = db.execute(_BY_DRAWN, {"day": ledger_row(db).service_day, "drawn": drawn})
    ids = [row.id for row in found if prefix in ("", row.prefix)]
    views = staff_ticket_views(db, ids, who)
    known = [views[each] for each in ids if _is_known(views[each])]
    return known[:MOST]


def _is_known(ticket: StaffTicketView) -> bool:
    """Tell whether a leg of it was shown to the caller (design §2)."""
    return any(entry.agency_id is not None for entry in ticket.entries)
