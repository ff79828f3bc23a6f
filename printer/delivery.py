"""Bring one slip to one printer and say truthfully what became of it."""

from dataclasses import dataclass
from typing import Literal

from printer.conversation import Conversation
from printer.driven_printer import DrivenPrinter
from printer.silence import LINK_FAILURES, Deadlines
from printer.status import PrinterStatus
from printer.transports.channel import Channel, LinkFailure
from printer.transports.factory import open_channel

DeliveryState = Literal["printed", "sent", "failed", "unknown"]

DEADLINES = Deadlines()

REASONS = LINK_FAILURES | {"cover-open", "paper-end", "cutter", "error", "offline"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The end of one attempt.

    `printed`: the printer was well after the last byte. `sent`: it cannot
    tell, and this is final. `failed`: nothing was sent. `unknown`: something
    may have come out; a person decides. `nothing_printed` means that a retry
    cannot give a second slip. `status` is the last one received, if any; `cause` says
    more about `unreachable` (`printer.transports.channel.CAUSES`).
    """

    state: DeliveryState
    reason: str | None = None
    nothing_printed: bool = False
    status: PrinterStatus | None = None
    cause: str | None = None


async def deliver(
    data: bytes, printer: DrivenPrinter, *, deadlines: Deadlines = DEADLINES
) -> Delivery:
    """Send one slip; never says `printed` without the printer's own status.

    One at a time for each printer: the caller sees to that, as most printers
    take one connection at a time.
    """
    try:
        channel = await _open(printer, deadlines)
    except LinkFailure as failure:
        return _failed(failure.reason, cause=failure.cause)
    async with Conversation(channel, deadlines, printer) as conversation:
        if not (printer.address.reports_status and conversation.can_answer):
            return await _send_without_status(conversation, data)
        before = await _ask_status(conversation)
        if before.problem == "no-answer" and conversation.has_leftover:
            before = await _complete_picture(conversation)
        if before.problem == "cutter":
            before = await _free_cutter(conversation)
        if before.problem:
            if before.doubt is None:
                conversation.mark_quiet()
            return _failed(before.problem, before)
        return await _send_and_ask(conversation, data)


async def ask_status(
    printer: DrivenPrinter, *, deadlines: Deadlines = DEADLINES
) -> PrinterStatus:
    """Ask a printer how it is, printing nothing; never raises."""
    try:
        channel = await _open(printer, deadlines)
    except LinkFailure as failure:
        return PrinterStatus(doubt=failure.reason, cause=failure.cause)
    async with Conversation(channel, deadlines, printer) as conversation:
        if not conversation.can_answer:
            return PrinterStatus(doubt="no-answer", cause="one-way")
        status = await _ask_status(conversation)
        if status.doubt is None:
            conversation.mark_quiet()
        return status


async def _open(printer: DrivenPrinter, deadlines: Deadlines) -> Channel:
    try:
        return await open_channel(printer.address, deadlines)
    except LinkFailure:
        # another model may stand there when it is back
        printer.answers_gs_r = None
        raise


async def _send_without_status(conversation: Conversation, data: bytes) -> Delivery:
    try:
        await conversation.send(data)
        await conversation.close()
    except LinkFailure as failure:
        return Delivery(state="unknown", reason=failure.reason)
    return Delivery(state="sent")


async def _send_and_ask(conversation: Conversation, data: bytes) -> Delivery:
    try:
        can_tell = await conversation.can_tell_when_done()
    except LinkFailure as failure:
        return _failed(failure.reason)
    try:
        if not can_tell:
            await conversation.send(data)
            await conversation.wait_printing_time(len(data))
            return await _delivery_after(conversation)
        progress = await conversation.send_and_wait(data)
    except LinkFailure as failure:
        return Delivery(state="unknown", reason=failure.reason)
    if progress.stopped:
        return _unknown(progress.stopped)
    return await _delivery_after(conversation, is_done=progress.is_done)


async def _delivery_after(
    conversation: Conversation, *, is_done: bool = True
) -> Delivery:
    """Ask how the printer is after a slip: that decides what became of it."""
    after = await _ask_status(conversation)
    if after.problem:
        return _unknown(after)
    if not is_done:
        return Delivery(state="unknown", reason="no-answer", status=after)
    conversation.mark_quiet()
    return Delivery(state="printed", status=after)


async def _free_cutter(conversation: Conversation) -> PrinterStatus:
    """Try once to free the knife, before anything of a slip was sent."""
    try:
        return await conversation.clear_error()
    except LinkFailure as failure:
        return PrinterStatus(doubt=failure.reason)


async def _complete_picture(conversation: Conversation) -> PrinterStatus:
    """Ask once more: the rest of a picture may have swallowed the questions."""
    try:
        await conversation.complete_picture()
    except LinkFailure as failure:
        return PrinterStatus(doubt=failure.reason)
    return await _ask_status(conversation)


async def _ask_status(conversation: Conversation) -> PrinterStatus:
    try:
        return await conversation.ask_status()
    except LinkFailure as failure:
        return PrinterStatus(doubt=failure.reason)


def _unknown(status: PrinterStatus) -> Delivery:
    return Delivery(state="unknown", reason=status.problem, status=status)


def _failed(
    reason: str, status: PrinterStatus | None = None, *, cause: str | None = None
) -> Delivery:
    return Delivery(
        state="failed",
        reason=reason,
        nothing_printed=True,
        status=status,
        cause=cause,
    )
