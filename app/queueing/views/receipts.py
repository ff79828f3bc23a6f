"""What is known of a call: which displays showed it, and whether it was spoken.

The console says it of its own call within 5 s: looked at after 3 s, at the next
heartbeat (hall.md#receipts).
"""

from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.models import EntryState
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.hall.announcements import NEWEST_OF_ENTRY
from app.queueing.hall.sound_spaces import SoundSpaces
from app.queueing.rows import active_and
from app.queueing.states import CALLS
from app.queueing.views.agencies import Utc

OVERDUE_AFTER = timedelta(seconds=3)
WHILE_OTHERS_SPEAK = timedelta(seconds=2)
State = Literal["pending", "shown", "not_shown", "not_spoken"]


class ReceiptView(BaseModel):
    """How a counter's call came out, in a word; the worst that is known."""

    call_id: int
    state: State


class ShownView(BaseModel):
    """A display painted a call."""

    display_id: int
    at: Utc


class SpokenView(BaseModel):
    """A device spoke a call; ``to`` is None where it never said that it had ended."""

    sound_space_id: int
    device_id: int
    since: Utc = Field(serialization_alias="from")
    to: Utc | None


class CallReceipts(BaseModel):
    """All that was reported of a call and its recalls."""

    shown: list[ShownView]
    spoken: list[SpokenView]


class CalledVisitor(NamedTuple):
    """A counter's call: since when, and what is known of it.

    ``announced_at`` is None where nothing is to be spoken, ``idle_since`` where
    something is spoken just now.
    """

    call_id: int
    called_at: datetime
    is_shown: bool
    is_spoken: bool
    announced_at: datetime | None
    idle_since: datetime | None


_CALLED = (
    select(
        rows.entry.c.id,
        rows.entry.c.call_id,
        rows.entry.c.last_called_at,
        rows.zone.c.sound_space_id,
        rows.zone.c.is_practice,
        select(rows.display_receipt.c.call_id)
        .where(rows.display_receipt.c.call_id == rows.entry.c.call_id)
        .exists()
        .label("is_shown"),
        select(rows.display_zone.c.zone_id)
        .where(rows.display_zone.c.zone_id == rows.counter.c.zone_id)
        .exists()
        .label("has_display"),
    )
    .select_from(
        rows.entry.join(
            rows.counter, rows.counter.c.id == rows.entry.c.counter_id
        ).join(rows.zone, rows.zone.c.id == rows.counter.c.zone_id)
    )
    .where(
        rows.entry.c.counter_id == bindparam("counter_id"),
        active_and(rows.entry.c.state, EntryState.CALLED),
    )
)
_CALL = (
    select(rows.event.c.entry_id, rows.entry.c.agency_id)
    .select_from(rows.event.join(rows.entry, rows.entry.c.id == rows.event.c.entry_id))
    .where(
        rows.event.c.id == bindparam("call_id"), rows.event.c.name.in_(sorted(CALLS))
    )
)
_SHOWN = (
    select(rows.display_receipt.c.device_id, rows.display_receipt.c.at)
    .where(rows.display_receipt.c.call_id == bindparam("call_id"))
    .order_by(rows.display_receipt.c.at)
)
_SPOKEN = (
    select(
        rows.announcement.c.sound_space_id,
        rows.voice_receipt.c.device_id,
        rows.voice_receipt.c.begins_at,
        rows.voice_receipt.c.ends_at,
    )
    .select_from(
        rows.announcement.join(
            rows.voice_receipt,
            rows.voice_receipt.c.announcement_id == rows.announcement.c.id,
        )
    )
    .where(
        rows.announcement.c.entry_id == bindparam("entry_id"),
        rows.announcement.c.call_id == bindparam("call_id"),
    )
    .order_by(rows.voice_receipt.c.begins_at)
)


def state_of(call: CalledVisitor, now: datetime) -> tuple[State, datetime | None]:
    """Return how a call came out, and when to look again if nothing is reported.

    Where others are spoken first a call is not late: it is judged by how long nothing
    was spoken at all.
    """
    if not call.is_shown:
        overdue = call.called_at + OVERDUE_AFTER
        return ("not_shown", None) if now >= overdue else ("pending", overdue)
    if call.announced_at is None or call.is_spoken:
        return "shown", None
    if call.idle_since is None:
        return "shown", now + WHILE_OTHERS_SPEAK
    overdue = max(call.announced_at, call.idle_since) + OVERDUE_AFTER
    return ("not_spoken", None) if now >= overdue else ("shown", overdue)


def receipt_of_counter(
    db: Connection, counter_id: int, now: datetime
) -> tuple[ReceiptView | None, datetime | None]:
    """Return the receipt of a counter's call, and when the clock may change it.

    None where nobody is called, or no display shows that zone.
    """
    row = db.execute(_CALLED, {"counter_id": counter_id}).first()
    if row is None or row.is_practice or not row.has_display or row.call_id is None:
        return None, None
    call = _called_visitor(db, row, now)
    state, look_again = state_of(call, now)
    return ReceiptView(call_id=call.call_id, state=state), look_again


def call_receipts(db: Connection, call_id: int, actor: Actor) -> CallReceipts:
    """Return what was reported of a call; ``NotFound`` for what is none."""
    call = db.execute(_CALL, {"call_id": call_id}).first()
    if call is None or not actor.sees(call.agency_id):
        raise NotFound
    params = {"call_id": call_id, "entry_id": call.entry_id}
    return CallReceipts(
        shown=[
            ShownView(display_id=row.device_id, at=row.at)
            for row in db.execute(_SHOWN, {"call_id": call_id})
        ],
        spoken=[
            SpokenView(
                sound_space_id=row.sound_space_id,
                device_id=row.device_id,
                since=row.begins_at,
                to=row.ends_at,
            )
            for row in db.execute(_SPOKEN, params)
        ],
    )


def _called_visitor(db: Connection, row: Any, now: datetime) -> CalledVisitor:
    params = {"entry_id": row.id, "since": row.last_called_at}
    newest = db.execute(NEWEST_OF_ENTRY, params).first()
    spaces = SoundSpaces(db, now)
    space_id = row.sound_space_id
    is_quiet = spaces.quiet_until(space_id) is not None
    voice_at = spaces.rows[space_id].voice_at or row.last_called_at
    return CalledVisitor(
        call_id=row.call_id,
        called_at=row.last_called_at,
        is_shown=bool(row.is_shown),
        is_spoken=bool(newest and newest.is_spoken),
        announced_at=None if newest is None or is_quiet else newest.said_at,
        idle_since=None if spaces.is_speaking(space_id) else voice_at,
    )
