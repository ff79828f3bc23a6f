"""Which rows are kept no longer than the site's policy says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import col

from app.models import (
    DeviceToken,
    DisplayReceipt,
    Entry,
    HandoverNote,
    Pairing,
    StaffSession,
    Ticket,
    TicketPrivate,
    VoiceReceipt,
)
from app.queueing.change import Change

BATCH_ROWS = 200
"""Of each kind; some ms of the ledger's thread."""

Selection = Callable[[Change], Select[Any]]


def _tickets(change: Change) -> Select[Any]:
    # the oldest alone are looked at: ids rise with the days
    oldest = (
        select(col(TicketPrivate.ticket_id))
        .order_by(col(TicketPrivate.ticket_id))
        .limit(BATCH_ROWS)
    )
    day = change.day - timedelta(days=change.rules.policy.private_days)
    return select(col(Ticket.id)).where(
        col(Ticket.id).in_(oldest), col(Ticket.service_day) < day
    )


def _notes(change: Change) -> Select[Any]:
    oldest = (
        select(col(HandoverNote.entry_id))
        .order_by(col(HandoverNote.entry_id))
        .limit(BATCH_ROWS)
    )
    day = change.day - timedelta(days=change.rules.policy.private_days)
    return (
        select(col(Entry.id))
        .join(Ticket, col(Ticket.id) == col(Entry.ticket_id))
        .where(col(Entry.id).in_(oldest), col(Ticket.service_day) < day)
    )


def _shown(change: Change) -> Select[Any]:
    # the oldest alone are looked at: ids rise with the days
    before = change.now - timedelta(days=change.rules.policy.private_days)
    receipts = select(col(DisplayReceipt.call_id), col(DisplayReceipt.at))
    oldest = receipts.order_by(col(DisplayReceipt.call_id)).limit(BATCH_ROWS)
    rows = oldest.subquery().c
    return select(rows.call_id).distinct().where(rows.at < before)


def _spoken(change: Change) -> Select[Any]:
    before = change.now - timedelta(days=change.rules.policy.private_days)
    receipts = select(col(VoiceReceipt.announcement_id), col(VoiceReceipt.begins_at))
    oldest = receipts.order_by(col(VoiceReceipt.announcement_id)).limit(BATCH_ROWS)
    rows = oldest.subquery().c
    return select(rows.announcement_id).distinct().where(rows.begins_at < before)


def _sign_ins(change: Change) -> Select[Any]:
    before = change.now - timedelta(days=change.rules.policy.sign_in_days)
    is_over = or_(
        col(StaffSession.ended_at) < before, col(StaffSession.expires_at) < before
    )
    return select(col(StaffSession.id)).where(is_over).limit(BATCH_ROWS)


def _pairings(change: Change) -> Select[Any]:
    before = change.now - timedelta(days=change.rules.policy.sign_in_days)
    is_over = col(Pairing.expires_at) < before
    return select(col(Pairing.id)).where(is_over).limit(BATCH_ROWS)


def _tokens(change: Change) -> Select[Any]:
    before = change.now - timedelta(days=change.rules.policy.sign_in_days)
    # a token goes after the cookies that were made from it
    parents = select(col(DeviceToken.cookie_of_id)).where(
        col(DeviceToken.cookie_of_id).is_not(None)
    )
    return (
        select(col(DeviceToken.id))
        .where(col(DeviceToken.revoked_at) < before)
        .where(col(DeviceToken.id).not_in(parents))
        .limit(BATCH_ROWS)
    )


KINDS: dict[str, tuple[Any, Any, Selection]] = {
    "ticket_private": (TicketPrivate, col(TicketPrivate.ticket_id), _tickets),
    "handover_note": (HandoverNote, col(HandoverNote.entry_id), _notes),
    "display_receipt": (DisplayReceipt, col(DisplayReceipt.call_id), _shown),
    "voice_receipt": (VoiceReceipt, col(VoiceReceipt.announcement_id), _spoken),
    "staff_session": (StaffSession, col(StaffSession.id), _sign_ins),
    "pairing": (Pairing, col(Pairing.id), _pairings),
    "device_token": (DeviceToken, col(DeviceToken.id), _tokens),
}
"""By table: the model, its key, and which of its rows are kept no longer."""
